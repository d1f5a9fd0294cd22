// The subcommands of `orrery`. Each adds its arguments to the command line and does its work in a
// callback; failures are base::Error.
#pragma once

#include <CLI/CLI.hpp>

namespace orrery::app {

void add_run(CLI::App& app);
void add_compare(CLI::App& app);
void add_run_point(CLI::App& app);  ///< what `compare` starts for each run; not shown by --help
void add_validate(CLI::App& app);
void add_plan(CLI::App& app);
void add_report(CLI::App& app);
void add_explain(CLI::App& app);
void add_list(CLI::App& app);
void add_trace(CLI::App& app);
void add_schema(CLI::App& app);
void add_sparsity(CLI::App& app);
void add_profile(CLI::App& app);

}  // namespace orrery::app
