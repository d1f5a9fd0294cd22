#include "sim/platform/platform.hpp"

#include <utility>

namespace orrery::platform {

Platform::Platform(PlatformConfig the_config, std::uint64_t seed,
                   const std::vector<std::string>& more_types)
    : config(std::move(the_config)),
      inventory(make_inventory(config.nodes, config.nodes_where, more_types)),
      fabric(config.fabric, inventory),
      engine(fabric.resources(),
             [this](engine::HostId from, engine::HostId to) {
               return fabric.route(NodeId(from.index()), NodeId(to.index()));
             }),
      ledger(inventory, engine),
      shares(config.network == Network::shared
                 ? std::make_unique<FabricShares>(engine, fabric, config.contention)
                 : nullptr),
      transfers(engine, fabric, shares.get()),
      outages(engine, ledger, inventory, config.failures, seed, config.failures_where) {}

}  // namespace orrery::platform
