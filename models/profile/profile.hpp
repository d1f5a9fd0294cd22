// A device as measured: what ran on it, the fitted costs with their held-out error, and where the
// raw measurements are. `orrery-calibrate` writes one, the simulator reads it; calibrate/ and sim/
// meet nowhere else.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/base/statistics.hpp"

namespace orrery::models {

/// Numbers by name, in the order in which they are written.
using NamedNumbers = std::vector<std::pair<std::string, double>>;
/// Texts by name, likewise.
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

/// The number of that name; nothing where there is none.
std::optional<double> find_number(const NamedNumbers& numbers, std::string_view name);

/// Median and 90th percentile of errors as fractions, and of how many; 0 where a profile does not
/// say.
using ErrorSpread = base::Spread;

/// What one variant of a kernel costs on the device.
struct FittedCost {
  std::string kernel;         ///< `gemm`, `memory`: a folder of calibrate/kernels
  std::string variant;        ///< `dense`, `copy`: what of it was fitted by itself
  std::string form;           ///< which form of the kernel's cost model, in words
  NamedNumbers constants;     ///< of the machine and the kernel, known and not fitted
  NamedNumbers coefficients;  ///< fitted; each name carries its unit
  std::size_t points = 0;     ///< that were measured
  ErrorSpread held_out;       ///< |predicted / measured - 1| on points that a fit had not seen
  /// The same predictions against the medians of all repeats, disturbed ones included; absent in
  /// profiles that were fitted to medians or to published times.
  std::optional<ErrorSpread> held_out_of_medians;
  /// Of the repeats of a point that were kept, (p90 - p10) / median, over the points; absent where
  /// the times were published by others without it.
  std::optional<ErrorSpread> repeats;
  /// What else ran adds to a point: median of all repeats / undisturbed time - 1, over the points;
  /// absent like held_out_of_medians.
  std::optional<ErrorSpread> neighbours;
  std::optional<std::size_t> repeats_measured;   ///< of all points together
  std::optional<std::size_t> repeats_set_aside;  ///< of these, as disturbed
};

/// What the fitted costs rest on.
enum class MeasuredBy {
  us,      ///< orrery-calibrate ran the kernels on the device
  others,  ///< published times, fitted here
};

/// How the numbers came about. All of it is text for people; nothing is computed from it.
struct ProfileProvenance {
  MeasuredBy measured_by = MeasuredBy::us;
  std::string date;      ///< ISO, UTC, of the end of the measurement
  std::string command;   ///< as it was given
  std::string host;      ///< operating system and processor: `Linux 6.1 x86_64, 2 threads`
  std::string driver;    ///< of a GPU; empty for a CPU
  std::string clocks;    ///< as found, not set
  NamedTexts libraries;  ///< version by name: `orrery`, `compiler`, `OpenBLAS`, `CUDA`
};

/// The file of raw measurements beside the profile.
struct RawMeasurements {
  std::string file;    ///< name without a folder
  std::string sha256;  ///< of its bytes
  std::size_t rows = 0;
};

/// One device's profile.
struct DeviceProfile {
  static constexpr int kSchemaVersion = 1;

  std::string device;       ///< the name experiments use: a type of the catalog, or one of its own
  std::string device_name;  ///< as the system or driver calls it
  std::string backend;      ///< `cpu` or `cuda`
  /// What the system says of the device: `multiprocessors`, `memory_bytes`, `cache_bytes`,
  /// `threads`, and `peak_flops_per_second` (fp32 of a CPU, bf16 of a GPU) where it is known.
  NamedNumbers hardware;
  ProfileProvenance provenance;
  std::vector<FittedCost> costs;
  RawMeasurements raw;

  /// The cost of that kernel and variant, or nullptr.
  const FittedCost* find(std::string_view kernel, std::string_view variant) const;
};

}  // namespace orrery::models
