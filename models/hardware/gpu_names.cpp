#include "models/hardware/gpu_names.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

#include "models/base/numbers.hpp"
#include "models/hardware/gpu_catalog.hpp"

namespace orrery::models {

namespace {

/// The parts of a name that tell types apart.
struct NameParts {
  std::string family;                      ///< `a100`, `2080ti`, `6000`
  std::optional<std::int64_t> memory_gib;  ///< `80gb`
  std::string form;                        ///< `sxm`, `pcie`
};

constexpr std::array<std::string_view, 15> kNoise = {
    "nvidia", "tesla", "geforce", "quadro", "gtx",  "rtx",   "gpu",  "graphics",
    "tensor", "core",  "hgx",     "dgx",    "hbm2", "hbm3e", "hbm2e"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// `80gb`, `80g`, `80gib`.
std::optional<std::int64_t> memory_of(std::string_view word) {
  const std::size_t unit = word.find_first_not_of("0123456789");
  if (unit == 0 || unit == std::string_view::npos) return std::nullopt;
  const std::string_view rest = word.substr(unit);
  if (rest != "g" && rest != "gb" && rest != "gib") return std::nullopt;
  return base::parse_integer(word.substr(0, unit));
}

void add_word(NameParts& parts, std::string_view word) {
  if (std::ranges::find(kNoise, word) != kNoise.end()) return;
  if (const auto memory = memory_of(word)) {
    parts.memory_gib = memory;
    return;
  }
  if (word.starts_with("sxm") && std::ranges::all_of(word.substr(3), is_digit)) {
    parts.form = "sxm";
    return;
  }
  if (word == "pcie") {
    parts.form = "pcie";
    return;
  }
  // The boards for PCIe have HBM2e.
  if (word == "hbm3" && parts.form.empty()) {
    parts.form = "sxm";
    return;
  }
  // `rtx2080ti` and `gtx1080ti` in one word.
  if (word.size() > 3 && (word.starts_with("rtx") || word.starts_with("gtx")))
    word.remove_prefix(3);
  parts.family += word;
}

NameParts parts_of(std::string_view name) {
  NameParts parts;
  std::string word;
  for (const char c : lower_case(name) + ' ') {
    if (c == '-' || c == '_' || c == ' ' || c == '/' || c == ',') {
      if (!word.empty()) add_word(parts, word);
      word.clear();
    } else {
      word += c;
    }
  }
  return parts;
}

/// The form of a type of the catalog: its name or its full name says it.
std::string form_of(const GpuType& type) {
  const std::string form = parts_of(type.name).form;
  return form.empty() ? parts_of(type.full_name).form : form;
}

bool has_memory(const GpuType& type, std::int64_t gib) {
  return std::llround(type.memory_bytes.value / (1 << 30)) == gib;
}

}  // namespace

std::string lower_case(std::string_view name) {
  std::string out(name);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::vector<std::string_view> gpus_called(std::string_view name) {
  const NameParts asked = parts_of(name);
  std::vector<std::string_view> any_form;
  std::vector<std::string_view> same_form;
  for (const GpuType& type : gpu_catalog()) {
    if (parts_of(type.name).family != asked.family) continue;
    if (asked.memory_gib && !has_memory(type, *asked.memory_gib)) continue;
    any_form.push_back(type.name);
    if (form_of(type) == asked.form) same_form.push_back(type.name);
  }
  return asked.form.empty() || same_form.empty() ? any_form : same_form;
}

}  // namespace orrery::models
