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

void keep_and_fill(const View& view, std::span<Assignment> wanted, std::vector<std::int64_t>& left,
                   const std::function<std::vector<RatedConfiguration>(std::size_t)>& choices_of) {
  for (Assignment& assignment : wanted) {
    assignment.to = held(view, assignment.job);
    if (assignment.to.gpus > 0) left[assignment.to.type.index()] -= assignment.to.gpus;
  }
  for (std::size_t m = 0; m < wanted.size(); ++m) {
    if (wanted[m].to.gpus > 0) continue;
    double best = 0;
    for (const RatedConfiguration& choice : choices_of(m)) {
      if (choice.samples_per_second <= best || choice.at.gpus > left[choice.at.type.index()])
        continue;
      best = choice.samples_per_second;
      wanted[m].to = choice.at;
    }
    if (best > 0) left[wanted[m].to.type.index()] -= wanted[m].to.gpus;
  }
}

}  // namespace orrery::training
