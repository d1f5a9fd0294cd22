// Programs that a policy solves while it decides, and what becomes of one that has no solution.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/parameters.hpp"
#include "models/optimize/linear_program.hpp"
#include "sim/worlds/training/policy.hpp"
#include "sim/worlds/training/toolkit/configuration.hpp"
#include "sim/worlds/training/toolkit/reallocation.hpp"

namespace orrery::training {

/// The best known solution of a policy's program; nothing where the solver gives up without any
/// (its budget is used up, or it met a basis that it cannot handle in floating point):
/// keep_and_fill then is what is left. Either is counted. Throws base::Error (run_failed) for a
/// program that has no solution: a policy makes none such.
std::optional<models::ProgramResult> solve_for(std::string_view policy, double now_seconds,
                                               const models::LinearProgram& program,
                                               const models::ProgramBudget& budget,
                                               SolverRecord& record);

/// What a policy does without a solution, for jobs of `wanted` in turn: who runs keeps what it
/// holds; then who waits takes the fastest of its choices for which GPUs are left, so that nobody
/// waits for a solver. `left`: GPUs by type with those that the jobs hold; what is given is taken
/// from it. `choices_of(m)`: of wanted[m].
void keep_and_fill(const View& view, std::span<Assignment> wanted, std::vector<std::int64_t>& left,
                   const std::function<std::vector<RatedConfiguration>(std::size_t)>& choices_of);

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
        "most simplex pivots of a decision; without a solution by then who runs stays, who waits "
        "takes what is left");
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
