// A profile of a GPU from times that others published.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/profile/profile.hpp"
#include "traces/gemm_measurements.hpp"

namespace orrery::calibrate {

struct PublishedOptions {
  std::size_t points = 24;  ///< of each family, dense and 2:4, to fit; the error is on the others
  std::uint64_t seed = 1;   ///< of the choice of points and of the fit
  std::string source;       ///< where the times are from, for the provenance
  std::string command;      ///< as it was given, for the provenance
};

/// The profile with the text of its raw measurements, as write_profile takes them.
struct PublishedProfile {
  models::DeviceProfile profile;
  std::string raw_csv;
};

/// The catalog's names of the GPUs that published_profile knows: `a100-80g-pcie`, `b200`,
/// `h100-pcie`.
std::vector<std::string> published_devices();

/// Fits the BF16 products of `device`, dense (cuBLASLt) and 2:4 (cuSPARSELt), each shape once (the
/// geometric mean where it stands under several models). `points` shapes of each family, spread
/// over M, N and K (spread_points), are fitted, residuals of theirs included; the form is chosen
/// within them, and the held-out error is on all the others. The raw text holds every product, with
/// `fitted` or `held-out`. Spreads of repeats were not published. Throws base::Error: an unknown
/// device, one that the measurements lack, no product left to hold out.
PublishedProfile published_profile(std::span<const traces::GemmMeasurement> measurements,
                                   std::string_view device, const PublishedOptions& options);

}  // namespace orrery::calibrate
