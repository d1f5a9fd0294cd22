#include "sim/worlds/training/policies/gavel/time_shares.hpp"

#include <map>
#include <numeric>
#include <utility>

namespace orrery::policies::gavel {

using models::LinearProgram;
using models::ProgramRow;

namespace {

// The simplex method answers within 1e-7.
constexpr double kSlack = 1e-6;

/// Claimants that no program can tell apart.
struct Alike {
  const Claimant* each;
  std::vector<std::size_t> members;
  double count() const { return static_cast<double>(members.size()); }
};

std::vector<Alike> classes_of(const std::vector<Claimant>& claimants) {
  std::map<std::pair<std::int32_t, std::vector<double>>, std::size_t> known;
  std::vector<Alike> all;
  for (std::size_t m = 0; m < claimants.size(); ++m) {
    const Claimant& claimant = claimants[m];
    const auto [at, is_new] = known.try_emplace({claimant.gpus, claimant.throughput}, all.size());
    if (is_new) all.push_back({&claimant, {}});
    all[at->second].members.push_back(m);
  }
  return all;
}

/// Throughput under equal shares of all types, in proportion to their GPUs.
double equal_share_throughput(const Claimant& claimant, const std::vector<double>& room) {
  const double gpus = std::accumulate(room.begin(), room.end(), 0.0);
  return std::inner_product(room.begin(), room.end(), claimant.throughput.begin(), 0.0) / gpus;
}

/// The variables and rows that both objectives share; variable c x types + j is X_mj of each job m
/// of class c. A variable's objective is the throughput in the objective's own measure.
LinearProgram shares_program(const std::vector<Alike>& classes, const std::vector<double>& room,
                             bool fair) {
  LinearProgram program;
  std::vector<ProgramRow> used(room.size());
  for (const Alike& same : classes) {
    const Claimant& each = *same.each;
    const double unit = fair ? equal_share_throughput(each, room) / each.gpus : 1;
    ProgramRow time;
    time.upper = 1;
    for (std::size_t type = 0; type < room.size(); ++type) {
      const double throughput = each.throughput[type];
      const auto x = program.add_variable(
          {.upper = throughput > 0 ? 1.0 : 0.0, .objective = throughput / unit});
      time.terms.push_back({x, 1});
      used[type].terms.push_back({x, same.count() * each.gpus});
    }
    program.add_row(std::move(time));
  }
  for (std::size_t type = 0; type < room.size(); ++type) {
    used[type].upper = room[type];
    program.add_row(std::move(used[type]));
  }
  return program;
}

/// normalised throughput of a job of class c >= `least`.
ProgramRow normalised_throughput(const LinearProgram& program, std::size_t c, std::size_t types,
                                 double least) {
  ProgramRow row;
  row.lower = least;
  for (std::size_t x = c * types; x < (c + 1) * types; ++x)
    row.terms.push_back({x, program.variables[x].objective});
  return row;
}

/// The max-min optimum: the largest z that every job's normalised throughput can reach.
std::optional<double> largest_least(const LinearProgram& shares, std::size_t classes,
                                    std::size_t types, const Solve& solve) {
  LinearProgram program = shares;
  const auto z = program.add_variable({.objective = 1});
  for (std::size_t x = 0; x < z; ++x) program.variables[x].objective = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    ProgramRow row = normalised_throughput(shares, c, types, 0);
    row.terms.push_back({z, -1});
    program.add_row(std::move(row));
  }
  const auto result = solve(program);
  if (!result) return std::nullopt;
  return result->objective;
}

}  // namespace

std::optional<std::vector<std::vector<double>>> time_shares(const std::vector<Claimant>& claimants,
                                                            const std::vector<double>& room,
                                                            bool fair, const Solve& solve) {
  std::vector<std::vector<double>> shares(claimants.size());
  if (claimants.empty()) return shares;
  const std::size_t types = room.size();
  const std::vector<Alike> classes = classes_of(claimants);
  LinearProgram program = shares_program(classes, room, fair);
  if (fair) {
    const auto least = largest_least(program, classes.size(), types, solve);
    if (!least) return std::nullopt;
    for (std::size_t c = 0; c < classes.size(); ++c)
      program.add_row(normalised_throughput(program, c, types, *least * (1 - kSlack)));
  }
  for (std::size_t c = 0; c < classes.size(); ++c)
    for (std::size_t x = c * types; x < (c + 1) * types; ++x)
      program.variables[x].objective *= classes[c].count();
  const auto result = solve(program);
  if (!result) return std::nullopt;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const auto first = result->values.begin() + static_cast<std::ptrdiff_t>(c * types);
    for (const std::size_t m : classes[c].members)
      shares[m].assign(first, first + static_cast<std::ptrdiff_t>(types));
  }
  return shares;
}

}  // namespace orrery::policies::gavel
