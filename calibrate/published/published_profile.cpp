#include "calibrate/published/published_profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

#include "calibrate/kernels/gemm/fit/form_choice.hpp"
#include "calibrate/kernels/gemm/fit/held_out_error.hpp"
#include "calibrate/kernels/gemm/fit/unfitted.hpp"
#include "models/base/error.hpp"
#include "models/base/numbers.hpp"
#include "models/base/portable_math.hpp"
#include "models/gemm/gemm_cost.hpp"
#include "models/gemm/machine_profile.hpp"
#include "models/hardware/gpu_catalog.hpp"

namespace orrery::calibrate {

namespace {

namespace fit = gemm::fit;
using fit::GemmPoint;
using models::gemm::GemmKernel;

/// What the catalog does not hold of a GPU.
struct Sheet {
  std::string_view device;
  std::string_view gpu;  ///< as the tables write it
  std::int32_t multiprocessors;
  double cache_bytes;
};

// Multiprocessors and second-level caches of NVIDIA's data sheets and whitepapers. The cache of a
// B200 is none of its data sheet's figures; 126 MB is what the driver is said to report (not
// verified by us).
constexpr std::array<Sheet, 3> kSheets = {{{"a100-80g-pcie", "A100_80GB_PCIe", 108, 40e6},
                                           {"b200", "B200", 148, 126e6},
                                           {"h100-pcie", "H100_PCIe", 114, 50e6}}};
constexpr std::string_view kDtype = "BF16";

const Sheet& sheet_of(std::string_view device) {
  for (const Sheet& sheet : kSheets)
    if (sheet.device == device) return sheet;
  std::string known;
  for (const Sheet& sheet : kSheets)
    known += (known.empty() ? "" : ", ") + std::string(sheet.device);
  throw base::Error(
      {"", 0, 0, "device"},
      fmt::format("found '{}', expected one with published products: {}", device, known));
}

models::gemm::GemmMachine machine_of(const Sheet& sheet, const models::GpuType& type) {
  models::gemm::GemmMachine machine;
  machine.name = sheet.device;
  machine.multiprocessors = sheet.multiprocessors;
  machine.cache_bytes = sheet.cache_bytes;
  machine.memory_bytes_per_second = type.memory_bytes_per_second.value;
  machine.depth_step = 64;
  machine.tiles = models::gemm::gpu_tiles();
  machine.splits = {1, 2, 4};
  return machine;
}

/// By ascending shape, each once.
std::vector<GemmPoint> points_of(std::span<const traces::GemmMeasurement> measurements,
                                 const Sheet& sheet, GemmKernel kernel) {
  struct Times {
    double log_sum = 0;
    int count = 0;
  };
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>, Times> times;
  for (const traces::GemmMeasurement& row : measurements) {
    if (row.gpu != sheet.gpu || row.kernel != kernel || row.dtype != kDtype) continue;
    Times& of_shape = times[{row.shape.m, row.shape.n, row.shape.k}];
    of_shape.log_sum += base::portable_log(row.seconds);
    ++of_shape.count;
  }
  std::vector<GemmPoint> points;
  for (const auto& [shape, found] : times) {
    const models::gemm::GemmShape of = {std::get<0>(shape), std::get<1>(shape), std::get<2>(shape)};
    points.push_back({kernel == GemmKernel::dense ? models::gemm::dense_work(of)
                                                  : models::gemm::two_of_four_work(of),
                      base::portable_exp(found.log_sum / found.count)});
  }
  return points;
}

/// One family, divided.
struct Family {
  GemmKernel kernel;
  fit::HoldOut products;
};

/// |predicted / measured - 1| of the products that were held out, residuals included.
models::ErrorSpread held_out_error(const models::gemm::GemmMachine& machine,
                                   const std::vector<GemmPoint>& points) {
  std::vector<double> errors;
  for (const GemmPoint& point : points)
    errors.push_back(models::gemm::gemm_cost(point.work, machine).seconds / point.seconds - 1);
  return fit::magnitudes(std::move(errors));
}

std::string raw_text(const std::vector<Family>& families) {
  std::string text = "kernel,m,n,k,seconds,use\n";
  for (const Family& family : families)
    for (const auto& [points, use] : {std::pair{&family.products.calibration, "fitted"},
                                      std::pair{&family.products.held_out, "held-out"}})
      for (const GemmPoint& point : *points)
        text += fmt::format("{},{},{},{},{},{}\n", models::gemm::to_string(family.kernel),
                            point.work.shape.m, point.work.shape.n, point.work.shape.k,
                            base::format_shortest(point.seconds), use);
  return text;
}

models::DeviceProfile described(const Sheet& sheet, const models::GpuType& type,
                                const PublishedOptions& options) {
  models::DeviceProfile profile;
  profile.device = sheet.device;
  profile.device_name = type.full_name;
  profile.backend = "cuda";
  profile.hardware = {{"multiprocessors", sheet.multiprocessors},
                      {"memory_bytes", type.memory_bytes.value},
                      {"cache_bytes", sheet.cache_bytes},
                      {"peak_flops_per_second", type.bf16_flops_per_second->value}};
  profile.provenance.measured_by = models::MeasuredBy::others;
  profile.provenance.date = "early 2026, as the source says; fitted later";
  profile.provenance.command = options.command;
  profile.provenance.host = options.source;
  profile.provenance.libraries = {{"CUDA", "12.9, as the source says"},
                                  {"dense", "cuBLASLt, best algorithm for each shape"},
                                  {"two-of-four", "cuSPARSELt, best algorithm for each shape"}};
  return profile;
}

}  // namespace

std::vector<std::string> published_devices() {
  std::vector<std::string> names;
  for (const Sheet& sheet : kSheets) names.emplace_back(sheet.device);
  return names;
}

PublishedProfile published_profile(std::span<const traces::GemmMeasurement> measurements,
                                   std::string_view device, const PublishedOptions& options) {
  const Sheet& sheet = sheet_of(device);
  const models::GpuType& type = *models::find_gpu(device);
  const models::gemm::GemmMachine machine = machine_of(sheet, type);
  const fit::RatePriors priors = fit::usual_rates(type.bf16_flops_per_second->value);
  std::vector<Family> families;
  std::vector<fit::GemmCalibration> calibrations;
  for (const GemmKernel kernel : {GemmKernel::dense, GemmKernel::two_of_four}) {
    const std::vector<GemmPoint> points = points_of(measurements, sheet, kernel);
    if (points.size() <= options.points)
      throw base::Error({options.source, 0, 0, "gpu"},
                        fmt::format("found {} {} products of {} in {}, expected more than the {} "
                                    "that are fitted",
                                    points.size(), models::gemm::to_string(kernel), sheet.gpu,
                                    kDtype, options.points));
    families.push_back({kernel, fit::hold_out(points, options.points, options.seed)});
    calibrations.push_back({families.back().products.calibration, machine, priors});
  }
  fit::GemmFitOptions fitting;
  fitting.seed = options.seed;
  const fit::GemmForm form = fit::choose_form(calibrations, fitting).form;
  models::gemm::GemmMachine fitted = machine;
  for (const fit::GemmCalibration& calibration : calibrations)
    fitted = fit::fit_rates(calibration.points, fitted, priors, form, fitting);
  fitted.dense_residuals = fit::residuals_of(fitted, calibrations[0].points);
  fitted.two_of_four_residuals = fit::residuals_of(fitted, calibrations[1].points);
  PublishedProfile found{described(sheet, type, options), raw_text(families)};
  found.profile.costs = models::gemm::gemm_costs(fitted);
  for (std::size_t i = 0; i < families.size(); ++i) {
    models::FittedCost& cost = found.profile.costs[i];
    fit::keep_unfitted_as_constants(cost, form, false);
    cost.form = fit::to_string(form) + " + residuals";
    cost.points = families[i].products.calibration.size();
    cost.held_out = held_out_error(fitted, families[i].products.held_out);
  }
  return found;
}

}  // namespace orrery::calibrate
