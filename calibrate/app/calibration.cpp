#include "calibrate/app/calibration.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>

#include "calibrate/app/interruption.hpp"
#include "calibrate/app/partial.hpp"
#include "calibrate/app/profile_target.hpp"
#include "calibrate/app/progress_bar.hpp"
#include "calibrate/app/refit.hpp"
#include "calibrate/app/selection.hpp"
#include "calibrate/app/summary.hpp"
#include "calibrate/device/clocks.hpp"
#include "calibrate/device/device.hpp"
#include "calibrate/device/threads.hpp"
#include "models/base/binary_file.hpp"
#include "models/base/error.hpp"
#include "models/base/hash.hpp"
#include "models/base/numbers.hpp"
#include "models/profile/profile_file.hpp"

namespace orrery::calibrate::app {

namespace {

DeviceDescription describe(Backend backend) {
  if (backend == Backend::cpu) return describe_cpu();
  std::string absent;
  auto gpu = describe_gpu(absent);
  if (!gpu)
    throw base::Error({.file = "command line", .line = 0, .column = 0, .key = "--backend"},
                      "nothing can be measured on cuda: " + absent, base::Fault::run_failed);
  return *std::move(gpu);
}

/// Of all that the kernels would measure; other points cannot go on from these rows.
std::string points_hash(std::span<const KernelPoints> kernels) {
  std::string text;
  for (const KernelPoints& kernel : kernels) {
    text += std::string(kernel.kernel->name()) + "\n";
    for (const CalibrationPoint& point : kernel.points)
      text += point.id + " " + point.variant + " " + features_text(point.features) + " " +
              base::format_shortest(point.estimated_seconds) + "\n";
  }
  return base::sha256_hex(text).substr(0, 16);
}

/// Of the running program: another build may hold other kernels under the same names.
std::string program_hash() {
  base::BinaryFile program("/proc/self/exe");
  return base::sha256_hex(program.read(0, program.size_bytes())).substr(0, 16);
}

Identity identity_of(const Options& options, const DeviceDescription& device,
                     std::span<const KernelPoints> kernels) {
  std::string names;
  for (const KernelPoints& kernel : kernels)
    names += (names.empty() ? "" : " ") + std::string(kernel.kernel->name());
  return {{"device", device.name},
          {"backend", std::string(to_string(options.backend))},
          {"kernels", names},
          {"budget", base::format_shortest(options.budget_seconds)},
          {"threads", std::to_string(usable_threads())},
          {"seed", std::to_string(options.seed)},
          {"points", points_hash(kernels)},
          {"program", std::string(ORRERY_VERSION " ") + program_hash()}};
}

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

template <class Pairs>
void merge(Pairs& into, const Pairs& more) {
  for (const auto& pair : more) {
    const auto same = [&](const auto& known) { return known.first == pair.first; };
    if (std::none_of(into.begin(), into.end(), same)) into.push_back(pair);
  }
}

models::DeviceProfile profile_of(const Options& options, const std::string& name,
                                 const DeviceDescription& device,
                                 std::span<const KernelPoints> kernels,
                                 std::span<const RawRow> rows) {
  models::DeviceProfile profile;
  profile.device = name;
  profile.device_name = device.name;
  profile.backend = to_string(options.backend);
  profile.hardware = device.hardware;
  models::ProfileProvenance& provenance = profile.provenance;
  provenance.measured_by = models::MeasuredBy::us;
  provenance.command = options.command;
  provenance.host = describe_host();
  provenance.driver = device.driver;
  provenance.clocks = device.clocks;
  provenance.libraries = {{"orrery", ORRERY_VERSION}, {"compiler", ORRERY_COMPILER}};
  merge(provenance.libraries, device.libraries);
  for (const KernelPoints& kernel : kernels) {
    merge(profile.hardware, kernel.kernel->hardware());
    merge(provenance.libraries, kernel.kernel->libraries());
    for (models::FittedCost& cost : costs_of(*kernel.kernel, kernel.points, rows, options.seed))
      profile.costs.push_back(std::move(cost));
  }
  provenance.date = utc_now();
  return profile;
}

SessionResult measure(const Options& options, std::span<const KernelPoints> kernels,
                      Partial& partial) {
  ProgressBar bar;
  const SessionHooks hooks{
      wall_seconds, stop_requested, [&](std::span<const RawRow> rows) { partial.append(rows); },
      [&](const SessionProgress& progress) { bar.show(progress); }, system_watch()};
  const SessionSettings settings{options.budget_seconds, options.seed};
  try {
    return run_session(kernels, partial.rows(), settings, hooks);
  } catch (const base::Error& error) {
    if (error.fault() != base::Fault::interrupted) throw;
    throw base::Error({},
                      "interrupted; what was measured is in " + partial.path() +
                          ", and the same command goes on from there",
                      base::Fault::interrupted);
  }
}

}  // namespace

std::string calibrate(const Options& options) {
  set_usable_threads(options.threads);
  const DeviceDescription device = describe(options.backend);
  const Selection selection =
      select_kernels(options.kernels, options.backend, registered_kernels());
  const std::string name = options.device.empty() ? device_slug(device.name) : options.device;
  check_profile_target(options.out, name, options.force);
  std::vector<KernelPoints> kernels;
  std::vector<std::string> names;
  for (const auto& kernel : selection.kernels) {
    kernels.push_back({kernel.get(), kernel->points()});
    names.emplace_back(kernel->name());
  }
  Partial partial(options.out, name, identity_of(options, device, kernels), options.force);
  watch_for_interruption();
  const SessionResult session = measure(options, kernels, partial);
  models::DeviceProfile profile = profile_of(options, name, device, kernels, session.rows);
  models::write_profile(profile, raw_header() + raw_lines(session.rows), options.out);
  partial.remove();
  const std::filesystem::path folder(options.out);
  return summary_text(profile, session, names, selection.absent) +
         fmt::format("\nprofile {}\nraw     {} ({} rows)\n", (folder / (name + ".yaml")).string(),
                     (folder / profile.raw.file).string(), profile.raw.rows);
}

}  // namespace orrery::calibrate::app
