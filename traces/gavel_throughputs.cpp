#include "traces/gavel_throughputs.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "models/base/error.hpp"
#include "models/base/numbers.hpp"
#include "models/base/text_file.hpp"
#include "traces/fields.hpp"

namespace orrery::traces {

namespace {

using Json = nlohmann::json;

/// The document; a key that stands twice in one object is an error, where the library would keep
/// the last one. Values and levels have a bound, as a small gzip file may hold very many.
Json parse_file(const std::string& path) {
  constexpr std::size_t kLimit = std::size_t{64} << 20;
  constexpr std::size_t kMostValues = 1'000'000;
  constexpr int kDeepest = 16;
  const std::string text = base::read_text_file(path, kLimit);
  std::vector<std::set<std::string>> keys;
  std::size_t values = 0;
  const auto watch = [&](int depth, Json::parse_event_t event, const Json& parsed) {
    if (++values > kMostValues || depth > kDeepest)
      throw base::Error({path, 0, 0, ""},
                        "has more than 1,000,000 values or 16 levels, expected GPU types and their "
                        "throughputs");
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key &&
        !keys.back().insert(parsed.get_ref<const std::string&>()).second) {
      throw base::Error({path, 0, 0, ""},
                        fmt::format("the key \"{}\" stands twice, expected each once",
                                    cleaned(parsed.get_ref<const std::string&>())));
    }
    return true;
  };
  Json json = Json::parse(text, watch, false);
  if (!json.is_object())
    throw base::Error({path, 0, 0, ""}, "is not a JSON object of GPU types and their throughputs");
  return json;
}

/// The job type and the number of GPUs of a key like `('ResNet-18 (batch size 16)', 2)`.
std::optional<std::pair<std::string, std::int64_t>> parse_key(std::string_view key) {
  const std::size_t end = key.rfind("', ");
  if (!key.starts_with("('") || !key.ends_with(')') || end == std::string_view::npos || end < 2)
    return std::nullopt;
  const auto gpus = base::parse_integer(key.substr(end + 3, key.size() - end - 4));
  if (!gpus || *gpus < 1 || *gpus > kMostGpus) return std::nullopt;
  return std::pair{std::string(key.substr(2, end - 2)), *gpus};
}

void read_type(const std::string& path, const std::string& worker_type, const Json& rates,
               const std::function<void(const GavelRate&)>& use) {
  for (const auto& [key, pairs] : rates.items()) {
    const auto parsed = parse_key(key);
    if (!parsed || !pairs.is_object()) {
      throw base::Error({path, 0, 0, worker_type},
                        "found the key \"" + cleaned(key) +
                            "\", expected one like \"('job type', 1)\" with throughputs below");
    }
    const auto alone = pairs.find("null");
    if (alone == pairs.end()) continue;
    const double rate = alone->is_number() ? alone->get<double>() : -1;
    if (!(rate >= 0) || rate > kLatestSecond) {
      throw base::Error(
          {path, 0, 0, worker_type + "." + cleaned(key)},
          fmt::format("found {}, expected steps per second of 0 to 1e12",
                      cleaned(alone->dump(-1, ' ', true, Json::error_handler_t::replace))));
    }
    use({worker_type, parsed->first, parsed->second, rate});
  }
}

}  // namespace

std::int64_t gavel_batch(std::string_view job_type) {
  constexpr std::string_view kBefore = "(batch size ";
  const std::size_t begin = job_type.find(kBefore);
  if (begin == std::string_view::npos || !job_type.ends_with(')')) return 0;
  job_type.remove_prefix(begin + kBefore.size());
  job_type.remove_suffix(1);
  const auto batch = base::parse_integer(job_type);
  return batch && *batch > 0 ? *batch : 0;
}

void for_each_gavel_rate(const std::string& path,
                         const std::function<void(const GavelRate&)>& use) {
  const Json json = parse_file(path);
  for (const auto& [worker_type, rates] : json.items()) {
    if (!rates.is_object())
      throw base::Error({path, 0, 0, cleaned(worker_type)},
                        "expected an object of job types and their throughputs");
    read_type(path, cleaned(worker_type), rates, use);
  }
}

GavelThroughputs::GavelThroughputs(const std::string& path, const std::string& gpu) {
  std::set<std::string> known;
  for_each_gavel_rate(path, [&](const GavelRate& found) {
    known.insert(found.worker_type);
    if (found.worker_type == gpu && found.steps_per_second > 0)
      rates_.emplace(std::pair{found.job_type, found.gpus}, found.steps_per_second);
  });
  if (!known.contains(gpu))
    throw base::Error({path, 0, 0, ""}, fmt::format("has no throughputs of GPU '{}', only of {}",
                                                    gpu, fmt::join(known, ", ")));
}

std::optional<double> GavelThroughputs::steps_per_second(std::string_view job_type,
                                                         std::int64_t gpus) const {
  const auto found = rates_.find(std::pair{std::string(job_type), gpus});
  if (found == rates_.end()) return std::nullopt;
  return found->second;
}

}  // namespace orrery::traces
