#include "traces/gavel_throughputs.hpp"

#include <nlohmann/json.hpp>

#include "models/base/error.hpp"
#include "models/base/numbers.hpp"
#include "models/base/text_file.hpp"

namespace orrery::traces {

namespace {

using Json = nlohmann::json;

Json parse_file(const std::string& path) {
  constexpr std::size_t kLimit = std::size_t{64} << 20;
  const std::string text = base::read_text_file(path, kLimit);
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object())
    throw base::Error({path, 0, 0, ""}, "is no JSON object of GPU types and their throughputs");
  return json;
}

/// The job type and the number of GPUs of a key like `('ResNet-18 (batch size 16)', 2)`.
std::optional<std::pair<std::string, std::int64_t>> parse_key(std::string_view key) {
  const std::size_t end = key.rfind("', ");
  if (!key.starts_with("('") || !key.ends_with(')') || end == std::string_view::npos || end < 2)
    return std::nullopt;
  const auto gpus = base::parse_integer(key.substr(end + 3, key.size() - end - 4));
  if (!gpus || *gpus < 1) return std::nullopt;
  return std::pair{std::string(key.substr(2, end - 2)), *gpus};
}

}  // namespace

GavelThroughputs::GavelThroughputs(const std::string& path, const std::string& gpu) {
  const Json json = parse_file(path);
  const auto types = json.find(gpu);
  if (types == json.end() || !types->is_object()) {
    std::string known;
    for (const auto& [name, value] : json.items()) known += (known.empty() ? "" : ", ") + name;
    throw base::Error({path, 0, 0, ""},
                      "has no throughputs of GPU '" + gpu + "', only of " + known);
  }
  for (const auto& [key, pairs] : types->items()) {
    const auto parsed = parse_key(key);
    if (!parsed || !pairs.is_object()) {
      throw base::Error({path, 0, 0, gpu}, "found the key \"" + key +
                                               "\", expected one like \"('job type', 1)\" with "
                                               "throughputs below");
    }
    const auto alone = pairs.find("null");
    if (alone == pairs.end() || !alone->is_number()) continue;
    const double rate = alone->get<double>();
    if (rate > 0) rates_.emplace(*parsed, rate);
  }
}

std::optional<double> GavelThroughputs::steps_per_second(std::string_view job_type,
                                                         std::int64_t gpus) const {
  const auto found = rates_.find(std::pair{std::string(job_type), gpus});
  if (found == rates_.end()) return std::nullopt;
  return found->second;
}

}  // namespace orrery::traces
