#include "traces/collective_measurements.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <vector>

#include "models/base/csv.hpp"
#include "traces/fields.hpp"
#include "traces/gpu_type_names.hpp"

namespace orrery::traces {

namespace {

using Groups = std::vector<std::vector<int>>;

struct CollectiveColumns {
  explicit CollectiveColumns(const base::CsvReader& reader)
      : gpu(reader.column("gpu_type")),
        nodes(reader.column("nodes")),
        per_node(reader.column("gpus_per_node")),
        fabric(reader.column("fabric")),
        op(reader.column("op")),
        groups(reader.column("replica_groups")),
        group_size(reader.column("group_size")),
        bytes(reader.column("bytes")),
        seconds(reader.column("time_s")) {}

  std::size_t gpu, nodes, per_node, fabric, op, groups, group_size, bytes, seconds;
};

models::CollectiveOp read_op(const base::CsvReader& reader, std::size_t column) {
  const auto op = models::parse_collective(reader[column]);
  if (!op)
    fail_field(reader.where(column), reader[column],
               "one of all-reduce, all-gather, reduce-scatter, all-to-all, send");
  return *op;
}

/// The groups of a row; one pair of neighbours for `null`.
Groups read_groups(const base::CsvReader& reader, const CollectiveColumns& c, std::int32_t gpus) {
  constexpr std::string_view kExpected =
      "lists of GPUs like [[0,1],[2,3]], each GPU of the allocation once and groups of one size";
  const std::string_view text = reader[c.groups];
  if (text == "null") return {{0, 1}};
  const auto json = nlohmann::json::parse(text, nullptr, false);
  const auto refuse = [&] { fail_field(reader.where(c.groups), text, kExpected); };
  if (!json.is_array() || json.empty()) refuse();
  Groups groups;
  std::set<int> seen;
  for (const auto& list : json) {
    if (!list.is_array() || list.empty() || list.size() != json.front().size()) refuse();
    groups.emplace_back();
    for (const auto& rank : list) {
      if (!rank.is_number_integer() || rank < 0 || rank >= gpus) refuse();
      groups.back().push_back(rank.get<int>());
      if (!seen.insert(groups.back().back()).second) refuse();
    }
  }
  return groups;
}

/// The distance of neighbouring ranks where it is the same in all groups.
std::optional<int> common_stride(const Groups& groups) {
  if (groups.front().size() < 2) return std::nullopt;
  const int stride = groups.front()[1] - groups.front()[0];
  for (const auto& group : groups)
    for (std::size_t i = 1; i < group.size(); ++i)
      if (group[i] - group[i - 1] != stride) return std::nullopt;
  return stride > 0 ? std::optional(stride) : std::nullopt;
}

}  // namespace

models::CollectiveTables read_collectives(const std::string& path) {
  base::CsvReader reader(path);
  const CollectiveColumns c(reader);
  models::CollectiveTables tables;
  std::set<std::vector<std::string>> irregular;  // only to find duplicates
  while (reader.next()) {
    models::CollectiveKey key;
    key.nodes = read_gpus(reader, c.nodes);
    key.gpus_per_node = read_gpus(reader, c.per_node);
    key.op = read_op(reader, c.op);
    const std::int64_t gpus = std::int64_t{key.nodes} * key.gpus_per_node;
    if (gpus > kMostGpus) fail_field(reader.where(c.nodes), reader[c.nodes], "fewer nodes");
    const Groups groups = read_groups(reader, c, static_cast<std::int32_t>(gpus));
    key.ranks = static_cast<int>(groups.front().size());
    const bool pair = reader[c.groups] == "null";  // then the size may be left out
    if (!(pair && reader[c.group_size].empty()) && read_gpus(reader, c.group_size) != key.ranks)
      fail_field(reader.where(c.group_size), reader[c.group_size],
                 "the number of GPUs in each of the groups");
    const models::CollectiveSample sample{
        read_positive(reader, c.bytes, "a number of bytes above 0"),
        read_positive(reader, c.seconds, "a number of seconds above 0")};
    const auto stride = common_stride(groups);
    bool fresh = true;
    if (stride && pair == (key.op == models::CollectiveOp::send)) {
      key.stride = *stride;
      fresh = tables.at(arena_gpu_type(reader[c.gpu]), reader[c.fabric]).add(key, sample);
    } else {
      std::vector<std::string> cells;
      for (const std::size_t column :
           {c.gpu, c.nodes, c.per_node, c.fabric, c.op, c.groups, c.bytes})
        cells.emplace_back(reader[column]);
      fresh = irregular.insert(std::move(cells)).second;
    }
    if (!fresh)
      throw base::Error(reader.where(c.bytes),
                        "the same collective on the same GPUs with as many bytes stands above");
  }
  if (tables.size() == 0)
    throw base::Error({path, 0, 0, ""}, "has no row, expected at least one measured collective");
  return tables;
}

}  // namespace orrery::traces
