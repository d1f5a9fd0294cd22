#include <algorithm>

#include "models/base/numbers.hpp"
#include "sim/cluster/training_cluster.hpp"

namespace orrery::cluster {

double RestartTable::seconds(std::int32_t gpus) const {
  for (const auto& [bound, cost] : up_to)
    if (gpus <= bound) return cost;
  return more;
}

RestartTable read_restart_table(const base::Node& node) {
  if (!node.is_mapping())
    throw base::Error(
        node.where, "expected a mapping of GPU counts to seconds such as {1: 7, 8: 30, more: 60}");
  RestartTable table;
  bool has_more = false;
  for (const base::Entry& entry : node.entries) {
    const auto seconds = base::parse_double(entry.value.text);
    if (entry.value.kind != base::Node::Kind::scalar || !seconds || *seconds < 0)
      throw base::Error(entry.value.where, "expected a number of seconds, 0 or more, found '" +
                                               entry.value.text + "'");
    if (entry.key == "more") {
      table.more = *seconds;
      has_more = true;
      continue;
    }
    const auto bound = base::parse_integer(entry.key);
    if (!bound || *bound < 1 || *bound > 1'000'000)
      throw base::Error(entry.where,
                        "expected a GPU count from 1 on, or 'more', found '" + entry.key + "'");
    table.up_to.emplace_back(static_cast<std::int32_t>(*bound), *seconds);
  }
  std::sort(table.up_to.begin(), table.up_to.end());
  for (std::size_t i = 1; i < table.up_to.size(); ++i)
    if (table.up_to[i].first == table.up_to[i - 1].first)
      throw base::Error(node.where, "the GPU count " + std::to_string(table.up_to[i].first) +
                                        " stands twice, expected each once");
  if (!has_more && !table.up_to.empty())
    throw base::Error(node.where, "expected a key 'more' for jobs larger than " +
                                      std::to_string(table.up_to.back().first) + " GPUs");
  return table;
}

base::Declaration<CheckpointConfig> declare(const CheckpointConfig*) {
  base::Declaration<CheckpointConfig> d(
      "Periodic checkpoints; without them a node failure loses the whole run in hand.");
  d.number("every", &CheckpointConfig::every_seconds, base::Dimension::time,
           "computing time between two checkpoints")
      .more_than(0);
  d.number("write", &CheckpointConfig::write_seconds, base::Dimension::time,
           "time a job stands still to write one")
      .at_least(0);
  return d;
}

base::Declaration<MigrationConfig> declare(const MigrationConfig*) {
  base::Declaration<MigrationConfig> d("What it costs to go on on other nodes.");
  d.number("state_per_gpu", &MigrationConfig::state_bytes_per_gpu, base::Dimension::bytes,
           "bytes that travel over the fabric for each GPU before the job goes on")
      .at_least(0);
  return d;
}

base::Declaration<ClusterConfig> declare(const ClusterConfig*) {
  base::Declaration<ClusterConfig> d("The GPU cluster.");
  d.choice("network", &ClusterConfig::network,
           {{"isolated", Network::isolated}, {"shared", Network::shared}},
           "whether each job's transfers have the fabric to themselves or contend");
  d.mappings("nodes", &ClusterConfig::nodes, "groups of equal nodes, in index order").required();
  d.mapping("fabric", &ClusterConfig::fabric, "the network between nodes");
  d.mapping("failures", &ClusterConfig::failures, "node failures and repairs; absent: none");
  d.integer("job_retries", &ClusterConfig::job_retries,
            "node failures a job survives before it counts as failed; absent: any number")
      .at_least(0);
  return d;
}

}  // namespace orrery::cluster
