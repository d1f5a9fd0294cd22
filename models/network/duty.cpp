#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "models/network/contention.hpp"

namespace orrery::models {

namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();
constexpr double kSettled = 1e-5;  // relative change of every rate in one round
constexpr int kMostRounds = 300;
// Full steps first, as they come close quickly; then geometric means of old and new, as full steps
// of many links may swing.
constexpr int kFullSteps = 4;

// A phase of a job.
struct Flow {
  std::size_t job = 0;
  double bytes = 0;
  double alone = 0;  // bytes per second with the fabric to itself
  double rate = 0;   // now
  double duty = 0;   // part of the job's time
  double least = 0;  // smallest share over contended links, and the one after it
  double second = 0;
  std::size_t least_at = 0;  // the link of the smallest
};

// A flow on a contended link.
struct Use {
  std::size_t flow = 0;
  double times = 0;
  double weight = 0;  // duty * times
  double limit = 0;   // held to this rate elsewhere
};

class FixedPoint {
 public:
  FixedPoint(std::span<const SharedJob> jobs, std::span<const double> capacity)
      : jobs_(jobs), seconds_(jobs.size()) {
    collect_flows(capacity);
    collect_links(capacity);
    set_duties();
  }

  DutyRounds solve() {
    DutyRounds done;
    for (; done.rounds < kMostRounds && !done.converged; ++done.rounds) {
      const double change = round(done.rounds < kFullSteps);
      done.converged = change <= kSettled;
    }
    return done;
  }

  const std::vector<double>& seconds() const { return seconds_; }

 private:
  struct Link {
    double capacity = 0;
    std::vector<Use> uses;             // by job: those of one job stand together
    std::vector<std::uint32_t> order;  // the uses by limit
  };

  void collect_flows(std::span<const double> capacity) {
    for (std::size_t j = 0; j < jobs_.size(); ++j) {
      const JobTraffic& traffic = *jobs_[j].traffic;
      const CommunicationPhase& longest = traffic.phases[longest_phase(traffic, capacity)];
      const double part = jobs_[j].max_min_rate / alone_bytes_per_second(longest, capacity);
      for (const CommunicationPhase& phase : traffic.phases) {
        const double alone = alone_bytes_per_second(phase, capacity);
        flows_.push_back({j, phase.bytes, alone, alone * std::min(1.0, part), 0, 0, 0, 0});
      }
    }
  }

  // Only links that several jobs cross and that can hold one of them below what it has alone.
  void collect_links(std::span<const double> capacity) {
    std::vector<Link> all(capacity.size());
    std::size_t f = 0;
    for (const SharedJob& job : jobs_) {
      for (const CommunicationPhase& phase : job.traffic->phases) {
        for (const Crossing& c : phase.crossings)
          all[c.link].uses.push_back({f, static_cast<double>(c.times), 0, 0});
        ++f;
      }
    }
    for (std::size_t l = 0; l < all.size(); ++l) {
      std::vector<Use>& uses = all[l].uses;
      if (uses.empty() || flows_[uses.front().flow].job == flows_[uses.back().flow].job) continue;
      double times = 0;
      for (const Use& use : uses) times += use.times;
      const auto held = [&](const Use& use) {
        return capacity[l] < times * flows_[use.flow].alone;
      };
      if (std::any_of(uses.begin(), uses.end(), held))
        links_.push_back({capacity[l], std::move(uses), {}});
    }
  }

  void set_duties() {
    for (std::size_t j = 0; j < jobs_.size(); ++j) seconds_[j] = jobs_[j].traffic->compute_seconds;
    for (const Flow& flow : flows_) seconds_[flow.job] += flow.bytes / flow.rate;
    for (Flow& flow : flows_) flow.duty = flow.bytes / flow.rate / seconds_[flow.job];
  }

  double round(bool full_step) {
    for (Flow& flow : flows_) {
      flow.least = kNoLimit;
      flow.second = kNoLimit;
    }
    for (std::size_t l = 0; l < links_.size(); ++l) share_link(l);
    double most = 0;
    for (Flow& flow : flows_) {
      const double found = std::min(flow.alone, flow.least);
      const double rate = full_step ? found : std::sqrt(found * flow.rate);
      most = std::max(most, std::abs(rate - flow.rate) / flow.rate);
      flow.rate = rate;
    }
    keep_limits();
    set_duties();
    return most;
  }

  // The shares that this round found hold flows elsewhere in the next.
  void keep_limits() {
    for (std::size_t l = 0; l < links_.size(); ++l) {
      for (Use& use : links_[l].uses) {
        const Flow& flow = flows_[use.flow];
        use.limit = std::min(flow.alone, flow.least_at == l ? flow.second : flow.least);
      }
    }
    limits_known_ = true;
  }

  void share_link(std::size_t l) {
    Link& link = links_[l];
    std::vector<Use>& uses = link.uses;
    for (Use& use : uses) {
      const Flow& flow = flows_[use.flow];
      use.weight = flow.duty * use.times;
      if (!limits_known_) use.limit = flow.alone;
    }
    sort_by_limit(link);
    for (std::size_t first = 0; first < uses.size();) {
      std::size_t end = first;
      while (end < uses.size() && flows_[uses[end].flow].job == flows_[uses[first].flow].job) ++end;
      for (std::size_t u = first; u < end; ++u)
        note_share(flows_[uses[u].flow], l, share_of(link, uses[u].times, first, end));
      first = end;
    }
  }

  // By insertion: from round to round the order changes little.
  void sort_by_limit(Link& link) {
    const std::vector<Use>& uses = link.uses;
    std::vector<std::uint32_t>& order = link.order;
    if (order.empty()) {
      order.resize(uses.size());
      for (std::size_t u = 0; u < uses.size(); ++u) order[u] = static_cast<std::uint32_t>(u);
      std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return uses[a].limit < uses[b].limit;
      });
    }
    for (std::size_t i = 1; i < order.size(); ++i) {
      const std::uint32_t use = order[i];
      std::size_t to = i;
      for (; to > 0 && uses[order[to - 1]].limit > uses[use].limit; --to) order[to] = order[to - 1];
      order[to] = use;
    }
    sum_up(link);
  }

  void sum_up(const Link& link) {
    const std::vector<Use>& uses = link.uses;
    place_.resize(uses.size());
    weights_before_.assign(1, 0);
    demand_before_.assign(1, 0);
    for (std::size_t i = 0; i < uses.size(); ++i) {
      const Use& use = uses[link.order[i]];
      place_[link.order[i]] = i;
      weights_before_.push_back(weights_before_.back() + use.weight);
      demand_before_.push_back(demand_before_.back() + use.weight * use.limit);
    }
  }

  // The rate at which a flow that crosses the link `times` times and what the others take on
  // average fill it. Uses [own, own_end) belong to the same job and take nothing meanwhile.
  double share_of(const Link& link, double times, std::size_t own, std::size_t own_end) const {
    // The share if the first i of the others, in order of their limits, are held by them.
    const auto share_when = [&](std::size_t i) {
      double held = demand_before_[i];
      double open = weights_before_.back() - weights_before_[i];
      for (std::size_t u = own; u < own_end; ++u) {
        if (place_[u] < i) {
          held -= link.uses[u].weight * link.uses[u].limit;
        } else {
          open -= link.uses[u].weight;
        }
      }
      return (link.capacity - held) / (times + open);
    };
    std::size_t low = 0;
    std::size_t high = link.order.size();
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      if (share_when(middle) <= link.uses[link.order[middle]].limit) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return share_when(low);
  }

  static void note_share(Flow& flow, std::size_t link, double share) {
    if (share < flow.least) {
      flow.second = flow.least;
      flow.least = share;
      flow.least_at = link;
    } else {
      flow.second = std::min(flow.second, share);
    }
  }

  std::span<const SharedJob> jobs_;
  std::vector<Flow> flows_;
  std::vector<Link> links_;
  std::vector<double> seconds_;
  bool limits_known_ = false;
  // Memory of the link in hand: places by limit, and sums over those before each.
  std::vector<std::size_t> place_;
  std::vector<double> weights_before_, demand_before_;
};

}  // namespace

std::vector<double> duty_iteration_seconds(std::span<const SharedJob> jobs,
                                           std::span<const double> capacity, DutyRounds* rounds) {
  FixedPoint point(jobs, capacity);
  const DutyRounds done = point.solve();
  if (rounds != nullptr) *rounds = done;
  return point.seconds();
}

}  // namespace orrery::models
