#include "calibrate/app/refit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "calibrate/app/profile_target.hpp"
#include "calibrate/app/selection.hpp"
#include "calibrate/app/summary.hpp"
#include "calibrate/device/device.hpp"
#include "calibrate/device/threads.hpp"
#include "calibrate/timing/repeats.hpp"
#include "models/base/error.hpp"
#include "models/base/numbers.hpp"
#include "models/base/text_file.hpp"
#include "models/profile/profile_file.hpp"

namespace orrery::calibrate::app {

namespace fs = std::filesystem;

namespace {

base::Where at(const std::string& path, const char* key = "") {
  return {.file = path, .line = 0, .column = 0, .key = key};
}

/// `bytes=4096 threads=2` as numbers by name.
models::NamedNumbers features_of(const std::string& text, const std::string& path) {
  models::NamedNumbers features;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string pair = text.substr(begin, end - begin);
    const std::size_t equals = pair.find('=');
    const auto value =
        equals == std::string::npos ? std::nullopt : base::parse_double(pair.substr(equals + 1));
    if (!value)
      throw base::Error(at(path, "features"),
                        "found '" + text + "', expected NAME=NUMBER, separated by blanks");
    features.emplace_back(pair.substr(0, equals), *value);
    begin = end + 1;
  }
  return features;
}

/// The kernel's points as they were made: in the order in which the first round visited them.
std::vector<CalibrationPoint> points_of(std::string_view kernel, std::span<const RawRow> rows,
                                        const std::string& path) {
  std::vector<CalibrationPoint> points;
  for (const RawRow& row : rows) {
    if (row.kernel != kernel || row.round != 1 || row.repeat > 1) continue;
    points.push_back({row.point, row.variant, features_of(row.features, path), 0});
  }
  return points;
}

std::vector<std::string> kernels_in(std::span<const RawRow> rows) {
  std::vector<std::string> names;
  for (const RawRow& row : rows)
    if (std::find(names.begin(), names.end(), row.kernel) == names.end())
      names.push_back(row.kernel);
  return names;
}

void require_this_device(const models::DeviceProfile& profile, const std::string& path) {
  if (profile.backend != to_string(Backend::cpu)) return;  // a GPU's fits know nothing of this host
  const DeviceDescription here = describe_cpu();
  const auto require = [&](const std::string& found, const std::string& expected, const char* key) {
    if (found == expected) return;
    throw base::Error(at(path, key), fmt::format("measured on another device: found '{}', this "
                                                 "machine has '{}'; refit where it was measured",
                                                 found, expected));
  };
  require(profile.device_name, here.name, "device_name");
  for (const char* key : {"threads", "cache_bytes"}) {
    const auto number = [&](const models::NamedNumbers& numbers) {
      return base::format_shortest(models::find_number(numbers, key).value_or(0));
    };
    require(number(profile.hardware), number(here.hardware), key);
  }
}

/// Says in the provenance by which version the costs were fitted; all else there is of the
/// measuring.
void say_refitted(models::NamedTexts& libraries) {
  constexpr const char* kKey = "fitted anew by orrery";
  std::erase_if(libraries, [&](const auto& known) { return known.first == kKey; });
  libraries.emplace_back(kKey, ORRERY_VERSION);
}

}  // namespace

std::vector<models::FittedCost> costs_of(const Kernel& kernel,
                                         std::span<const CalibrationPoint> points,
                                         std::span<const RawRow> rows, std::uint64_t seed) {
  try {
    return kernel.fit(measured_points(kernel, points, rows), seed);
  } catch (const base::Error& error) {
    throw base::Error(
        error.where(),
        fmt::format("kernel '{}' cannot be fitted: {}", kernel.name(), error.sentence()),
        error.fault());
  }
}

std::string refit(const Options& options) {
  models::DeviceProfile profile = models::read_profile(options.refit).profile;
  check_profile_target(options.out, profile.device, options.force);
  const auto threads = models::find_number(profile.hardware, "threads");
  set_usable_threads(static_cast<int>(threads.value_or(0)));
  require_this_device(profile, options.refit);
  const fs::path raw = fs::path(options.refit).parent_path() / profile.raw.file;
  const std::vector<RawRow> rows = read_raw_rows(raw.string());
  const Backend backend = profile.backend == to_string(Backend::cpu) ? Backend::cpu : Backend::cuda;
  const std::vector<std::string> names = kernels_in(rows);
  const Selection selection = select_kernels(names, backend, registered_kernels());
  profile.costs.clear();
  say_refitted(profile.provenance.libraries);
  SessionResult session{rows, {}, rows.empty() ? 0 : rows.back().at_seconds};
  std::vector<std::string> fitted;
  for (const auto& kernel : selection.kernels) {
    const std::vector<CalibrationPoint> points = points_of(kernel->name(), rows, raw.string());
    fitted.emplace_back(kernel->name());
    session.tallies.push_back({points.size(), points.size(), 0, 0, "",
                               points.size() - measured_points(*kernel, points, rows).size()});
    for (models::FittedCost& cost : costs_of(*kernel, points, rows, options.seed))
      profile.costs.push_back(std::move(cost));
  }
  std::error_code ignored;  // where it fails, writing says why
  fs::create_directories(options.out, ignored);
  models::write_profile(profile, base::read_text_file(raw.string()), options.out);
  return summary_text(profile, session, fitted, {}) +
         fmt::format("\nprofile {}\n",
                     (fs::path(options.out) / (profile.device + ".yaml")).string());
}

}  // namespace orrery::calibrate::app
