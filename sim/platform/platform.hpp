// What the worlds of one run share: nodes and who holds them, the fabric and what crosses it,
// outages, and the clock.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/engine/engine.hpp"
#include "sim/platform/fabric_shares.hpp"
#include "sim/platform/guests.hpp"
#include "sim/platform/ledger.hpp"
#include "sim/platform/outages.hpp"
#include "sim/platform/platform_config.hpp"
#include "sim/platform/transfers.hpp"

namespace orrery::platform {

/// One a run. Its parts refer to each other, so it stays where it is.
struct Platform {
  /// `seed` draws the outages; `more_types` are GPU types known beside the catalog's. Throws
  /// base::Error for nodes and failures that cannot be.
  Platform(PlatformConfig config, std::uint64_t seed,
           const std::vector<std::string>& more_types = {});
  Platform(const Platform&) = delete;
  Platform& operator=(const Platform&) = delete;

  const PlatformConfig config;
  const Inventory inventory;
  const Fabric fabric;
  engine::Engine engine;
  Ledger ledger;
  const std::unique_ptr<FabricShares> shares;  ///< null under `network: isolated`
  Transfers transfers;
  Outages outages;
  Guests guests;
};

}  // namespace orrery::platform
