// Replicas of one world whose place another world's policy decides (`placed_by: NAME`).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/platform/ledger.hpp"

namespace orrery::platform {

/// One that asks for GPUs without an end. It is told where it may run, and when it has to leave;
/// it may be placed again later. The host world holds the GPUs in the ledger.
struct Guest {
  std::string name;  ///< `queue/0`, unlike any other's
  HolderId holder;   ///< whose its GPU time is
  double submit_seconds = 0;
  std::int32_t gpus = 1;
  std::function<void(const Placement&)> placed;
  std::function<void()> displaced;
  /// Set by the host: the guest wants no GPUs any more.
  std::shared_ptr<std::function<void()>> leave = std::make_shared<std::function<void()>>();
};

/// Who asked to be placed by whom, gathered while worlds are built: guests before their hosts.
class Guests {
 public:
  void add(const std::string& host, Guest guest) { by_host_[host].push_back(std::move(guest)); }
  /// Those of a host, in the order in which they asked.
  std::vector<Guest> take(const std::string& host) {
    std::vector<Guest> guests = std::move(by_host_[host]);
    by_host_.erase(host);
    return guests;
  }

 private:
  std::map<std::string, std::vector<Guest>> by_host_;
};

}  // namespace orrery::platform
