#include "sim/platform/platform_config.hpp"

#include "models/base/document_files.hpp"
#include "models/base/document_paths.hpp"

namespace orrery::platform {

base::Declaration<PlatformConfig> declare(const PlatformConfig*) {
  base::Declaration<PlatformConfig> d("Nodes, the network between them, and their failures.");
  d.choice("network", &PlatformConfig::network,
           {{"isolated", Network::isolated}, {"shared", Network::shared}},
           "whether each job has the fabric to itself or all contend for it");
  d.choice("contention", &PlatformConfig::contention,
           {{"duty", models::Contention::duty}, {"always", models::Contention::always}},
           "on a shared fabric: whether neighbours count for the part of their time in which they "
           "communicate, or always");
  d.mappings("nodes", &PlatformConfig::nodes, "groups of equal nodes, in index order").required();
  d.mapping("fabric", &PlatformConfig::fabric, "the network between nodes");
  d.mapping("failures", &PlatformConfig::failures, "node failures and repairs; absent: none");
  return d;
}

PlatformConfig read_platform_config(const base::Node& node) {
  PlatformConfig config = base::read<PlatformConfig>(node);
  if (const base::Node* nodes = node.find("nodes")) config.nodes_where = nodes->where;
  if (const base::Node* failures = node.find("failures")) config.failures_where = failures->where;
  if (const base::Node* trace = base::find_at(node, "failures.trace"))
    config.failures->trace_path = base::resolve_existing_file(*trace);
  return config;
}

}  // namespace orrery::platform
