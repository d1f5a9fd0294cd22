// The estimator against Megatron runs whose plans are spelt out: vTrain's and those of Korthikanti
// et al.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>

#include "models/base/hash.hpp"
#include "models/training/coefficients.hpp"
#include "models/training/memory.hpp"
#include "tests/estimator/figures.hpp"
#include "tests/estimator/megatron_runs.hpp"
#include "tests/estimator/reports.hpp"

namespace orrery::estimator_report {

namespace {

using models::CalibrationPoint;
using models::DeviceCosts;
using traces::PlanMeasurement;

constexpr double kShare = 0.1;  // of the points that a fit may see
constexpr double kPriorWeight = 0.05;
constexpr double kWeightOfOneNode = 0.2;  // of a node's own fit, where few runs on many follow it

/// Of each model's runs the tenth with the smallest hashes, rounded down.
std::vector<bool> chosen(const std::vector<PlanMeasurement>& runs, std::uint64_t salt) {
  std::map<std::pair<double, int>, std::vector<std::pair<std::uint64_t, std::size_t>>> by_model;
  for (std::size_t i = 0; i < runs.size(); ++i)
    by_model[{runs[i].shape.hidden, runs[i].shape.layers}].push_back(
        {base::mix_hash(fmt::format("{}:{}", salt, runs[i].key)), i});
  std::vector<bool> in(runs.size());
  for (auto& [model, hashes] : by_model) {
    std::sort(hashes.begin(), hashes.end());
    const auto count = static_cast<std::size_t>(kShare * static_cast<double>(hashes.size()));
    for (std::size_t k = 0; k < count; ++k) in[hashes[k].second] = true;
  }
  return in;
}

struct Sample {
  Errors trained, held_out;
  models::DeviceFit fit;
};

Sample fit_sample(const std::vector<CalibrationPoint>& points, const std::vector<bool>& in,
                  const DeviceCosts& prior, double prior_weight) {
  std::vector<CalibrationPoint> seen;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (in[i]) seen.push_back(points[i]);
  Sample sample;
  sample.fit = models::fit_devices(seen, {prior}, models::megatron_coefficients(),
                                   {.prior_weight = prior_weight, .rounds = 1});
  for (std::size_t i = 0; i < points.size(); ++i)
    (in[i] ? sample.trained : sample.held_out)
        .add(models::estimated_seconds(points[i], sample.fit.devices), points[i].measured_seconds);
  return sample;
}

void state_factors(const models::DeviceFit& fit) {
  std::string text;
  const auto coefficients = models::megatron_coefficients();
  for (std::size_t k = 0; k < fit.factors.size(); ++k)
    text += fmt::format("{}{} x {:.3g}", k ? ", " : "", coefficients[k].name, fit.factors[k]);
  state("  " + text);
}

}  // namespace

void report_vtrain(const std::string& data) {
  const auto single = traces::read_vtrain(data + "/vtrain/ground_truth_single.csv");
  const auto multi = traces::read_vtrain(data + "/vtrain/ground_truth_multi.csv");
  const MegatronRuns one_node = megatron_runs(single);
  const MegatronRuns many_nodes = megatron_runs(multi);
  const DeviceCosts prior = models::megatron_prior(*models::find_gpu("a100-80g"));
  Errors single_means, multi_means;
  for (std::uint64_t salt = 0; salt <= 20; ++salt) {
    const Sample one = fit_sample(one_node.points, chosen(single, salt), prior, kPriorWeight);
    const Sample many =
        fit_sample(many_nodes.points, chosen(multi, salt), one.fit.devices[0], kWeightOfOneNode);
    if (salt > 0) {
      single_means.add(1 + one.held_out.mean() / 100, 1);
      multi_means.add(1 + many.held_out.mean() / 100, 1);
      continue;
    }
    state_factors(one.fit);
    state_factors(many.fit);
    figure(fmt::format("vTrain, one node, fitted on {} of {} runs: MAPE {:.2f} % of the others",
                       one.trained.size(), single.size(), one.held_out.mean()),
           "< 8.37 %", one.held_out.mean() < 8.37);
    figure(fmt::format("vTrain, many nodes, fitted on {} of {} runs: MAPE {:.2f} % of the others",
                       many.trained.size(), multi.size(), many.held_out.mean()),
           "< 14.73 %", many.held_out.mean() < 14.73);
    state("vTrain, one node: fitted " + to_string(one.trained) + "; held out " +
          to_string(one.held_out));
    state("vTrain, many nodes: fitted " + to_string(many.trained) + "; held out " +
          to_string(many.held_out));
  }
  state("vTrain, one node, MAPE over 20 other samples: " + to_string(single_means));
  state("vTrain, many nodes, MAPE over 20 other samples: " + to_string(multi_means));
}

void report_megatron(const std::string& data) {
  const std::string folder = data + "/megatron_published";
  const auto published = traces::read_megatron_times(folder + "/iteration_times_table5.csv");
  const MegatronRuns runs = megatron_runs(published);
  const DeviceCosts prior = models::megatron_prior(*models::find_gpu("a100-80g"));
  Errors errors;
  for (std::size_t first = 0; first < published.size(); first += 2) {
    std::vector<bool> in(published.size(), true);
    in[first] = in[first + 1] = false;
    const Sample sample = fit_sample(runs.points, in, prior, kPriorWeight);
    errors.add(sample.held_out);
    for (const std::size_t i : {first, first + 1})
      state(fmt::format("{} {}: {:.2f} s, published {:.2f} s", published[i].model,
                        models::to_string(published[i].recompute),
                        models::estimated_seconds(runs.points[i], sample.fit.devices),
                        published[i].iteration_seconds));
  }
  figure(
      fmt::format("Megatron, each model's times from a fit to the other three: mean error {:.1f} %",
                  errors.mean()),
      "<= 5 %", errors.mean() <= 5);

  Errors memory;
  for (const auto& row : traces::read_megatron_memory(folder + "/memory_fig1_fig7.csv")) {
    for (std::size_t i = 0; i < published.size(); ++i) {
      if (published[i].model != row.model || published[i].recompute == models::Recompute::full)
        continue;
      const models::ModelDescription& model = *runs.points[i].model;
      models::ParallelPlan plan = *runs.points[i].plan;
      // Megatron keeps gradients in four bytes: the published states are 18 bytes a parameter.
      constexpr models::OptimizerBytes kMegatron{2, 4, 12};
      const auto of = [&](int stage) {
        return models::stage_memory(model, published[i].global_batch, plan, stage, kMegatron);
      };
      constexpr double kGib = 1 << 30;
      // The published states leave out the embedding: a stage inside the pipeline has none.
      const models::StageMemory inner = of(plan.stages.size() > 1 ? 1 : 0);
      const double states =
          (inner.weights_bytes + inner.gradients_bytes + inner.optimizer_bytes) / kGib;
      const double selective = of(0).activations_bytes / kGib;
      plan.recompute = models::Recompute::none;
      plan.sequence_parallel = false;
      const double none = of(0).activations_bytes / kGib;
      memory.add(states, row.states_gib);
      memory.add(none, row.activations_gib);
      memory.add(selective, row.selective_activations_gib);
      state(
          fmt::format("{}: states {:.2f} GiB, published {:.2f}; activations {:.2f}, {:.2f}; with "
                      "sequence parallelism and selective recomputation {:.2f}, {:.2f}",
                      row.model, states, row.states_gib, none, row.activations_gib, selective,
                      row.selective_activations_gib));
    }
  }
  figure(
      fmt::format("Megatron, memory of states and activations: mean error {:.1f} %", memory.mean()),
      "<= 5 %", memory.mean() <= 5);
}

}  // namespace orrery::estimator_report
