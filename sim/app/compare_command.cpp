// orrery compare: several policies, seeds and sweep points of one experiment.
#include <fmt/format.h>

#include <memory>

#include "models/base/terminal.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/experiment_arguments.hpp"
#include "sim/experiment/comparison_runner.hpp"

namespace orrery::app {

namespace {

struct CompareArguments {
  ExperimentArguments experiment;
  experiment::CompareOptions options;
  bool no_trace = false;
};

void compare(CompareArguments& arguments) {
  arguments.options.program = "/proc/self/exe";
  arguments.options.file = arguments.experiment.file;
  arguments.options.sets = arguments.experiment.sets();
  arguments.options.trace = !arguments.no_trace;
  const auto result = experiment::run_comparison(arguments.options);
  fmt::print(
      "{}{} runs made, {} kept from before; results {}/comparison.json, report "
      "{}/report.html\n",
      base::printable(report::to_table(result.comparison)), result.made, result.resumed, result.out,
      result.out);
  experiment::require_complete(result);
}

}  // namespace

void add_compare(Command app) {
  auto arguments = std::make_shared<CompareArguments>();
  experiment::CompareOptions& options = arguments->options;
  const Command command =
      app.add_subcommand("compare", "simulate policies, seeds and sweep points side by side");
  add_experiment(command, arguments->experiment);
  add_narrowing(command, options.narrowing);
  command.add_option("--out", options.out, "directory for the results").type_name("DIR").required();
  command.add_option("--jobs", options.jobs, "runs at once; default: one for each core")
      .type_name("N")
      .between(1, 1024);
  command.add_flag("--force", options.force, "replace the results that DIR holds");
  command.add_flag("--no-trace", arguments->no_trace, "do not write trace.json of each run");
  command.footer(
      "Examples:\n"
      "  orrery compare philly.yaml --out results/philly\n"
      "  orrery compare fifo-check.yaml --out results/two --policies fifo,srtf\n"
      "  orrery compare demo-generated.yaml --out results/demo --seeds 1,2,3 --jobs 2\n\n"
      "Runs go into DIR/POLICY/SEED. A run that fails leaves DIR/POLICY/SEED.log and does not "
      "stop\n"
      "the others. The same command again makes only what is missing.\n"
      "Exit codes: 0 done, 1 some runs could not finish, 2 bad input, 130 interrupted.");
  command.callback([arguments] { compare(*arguments); });
}

}  // namespace orrery::app
