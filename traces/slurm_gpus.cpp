#include "traces/slurm_gpus.hpp"

#include <algorithm>

#include "models/base/numbers.hpp"
#include "models/hardware/gpu_names.hpp"
#include "traces/fields.hpp"

namespace orrery::traces {

namespace {

/// One entry of a list of resources that is about GPUs.
struct Entry {
  std::string_view resource;  ///< `gpu`, `shard` or `mps`
  std::string_view type;
  std::string_view count;
  bool per_node = false;
};

/// `gres/gpu=2`, `gres/gpu:a100=2`, `gpu:2`, `gpu:a100:2(S:0-1)`, `gpu=2`; nullopt for the rest.
std::optional<Entry> gpu_entry(std::string_view text) {
  Entry entry;
  constexpr std::string_view kPerNode = "per_node:";
  if (models::lower_case(text.substr(0, kPerNode.size())) == kPerNode) {
    entry.per_node = true;
    text.remove_prefix(kPerNode.size());
  }
  for (const std::string_view prefix : {"gres/", "gres:"})
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  text = text.substr(0, text.find('('));
  const std::size_t split = text.find_first_of("=:");
  entry.resource = text.substr(0, split);
  if (entry.resource != "gpu" && entry.resource != "shard" && entry.resource != "mps")
    return std::nullopt;  // gpumem, gpuutil
  if (split == std::string_view::npos) {
    entry.count = "1";  // `gpu` alone stands for one of them
    return entry;
  }
  const std::string_view rest = text.substr(split + 1);
  const std::size_t last = rest.find_last_of("=:");
  if (last != std::string_view::npos) {
    entry.type = rest.substr(0, last);
    entry.count = rest.substr(last + 1);
  } else if (text[split] == '=' || all_digits(rest)) {
    entry.count = rest;
  } else {
    entry.type = rest;  // `gpu:a100`
    entry.count = "1";
  }
  return entry;
}

/// What an entry `node=2` says; 1 without one.
std::int64_t nodes_in(std::string_view list) {
  constexpr std::string_view kKey = "node=";
  std::int64_t nodes = 1;
  while (!list.empty()) {
    const std::size_t stop = std::min(list.find(','), list.size());
    if (list.starts_with(kKey)) {
      const auto said = base::parse_integer(list.substr(kKey.size(), stop - kKey.size()));
      nodes = std::clamp<std::int64_t>(said.value_or(1), 1, kMostGpus);
    }
    list.remove_prefix(std::min(stop + 1, list.size()));
  }
  return nodes;
}

/// A MIG slice in a type: `a100_1g.5gb`, `1g.10gb`, and one of its compute instances,
/// `a100_1c.3g.20gb`.
struct Slice {
  std::string_view type;  ///< of the GPU, empty where the name does not say it
  std::int64_t compute = 0;
  std::int64_t parts = 7;  ///< of a whole GPU
};

std::optional<Slice> slice_of(std::string_view type) {
  for (std::size_t dot = type.find("g."); dot != std::string_view::npos;
       dot = type.find("g.", dot + 1)) {
    if (dot == 0) continue;
    const std::string_view digit = type.substr(dot - 1, 1);
    const std::string_view memory = type.substr(dot + 2);
    const std::size_t unit = memory.find_first_not_of("0123456789");
    if (!all_digits(digit) || unit == 0 || unit == std::string_view::npos) continue;
    if (!memory.substr(unit).starts_with("gb")) continue;
    Slice slice;
    slice.compute = *base::parse_integer(digit);
    // The A30 has four slices of 6 GB, all others seven.
    if (base::parse_integer(memory.substr(0, unit)) == 6 * slice.compute) slice.parts = 4;
    if (slice.compute < 1 || slice.compute > slice.parts) continue;
    slice.type = type.substr(0, dot - 1);
    if (slice.type.ends_with("c.") && slice.type.size() > 2 &&
        all_digits(slice.type.substr(slice.type.size() - 3, 1))) {
      slice.compute = *base::parse_integer(slice.type.substr(slice.type.size() - 3, 1));
      slice.type.remove_suffix(3);
    }
    while (!slice.type.empty() && std::string_view("_-.").find(slice.type.back()) < 3)
      slice.type.remove_suffix(1);
    return slice;
  }
  return std::nullopt;
}

/// An untyped total and the typed entries that it counts already.
struct Total {
  std::int64_t untyped = 0;
  std::int64_t typed = 0;

  void add(bool has_type, std::int64_t count) { (has_type ? typed : untyped) += count; }
  std::int64_t value() const { return std::max(untyped, typed); }
};

/// Adds up the entries of a list.
class Sum {
 public:
  Sum(const SlurmShares& shares, bool one_node) : shares_(shares), one_node_(one_node) {}

  void add(const Entry& entry, std::int64_t count) {
    if (count == 0) return;
    const std::string type = models::lower_case(entry.type);
    const auto slice = entry.resource == "gpu" ? slice_of(type) : std::nullopt;
    if (slice) {
      slices_ += count;
      slice_parts_ += count * slice->compute;
      parts_of_sliced_ = slice->parts;
      partial_slices_ += slice->compute < slice->parts ? count : 0;
      append_type(slice->type);
      return;
    }
    append_type(type);
    Total& total = entry.resource == "shard" ? shards_ : entry.resource == "mps" ? mps_ : gpus_;
    total.add(!type.empty(), count);
  }

  SlurmGpus finish() {
    SlurmGpus gpus;
    gpus.types = std::move(types_);
    // The untyped total counts slices, too.
    gpus.count = std::max(gpus_.untyped - slices_, gpus_.typed);
    add_parts(gpus, shards_.value(), one_node_ ? shares_.shards_per_gpu : 0);
    add_parts(gpus, mps_.value(), one_node_ ? shares_.mps_per_gpu : 0);
    add_parts(gpus, slice_parts_, partial_slices_ > 1 ? 0 : parts_of_sliced_);
    return gpus;
  }

 private:
  /// Adds parts of a GPU, `parts_per_gpu` 0 where their size or place is not known. What is left
  /// beside whole GPUs, or beside other parts, need not lie on the same one.
  static void add_parts(SlurmGpus& gpus, std::int64_t parts, std::int64_t parts_per_gpu) {
    if (parts == 0) return;
    const bool alone = gpus.count == 0 && !gpus.unknown_share;
    const bool known = parts_per_gpu > 0 && gpus.milli == 1000;
    if (known && parts % parts_per_gpu == 0) {
      gpus.count += parts / parts_per_gpu;
    } else if (known && alone && parts < parts_per_gpu) {
      gpus.count = 1;
      gpus.milli =
          static_cast<std::int32_t>(std::max(std::int64_t{1}, 1000 * parts / parts_per_gpu));
    } else {
      gpus.unknown_share = true;
    }
  }

  void append_type(std::string_view name) {
    const std::string fenced = '|' + types_ + '|';
    if (name.empty() || fenced.find('|' + std::string(name) + '|') != std::string::npos) return;
    if (!types_.empty()) types_ += '|';
    types_ += name;
  }

  const SlurmShares& shares_;
  bool one_node_;
  Total gpus_, shards_, mps_;
  std::int64_t slices_ = 0;
  std::int64_t slice_parts_ = 0;  ///< sevenths or quarters
  std::int64_t partial_slices_ = 0;
  std::int64_t parts_of_sliced_ = 7;
  std::string types_;
};

}  // namespace

std::optional<SlurmGpus> parse_slurm_gpus(std::string_view list, const SlurmShares& shares,
                                          std::int64_t nodes) {
  nodes = std::max(nodes, nodes_in(list));
  Sum sum(shares, nodes == 1);
  while (!list.empty()) {
    const std::size_t stop = std::min(list.find(','), list.size());
    const auto entry = gpu_entry(list.substr(0, stop));
    list.remove_prefix(std::min(stop + 1, list.size()));
    if (!entry) continue;
    const auto count = base::parse_integer(entry->count);
    if (!count || *count < 0 || *count > kMostGpus) return std::nullopt;
    sum.add(*entry, entry->per_node ? *count * nodes : *count);
  }
  return sum.finish();
}

}  // namespace orrery::traces
