#include "sim/worlds/training/toolkit/solved_program.hpp"

#include <fmt/format.h>

#include <string>

#include "models/base/error.hpp"

namespace orrery::training {

using models::ProgramOutcome;

std::optional<models::ProgramResult> solve_for(std::string_view policy, double now_seconds,
                                               const models::LinearProgram& program,
                                               const models::ProgramBudget& budget,
                                               SolverRecord& record) {
  models::ProgramResult result = models::solve(program, budget);
  if (result.outcome == ProgramOutcome::optimal) return result;
  if (result.has_values()) {
    ++record.unproven;
    return result;
  }
  if (result.outcome == ProgramOutcome::limit || result.outcome == ProgramOutcome::failed) {
    ++record.given_up;
    return std::nullopt;
  }
  throw base::Error({},
                    fmt::format("policy {}, decision at {} s: its program of {} variables and {} "
                                "rows is {}",
                                policy, now_seconds, program.variables.size(), program.rows.size(),
                                models::to_string(result.outcome)),
                    base::Fault::run_failed);
}

}  // namespace orrery::training
