// Microseconds per change of the set of jobs on a shared fabric: one job leaves, one comes, all
// rates are read; then the same with the iteration times of `contention: duty`.
//
// 256 nodes in racks of 16, uplinks 4:1, rings of 2 to 16 nodes anywhere. The best of nine
// rounds, as the machine is shared. Exit status 0 always: scripts judge.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "models/base/random.hpp"
#include "models/network/contention.hpp"
#include "sim/engine/engine.hpp"
#include "sim/platform/fabric.hpp"

namespace {

using namespace orrery;

constexpr int kRounds = 9;
constexpr int kChanges = 200;
constexpr int kDutyChanges = 20;

struct Ring {
  std::vector<engine::LinkId> links;
  models::JobTraffic traffic;
  engine::FlowId flow;
};

platform::NodeGroup racks() {
  platform::NodeGroup group;
  group.count = 256;
  group.gpu = "a100-40g";
  group.gpus_per_node = 8;
  return group;
}

class Contest {
 public:
  Contest()
      : inventory_(platform::make_inventory({racks()}, {})),
        fabric_({.topology = platform::Topology::fat_tree,
                 .nodes_per_rack = 16,
                 .oversubscription = 4,
                 .latency_seconds = 0},
                inventory_),
        engine_(fabric_.resources()) {
    for (const auto& link : fabric_.resources().links) capacity_.push_back(link.bytes_per_second);
  }

  void resize(std::size_t jobs) {
    while (rings_.size() < jobs) rings_.push_back(new_ring());
  }

  // Microseconds per change, each at an instant of its own.
  double changes(int count, bool duty) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) {
      engine_.at(engine_.now_seconds() + 1, engine::Priority::timer, [&] { change(duty); });
      engine_.run();
    }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    return wall.count() * 1e6 / count;
  }

  double checksum() const { return sum_; }

 private:
  Ring new_ring() {
    Ring ring;
    std::vector<std::size_t> nodes;
    for (std::uint64_t n = 2 + random_.below(15); n > 0; --n) nodes.push_back(random_.below(256));
    std::sort(nodes.begin(), nodes.end());
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
    if (nodes.size() == 1) nodes.push_back((nodes.front() + 1) % 256);
    std::vector<models::Crossing> crossings;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const platform::NodeId from(nodes[i]);
      for (const engine::LinkId link :
           fabric_.route(from, platform::NodeId(nodes[(i + 1) % nodes.size()]))) {
        ring.links.push_back(link);
        crossings.push_back({static_cast<std::uint32_t>(link.index()), 1});
      }
    }
    ring.traffic = {1 - 0.3, {{0, models::joined(std::move(crossings))}}};
    auto& phase = ring.traffic.phases.front();
    phase.bytes = 0.3 * models::alone_bytes_per_second(phase, capacity_);
    ring.flow = engine_.start_flow(ring.links);
    return ring;
  }

  void change(bool duty) {
    Ring& leaving = rings_[random_.below(rings_.size())];
    engine_.stop_flow(leaving.flow);
    leaving = new_ring();
    std::vector<models::SharedJob> jobs;
    for (const Ring& ring : rings_) {
      const double rate = engine_.flow_rate(ring.flow);
      sum_ += rate;
      if (duty) jobs.push_back({&ring.traffic, rate});
    }
    if (duty) sum_ += models::duty_iteration_seconds(jobs, capacity_).front();
  }

  platform::Inventory inventory_;
  platform::Fabric fabric_;
  engine::Engine engine_;
  base::RandomStream random_{1, "rings"};
  std::vector<double> capacity_;
  std::vector<Ring> rings_;
  double sum_ = 0;
};

template <class Measure>
double best_of_rounds(Measure measure) {
  double best = measure();
  for (int round = 1; round < kRounds; ++round) best = std::min(best, measure());
  return best;
}

}  // namespace

int main() {
  Contest contest;
  for (const std::size_t jobs : {16U, 64U, 250U, 500U}) {
    contest.resize(jobs);
    const double rates = best_of_rounds([&] { return contest.changes(kChanges, false); });
    const double duty = best_of_rounds([&] { return contest.changes(kDutyChanges, true); });
    fmt::print("jobs {}: rates_us {:.0f} with_duty_us {:.0f}\n", jobs, rates, duty);
  }
  return contest.checksum() > 0 ? 0 : 1;
}
