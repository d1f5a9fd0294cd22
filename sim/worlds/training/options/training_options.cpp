#include "sim/worlds/training/options/training_options.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string_view>

namespace orrery::training {

namespace {

using base::Node;

/// Declared so that schemas and messages know it; alternatives are chosen before a world is read.
void chosen_before(TrainingOptions&, const Node& node) {
  throw base::Error(node.where, "is expanded before a single run is read");
}

/// The arena's rules know less than ours; what they would leave out silently is refused.
void check_arena(const TrainingOptions& o, const platform::PlatformConfig& platform) {
  const auto refuse = [&](bool present, const char* what) {
    if (present)
      throw base::Error(o.rules.where, std::string("the arena's rules know no ") + what +
                                           "; leave it out, or take 'rules: exact'");
  };
  const auto require = [&](bool present, const char* what) {
    if (!present) throw base::Error(o.rules.where, std::string("the arena's rules need ") + what);
  };
  require(o.round_seconds > 0, "the length of a round, such as 'round: 300 s'");
  require(o.throughput && !o.throughput->tables.empty(),
          "measured throughputs ('throughput: {table: ...}')");
  refuse(platform.failures.has_value(), "node failures");
  refuse(platform.network == platform::Network::shared, "shared network");
  refuse(o.checkpoint.has_value(), "checkpoints");
  refuse(o.migration.has_value(), "cost of migration");
  refuse(o.plan_change.has_value(), "plan_change beside restart_seconds");
  refuse(o.virtual_clusters == VirtualClusters::partition, "virtual clusters");
}

}  // namespace

base::Declaration<RecordsConfig> declare(const RecordsConfig*) {
  base::Declaration<RecordsConfig> d("Which records are written beside the summaries.");
  d.boolean("allocations", &RecordsConfig::allocations,
            "allocations.csv: which job held which GPUs");
  d.boolean("timeline", &RecordsConfig::timeline, "timeline.csv: GPUs in use over time");
  d.boolean("decisions", &RecordsConfig::decisions,
            "decisions.csv: why jobs started, waited or stopped (needed by 'orrery explain')");
  d.boolean("trace", &RecordsConfig::trace, "trace.json for the Perfetto viewer");
  return d;
}

base::Declaration<TrainingOptions> declare(const TrainingOptions*) {
  using O = TrainingOptions;
  base::Declaration<O> d("Training jobs on a GPU cluster.");
  d.custom(
       "rules", "text or mapping", [](O& out, const Node& n) { out.rules = read_rules(n); },
       "by whose rules time passes and jobs advance: exact, arena, or {name: arena} with switches",
       "exact")
      .members(rules_schema());
  d.custom(
       "workload", "mapping", [](O& out, const Node& n) { out.workload = read_workload_source(n); },
       "what is run")
      .members(workload_schema())
      .required();
  d.custom(
       "throughput", "mapping",
       [](O& out, const Node& n) { out.throughput = read_throughput_choice(n); },
       "how fast jobs that are counted in iterations run where; absent: by their durations")
      .members(throughput_schema());
  d.custom(
       "communication", "mapping",
       [](O& out, const Node& n) { out.communication = read_communication_choice(n); },
       "what jobs on several nodes send over a shared fabric; absent: by part_if_unknown")
      .members(communication_schema());
  d.custom(
       "policy", "mapping", [](O& out, const Node& n) { out.policy = read_policy(n); },
       "the scheduling policy and its options; beside 'policies': options for all that know them")
      .members(policy_schema())
      .required();
  d.custom("policies", "list of policy", chosen_before,
           "policies to compare, each a name or a mapping as under 'policy'")
      .members(policy_schema());
  d.custom(
       "restart_seconds", "mapping of number",
       [](O& out, const Node& n) { out.restart = read_cost_by_gpus(n); },
       "seconds a job holds its GPUs idle at every resume, by upper bounds of GPU count: "
       "{1: 7, 8: 30, more: 60}, or by a line: {per_gpu: 10, at_most: 40}")
      .at_least(0)
      .at_most(base::kLatestSecond);
  d.mapping("plan_change", &O::plan_change,
            "what a new parallel plan costs, beside restart_seconds; absent: nothing");
  d.mapping("checkpoint", &O::checkpoint, "periodic checkpoints; absent: none");
  d.mapping("migration", &O::migration, "what moving a job costs; absent: nothing");
  d.number("round", &O::round_seconds, base::Dimension::time,
           "scheduling passes happen only at multiples of this; 0 s: whenever something changed")
      .at_least(0);
  d.integer("job_retries", &O::job_retries,
            "node failures a job survives before it counts as failed; absent: any number")
      .at_least(0);
  d.integer("stuck_after", &O::stuck_after,
            "decisions and node failures without any job coming a hundredth of its work nearer its "
            "end, after which the run stops and says what kept it; a job lost to a failure counts "
            "as 100")
      .at_least(1000);
  d.choice("on_oversized_job", &O::on_oversized_job,
           {{"fail", OversizedJob::fail}, {"reject", OversizedJob::reject}},
           "a job that can never fit stops the run, or is rejected and counted");
  d.choice("virtual_clusters", &O::virtual_clusters,
           {{"ignore", VirtualClusters::ignore}, {"partition", VirtualClusters::partition}},
           "one queue for all nodes, or one for the nodes of each virtual cluster");
  d.choice(
      "without_throughput", &O::without_throughput,
      {{"refuse", WithoutThroughput::refuse}, {"proportional", WithoutThroughput::proportional}},
      "a policy that decides by throughputs, where no job has any: is refused, or takes speeds "
      "as proportional to the GPUs");
  d.mapping("records", &O::records, "which records are written");
  return d;
}

base::DeclarationInfo training_schema() {
  base::DeclarationInfo info = base::describe<TrainingOptions>();
  // 'policies' may stand for 'policy', which then only holds what they share.
  base::ParameterInfo& policy =
      *std::ranges::find(info.parameters, "policy", &base::ParameterInfo::key);
  policy.required = false;
  auto shared = std::make_shared<base::DeclarationInfo>(*policy.members);
  std::ranges::find(shared->parameters, "name", &base::ParameterInfo::key)->required = false;
  policy.members = std::move(shared);
  return info;
}

TrainingOptions read_training_options(const Node& item, const world::Context& context) {
  TrainingOptions options = base::read<TrainingOptions>(item);
  if (options.throughput && options.throughput->estimator)
    options.throughput->estimator->nic_bytes_per_second =
        context.platform.fabric.nic_bytes_per_second;
  if (options.round_seconds > 0 && options.round_seconds < kShortestRoundSeconds)
    throw base::Error(item.find("round")->where,
                      "found " + item.find("round")->text + ", expected 0 s or at least 100 ms");
  if (options.rules.arena) check_arena(options, context.platform);
  return options;
}

std::vector<world::Input> inputs_of(const TrainingOptions& options) {
  std::vector<world::Input> inputs;
  if (options.workload.trace)
    inputs.push_back({"workload.trace", options.workload.trace->options.path});
  if (options.throughput)
    for (const std::string& file : input_files(*options.throughput))
      inputs.push_back({"throughput", file});
  if (!options.communication.breakdown_path.empty())
    inputs.push_back({"communication.breakdown", options.communication.breakdown_path});
  return inputs;
}

TrainingClusterConfig TrainingOptions::training_cluster(
    const platform::PlatformConfig& platform) const {
  TrainingClusterConfig config;
  config.restart = restart;
  config.plan_change = plan_change.value_or(PlanChangeCosts{});
  config.checkpoint = checkpoint;
  config.migration = migration;
  config.communication = make_communication(communication, platform.network);
  config.job_retries = job_retries;
  config.on_oversized_job = on_oversized_job;
  config.virtual_clusters = virtual_clusters;
  config.round_seconds = round_seconds;
  config.policy_adapts = policy.entry->traits.adapts;
  config.stuck_after = stuck_after;
  return config;
}

arena::ArenaConfig TrainingOptions::arena_cluster(std::optional<double> horizon_seconds) const {
  arena::ArenaConfig config;
  config.quirks = *rules.arena;
  config.round_seconds = round_seconds;
  if (horizon_seconds)
    config.rounds = static_cast<std::int64_t>(std::ceil(*horizon_seconds / round_seconds));
  config.restart = restart;
  config.policy_adapts = policy.entry->traits.adapts;
  config.stuck_after = stuck_after;
  return config;
}

}  // namespace orrery::training
