// Linear and mixed-integer programs as plain values, and the one function that solves them.
//
//   LinearProgram program;                      // maximise x + 2 y
//   const auto x = program.add_variable({.upper = 3, .objective = 1});
//   const auto y = program.add_variable({.upper = 1, .objective = 2, .integer = true});
//   program.add_row({.terms = {{x, 1}, {y, 1}}, .upper = 3.5});
//   const ProgramResult result = solve(program);   // optimal: x = 2.5, y = 1, objective 4.5
//
// Behind it stands GLPK (GPL-3): the simplex method, and branch and bound over it. Budgets are
// counts, never time, so that the same program has the same result everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace orrery::models {

/// One unknown. A lower bound of minus infinity and an upper one of infinity mean that it has none.
struct ProgramVariable {
  double lower = 0;
  double upper = std::numeric_limits<double>::infinity();
  double objective = 0;  ///< its coefficient in the objective
  bool integer = false;
};

/// lower <= sum of coefficient x variable <= upper; a variable stands in a row at most once.
struct ProgramRow {
  struct Term {
    std::size_t variable = 0;
    double coefficient = 0;
  };
  std::vector<Term> terms;
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
};

struct LinearProgram {
  bool maximize = true;  ///< else the objective is to be small
  std::vector<ProgramVariable> variables;
  std::vector<ProgramRow> rows;

  std::size_t add_variable(const ProgramVariable& variable) {
    variables.push_back(variable);
    return variables.size() - 1;
  }
  void add_row(ProgramRow row) { rows.push_back(std::move(row)); }
};

/// How much work a solution may cost.
struct ProgramBudget {
  std::int64_t pivots = 1'000'000;  ///< of the simplex method, over all nodes
  std::int64_t nodes = 100'000;     ///< of branch and bound
  /// Branch and bound stops at a solution whose objective is within this share of the best possible
  /// one; 0: it proves the optimum.
  double relative_gap = 0;
  /// GLPK's presolver before branch and bound, instead of solving the relaxation first.
  bool presolve = false;
};

enum class ProgramOutcome : std::uint8_t {
  optimal,     ///< proven, up to the budget's gap
  limit,       ///< the budget was used up; `values` may hold the best solution found so far
  infeasible,  ///< no values satisfy all rows and bounds
  unbounded,   ///< the objective can grow for ever
  failed,      ///< the solver met a basis that it could not handle in floating point
};
std::string_view to_string(ProgramOutcome outcome);

struct ProgramResult {
  ProgramOutcome outcome = ProgramOutcome::failed;
  std::vector<double> values;  ///< by variable; empty where there is no solution
  double objective = 0;        ///< of `values`
  std::int64_t pivots = 0;
  std::int64_t nodes = 0;  ///< 0 for a program without integer variables

  bool has_values() const { return !values.empty(); }
};

/// Solves a program; integer variables come out as whole numbers. Throws std::invalid_argument for
/// a term of an unknown variable, a variable twice in a row, a bound or coefficient that is NaN,
/// and a lower bound above its upper one.
ProgramResult solve(const LinearProgram& program, const ProgramBudget& budget = {});

}  // namespace orrery::models
