// Prints how far the cost model of matrix products is from measured ones, with the targets.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "calibrate/fit/gemm/held_out_error.hpp"
#include "models/base/error.hpp"
#include "tests/gemm_model/measured_sets.hpp"
#include "traces/gemm_measurements.hpp"

namespace {

using namespace orrery;
using calibrate::fit::TriedFit;

constexpr std::size_t kCalibrationPoints = 24;
/// The seed of the figures, fixed by rule; the others only show the spread.
constexpr std::uint64_t kSeed = 1;
constexpr std::uint64_t kMoreSeeds = 5;

TriedFit tried(const gemm_model_report::MeasuredSet& set,
               const std::vector<calibrate::fit::GemmPoint>& points, std::uint64_t seed) {
  const gemm_model_report::Device device = gemm_model_report::device_of(set.gpu);
  calibrate::fit::GemmFitOptions options;
  options.seed = seed;
  return calibrate::fit::try_fit(points, kCalibrationPoints, device.machine,
                                 calibrate::fit::usual_rates(device.peak_flops_per_second),
                                 options);
}

std::string text(const calibrate::fit::GemmError& error) {
  return fmt::format("median {:.1f} %, p90 {:.1f} %", 100 * error.median, 100 * error.p90);
}

std::string range(std::vector<double> values) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return fmt::format("{:.1f} to {:.1f} %", 100 * *least, 100 * *most);
}

void print_spread(const gemm_model_report::MeasuredSet& set,
                  const std::vector<calibrate::fit::GemmPoint>& points, std::string_view name) {
  std::vector<double> medians;
  std::vector<double> p90s;
  int held = 0;
  for (std::uint64_t seed = kSeed + 1; seed <= kSeed + kMoreSeeds; ++seed) {
    const TriedFit other = tried(set, points, seed);
    medians.push_back(other.held_out.median);
    p90s.push_back(other.held_out.p90);
    if (100 * medians.back() <= set.target_median_percent &&
        100 * p90s.back() <= set.target_p90_percent)
      ++held;
  }
  fmt::print("tvw.model: {}, seeds {} to {}: median {}, p90 {}, both targets held by {} of {}\n",
             name, kSeed + 1, kSeed + kMoreSeeds, range(medians), range(p90s), held, kMoreSeeds);
}

/// Whether both targets hold.
bool report(const gemm_model_report::MeasuredSet& set,
            const std::vector<traces::GemmMeasurement>& measurements, bool with_spread) {
  const auto points = gemm_model_report::points_of(set, measurements);
  const std::string name = fmt::format("{} {} BF16", set.gpu, models::gemm::to_string(set.kernel));
  const TriedFit found = tried(set, points, kSeed);
  const bool holds = 100 * found.held_out.median <= set.target_median_percent &&
                     100 * found.held_out.p90 <= set.target_p90_percent;
  fmt::print("tvw.model: {}, {} shapes held out: {} (at most {} and {} %, section 6){}\n", name,
             found.held_out.count, text(found.held_out), set.target_median_percent,
             set.target_p90_percent, holds ? "" : " MISSED");
  fmt::print("tvw.model: {}: with the residual table {}; on the {} fitted shapes {}; form: {}\n",
             name, text(found.held_out_with_residuals), found.calibration.size(),
             text(found.training), to_string(found.fit.form));
  if (with_spread) print_spread(set, points, name);
  std::fflush(stdout);
  return holds;
}

}  // namespace

int main(int argc, char** argv) {
  const bool with_spread = argc == 3 && std::string(argv[2]) == "--spread";
  if (argc != 2 && !with_spread) {
    fmt::print(stderr,
               "usage: gemm_model_report MEASURED.csv.gz [--spread]\n"
               "--spread repeats each fit with {} other seeds of the choice of shapes\n",
               kMoreSeeds);
    return 2;
  }
  try {
    const auto measurements = traces::read_gemm_measurements(argv[1]);
    bool all_hold = true;
    for (const auto& set : gemm_model_report::measured_sets())
      all_hold = report(set, measurements, with_spread) && all_hold;
    return all_hold ? 0 : 1;
  } catch (const base::Error& error) {
    fmt::print(stderr, "gemm_model_report: {}\n", error.what());
    return 2;
  }
}
