#include "sim/app/plan_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/base/quantity.hpp"

namespace orrery::app {

namespace {

constexpr double kGiB = 1024.0 * 1024 * 1024;

double usable_bytes(const models::DeviceCosts& device) {
  return device.usable_memory_fraction * device.memory_bytes;
}

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

/// `4 nodes x 2 a40`.
std::string allocation(const PlanAnswer& answer) {
  return fmt::format("{} x {} {}",
                     counted(static_cast<std::size_t>(answer.locality.nodes), "node", "nodes"),
                     answer.locality.gpus_per_node, answer.type);
}

/// Why plans were left out, and how many; empty where none was.
std::string left_out(const PlanAnswer& answer) {
  const models::InfeasiblePlans& out = answer.estimate.infeasible;
  std::string text;
  if (out.out_of_memory > 0)
    text += fmt::format("{} out of memory (the nearest to fitting needs {:.1f} of {:.1f} GiB)",
                        counted(static_cast<std::size_t>(out.out_of_memory), "plan", "plans"),
                        out.least_memory_bytes / kGiB, usable_bytes(answer.device) / kGiB);
  if (out.batch_too_small > 0) {
    text += text.empty() ? "" : ", ";
    text += counted(static_cast<std::size_t>(out.batch_too_small), "shape", "shapes") +
            " of a stage with more replicas than samples in a micro-batch";
  }
  return text;
}

std::string plan_heading(const PlanAnswer& answer) {
  const models::ParallelPlan& plan = answer.estimate.plans.front().plan;
  return fmt::format(
      "{}, batch {}, on {}{}: {}, recompute {}{}, {}\n", answer.model->name, answer.global_batch,
      allocation(answer), answer.locality_assumed ? " (assumed; --gpus-per-node)" : "",
      counted(static_cast<std::size_t>(plan.micro_batches), "micro-batch", "micro-batches"),
      to_string(plan.recompute), plan.zero1 ? ", ZeRO-1" : "", to_string(plan.schedule));
}

std::string table(const PlanAnswer& answer, std::size_t shown) {
  std::string out = fmt::format("{:>11} {:>10} {:>10} {:>8} {:>6} {:>6} {:>6} {:>6} {:>6}  {}\n",
                                "iteration", "samples/s", "memory", "compute", "intra", "inter",
                                "sync", "bubble", "other", "plan");
  for (std::size_t i = 0; i < shown; ++i) {
    const models::PlanEstimate& e = answer.estimate.plans[i];
    const models::TimeBreakdown& t = e.time;
    const auto share = [&](double seconds) { return 100 * seconds / t.total_seconds; };
    out += fmt::format(
        "{:>9.3f} s {:>10.2f} {:>6.1f} GiB {:>6.1f} % {:>4.1f} % {:>4.1f} % {:>4.1f} % {:>4.1f} % "
        "{:>4.1f} %  {}{}\n",
        t.total_seconds, answer.global_batch / t.total_seconds, e.peak_memory_bytes / kGiB,
        share(t.compute_seconds), share(t.intra_stage_seconds), share(t.inter_stage_seconds),
        share(t.sync_seconds), share(t.bubble_seconds), share(t.overhead_seconds),
        to_string(e.plan), e.proxy ? " *" : "");
  }
  return out;
}

/// The best plan, stage by stage.
std::string stages(const models::PlanEstimate& best) {
  std::string out = fmt::format(
      "\nbest plan, stage by stage\n{:>7} {:>9} {:>5} {:>4} {:>4} {:>11} "
      "{:>11} {:>11} {:>11} {:>11}\n",
      "stage", "layers", "GPUs", "dp", "tp", "weights", "gradients", "optimizer", "activations",
      "working");
  for (std::size_t i = 0; i < best.plan.stages.size(); ++i) {
    const models::StagePlan& s = best.plan.stages[i];
    const models::StageMemory& m = best.memory[i];
    out += fmt::format("{:>7} {:>9} {:>5} {:>4} {:>4}", i,
                       fmt::format("{}-{}", s.first_layer, s.first_layer + s.layers - 1), s.gpus(),
                       s.dp, s.tp);
    for (const double bytes : {m.weights_bytes, m.gradients_bytes, m.optimizer_bytes,
                               m.activations_bytes, m.temporary_bytes})
      out += fmt::format(" {:>7.2f} GiB", bytes / kGiB);
    out += "\n";
  }
  return out;
}

std::string rate(double bytes_per_second) {
  return fmt::format("{:.1f} GB/s", bytes_per_second / 1e9);
}

/// What pruning changed, and what that rests on; nothing of a dense model.
std::string pruning(const PlanAnswer& answer) {
  if (!answer.model->pruning) return "";
  const double pruned = answer.estimate.plans.front().time.total_seconds;
  const models::ProductPrices* products = answer.device.products.get();
  const bool measured = products != nullptr && products->measured();
  return fmt::format("pruned  {}: {:.3f} of the dense model's {}; products {}\n",
                     to_text(*answer.model->pruning), pruned / answer.dense_iteration_seconds,
                     std::isinf(answer.dense_iteration_seconds)
                         ? "iteration, of which no plan is feasible"
                         : fmt::format("{:.3f} s", answer.dense_iteration_seconds),
                     measured ? answer.device.profile->pruned_measured
                                    ? "by the profile"
                                    : "by the profile's dense ones and usual losses"
                              : "uncalibrated, by the data sheet");
}

std::string profile(const models::DeviceCosts& device) {
  if (!device.profile) return "";
  const models::ProfileUse& use = *device.profile;
  std::string text = fmt::format("profile {}, sha256 {}, measured by {}", use.file, use.sha256,
                                 use.measured_by == models::MeasuredBy::us ? "us" : "others");
  if (use.reduction)
    text += fmt::format("; layers of which only sums are known: {:.1f} % median from it",
                        100 * use.reduction->median);
  return text + "\n";
}

std::string basis(const PlanAnswer& answer) {
  const models::DeviceCosts& d = answer.device;
  return fmt::format(
             "\nmodel   {} ({})\ndevice  {}: {}{}\nlinks   {} in a node, {} across nodes; "
             "collectives "
             "{}\n",
             answer.model->source, to_string(answer.model->provenance), answer.type,
             d.calibrated ? "" : "uncalibrated, ", d.source, rate(d.in_node.bytes_per_second),
             rate(d.across_nodes.bytes_per_second),
             d.measured != nullptr ? "measured where the table has them"
                                   : "by these rates (alpha-beta)") +
         profile(d) + pruning(answer);
}

}  // namespace

std::string plan_text(const PlanAnswer& answer, std::size_t most) {
  const models::CellEstimate& found = answer.estimate;
  const std::size_t shown = std::min(most, found.plans.size());
  std::string out = plan_heading(answer) + table(answer, shown);
  out += fmt::format("{} of {} shown", shown,
                     counted(found.feasible_plans, "feasible plan", "feasible plans"));
  const std::string reasons = left_out(answer);
  if (!reasons.empty()) out += "; left out: " + reasons;
  out += "\n* the proxy plan of its number of stages (Crius)\n";
  return out + stages(found.plans.front()) + basis(answer);
}

std::string why_infeasible(const PlanAnswer& answer) {
  const std::string sentence =
      fmt::format("no plan of {} with batch {} is feasible on {}", answer.model->name,
                  answer.global_batch, allocation(answer));
  const std::string reasons = left_out(answer);
  return reasons.empty() ? sentence : sentence + ": " + reasons;
}

}  // namespace orrery::app
