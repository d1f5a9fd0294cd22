// Arguments that several subcommands share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>
#include "sim/app/command_line.hpp"

#include "sim/experiment/expansion.hpp"

namespace orrery::app {

/// An experiment file and what the command line changes in it.
struct ExperimentArguments {
  std::string file;
  std::vector<std::string> set_options;
  std::vector<std::string> more_sets;  ///< `--set a=1 b=2`: what follows without an option

  std::vector<std::string> sets() const;
};
void add_experiment(Command command, ExperimentArguments& arguments);

/// `--policies a,b` and `--seeds 1,2`.
void add_narrowing(Command command, experiment::Narrowing& narrowing);

}  // namespace orrery::app
