// The subcommands of `orrery`. Each adds its arguments to the command line and does its work in a
// callback; failures are base::Error.
#pragma once

#include "sim/app/command_line.hpp"

namespace orrery::app {

void add_run(Command app);
void add_compare(Command app);
void add_run_point(Command app);  ///< what `compare` starts for each run; not shown by --help
void add_validate(Command app);
void add_plan(Command app);
void add_report(Command app);
void add_explain(Command app);
void add_list(Command app);
void add_trace(Command app);
void add_schema(Command app);
void add_sparsity(Command app);
void add_profile(Command app);

}  // namespace orrery::app
