#include "models/optimize/linear_program.hpp"

#include <glpk.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>

namespace orrery::models {

namespace {

struct DeleteProblem {
  void operator()(glp_prob* problem) const { glp_delete_prob(problem); }
};
using Problem = std::unique_ptr<glp_prob, DeleteProblem>;

void check_bounds(double lower, double upper, const std::string& whose) {
  if (std::isnan(lower) || std::isnan(upper) || lower > upper)
    throw std::invalid_argument(whose + " has bounds that no value meets");
}

void check(const LinearProgram& program) {
  for (std::size_t v = 0; v < program.variables.size(); ++v) {
    const ProgramVariable& variable = program.variables[v];
    check_bounds(variable.lower, variable.upper, "variable " + std::to_string(v));
    if (!std::isfinite(variable.objective))
      throw std::invalid_argument("variable " + std::to_string(v) + " has no finite objective");
  }
  std::vector<std::size_t> last_row(program.variables.size(), program.rows.size());
  for (std::size_t r = 0; r < program.rows.size(); ++r) {
    const std::string whose = "row " + std::to_string(r);
    check_bounds(program.rows[r].lower, program.rows[r].upper, whose);
    for (const ProgramRow::Term& term : program.rows[r].terms) {
      if (term.variable >= program.variables.size())
        throw std::invalid_argument(whose + " names a variable that does not exist");
      if (last_row[term.variable] == r)
        throw std::invalid_argument(whose + " names a variable twice");
      if (!std::isfinite(term.coefficient))
        throw std::invalid_argument(whose + " has a coefficient that is not finite");
      last_row[term.variable] = r;
    }
  }
}

int bound_kind(double lower, double upper) {
  if (std::isinf(lower)) return std::isinf(upper) ? GLP_FR : GLP_UP;
  if (std::isinf(upper)) return GLP_LO;
  return lower == upper ? GLP_FX : GLP_DB;
}

Problem build(const LinearProgram& program) {
  Problem problem(glp_create_prob());
  glp_set_obj_dir(problem.get(), program.maximize ? GLP_MAX : GLP_MIN);
  if (!program.variables.empty())
    glp_add_cols(problem.get(), static_cast<int>(program.variables.size()));
  int column = 0;
  for (const ProgramVariable& v : program.variables) {
    glp_set_col_bnds(problem.get(), ++column, bound_kind(v.lower, v.upper), v.lower, v.upper);
    glp_set_obj_coef(problem.get(), column, v.objective);
    if (!v.integer) continue;
    glp_set_col_kind(problem.get(), column, GLP_IV);
  }
  if (!program.rows.empty()) glp_add_rows(problem.get(), static_cast<int>(program.rows.size()));
  int row = 0;
  std::vector<int> columns;
  std::vector<double> coefficients;
  for (const ProgramRow& r : program.rows) {
    columns.assign(1, 0);  // GLPK counts from 1
    coefficients.assign(1, 0);
    for (const ProgramRow::Term& term : r.terms) {
      if (term.coefficient == 0) continue;
      columns.push_back(static_cast<int>(term.variable) + 1);
      coefficients.push_back(term.coefficient);
    }
    glp_set_row_bnds(problem.get(), ++row, bound_kind(r.lower, r.upper), r.lower, r.upper);
    glp_set_mat_row(problem.get(), row, static_cast<int>(columns.size()) - 1, columns.data(),
                    coefficients.data());
  }
  return problem;
}

int as_limit(std::int64_t count) {
  return static_cast<int>(std::clamp<std::int64_t>(count, 0, std::numeric_limits<int>::max()));
}

/// The state of one branch and bound, as GLPK hands it to its callback.
struct Branching {
  glp_prob* problem;
  std::int64_t pivots;
  std::int64_t nodes;
  std::int64_t seen = 0;
  bool stopped = false;
};

void watch(glp_tree* tree, void* info) {
  auto& branching = *static_cast<Branching*>(info);
  int total = 0;
  glp_ios_tree_size(tree, nullptr, nullptr, &total);
  branching.seen = total;
  if (total <= branching.nodes && glp_get_it_cnt(branching.problem) <= branching.pivots) return;
  branching.stopped = true;
  glp_ios_terminate(tree);
}

/// The relaxation, without regard to what must be whole.
ProgramOutcome solve_relaxation(glp_prob* problem, const ProgramBudget& budget) {
  glp_smcp settings;
  glp_init_smcp(&settings);
  settings.msg_lev = GLP_MSG_OFF;
  settings.meth = GLP_PRIMAL;
  settings.it_lim = as_limit(budget.pivots);
  int code = glp_simplex(problem, &settings);
  if (code == GLP_EBADB || code == GLP_ESING || code == GLP_ECOND) {
    glp_std_basis(problem);
    code = glp_simplex(problem, &settings);
  }
  if (code == GLP_EITLIM) return ProgramOutcome::limit;
  if (code != 0) return ProgramOutcome::failed;
  switch (glp_get_status(problem)) {
    case GLP_OPT:
      return ProgramOutcome::optimal;
    case GLP_NOFEAS:
      return ProgramOutcome::infeasible;
    case GLP_UNBND:
      return ProgramOutcome::unbounded;
    default:
      return ProgramOutcome::failed;
  }
}

void branch_and_bound(glp_prob* problem, const LinearProgram& program, const ProgramBudget& budget,
                      ProgramResult& result) {
  Branching branching{problem, budget.pivots, budget.nodes};
  glp_iocp settings;
  glp_init_iocp(&settings);
  settings.msg_lev = GLP_MSG_OFF;
  settings.mip_gap = budget.relative_gap;
  settings.presolve = budget.presolve ? GLP_ON : GLP_OFF;
  settings.cb_func = watch;
  settings.cb_info = &branching;
  const int code = glp_intopt(problem, &settings);
  result.nodes = std::max<std::int64_t>(1, branching.seen);
  const int status = glp_mip_status(problem);
  if (status == GLP_NOFEAS)
    result.outcome = ProgramOutcome::infeasible;
  else if (branching.stopped)
    result.outcome = ProgramOutcome::limit;
  else
    result.outcome =
        code == 0 || code == GLP_EMIPGAP ? ProgramOutcome::optimal : ProgramOutcome::failed;
  if (status != GLP_OPT && status != GLP_FEAS) return;
  result.objective = glp_mip_obj_val(problem);
  for (std::size_t v = 0; v < program.variables.size(); ++v) {
    const double value = glp_mip_col_val(problem, static_cast<int>(v) + 1);
    result.values.push_back(program.variables[v].integer ? std::round(value) : value);
  }
}

}  // namespace

std::string_view to_string(ProgramOutcome outcome) {
  constexpr std::array<std::string_view, 5> kWords = {"optimal", "limit", "infeasible", "unbounded",
                                                      "failed"};
  return kWords[static_cast<std::size_t>(outcome)];
}

namespace {

ProgramResult solve_once(const LinearProgram& program, const ProgramBudget& budget) {
  const Problem problem = build(program);
  ProgramResult result;
  const bool has_integers =
      std::ranges::any_of(program.variables, [](const ProgramVariable& v) { return v.integer; });
  if (has_integers && budget.presolve) {
    branch_and_bound(problem.get(), program, budget, result);
    result.pivots = glp_get_it_cnt(problem.get());
    return result;
  }
  result.outcome = solve_relaxation(problem.get(), budget);
  if (result.outcome == ProgramOutcome::optimal && has_integers) {
    branch_and_bound(problem.get(), program, budget, result);
  } else if (result.outcome == ProgramOutcome::optimal) {
    result.objective = glp_get_obj_val(problem.get());
    for (std::size_t v = 0; v < program.variables.size(); ++v)
      result.values.push_back(glp_get_col_prim(problem.get(), static_cast<int>(v) + 1));
  }
  result.pivots = glp_get_it_cnt(problem.get());
  return result;
}

}  // namespace

ProgramResult solve(const LinearProgram& program, const ProgramBudget& budget) {
  check(program);
  glp_term_out(GLP_OFF);
  ProgramResult result = solve_once(program, budget);
  if (result.outcome != ProgramOutcome::failed || result.has_values()) return result;
  // The presolver leads to another basis, and so does leaving it out.
  ProgramBudget rest = budget;
  rest.presolve = !budget.presolve;
  rest.pivots = std::max<std::int64_t>(1, budget.pivots - result.pivots);
  ProgramResult again = solve_once(program, rest);
  again.pivots += result.pivots;
  again.nodes += result.nodes;
  return again;
}

}  // namespace orrery::models
