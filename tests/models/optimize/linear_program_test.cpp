// The solver against brute force: vertices of small linear programs, all points of integer ones.
#include "models/optimize/linear_program.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <optional>
#include <stdexcept>

#include "models/base/random.hpp"

using namespace orrery::models;
using orrery::base::RandomStream;

namespace {

constexpr double kTolerance = 1e-7;

bool satisfies(const LinearProgram& program, const std::vector<double>& values) {
  for (std::size_t v = 0; v < values.size(); ++v)
    if (values[v] < program.variables[v].lower - kTolerance ||
        values[v] > program.variables[v].upper + kTolerance)
      return false;
  for (const ProgramRow& row : program.rows) {
    double sum = 0;
    for (const auto& term : row.terms) sum += term.coefficient * values[term.variable];
    if (sum < row.lower - kTolerance || sum > row.upper + kTolerance) return false;
  }
  return true;
}

double objective_of(const LinearProgram& program, const std::vector<double>& values) {
  double sum = 0;
  for (std::size_t v = 0; v < values.size(); ++v) sum += program.variables[v].objective * values[v];
  return sum;
}

void keep_better(const LinearProgram& program, const std::vector<double>& values,
                 std::optional<double>& best) {
  if (!satisfies(program, values)) return;
  const double found = objective_of(program, values);
  if (!best || (program.maximize ? found > *best : found < *best)) best = found;
}

/// The best of all points of a program whose variables are whole numbers between finite bounds.
std::optional<double> best_by_enumeration(const LinearProgram& program) {
  std::optional<double> best;
  std::vector<double> values;
  for (const ProgramVariable& variable : program.variables) values.push_back(variable.lower);
  for (;;) {
    keep_better(program, values, best);
    std::size_t v = 0;
    while (v < values.size() && values[v] == program.variables[v].upper) {
      values[v] = program.variables[v].lower;
      ++v;
    }
    if (v == values.size()) return best;
    values[v] += 1;
  }
}

/// One line a x + b y = c.
struct Line {
  double a, b, c;
};

/// The best vertex of a bounded program in two variables: where two of its edges meet.
std::optional<double> best_vertex(const LinearProgram& program) {
  std::vector<Line> lines;
  for (const double bound : {program.variables[0].lower, program.variables[0].upper})
    lines.push_back({1, 0, bound});
  for (const double bound : {program.variables[1].lower, program.variables[1].upper})
    lines.push_back({0, 1, bound});
  for (const ProgramRow& row : program.rows) {
    double a = 0;
    double b = 0;
    for (const auto& term : row.terms) (term.variable == 0 ? a : b) = term.coefficient;
    for (const double bound : {row.lower, row.upper})
      if (std::isfinite(bound)) lines.push_back({a, b, bound});
  }
  std::optional<double> best;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double determinant = lines[i].a * lines[j].b - lines[j].a * lines[i].b;
      if (determinant == 0) continue;
      keep_better(program,
                  {(lines[i].c * lines[j].b - lines[j].c * lines[i].b) / determinant,
                   (lines[i].a * lines[j].c - lines[j].a * lines[i].c) / determinant},
                  best);
    }
  }
  return best;
}

double between(RandomStream& random, int low, int high) {
  const auto width = static_cast<std::uint64_t>(high - low) + 1;
  return static_cast<double>(low) + static_cast<double>(random.below(width));
}

LinearProgram random_program(RandomStream& random, std::size_t variables, bool integer) {
  LinearProgram program;
  program.maximize = random.below(2) == 0;
  for (std::size_t v = 0; v < variables; ++v) {
    const double lower = between(random, -2, 1);
    program.add_variable({.lower = lower,
                          .upper = lower + between(random, 1, 3),
                          .objective = between(random, -5, 5),
                          .integer = integer});
  }
  const std::size_t rows = 1 + random.below(4);
  for (std::size_t r = 0; r < rows; ++r) {
    ProgramRow row;
    for (std::size_t v = 0; v < variables; ++v)
      if (random.below(3) != 0) row.terms.push_back({v, between(random, -3, 4)});
    row.upper = between(random, -4, 6);
    if (random.below(4) == 0) row.lower = row.upper - between(random, 0, 5);
    program.add_row(row);
  }
  return program;
}

}  // namespace

TEST_CASE("a linear program's optimum is its best vertex, over random programs") {
  std::size_t feasible = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    INFO("seed ", seed);
    RandomStream random(seed, "linear");
    const LinearProgram program = random_program(random, 2, false);
    const auto expected = best_vertex(program);
    const ProgramResult found = solve(program);
    CHECK((found.outcome == ProgramOutcome::optimal) == expected.has_value());
    if (!expected) {
      CHECK(found.outcome == ProgramOutcome::infeasible);
      CHECK_FALSE(found.has_values());
      continue;
    }
    ++feasible;
    CHECK(found.objective == doctest::Approx(*expected).epsilon(1e-9));
    CHECK(satisfies(program, found.values));
    CHECK(found.nodes == 0);
  }
  CHECK(feasible > 500);
  CHECK(feasible < 1990);
}

TEST_CASE("an integer program's optimum is the best of all its points, over random programs") {
  std::size_t branched = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    INFO("seed ", seed);
    RandomStream random(seed, "integer");
    const LinearProgram program = random_program(random, 2 + random.below(4), true);
    const auto expected = best_by_enumeration(program);
    const ProgramResult found = solve(program);
    CHECK(found.outcome == (expected ? ProgramOutcome::optimal : ProgramOutcome::infeasible));
    if (!expected) continue;
    CHECK(found.objective == doctest::Approx(*expected).epsilon(1e-9));
    CHECK(satisfies(program, found.values));
    for (const double value : found.values) CHECK(value == std::round(value));
    branched += found.nodes > 1;
    const ProgramResult presolved = solve(program, {.presolve = true});
    REQUIRE(presolved.has_values());
    CHECK(presolved.objective == doctest::Approx(*expected).epsilon(1e-9));
    CHECK(satisfies(program, presolved.values));
  }
  CHECK(branched > 20);
}

TEST_CASE("a program that can grow for ever is unbounded") {
  LinearProgram program;
  program.add_variable({.objective = 1});
  CHECK(solve(program).outcome == ProgramOutcome::unbounded);
  program.add_row({.terms = {{0, 1}}, .upper = 7});
  CHECK(solve(program).objective == 7);
}

TEST_CASE("the program in the header has the solution written there") {
  LinearProgram program;
  const auto x = program.add_variable({.upper = 3, .objective = 1});
  const auto y = program.add_variable({.upper = 1, .objective = 2, .integer = true});
  program.add_row({.terms = {{x, 1}, {y, 1}}, .upper = 3.5});
  const ProgramResult result = solve(program);
  CHECK(result.outcome == ProgramOutcome::optimal);
  CHECK(result.values == std::vector<double>{2.5, 1});
  CHECK(result.objective == 4.5);
}

TEST_CASE("a program without rows or without variables is solved") {
  CHECK(solve(LinearProgram{}).outcome == ProgramOutcome::optimal);
  LinearProgram program;
  program.add_variable({.lower = -1, .upper = 2, .objective = -3});
  CHECK(solve(program).objective == 3);
}

namespace {

/// A knapsack that needs branching: 40 items of nearly equal worth.
LinearProgram knapsack() {
  RandomStream random(7, "knapsack");
  LinearProgram program;
  ProgramRow room;
  for (std::size_t v = 0; v < 40; ++v) {
    const double weight = between(random, 100, 200);
    program.add_variable(
        {.upper = 1, .objective = weight + between(random, 0, 9), .integer = true});
    room.terms.push_back({v, weight});
  }
  room.upper = 3001;
  program.add_row(room);
  return program;
}

}  // namespace

TEST_CASE("budgets count pivots and nodes, and say when they are used up") {
  const LinearProgram program = knapsack();
  const ProgramResult few_nodes = solve(program, {.nodes = 20});
  CHECK(few_nodes.outcome == ProgramOutcome::limit);
  CHECK(few_nodes.nodes >= 20);
  CHECK(few_nodes.nodes < 30);
  const ProgramResult gap = solve(program, {.relative_gap = 0.05});
  CHECK(gap.outcome == ProgramOutcome::optimal);
  CHECK(satisfies(program, gap.values));
  RandomStream random(3, "pivots");
  LinearProgram wide;
  for (std::size_t v = 0; v < 60; ++v) wide.add_variable({.objective = 1 + random.uniform()});
  for (std::size_t r = 0; r < 40; ++r) {
    ProgramRow row;
    for (std::size_t v = 0; v < 60; ++v) row.terms.push_back({v, random.uniform()});
    row.upper = 1;
    wide.add_row(row);
  }
  CHECK(solve(wide, {.pivots = 3}).outcome == ProgramOutcome::limit);
  CHECK(solve(wide).pivots > 3);
}

TEST_CASE("the same program has the same values and counts every time") {
  const LinearProgram program = knapsack();
  const ProgramResult first = solve(program, {.nodes = 500});
  const ProgramResult second = solve(program, {.nodes = 500});
  CHECK(first.values == second.values);
  CHECK(first.nodes == second.nodes);
  CHECK(first.pivots == second.pivots);
}

TEST_CASE("programs that are none are refused") {
  LinearProgram program;
  program.add_variable({.lower = 2, .upper = 1});
  CHECK_THROWS_AS(solve(program), std::invalid_argument);
  program.variables = {{}};
  program.rows = {{.terms = {{1, 1}}}};
  CHECK_THROWS_AS(solve(program), std::invalid_argument);
  program.rows = {{.terms = {{0, 1}, {0, 2}}}};
  CHECK_THROWS_AS(solve(program), std::invalid_argument);
  program.rows = {{.terms = {{0, std::nan("")}}}};
  CHECK_THROWS_AS(solve(program), std::invalid_argument);
}
