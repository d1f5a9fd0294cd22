// orrery validate: everything that can be checked without simulating.
#include <fmt/format.h>

#include <memory>

#include "sim/app/commands.hpp"
#include "sim/app/experiment_arguments.hpp"
#include "sim/experiment/experiment_document.hpp"
#include "sim/experiment/validation.hpp"

namespace orrery::app {

void add_validate(Command app) {
  auto arguments = std::make_shared<ExperimentArguments>();
  const Command command =
      app.add_subcommand("validate", "check an experiment and its traces without simulating");
  add_experiment(command, *arguments);
  command.footer(
      "Example:\n"
      "  orrery validate fifo-check.yaml\n\n"
      "Reads the whole experiment, its traces and its cluster, and says how many runs and jobs it\n"
      "stands for. Exit codes: 0 fine, 2 bad input.");
  command.callback([arguments] {
    experiment::Expansion points(experiment::load_document(arguments->file, arguments->sets()));
    experiment::InputChecks checks(points);
    checks.check_all();
    fmt::print("{}", experiment::to_text(points, checks.inputs()));
  });
}

}  // namespace orrery::app
