// Programs that a policy solves while it decides, and what becomes of one that has no solution.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/base/parameters.hpp"
#include "models/optimize/linear_program.hpp"
#include "sim/worlds/training/policy.hpp"

namespace orrery::training {

/// The best known solution of a policy's program; nothing where the solver gives up without any
/// (its budget is used up, or it met a basis that it cannot handle in floating point): the policy
/// then leaves things as they are. Either is counted. Throws base::Error (run_failed) for a program
/// that has no solution: a policy makes none such.
std::optional<models::ProgramResult> solve_for(std::string_view policy, double now_seconds,
                                               const models::LinearProgram& program,
                                               const models::ProgramBudget& budget,
                                               SolverRecord& record);

/// Most pivots or nodes that an experiment may allow.
inline constexpr double kLargestBudget = 1e12;

/// Declares the keys `pivots`, `nodes` and `gap` of a budget among a policy's options.
template <class O>
void declare_budget(base::Declaration<O>& d, models::ProgramBudget O::*budget) {
  const models::ProgramBudget defaults = O{}.*budget;
  const auto count = [&](const char* key, std::int64_t models::ProgramBudget::*member,
                         const char* help) {
    d.custom(
         key, "integer",
         [budget, member](O& out, const base::Node& node) {
           base::ParameterInfo range;
           range.minimum = 1;
           range.maximum = kLargestBudget;
           (out.*budget).*member = base::detail::read_integer(node, range);
         },
         help, std::to_string(defaults.*member))
        .at_least(1)
        .at_most(kLargestBudget);
  };
  count("pivots", &models::ProgramBudget::pivots,
        "most simplex pivots of a decision; without a solution by then all jobs stay as they are");
  count("nodes", &models::ProgramBudget::nodes,
        "most branch-and-bound nodes of a decision; the best solution found by then is taken");
  d.custom(
       "gap", "number",
       [budget](O& out, const base::Node& node) {
         base::ParameterInfo range;
         range.minimum = 0;
         range.maximum = 1;
         (out.*budget).relative_gap = base::detail::read_number(node, range);
       },
       "share of the best possible objective that an integer solution may miss",
       base::detail::default_text(defaults.relative_gap, base::Dimension::none))
      .at_least(0)
      .at_most(1);
}

}  // namespace orrery::training
