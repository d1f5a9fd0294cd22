#include "workloads/pruned_jobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "models/base/parameters.hpp"
#include "models/base/random.hpp"
#include "models/zoo/zoo.hpp"

namespace orrery::workloads {

namespace {

using base::Error;
using base::Node;
using models::ModelDescription;

bool can_be_pruned(const ModelDescription& model) {
  return std::any_of(model.layers.begin(), model.layers.end(),
                     [](const auto& layer) { return models::prunable_parameters(layer) > 0; });
}

/// A rule as it is written.
struct RuleKeys {
  models::gemm::GemmKernel pattern = models::gemm::GemmKernel::tw;
  double sparsity = 0;
  std::optional<std::int32_t> tile_width;
  std::vector<std::string> models;
  double share = 1;
};

std::vector<std::string> read_models(const Node& node) {
  base::detail::check_sequence(node);
  if (node.items.empty()) throw Error(node.where, "is an empty list, expected names of models");
  std::vector<std::string> models;
  for (const Node& item : node.items) {
    const std::string name = base::detail::read_text(item);
    const ModelDescription* model = models::find_model(name);
    if (model == nullptr) {
      const std::string near = models::suggest_model(name);
      throw Error(item.where, "no model is called '" + name + "'" +
                                  (near.empty() ? "; 'orrery list models' shows all"
                                                : "; did you mean '" + near + "'?"));
    }
    if (!can_be_pruned(*model))
      throw Error(item.where, "the model " + model->name +
                                  " cannot be pruned: only sums of its matrix products are known");
    models.push_back(model->name);
  }
  return models;
}

base::Declaration<RuleKeys> declare(const RuleKeys*) {
  base::Declaration<RuleKeys> d("Jobs whose model is pruned, and how.");
  d.custom(
       "pattern", "text",
       [](RuleKeys& out, const Node& n) {
         out.pattern = models::gemm::pruning_kernel(base::detail::read_text(n), n.where);
       },
       "which weights go: tw, tvw, 2:4, bw or ew")
      .required();
  d.number(
       "sparsity", &RuleKeys::sparsity, base::Dimension::none,
       "share of the weights that goes, from 0 to below 1; of 2:4 just 0.5, of tvw at least 0.5")
      .required();
  d.integer("tile_width", &RuleKeys::tile_width,
            "columns of a tile of tw and tvw, side of a block of bw; absent: 128, of bw 32")
      .at_least(1)
      .at_most(65536);
  d.custom(
      "models", "list of text", [](RuleKeys& out, const Node& n) { out.models = read_models(n); },
      "jobs of these models only (orrery list models); absent: of all that can be pruned");
  d.number("share", &RuleKeys::share, base::Dimension::none,
           "part of these jobs, drawn from the seed")
      .at_least(0)
      .at_most(1);
  return d;
}

PruningRule read_rule(const Node& node) {
  const RuleKeys keys = base::read<RuleKeys>(node);
  PruningRule rule;
  rule.pruning = {keys.pattern, keys.sparsity,
                  keys.tile_width.value_or(models::gemm::usual_width(keys.pattern))};
  const Node* sparsity = node.find("sparsity");
  check(rule.pruning, sparsity == nullptr ? node.where : sparsity->where);
  rule.models = keys.models;
  rule.share = keys.share;
  return rule;
}

/// Models of a workload by their names there, each looked up once.
class Models {
 public:
  explicit Models(const Names& names) : names_(names) {}
  const ModelDescription* of(const TrainingJob& job) {
    if (job.model.is_none()) return nullptr;
    const auto [found, fresh] = known_.try_emplace(job.model.index(), nullptr);
    if (fresh) found->second = models::find_model(names_.text(job.model));
    return found->second;
  }

 private:
  const Names& names_;
  std::map<std::size_t, const ModelDescription*> known_;
};

bool fits(const PruningRule& rule, const ModelDescription& model) {
  return rule.models.empty() ||
         std::find(rule.models.begin(), rule.models.end(), model.name) != rule.models.end();
}

}  // namespace

std::vector<PruningRule> read_pruning_rules(const Node& node) {
  if (node.kind != Node::Kind::sequence) return {read_rule(node)};
  std::vector<PruningRule> rules;
  for (const Node& item : node.items) rules.push_back(read_rule(item));
  return rules;
}

base::DeclarationInfo pruning_schema() {
  return base::describe<RuleKeys>();
}

void prune_jobs(TrainingWorkload& workload, const std::vector<PruningRule>& rules,
                std::uint64_t seed) {
  if (rules.empty()) return;
  std::vector<base::RandomStream> streams;
  for (std::size_t r = 0; r < rules.size(); ++r)
    streams.emplace_back(seed, fmt::format("pruning {}", r));
  Models models(workload.names);
  std::size_t pruned = 0;
  std::size_t left = 0;
  for (TrainingJob& job : workload.jobs) {
    const ModelDescription* model = models.of(job);
    const bool possible = job.iterations > 0 && model != nullptr && can_be_pruned(*model);
    left += possible ? 0 : 1;
    for (std::size_t r = 0; r < rules.size(); ++r) {
      const bool drawn = streams[r].uniform() < rules[r].share;
      if (!drawn || !possible || !job.pruning.is_none() || !fits(rules[r], *model)) continue;
      job.pruning = workload.names.intern(to_text(rules[r].pruning));
    }
    pruned += job.pruning.is_none() ? 0 : 1;
  }
  std::string note =
      fmt::format("{} of {} jobs train a pruned model.", pruned, workload.jobs.size());
  if (left > 0)
    note +=
        fmt::format(" {} cannot: plain durations, or models of which only sums are known.", left);
  workload.notes.push_back(std::move(note));
}

void check_pruned_jobs(const TrainingWorkload& workload) {
  Models models(workload.names);
  for (const TrainingJob& job : workload.jobs) {
    if (job.pruning.is_none()) continue;
    const ModelDescription* model = models.of(job);
    std::string why;
    if (job.iterations <= 0)
      why = "is given as a plain duration; expected iterations";
    else if (model == nullptr)
      why = "its model '" + std::string(workload.names.text(job.model)) +
            "' is none of 'orrery list models'";
    else if (!can_be_pruned(*model))
      why = "only sums of the matrix products of its model " + model->name + " are known";
    if (!why.empty())
      throw Error({workload.source, static_cast<int>(job.line), 0, ""},
                  "job " + job.id + " cannot be pruned: " + why);
  }
}

}  // namespace orrery::workloads
