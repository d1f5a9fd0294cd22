// orrery plan: how one model would train on one allocation, all plans estimated.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <memory>
#include <optional>

#include "models/base/parameters.hpp"
#include "models/base/quantity.hpp"
#include "models/training/device_costs_file.hpp"
#include "models/training/profile_costs.hpp"
#include "models/zoo/zoo.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/plan_text.hpp"
#include "sim/app/refuse_option.hpp"
#include "traces/collective_measurements.hpp"

namespace orrery::app {

namespace {

using base::Error;

struct PlanArguments {
  std::string model;
  std::string type;
  std::string fabric;
  std::string collectives;
  std::string costs;
  std::vector<std::string> profiles;
  std::string pruning;
  std::string measured_fabric = "default";
  std::string recompute;
  int gpus = 0;
  int nodes = 0;
  int gpus_per_node = 0;
  int micro_batches = 0;
  double batch = 256;
  std::size_t plans = 10;
  bool zero1 = false;
  bool json = false;
};

const models::ModelDescription& model_named(const std::string& name) {
  if (const auto* found = models::find_model(name)) return *found;
  const std::string near = models::suggest_model(name);
  refuse_option("MODEL", "no model is called '" + name + "'" +
                             (near.empty() ? "; 'orrery list models' shows all"
                                           : "; did you mean '" + near + "'?"));
}

[[noreturn]] void refuse_type(const std::string& name,
                              const std::vector<models::ProfileFile>& profiles) {
  std::string sentence = "no GPU type is called '" + name + "'";
  auto near = models::suggest_gpus(name);
  for (const models::ProfileFile& file : profiles) near.push_back(file.profile.device);
  for (std::size_t i = 0; i < near.size(); ++i)
    sentence += (i == 0 ? "; did you mean '" : " or '") + near[i] + "'";
  refuse_option("--type", sentence + (near.empty() ? "; 'orrery list gpus' shows all" : "?"));
}

/// The model with `--pruning`, where it is given.
std::optional<models::ModelDescription> pruned_model(const models::ModelDescription& dense,
                                                     const std::string& pruning) {
  if (pruning.empty()) return std::nullopt;
  const base::Where where{"command line", 0, 0, "--pruning"};
  const auto pattern = models::gemm::parse_pruning(pruning, where);
  try {
    return models::pruned(dense, pattern);
  } catch (const Error& error) {
    throw Error(where, error.sentence());
  }
}

/// Costs of the type asked for: a profile's over data sheets, a file of fitted costs over data
/// sheets, never both.
models::DeviceCosts costs_of(const PlanArguments& a) {
  const std::vector<models::ProfileFile> profiles = models::read_profiles(a.profiles);
  const models::ProfileFile* profile = models::profile_of(profiles, a.type);
  const models::GpuType* gpu = models::find_gpu(a.type);
  if (gpu == nullptr && profile == nullptr) refuse_type(a.type, profiles);
  if (!profiles.empty() && profile == nullptr) {
    std::vector<std::string> devices;
    for (const models::ProfileFile& file : profiles) devices.push_back(file.profile.device);
    refuse_option("--profile", fmt::format("found a profile of {}, expected one of {} (--type)",
                                           fmt::join(devices, " and of "), a.type));
  }
  models::DeviceCostsByType fitted;
  if (!a.costs.empty()) fitted = models::read_device_costs(a.costs);
  if (gpu == nullptr) return models::profile_only_costs(*profile);
  if (profile != nullptr && fitted.contains(gpu->name))
    refuse_option("--profile",
                  fmt::format("'{}' and '{}' both have costs of {}, expected one of them",
                              profile->path, a.costs, gpu->name));
  models::DeviceCosts costs = models::device_costs(*gpu, fitted);
  if (profile != nullptr) models::use_profile(costs, *profile);
  return costs;
}

/// A count that must be a power of two: Crius and our estimator know no others.
void check_power(const std::string& option, int count) {
  constexpr int kMost = 65536;
  if (count > 0 && count <= kMost && std::has_single_bit(static_cast<unsigned>(count))) return;
  refuse_option(option,
                fmt::format("found {}, expected a power of two from 1 to {}", count, kMost));
}

/// Nodes and GPUs of each; what was not said follows from the rest.
models::Locality locality_of(const PlanArguments& a) {
  constexpr int kUsualPerNode = 8;
  check_power("--gpus", a.gpus);
  if (a.nodes != 0) check_power("--nodes", a.nodes);
  if (a.gpus_per_node != 0) check_power("--gpus-per-node", a.gpus_per_node);
  if (a.nodes > a.gpus)
    refuse_option("--nodes", fmt::format("{} GPUs cannot stand on {} nodes", a.gpus, a.nodes));
  models::Locality locality;
  locality.gpus_per_node = a.nodes != 0           ? a.gpus / a.nodes
                           : a.gpus_per_node != 0 ? std::min(a.gpus_per_node, a.gpus)
                                                  : std::min(kUsualPerNode, a.gpus);
  locality.nodes = a.gpus / locality.gpus_per_node;
  if (a.nodes != 0 && a.gpus_per_node != 0 && locality.gpus_per_node != a.gpus_per_node) {
    refuse_option("--gpus-per-node", fmt::format("{} nodes of {} GPUs are not {} GPUs", a.nodes,
                                                 a.gpus_per_node, a.gpus));
  }
  return locality;
}

double rate_of(const std::string& text) {
  const auto quantity = base::parse_quantity(text, base::Dimension::bytes_per_second);
  if (quantity.fault || !(quantity.value > 0))
    refuse_option("--fabric",
                  "found '" + text + "', expected a rate like '25 Gbit/s' or '3.1 GB/s'");
  return quantity.value;
}

models::EstimatorOptions options_of(const PlanArguments& a, const models::ModelDescription& model) {
  models::EstimatorOptions options = usual_options(model);
  if (a.micro_batches != 0) {
    if (a.micro_batches < 1 || a.micro_batches > a.batch)
      refuse_option("--micro-batches", fmt::format("found {}, expected 1 up to the batch of {}",
                                                   a.micro_batches, a.batch));
    options.micro_batches = a.micro_batches;
  }
  if (a.recompute == "none") options.recompute = models::Recompute::none;
  if (a.recompute == "selective") options.recompute = models::Recompute::selective;
  if (a.recompute == "full") options.recompute = models::Recompute::full;
  options.zero1 = a.zero1;
  options.most_plans = a.plans;
  return options;
}

void use_fabric(models::DeviceCosts& device, const PlanArguments& a,
                const models::CollectiveTables& tables) {
  if (!a.fabric.empty()) device.across_nodes.bytes_per_second = rate_of(a.fabric);
  if (a.collectives.empty()) return;
  const auto* table = tables.find(device.gpu_type, a.measured_fabric);
  if (table == nullptr)
    throw Error({a.collectives, 0, 0, ""}, "has no collectives of " + device.gpu_type +
                                               " on the fabric '" + a.measured_fabric + "'");
  use_measured_collectives(device, table);
}

void plan(const PlanArguments& a) {
  PlanAnswer answer;
  answer.model = &model_named(a.model);
  const models::ModelDescription& dense = *answer.model;
  const std::optional<models::ModelDescription> pruned = pruned_model(dense, a.pruning);
  if (pruned) answer.model = &*pruned;
  answer.device = costs_of(a);
  answer.type = answer.device.gpu_type;
  answer.locality = locality_of(a);
  answer.locality_assumed = a.nodes == 0 && a.gpus_per_node == 0 && answer.locality.nodes > 1;
  if (!(a.batch >= 1) || a.batch > 1e9 ||
      a.batch != static_cast<double>(static_cast<long>(a.batch)))
    refuse_option("--batch",
                  fmt::format("found {}, expected a whole number of samples from 1", a.batch));
  answer.global_batch = a.batch;
  answer.options = options_of(a, *answer.model);
  models::CollectiveTables tables;
  if (!a.collectives.empty()) tables = traces::read_collectives(a.collectives);
  use_fabric(answer.device, a, tables);
  answer.estimate =
      estimate(*answer.model, a.batch, answer.device, answer.locality, answer.options);
  if (pruned)
    answer.dense_iteration_seconds =
        estimate(dense, a.batch, answer.device, answer.locality, answer.options)
            .iteration_seconds();
  if (!answer.estimate.feasible()) throw Error({}, why_infeasible(answer), base::Fault::run_failed);
  fmt::print("{}", a.json ? plan_json(answer, a.plans) : plan_text(answer, a.plans));
}

void add_allocation(Command command, PlanArguments& a) {
  command.add_option("MODEL", a.model, "the model (orrery list models): bert__1.3B").required();
  command.add_option("--gpus", a.gpus, "GPUs, a power of two").type_name("N").required();
  command
      .add_option("--type", a.type, "their type (orrery list gpus), or the device of a --profile")
      .type_name("TYPE")
      .required();
  command.add_option("--batch", a.batch, "samples of an iteration, all GPUs together; default 256")
      .type_name("N");
  command.add_option("--nodes", a.nodes, "nodes that the GPUs stand on").type_name("N");
  command.add_option("--gpus-per-node", a.gpus_per_node, "GPUs of each node; default 8")
      .type_name("N");
}

void add_costs(Command command, PlanArguments& a) {
  const Option fabric =
      command.add_option("--fabric", a.fabric, "rate of each node's network card: '25 Gbit/s'")
          .type_name("RATE");
  command
      .add_option("--costs", a.costs,
                  "fitted costs of GPU types, a CSV file (calibrate/profiles); default data sheets")
      .type_name("FILE");
  command
      .add_list("--profile", a.profiles,
                "measured profiles (orrery-calibrate); the one of --type replaces data sheets")
      .type_name("FILES");
  const Option collectives = command
                                 .add_option("--collectives", a.collectives,
                                             "measured collectives, a CSV file as Crius publishes")
                                 .type_name("FILE");
  collectives.excludes(fabric);
  command
      .add_option("--measured-fabric", a.measured_fabric,
                  "which fabric of that file; default 'default'")
      .type_name("NAME")
      .needs(collectives);
}

}  // namespace

void add_plan(Command app) {
  auto arguments = std::make_shared<PlanArguments>();
  PlanArguments& a = *arguments;
  const Command command =
      app.add_subcommand("plan", "estimate how a model would train on some GPUs, best plan first");
  add_allocation(command, a);
  add_costs(command, a);
  command.add_option("--micro-batches", a.micro_batches, "parts of the batch; default: the model's")
      .type_name("N");
  command.add_option("--recompute", a.recompute, "what the backward pass computes again")
      .type_name("KIND")
      .one_of({"none", "selective", "full"});
  command
      .add_option("--pruning", a.pruning,
                  "train the model pruned: tw/0.75/128, tvw/0.75/128, 2:4/0.5, bw/0.75/32, ew/0.9")
      .type_name("PATTERN/SPARSITY");
  command.add_flag("--zero1", a.zero1, "divide the optimizer's state among replicas");
  command.add_option("--plans", a.plans, "plans to show; default 10")
      .type_name("N")
      .between(1, 10000);
  command.add_flag("--json", a.json, "as JSON, for programs");
  command.footer(
      "Examples:\n"
      "  orrery plan bert__1.3B --gpus 16 --type a40 --gpus-per-node 2 --batch 128\n"
      "  orrery plan gpt3-175B --gpus 64 --type a100-80g --fabric '200 Gbit/s' --json\n"
      "  orrery plan BERT-base --gpus 1 --type cpu-mine --profile cpu-mine.yaml --batch 16\n\n"
      "Exit codes: 0 done, 1 no plan is feasible, 2 bad input.");
  command.callback([arguments] { plan(*arguments); });
}

}  // namespace orrery::app
