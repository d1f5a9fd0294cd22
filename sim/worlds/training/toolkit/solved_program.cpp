#include "sim/worlds/training/toolkit/solved_program.hpp"

#include <fmt/format.h>

#include <string>

#include "models/base/error.hpp"

namespace orrery::training {

using models::ProgramOutcome;

models::ProgramResult solve_for(std::string_view policy, double now_seconds,
                                const models::LinearProgram& program,
                                const models::ProgramBudget& budget) {
  models::ProgramResult result = models::solve(program, budget);
  const bool usable = result.outcome == ProgramOutcome::optimal ||
                      (result.outcome == ProgramOutcome::limit && result.has_values());
  if (usable) return result;
  std::string what;
  if (result.outcome == ProgramOutcome::infeasible) what = "is infeasible";
  if (result.outcome == ProgramOutcome::unbounded) what = "is unbounded";
  if (result.outcome == ProgramOutcome::failed) what = "was given up by the solver";
  if (result.outcome == ProgramOutcome::limit)
    what = fmt::format("has no solution within its budget of {} pivots and {} nodes", budget.pivots,
                       budget.nodes);
  throw base::Error(
      {},
      fmt::format("policy {}, decision at {} s: its program of {} variables and {} "
                  "rows {}",
                  policy, now_seconds, program.variables.size(), program.rows.size(), what),
      base::Fault::run_failed);
}

}  // namespace orrery::training
