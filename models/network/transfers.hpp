// How long several transfers take that begin together and share links with each other alone.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace orrery::models {

/// `bytes` over `links` (indices, each crossed once) after the route's latency.
struct Transfer {
  std::vector<std::size_t> links;
  double bytes = 0;
  double latency_seconds = 0;
};

/// Seconds until the last one arrives: each starts after its latency, and those on the way share
/// the links by max-min fairness (progressive filling), as the engine's transfers do. `capacity` is
/// in bytes per second by link, above 0; a transfer of no bytes takes its latency, none at all 0.
double last_arrival_seconds(std::span<const Transfer> transfers, std::span<const double> capacity);

}  // namespace orrery::models
