// The registration of this world.
#include "sim/world/world.hpp"
#include "sim/worlds/training/options/training_options.hpp"
#include "sim/worlds/training/story/explain.hpp"
#include "sim/worlds/training/training_world.hpp"

namespace orrery::training {

namespace {

class TrainingSetup final : public world::Setup {
 public:
  TrainingSetup(const base::Node& item, const world::Context& context)
      : options_(read_training_options(item, context)) {}

  std::string label() const override { return options_.policy.label; }
  std::optional<double> round_seconds() const override {
    if (options_.round_seconds <= 0) return std::nullopt;
    return options_.round_seconds;
  }
  std::vector<world::Input> inputs() const override { return inputs_of(options_); }
  std::vector<std::string> device_types() const override {
    if (!options_.throughput || !options_.throughput->estimator) return {};
    return profile_devices(*options_.throughput->estimator);
  }
  std::unique_ptr<world::World> build(platform::Platform& platform,
                                      const world::Settings& settings) const override {
    return std::make_unique<TrainingWorld>(options_, platform, settings, settings.horizon_seconds);
  }

 private:
  TrainingOptions options_;
};

std::unique_ptr<world::Setup> read(const base::Node& item, const world::Context& context) {
  return std::make_unique<TrainingSetup>(item, context);
}

world::Alternatives alternatives(const base::Node& item, const std::vector<std::string>& wanted) {
  world::Alternatives out{{"policies", "policy"}, {}};
  for (base::Node& policy : policies_of(item, wanted)) {
    const base::Where where = policy.where;
    out.chosen.push_back({{"policy", where, std::move(policy)}});
  }
  return out;
}

std::vector<world::PolicyInfo> all_policies() {
  std::vector<world::PolicyInfo> out;
  for (const PolicyEntry* entry : policies())
    out.push_back({entry->name, entry->help, entry->source, entry->options});
  return out;
}

bool draws_inputs(const base::Node& item) {
  const base::Node* workload = item.find("workload");
  return workload != nullptr && workload->is_mapping() && workload->find("generate") != nullptr;
}

const base::DeclarationInfo& options() {
  static const base::DeclarationInfo info = training_schema();
  return info;
}

world::WorldKind training_cluster() {
  world::WorldKind kind;
  kind.name = "training-cluster";
  kind.help = "training jobs on a GPU cluster; a policy decides which job runs where";
  kind.is_default = true;
  kind.places_others = true;
  kind.options = options;
  kind.short_forms = {{"policy", "restart_seconds"},    {"policies", "restart_seconds"},
                      {"policy", "plan_change"},        {"policies", "plan_change"},
                      {"workload", "on_oversized_job"}, {"platform", "virtual_clusters"},
                      {"platform", "job_retries"}};
  kind.choices = {{"policy.name", "policies"},
                  {"workload.trace", "workload.generate"},
                  {"throughput.table", "throughput.tables"}};
  kind.alternatives = alternatives;
  kind.knows_policy = knows_policy;
  kind.policies = all_policies;
  kind.draws_inputs = draws_inputs;
  kind.read = read;
  kind.explain = explain;
  return kind;
}

const world::WorldKind* const registered_kind = world::kinds().add(training_cluster());

}  // namespace

}  // namespace orrery::training
