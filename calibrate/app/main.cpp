// orrery-calibrate: measures the kernels on the device at hand and writes its profile.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <new>
#include <string>
#include <system_error>

#include "calibrate/app/calibration.hpp"
#include "calibrate/app/options.hpp"
#include "calibrate/app/refit.hpp"
#include "calibrate/app/selection.hpp"
#include "calibrate/device/threads.hpp"
#include "models/base/error.hpp"
#include "models/base/numbers.hpp"
#include "models/base/terminal.hpp"

namespace orrery::calibrate::app {

namespace {

constexpr int kDone = 0;
constexpr int kNotFinished = 1;
constexpr int kBadInput = 2;
constexpr int kInterrupted = 130;
constexpr double kMostBudgetSeconds = 7 * 24 * 3600;

int exit_code(base::Fault fault) {
  if (fault == base::Fault::bad_input) return kBadInput;
  return fault == base::Fault::interrupted ? kInterrupted : kNotFinished;
}

/// One line, whatever the message holds.
int fail(std::string message, int code) {
  for (char& c : message)
    if (c == '\n') c = ' ';
  std::fflush(stdout);
  base::say(stderr, "error: " + base::printable(message) + "\n");
  return code;
}

std::string command_of(int argc, char** argv) {
  std::string text = "orrery-calibrate";
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool plain = !word.empty() && word.find_first_of(" \t\n'\"") == std::string::npos;
    text += plain ? " " + word : " '" + word + "'";
  }
  return text;
}

void add_options(CLI::App& app, Options& options, std::string& backend, bool& list) {
  app.set_version_flag("--version", "orrery-calibrate " ORRERY_VERSION);
  app.get_formatter()->column_width(28);
  app.add_option("--kernel", options.kernels, "a kernel of --list, or all; may be repeated")
      ->allow_extra_args(false)
      ->capture_default_str()
      ->type_name("NAME");
  app.add_option("--backend", backend, "what to measure: the processor or the first GPU")
      ->check(CLI::IsMember({"cpu", "cuda"}).description(""))
      ->type_name("cpu|cuda")
      ->capture_default_str();
  app.add_option("--budget", options.budget_seconds, "seconds for measuring, fit not included")
      ->check([](const std::string& text) -> std::string {
        const auto seconds = base::parse_double(text);  // no `nan`, which no range refuses
        if (seconds && *seconds >= 1 && *seconds <= kMostBudgetSeconds) return "";
        return fmt::format("'{}' is not a number of seconds from 1 to {}", text,
                           kMostBudgetSeconds);
      })
      ->type_name("SECONDS")
      ->capture_default_str();
  app.add_option("--out", options.out, "where the profile goes")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_option("--device", options.device,
                 "the name experiments use (default: from what the system calls the device)")
      ->type_name("NAME")
      ->check([](const std::string& name) -> std::string {
        if (is_device_name(name)) return "";
        return "'" + name +
               "' is not a name of a device; expected lower-case letters, digits, . and -";
      });
  app.add_option("--threads", options.threads, "of kernels on the processor (default: all)")
      ->check(CLI::Range(1, processors()).description(""))
      ->type_name("N");
  app.add_option("--seed", options.seed, "of the order of points and the folds of the fit")
      ->check([](const std::string& text) -> std::string {
        const auto seed = base::parse_integer(text);  // a library would take -1 for 2^64 - 1
        return seed && *seed >= 0 ? "" : "'" + text + "' is not a whole number from 0 on";
      })
      ->type_name("N")
      ->capture_default_str();
  app.add_flag("--force", options.force, "drop what an earlier run left and measure anew");
  app.add_option("--refit", options.refit,
                 "fits the raw measurements of this profile anew and measures nothing")
      ->type_name("PROFILE");
  app.add_flag("--list", list, "names the kernels and ends");
  app.footer(
      "Writes DIR/DEVICE.yaml and DIR/DEVICE.csv. An interrupted run goes on where it stopped "
      "when\n"
      "the same command is given again.\n"
      "Exit codes: 0 done, 1 the measurement could not be finished, 2 bad input, 130 interrupted.");
}

int run(int argc, char** argv) {
  CLI::App app("Measures kernels on this machine and fits what they cost.", "orrery-calibrate");
  Options options;
  options.command = command_of(argc, argv);
  std::string backend = "cpu";
  bool list = false;
  add_options(app, options, backend, list);
  try {
    app.parse(argc, argv);
    options.backend = backend == "cpu" ? Backend::cpu : Backend::cuda;
    const std::string said = list                     ? list_kernels(registered_kernels())
                             : !options.refit.empty() ? refit(options)
                                                      : calibrate(options);
    fmt::print("{}", said);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::Success))
      return fail(std::string("command line: ") + error.what() + " (see 'orrery-calibrate --help')",
                  kBadInput);
    app.exit(error);
  } catch (const base::Error& error) {
    return fail(error.what(), exit_code(error.fault()));
  } catch (const std::bad_alloc&) {
    return fail("out of memory", kNotFinished);
  } catch (const std::system_error&) {
    if (std::ferror(stdout) == 0) throw;
    return fail("standard output cannot be written", kNotFinished);
  } catch (const std::exception& error) {
    return fail(std::string("a defect of this program: ") + error.what(), kNotFinished);
  }
  if (!base::output_is_complete()) return fail("standard output cannot be written", kNotFinished);
  return kDone;
}

}  // namespace

}  // namespace orrery::calibrate::app

int main(int argc, char** argv) {
  orrery::base::prepare_streams();
  return orrery::calibrate::app::run(argc, argv);
}
