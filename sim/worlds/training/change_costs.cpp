#include "sim/worlds/training/change_costs.hpp"

#include <algorithm>
#include <string>

#include "models/base/numbers.hpp"

namespace orrery::training {

bool CostByGpus::is_free() const {
  const auto free = [](const auto& bound) { return bound.second <= 0; };
  const bool free_line = !per_gpu || *per_gpu <= 0 || at_most <= 0;
  return more <= 0 && free_line && std::ranges::all_of(up_to, free);
}

double CostByGpus::seconds(std::int32_t gpus) const {
  if (per_gpu) return std::min(*per_gpu * gpus, at_most);
  for (const auto& [bound, cost] : up_to)
    if (gpus <= bound) return cost;
  return more;
}

namespace {

double read_seconds(const base::Entry& entry) {
  const auto seconds = base::parse_double(entry.value.text);
  if (entry.value.kind != base::Node::Kind::scalar || !seconds || !(*seconds >= 0) ||
      *seconds > base::kLatestSecond)
    throw base::Error(entry.value.where, "expected a number of seconds from 0 to 1e12, found '" +
                                             entry.value.text + "'");
  return *seconds;
}

CostByGpus read_line(const base::Node& node) {
  CostByGpus cost;
  for (const base::Entry& entry : node.entries) {
    if (entry.key == "per_gpu")
      cost.per_gpu = read_seconds(entry);
    else if (entry.key == "at_most")
      cost.at_most = read_seconds(entry);
    else
      throw base::Error(entry.where, "expected 'per_gpu' and 'at_most' and nothing else, found '" +
                                         entry.key + "'");
  }
  if (!cost.per_gpu) throw base::Error(node.where, "'at_most' needs 'per_gpu' beside it");
  return cost;
}

}  // namespace

CostByGpus read_cost_by_gpus(const base::Node& node) {
  if (!node.is_mapping())
    throw base::Error(
        node.where, "expected a mapping of GPU counts to seconds such as {1: 7, 8: 30, more: 60}");
  if (node.find("per_gpu") != nullptr || node.find("at_most") != nullptr) return read_line(node);
  CostByGpus table;
  bool has_more = false;
  for (const base::Entry& entry : node.entries) {
    const double seconds = read_seconds(entry);
    if (entry.key == "more") {
      table.more = seconds;
      has_more = true;
      continue;
    }
    const auto bound = base::parse_integer(entry.key);
    if (!bound || *bound < 1 || *bound > 1'000'000)
      throw base::Error(entry.where,
                        "expected a GPU count from 1 on, or 'more', found '" + entry.key + "'");
    table.up_to.emplace_back(static_cast<std::int32_t>(*bound), seconds);
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

base::Declaration<PlanChangeCosts> declare(const PlanChangeCosts*) {
  base::Declaration<PlanChangeCosts> d(
      "What finding and changing a parallel plan costs, in seconds by GPU count.");
  const auto cost = [&d](const char* key, CostByGpus PlanChangeCosts::*member, const char* help) {
    d.custom(
         key, "mapping of number",
         [member](PlanChangeCosts& out, const base::Node& n) {
           out.*member = read_cost_by_gpus(n);
         },
         help)
        .at_least(0)
        .at_most(base::kLatestSecond);
  };
  cost("search_seconds", &PlanChangeCosts::search,
       "finding a plan: whenever a job starts on a GPU type and count for the first time; a table "
       "{1: 7, more: 60} or a line {per_gpu: 10, at_most: 40}");
  cost("compile_seconds", &PlanChangeCosts::compile,
       "compiling it: at every start on another type or count than the last one");
  cost("checkpoint_seconds", &PlanChangeCosts::checkpoint,
       "writing and reading the job's state: at every resume and change");
  cost("profile_seconds", &PlanChangeCosts::profile, "profiling the job: once, before it starts");
  cost("launch_seconds", &PlanChangeCosts::launch,
       "launching its processes: at every start, resume and change");
  d.boolean("keep_plans", &PlanChangeCosts::keep_plans,
            "whether plans found are kept; otherwise each start, resume and change searches anew");
  return d;
}

}  // namespace orrery::training
