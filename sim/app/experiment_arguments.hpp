// Arguments that several subcommands share.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/experiment/expansion.hpp"

namespace orrery::app {

/// An experiment file and what the command line changes in it.
struct ExperimentArguments {
  std::string file;
  std::vector<std::string> set_options;
  std::vector<std::string> more_sets;  ///< `--set a=1 b=2`: what follows without an option

  std::vector<std::string> sets() const;
};
void add_experiment(CLI::App& command, ExperimentArguments& arguments);

/// `--policies a,b` and `--seeds 1,2`.
void add_narrowing(CLI::App& command, experiment::Narrowing& narrowing);

}  // namespace orrery::app
