#include "tests/models/network/two_level_fabric.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/base/random.hpp"

namespace orrery::testing {

TwoLevelFabric::TwoLevelFabric(std::size_t the_nodes, std::size_t the_per_leaf, double node_rate,
                               double oversubscription)
    : nodes(the_nodes), per_leaf(the_per_leaf) {
  capacity.assign(2 * nodes, node_rate);
  capacity.resize(2 * (nodes + nodes / per_leaf),
                  node_rate * static_cast<double>(per_leaf) / oversubscription);
}

std::vector<models::Crossing> TwoLevelFabric::ring(const std::vector<std::size_t>& through) const {
  std::vector<models::Crossing> crossings;
  const auto cross = [&](std::size_t link) {
    crossings.push_back({static_cast<std::uint32_t>(link), 1});
  };
  for (std::size_t i = 0; i < through.size(); ++i) {
    const std::size_t from = through[i];
    const std::size_t to = through[(i + 1) % through.size()];
    cross(2 * from);
    cross(2 * to + 1);
    if (from / per_leaf == to / per_leaf) continue;
    cross(2 * (nodes + from / per_leaf));
    cross(2 * (nodes + to / per_leaf) + 1);
  }
  return models::joined(std::move(crossings));
}

std::vector<models::JobTraffic> random_jobs(const TwoLevelFabric& fabric, std::size_t jobs,
                                            bool scattered, std::uint64_t seed) {
  base::RandomStream random(seed, "jobs");
  std::vector<std::size_t> places(2 * fabric.nodes);
  for (std::size_t p = 0; p < places.size(); ++p) places[p] = p / 2;
  for (std::size_t swaps = scattered ? 8 * places.size() : places.size() / 5; swaps > 0; --swaps)
    std::swap(places[random.below(places.size())], places[random.below(places.size())]);
  std::vector<models::JobTraffic> out;
  std::size_t taken = 0;
  while (out.size() < jobs) {
    const std::size_t most = std::min<std::size_t>(16, 4 * places.size() / jobs);
    const std::size_t wanted = 2 + random.below(most > 2 ? most - 1 : 1);
    if (taken + wanted > places.size()) break;
    const auto begin = places.begin() + static_cast<std::ptrdiff_t>(taken);
    std::vector<std::size_t> through(begin, begin + static_cast<std::ptrdiff_t>(wanted));
    taken += wanted;
    std::sort(through.begin(), through.end());
    through.erase(std::unique(through.begin(), through.end()), through.end());
    if (through.size() < 2) continue;
    const double seconds = 0.1 * std::exp(3 * random.uniform());
    const double part = 0.05 + 0.75 * random.uniform();
    models::CommunicationPhase phase{0, fabric.ring(through)};
    phase.bytes = part * seconds * alone_bytes_per_second(phase, fabric.capacity);
    out.push_back({seconds * (1 - part), {std::move(phase)}});
  }
  return out;
}

}  // namespace orrery::testing
