// orrery run: one experiment, one run, one directory of results.
#include <fmt/format.h>

#include <memory>

#include "models/base/opened_files.hpp"
#include "models/base/terminal.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/experiment_arguments.hpp"
#include "sim/experiment/experiment_document.hpp"
#include "sim/experiment/run.hpp"

namespace orrery::app {

namespace {

struct RunArguments {
  ExperimentArguments experiment;
  experiment::RunOptions options;
  bool no_trace = false, no_report = false;
};

void run(RunArguments& arguments) {
  const base::OpenedFiles opened;
  experiment::Expansion points(
      experiment::load_document(arguments.experiment.file, arguments.experiment.sets()));
  experiment::require_single(points, arguments.experiment.file);
  arguments.options.trace = !arguments.no_trace;
  arguments.options.report = !arguments.no_report;
  arguments.options.inputs = opened.paths();
  const auto result = experiment::run_point(points.point(0), arguments.options);
  fmt::print("{}", base::printable(report::to_text(result.summary, result.out)));
  experiment::require_complete(result);
}

}  // namespace

void add_run(Command app) {
  auto arguments = std::make_shared<RunArguments>();
  const Command command = app.add_subcommand("run", "simulate one experiment");
  add_experiment(command, arguments->experiment);
  command.add_option("--out", arguments->options.out, "directory for the results, made new")
      .type_name("DIR")
      .required();
  command.add_flag("--force", arguments->options.force, "replace the results that DIR holds");
  command.add_flag("--no-trace", arguments->no_trace, "do not write trace.json");
  command.add_flag("--no-report", arguments->no_report, "do not write report.html");
  command.footer(
      "Examples:\n"
      "  orrery run fifo-check.yaml --out results/fifo\n"
      "  orrery run fifo-check.yaml --out results/srtf --set policy.name=srtf\n"
      "  orrery run fifo-check.yaml --out results/half --set cluster.nodes[0].count=10\n\n"
      "Results appear in DIR only when they are complete; until then they are in DIR.partial.\n"
      "Exit codes: 0 done, 1 could not finish, 2 bad input, 130 interrupted.");
  command.callback([arguments] { run(*arguments); });
}

}  // namespace orrery::app
