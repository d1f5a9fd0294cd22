// Prints how far the cost model of matrix products is from measured ones, with the targets.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "calibrate/kernels/gemm/fit/form_choice.hpp"
#include "calibrate/kernels/gemm/fit/held_out_error.hpp"
#include "models/base/error.hpp"
#include "tests/gemm_model/measured_sets.hpp"
#include "traces/gemm_measurements.hpp"

namespace {

using namespace orrery;
using namespace orrery::calibrate::gemm::fit;
using gemm_model_report::MeasuredSet;

constexpr std::size_t kCalibrationPoints = 24;
/// The seed of the figures, fixed by rule; the others only show the spread.
constexpr std::uint64_t kSeed = 1;
constexpr std::uint64_t kMoreSeeds = 5;

struct Trial {
  GemmForm form;
  double left_out = 0;    ///< its error in the cross-validation
  double unextended = 0;  ///< that of docs/systems/tvw.md, "Cost model", without added terms
  std::vector<TrialErrors> errors;  ///< of each set
};

/// One form for all sets by their calibration points alone, then a fit of each.
Trial trial(const std::vector<MeasuredSet>& sets, const std::vector<std::vector<GemmPoint>>& points,
            std::uint64_t seed) {
  GemmFitOptions options;
  options.seed = seed;
  std::vector<HoldOut> products;
  std::vector<GemmCalibration> calibrations;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const gemm_model_report::Device device = gemm_model_report::device_of(sets[i].gpu);
    products.push_back(hold_out(points[i], kCalibrationPoints, seed));
    calibrations.push_back(
        {products.back().calibration, device.machine, usual_rates(device.peak_flops_per_second)});
  }
  const FormChoice choice = choose_form(calibrations, options);
  Trial found;
  found.form = choice.form;
  found.unextended = choice.scores.front().error;
  for (const FormScore& score : choice.scores)
    if (score.form == choice.form) found.left_out = score.error;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const GemmCalibration& c = calibrations[i];
    found.errors.push_back(
        errors_of(fit_rates(c.points, c.machine, c.priors, choice.form, options), products[i]));
  }
  return found;
}

std::string text(const base::Spread& error) {
  return fmt::format("median {:.1f} %, p90 {:.1f} %", 100 * error.median, 100 * error.p90);
}

bool holds(const MeasuredSet& set, const base::Spread& error) {
  return 100 * error.median <= set.target_median_percent &&
         100 * error.p90 <= set.target_p90_percent;
}

std::string name_of(const MeasuredSet& set) {
  return fmt::format("{} {} BF16", set.gpu, models::gemm::to_string(set.kernel));
}

void print_form(const Trial& found, std::uint64_t seed) {
  fmt::print(
      "tvw.model: seed {}: form by cross-validation within the calibration points: {}; "
      "left-out mean error {:.1f} %, of the form without added terms {:.1f} %\n",
      seed, to_string(found.form), 100 * found.left_out, 100 * found.unextended);
}

/// The figures; whether all targets hold.
bool report(const std::vector<MeasuredSet>& sets,
            const std::vector<std::vector<GemmPoint>>& points) {
  const Trial found = trial(sets, points, kSeed);
  print_form(found, kSeed);
  bool all = true;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const TrialErrors& errors = found.errors[i];
    const bool held = holds(sets[i], errors.with_residuals);
    fmt::print(
        "tvw.model: {}, {} shapes held out: rates and residuals, as a profile has them: {} (at "
        "most {} and {} %){}\n",
        name_of(sets[i]), errors.held_out.n, text(errors.with_residuals),
        sets[i].target_median_percent, sets[i].target_p90_percent, held ? "" : " MISSED");
    fmt::print("tvw.model: {}: rates alone {}{}; on the {} fitted shapes {}\n", name_of(sets[i]),
               text(errors.held_out), holds(sets[i], errors.held_out) ? "" : ", above the limits",
               errors.training.n, text(errors.training));
    all = all && held;
  }
  return all;
}

std::string range(const std::vector<double>& values) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return fmt::format("{:.1f} to {:.1f} %", 100 * *least, 100 * *most);
}

/// The same with other choices of shapes.
void print_spread(const std::vector<MeasuredSet>& sets,
                  const std::vector<std::vector<GemmPoint>>& points) {
  std::vector<Trial> trials;
  for (std::uint64_t seed = kSeed + 1; seed <= kSeed + kMoreSeeds; ++seed) {
    trials.push_back(trial(sets, points, seed));
    print_form(trials.back(), seed);
  }
  for (std::size_t i = 0; i < sets.size(); ++i) {
    std::vector<double> medians;
    std::vector<double> p90s;
    int held = 0;
    for (const Trial& other : trials) {
      medians.push_back(other.errors[i].with_residuals.median);
      p90s.push_back(other.errors[i].with_residuals.p90);
      if (holds(sets[i], other.errors[i].with_residuals)) ++held;
    }
    fmt::print("tvw.model: {}, seeds {} to {}: median {}, p90 {}; both targets held by {} of {}\n",
               name_of(sets[i]), kSeed + 1, kSeed + kMoreSeeds, range(medians), range(p90s), held,
               kMoreSeeds);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const bool with_spread = argc == 3 && std::string(argv[2]) == "--spread";
  if (argc != 2 && !with_spread) {
    fmt::print(stderr,
               "usage: gemm_model_report MEASURED.csv.gz [--spread]\n"
               "--spread repeats all with {} other seeds of the choice of shapes\n",
               kMoreSeeds);
    return 2;
  }
  try {
    const auto measurements = traces::read_gemm_measurements(argv[1]);
    const auto sets = gemm_model_report::measured_sets();
    std::vector<std::vector<GemmPoint>> points;
    for (const MeasuredSet& set : sets)
      points.push_back(gemm_model_report::points_of(set, measurements));
    const bool all_hold = report(sets, points);
    std::fflush(stdout);
    if (with_spread) print_spread(sets, points);
    return all_hold ? 0 : 1;
  } catch (const base::Error& error) {
    fmt::print(stderr, "gemm_model_report: {}\n", error.what());
    return 2;
  }
}
