#include "traces/slurm_fields.hpp"

#include <algorithm>
#include <array>

#include "models/base/numbers.hpp"
#include "traces/fields.hpp"

namespace orrery::traces {

namespace {

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// One entry of a list of resources that is about GPUs.
struct GpuEntry {
  std::string_view type;
  std::string_view count;
};

/// `gres/gpu=2`, `gres/gpu:a100=2`, `gpu:2`, `gpu:a100:2(S:0-1)`, `gpu=2`; nullopt for the rest.
std::optional<GpuEntry> gpu_entry(std::string_view entry) {
  const bool trackable = entry.starts_with("gres/");
  if (trackable) entry.remove_prefix(5);
  if (!entry.starts_with("gpu")) return std::nullopt;
  entry.remove_prefix(3);
  entry = entry.substr(0, entry.find('('));
  if (entry.starts_with('=')) return GpuEntry{{}, entry.substr(1)};
  if (!entry.starts_with(':')) return std::nullopt;  // gpumem, gpuutil
  entry.remove_prefix(1);
  const std::size_t split = entry.find_last_of("=:");
  if (split != std::string_view::npos)
    return GpuEntry{entry.substr(0, split), entry.substr(split + 1)};
  // `gpu:a100` alone stands for one of them, `gpu:2` for two.
  return all_digits(entry) ? GpuEntry{{}, entry} : GpuEntry{entry, "1"};
}

void append_type(std::string& types, std::string_view type) {
  std::string name(type);
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const std::string fenced = '|' + types + '|';
  if (fenced.find('|' + name + '|') != std::string::npos) return;
  if (!types.empty()) types += '|';
  types += name;
}

}  // namespace

std::optional<double> parse_slurm_duration(std::string_view text) {
  std::int64_t days = 0;
  if (const std::size_t dash = text.find('-'); dash != std::string_view::npos) {
    const std::string_view written = text.substr(0, dash);
    if (!all_digits(written) || written.size() > 7) return std::nullopt;
    days = *base::parse_integer(written);
    text.remove_prefix(dash + 1);
  }
  double fraction = 0;
  if (const std::size_t dot = text.find('.'); dot != std::string_view::npos) {
    const std::string_view written = text.substr(dot);
    if (!all_digits(written.substr(1))) return std::nullopt;
    fraction = base::parse_double(written).value_or(0);
    text = text.substr(0, dot);
  }
  std::array<std::int64_t, 3> parts{};
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t stop = i < 2 ? text.find(':') : text.size();
    if (stop == std::string_view::npos) return std::nullopt;
    const std::string_view part = text.substr(0, stop);
    if (!all_digits(part) || part.size() > 7) return std::nullopt;
    parts[i] = *base::parse_integer(part);
    if (i > 0 && parts[i] > 59) return std::nullopt;
    text.remove_prefix(i < 2 ? stop + 1 : stop);
  }
  const std::int64_t seconds = days * 86400 + parts[0] * 3600 + parts[1] * 60 + parts[2];
  return static_cast<double>(seconds) + fraction;
}

std::optional<SlurmGpus> parse_slurm_gpus(std::string_view list) {
  SlurmGpus gpus;
  std::int64_t untyped = 0;
  std::int64_t typed = 0;
  while (!list.empty()) {
    const std::size_t stop = std::min(list.find(','), list.size());
    const auto entry = gpu_entry(list.substr(0, stop));
    list.remove_prefix(std::min(stop + 1, list.size()));
    if (!entry) continue;
    const auto count = base::parse_integer(entry->count);
    if (!count || *count < 0 || *count > kMostGpus) return std::nullopt;
    if (entry->type.empty()) {
      untyped += *count;
    } else {
      typed += *count;
      if (*count > 0) append_type(gpus.types, entry->type);
    }
  }
  gpus.count = std::max(untyped, typed);
  return gpus;
}

}  // namespace orrery::traces
