// orrery run-point: one run of a comparison, started by `orrery compare`. Tells how far it is on
// its standard output, one line `FRACTION EVENTS` at a time.
#include <fmt/format.h>
#include <sys/prctl.h>

#include <chrono>
#include <csignal>
#include <memory>

#include "sim/app/commands.hpp"
#include "sim/app/experiment_arguments.hpp"
#include "sim/experiment/experiment_document.hpp"
#include "sim/experiment/run.hpp"

namespace orrery::app {

namespace {

struct PointArguments {
  ExperimentArguments experiment;
  experiment::Narrowing narrowing;
  experiment::RunOptions options;
  std::size_t point = 0;
  std::string run_id;
  bool no_trace = false;
};

void run_point(PointArguments& arguments) {
  // A comparison that is killed takes its runs along.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  const auto points = experiment::expand(
      experiment::load_document(arguments.experiment.file, arguments.experiment.sets()),
      arguments.narrowing);
  arguments.options.force = true;
  arguments.options.trace = !arguments.no_trace;
  arguments.options.report = false;
  arguments.options.progress = false;
  auto next = std::chrono::steady_clock::now();
  arguments.options.on_progress = [&next](double fraction, std::uint64_t events) {
    if (std::chrono::steady_clock::now() < next) return;
    next = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
    fmt::print("{} {}\n", fraction, events);
    std::fflush(stdout);
  };
  experiment::require_complete(experiment::run_point(
      experiment::point_with_id(points, arguments.point, arguments.run_id), arguments.options));
}

}  // namespace

void add_run_point(CLI::App& app) {
  auto arguments = std::make_shared<PointArguments>();
  CLI::App* command = app.add_subcommand("run-point", "one run of a comparison")->group("");
  add_experiment(*command, arguments->experiment);
  add_narrowing(*command, arguments->narrowing);
  command->add_option("--out", arguments->options.out, "directory for the results")->required();
  command->add_option("--point", arguments->point, "number of the run, from 0")->required();
  command->add_option("--run-id", arguments->run_id, "the id it must have")->required();
  command->add_flag("--no-trace", arguments->no_trace, "do not write trace.json");
  command->callback([arguments] { run_point(*arguments); });
}

}  // namespace orrery::app
