#include "sim/experiment/experiment.hpp"

#include <cmath>
#include <memory>
#include <string_view>

#include "models/base/schema.hpp"
#include "sim/experiment/document_paths.hpp"
#include "sim/experiment/experiment_paths.hpp"

namespace orrery::experiment {

namespace {

using base::Node;

/// Keys by which one file describes several runs: expanded before an experiment is read, and
/// declared so that schemas and messages know them.
void consumed_before(Experiment&, const Node& node) {
  throw base::Error(node.where, "is expanded before a single run is read");
}

base::ParameterInfo* find_key(base::DeclarationInfo& info, std::string_view key) {
  for (base::ParameterInfo& p : info.parameters)
    if (p.key == key) return &p;
  return nullptr;
}

/// Declares that `key` may also be written inside `parent` (see experiment_document.cpp).
void add_short_form(base::DeclarationInfo& info, std::string_view parent, std::string_view key) {
  base::ParameterInfo& outer = *find_key(info, parent);
  auto members = std::make_shared<base::DeclarationInfo>(*outer.members);
  members->parameters.push_back(*find_key(info, key));
  members->parameters.back().help = "the same as at the top level";
  outer.members = std::move(members);
}

StopRule read_stop(const Node& node) {
  StopRule rule = base::read<StopRule>(node);
  if (node.entries.size() != 1) {
    throw base::Error(node.where, "expected one rule, at, seconds or rounds, found " +
                                      std::to_string(node.entries.size()));
  }
  return rule;
}

/// The arena's rules know less than ours; what they would leave out silently is refused.
void check_arena(const Experiment& e) {
  const auto refuse = [&](bool present, const char* what) {
    if (present)
      throw base::Error(e.rules.where, std::string("the arena's rules know no ") + what +
                                           "; leave it out, or take 'rules: exact'");
  };
  const auto require = [&](bool present, const char* what) {
    if (!present) throw base::Error(e.rules.where, std::string("the arena's rules need ") + what);
  };
  require(e.round_seconds > 0, "the length of a round, such as 'round: 300 s'");
  require(e.throughput && !e.throughput->tables.empty(),
          "measured throughputs ('throughput: {table: ...}')");
  refuse(e.cluster.failures.has_value(), "node failures");
  refuse(e.cluster.network == training::Network::shared, "shared network");
  refuse(e.checkpoint.has_value(), "checkpoints");
  refuse(e.migration.has_value(), "cost of migration");
  refuse(e.plan_change.has_value(), "plan_change beside restart_seconds");
  refuse(e.virtual_clusters == training::VirtualClusters::partition, "virtual clusters");
}

}  // namespace

base::Declaration<StopRule> declare(const StopRule*) {
  base::Declaration<StopRule> d("When a run ends; give one rule.");
  d.choice("at", &StopRule::at, {{"exhaustion", StopRule::At::exhaustion}},
           "when every job has finished");
  d.number("seconds", &StopRule::seconds, base::Dimension::none,
           "at this simulated second, counted as the workload's submit times are")
      .more_than(0);
  d.integer("rounds", &StopRule::rounds, "after so many rounds; needs 'round'").at_least(1);
  return d;
}

base::Declaration<RecordsConfig> declare(const RecordsConfig*) {
  base::Declaration<RecordsConfig> d("Which records are written beside the summaries.");
  d.boolean("allocations", &RecordsConfig::allocations, "allocations.csv: who held which GPUs");
  d.boolean("timeline", &RecordsConfig::timeline, "timeline.csv: GPUs in use over time");
  d.boolean("decisions", &RecordsConfig::decisions,
            "decisions.csv: why jobs started, waited or stopped (needed by 'orrery explain')");
  d.boolean("trace", &RecordsConfig::trace, "trace.json for the Perfetto viewer");
  return d;
}

base::Declaration<Experiment> declare(const Experiment*) {
  using E = Experiment;
  base::Declaration<E> d("An experiment.");
  d.text("name", &E::name, "what reports call it").required();
  d.text("description", &E::description, "a sentence for people");
  d.choice("kind", &E::kind, {{"training-cluster", WorldKind::training_cluster}},
           "the world that is simulated");
  d.custom(
       "rules", "text or mapping", [](E& out, const Node& n) { out.rules = read_rules(n); },
       "by whose rules time passes and jobs advance: exact, arena, or {name: arena} with switches",
       "exact")
      .members(rules_schema());
  d.custom("worlds", "list of mapping", consumed_before,
           "long form: the worlds on this platform, exactly one yet, with the keys kind, workload, "
           "policy, policies, restart_seconds, checkpoint, migration, round, on_oversized_job");
  d.custom("extends", "text", consumed_before,
           "another experiment file that this one is laid over, relative to this one");
  d.mapping("cluster", &E::cluster, "nodes, network and failures").required();
  d.custom(
       "workload", "mapping", [](E& out, const Node& n) { out.workload = read_workload_source(n); },
       "what is run")
      .members(workload_schema())
      .required();
  d.custom(
       "throughput", "mapping",
       [](E& out, const Node& n) { out.throughput = read_throughput_choice(n); },
       "how fast jobs that are counted in iterations run where; absent: by their durations")
      .members(throughput_schema());
  d.custom(
       "communication", "mapping",
       [](E& out, const Node& n) { out.communication = read_communication_choice(n); },
       "what jobs on several nodes send over a shared fabric; absent: by part_if_unknown")
      .members(communication_schema());
  d.custom(
       "policy", "mapping", [](E& out, const Node& n) { out.policy = read_policy(n); },
       "the scheduling policy and its options; beside 'policies': options for all that know them")
      .members(policy_schema())
      .required();
  d.custom("policies", "list of policy", consumed_before,
           "policies to compare, each a name or a mapping as under 'policy'")
      .members(policy_schema());
  d.custom(
      "restart_seconds", "mapping",
      [](E& out, const Node& n) { out.restart = training::read_cost_by_gpus(n); },
      "seconds a job holds its GPUs idle at every resume, by upper bounds of GPU count: "
      "{1: 7, 8: 30, more: 60}, or by a line: {per_gpu: 10, at_most: 40}");
  d.mapping("plan_change", &E::plan_change,
            "what a new parallel plan costs, beside restart_seconds; absent: nothing");
  d.mapping("checkpoint", &E::checkpoint, "periodic checkpoints; absent: none");
  d.mapping("migration", &E::migration, "what moving a job costs; absent: nothing");
  d.number("round", &E::round_seconds, base::Dimension::time,
           "scheduling passes happen only at multiples of this; 0 s: whenever something changed")
      .at_least(0);
  d.choice("on_oversized_job", &E::on_oversized_job,
           {{"fail", training::OversizedJob::fail}, {"reject", training::OversizedJob::reject}},
           "a job that can never fit stops the run, or is rejected and counted");
  d.choice("virtual_clusters", &E::virtual_clusters,
           {{"ignore", training::VirtualClusters::ignore},
            {"partition", training::VirtualClusters::partition}},
           "one queue for all nodes, or one for the nodes of each virtual cluster");
  d.custom(
       "stop", "mapping", [](E& out, const Node& n) { out.stop = read_stop(n); }, "when a run ends",
       "{at: exhaustion}")
      .members(base::describe<StopRule>());
  d.integer("seed", &E::seed, "of all random numbers of the run").at_least(0);
  d.custom("seeds", "list of integer", consumed_before, "one run for each");
  d.custom("sweep", "mapping", consumed_before,
           "dotted paths of keys, each with a list of values; one run for each combination");
  d.mapping("records", &E::records, "which records are written");
  return d;
}

Experiment read_experiment(const Node& document) {
  Experiment experiment = base::read<Experiment>(document);
  if (experiment.stop.rounds && experiment.round_seconds <= 0) {
    const Node* rounds = find_at(document, "stop.rounds");
    throw base::Error(rounds->where,
                      "counts rounds, but the experiment has no 'round'; give its "
                      "length such as 'round: 6 min'");
  }
  if (experiment.throughput && experiment.throughput->estimator)
    experiment.throughput->estimator->nic_bytes_per_second =
        experiment.cluster.fabric.nic_bytes_per_second;
  if (const Node* nodes = find_at(document, "cluster.nodes")) experiment.nodes_where = nodes->where;
  if (const Node* failures = find_at(document, "cluster.failures"))
    experiment.failures_where = failures->where;
  if (const Node* trace = find_at(document, "cluster.failures.trace"))
    experiment.cluster.failures->trace_path = resolve_existing_file(*trace);
  if (experiment.rules.arena) check_arena(experiment);
  return experiment;
}

std::optional<double> Experiment::horizon_seconds() const {
  if (stop.rounds) return static_cast<double>(*stop.rounds) * round_seconds;
  return stop.seconds;
}

training::TrainingClusterConfig Experiment::training_cluster() const {
  training::TrainingClusterConfig config;
  config.cluster = cluster;
  config.restart = restart;
  config.plan_change = plan_change.value_or(training::PlanChangeCosts{});
  config.checkpoint = checkpoint;
  config.migration = migration;
  config.communication = make_communication(communication, cluster.network);
  config.on_oversized_job = on_oversized_job;
  config.virtual_clusters = virtual_clusters;
  config.round_seconds = round_seconds;
  config.policy_adapts = policy.entry->adapts;
  config.seed = seed;
  config.where = failures_where;
  return config;
}

training::arena::ArenaConfig Experiment::arena_cluster() const {
  training::arena::ArenaConfig config;
  config.quirks = *rules.arena;
  config.round_seconds = round_seconds;
  if (const auto horizon = horizon_seconds())
    config.rounds = static_cast<std::int64_t>(std::ceil(*horizon / round_seconds));
  config.restart = restart;
  config.policy_adapts = policy.entry->adapts;
  return config;
}

base::DeclarationInfo schema() {
  base::DeclarationInfo info = base::describe<Experiment>();
  // 'policies' may stand for 'policy', which then only holds what they share.
  base::ParameterInfo& policy = *find_key(info, "policy");
  policy.required = false;
  add_short_form(info, "policy", "restart_seconds");
  add_short_form(info, "policies", "restart_seconds");
  add_short_form(info, "policy", "plan_change");
  add_short_form(info, "policies", "plan_change");
  add_short_form(info, "workload", "on_oversized_job");
  add_short_form(info, "cluster", "virtual_clusters");
  auto shared = std::make_shared<base::DeclarationInfo>(*policy.members);
  find_key(*shared, "name")->required = false;
  policy.members = std::move(shared);
  return info;
}

std::string json_schema() {
  base::DeclarationInfo info = schema();
  for (base::ParameterInfo& p : info.parameters) p.required = false;
  return base::to_json_schema(info, "Orrery experiment");
}

}  // namespace orrery::experiment
