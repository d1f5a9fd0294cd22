#include "tests/models/network/flow_simulation.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "models/base/random.hpp"
#include "tests/models/network/progressive_filling.hpp"

namespace orrery::testing {

namespace {

constexpr int kComputing = -1;

struct Player {
  int phase = kComputing;
  double left = 0;  // seconds of computing, or bytes of the phase
  double rate = 1;
  double first_end = -1, last_end = -1;
  std::int64_t iterations = 0;
};

void go_on(Player& p, const models::JobTraffic& job, double now, double warm) {
  if (++p.phase < static_cast<int>(job.phases.size())) {
    p.left = job.phases[static_cast<std::size_t>(p.phase)].bytes;
    return;
  }
  p.phase = kComputing;
  p.left = job.compute_seconds;
  if (now < warm) return;
  if (p.first_end < 0) {
    p.first_end = now;
  } else {
    ++p.iterations;
  }
  p.last_end = now;
}

void share(std::vector<Player>& players, std::span<const models::JobTraffic> jobs,
           std::span<const double> capacity) {
  std::vector<const std::vector<models::Crossing>*> flows;
  std::vector<Player*> owners;
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    players[j].rate = 1;
    if (players[j].phase == kComputing) continue;
    flows.push_back(&jobs[j].phases[static_cast<std::size_t>(players[j].phase)].crossings);
    owners.push_back(&players[j]);
  }
  const std::vector<double> rates = max_min_rates(capacity, flows);
  for (std::size_t f = 0; f < rates.size(); ++f) owners[f]->rate = rates[f];
}

}  // namespace

std::vector<double> simulated_iteration_seconds(std::span<const models::JobTraffic> jobs,
                                                std::span<const double> capacity, double seconds,
                                                std::uint64_t seed) {
  base::RandomStream random(seed, "first computing");
  std::vector<Player> players(jobs.size());
  for (std::size_t j = 0; j < jobs.size(); ++j)
    players[j].left = models::alone_iteration_seconds(jobs[j], capacity) * random.uniform();
  double now = 0;
  while (now < seconds) {
    double step = std::numeric_limits<double>::infinity();
    std::size_t next = 0;
    for (std::size_t j = 0; j < players.size(); ++j) {
      if (players[j].left / players[j].rate < step) {
        step = players[j].left / players[j].rate;
        next = j;
      }
    }
    for (Player& p : players) p.left -= step * p.rate;
    now += step;
    go_on(players[next], jobs[next], now, seconds / 4);
    share(players, jobs, capacity);
  }
  std::vector<double> means;
  for (const Player& p : players)
    means.push_back((p.last_end - p.first_end) / static_cast<double>(p.iterations));
  return means;
}

}  // namespace orrery::testing
