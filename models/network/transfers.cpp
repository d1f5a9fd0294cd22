#include "models/network/transfers.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>

namespace orrery::models {

namespace {

/// A transfer on its way.
struct ActiveTransfer {
  const Transfer* transfer;
  double bytes_left;
  double rate = 0;
};

/// Sets all rates: the link whose flows get least is filled first, its flows keep that share, and
/// the others divide what is left.
void fill(std::span<ActiveTransfer> flows, std::span<const double> capacity) {
  struct Link {
    double left = 0;
    std::size_t open = 0;  // flows without a rate
  };
  std::map<std::size_t, Link> links;
  for (ActiveTransfer& flow : flows) {
    flow.rate = 0;
    for (const std::size_t link : flow.transfer->links) {
      links[link].left = capacity[link];
      ++links[link].open;
    }
  }
  for (;;) {
    double least = std::numeric_limits<double>::infinity();
    std::size_t tightest = 0;
    for (const auto& [index, link] : links) {
      if (link.open == 0) continue;
      const double share = link.left / static_cast<double>(link.open);
      if (share >= least) continue;
      least = share;
      tightest = index;
    }
    if (least == std::numeric_limits<double>::infinity()) return;
    for (ActiveTransfer& flow : flows) {
      const auto& route = flow.transfer->links;
      if (flow.rate > 0 || std::ranges::find(route, tightest) == route.end()) continue;
      flow.rate = least;
      for (const std::size_t link : route) {
        links[link].left = std::max(0.0, links[link].left - least);
        --links[link].open;
      }
    }
  }
}

}  // namespace

double last_arrival_seconds(std::span<const Transfer> transfers, std::span<const double> capacity) {
  std::vector<const Transfer*> waiting;  // the last one starts first
  for (const Transfer& transfer : transfers) waiting.push_back(&transfer);
  std::ranges::stable_sort(waiting, std::greater<>(), &Transfer::latency_seconds);
  std::vector<ActiveTransfer> flows;
  double now = 0;
  while (!waiting.empty() || !flows.empty()) {
    if (flows.empty()) now = waiting.back()->latency_seconds;
    for (; !waiting.empty() && waiting.back()->latency_seconds <= now; waiting.pop_back())
      if (waiting.back()->bytes > 0) flows.push_back({waiting.back(), waiting.back()->bytes});
    if (flows.empty()) continue;
    fill(flows, capacity);
    double step = std::numeric_limits<double>::infinity();
    for (const ActiveTransfer& flow : flows) step = std::min(step, flow.bytes_left / flow.rate);
    const bool starts_before = !waiting.empty() && waiting.back()->latency_seconds < now + step;
    const double until = starts_before ? waiting.back()->latency_seconds : now + step;
    // What arrives together by the sums may differ in the last bits.
    constexpr double kArrived = 1 + 1e-12;
    for (ActiveTransfer& flow : flows)
      flow.bytes_left = !starts_before && flow.bytes_left <= flow.rate * step * kArrived
                            ? 0
                            : flow.bytes_left - flow.rate * (until - now);
    std::erase_if(flows, [](const ActiveTransfer& flow) { return flow.bytes_left <= 0; });
    now = until;
  }
  return now;
}

}  // namespace orrery::models
