#include "sim/report/report_tables.hpp"

#include <numeric>

namespace orrery::report {

namespace {

using Figure = std::function<std::optional<double>(const ComparedRun&)>;
using Part = std::function<const std::optional<Distribution>&(const ComparedRun&)>;

Json estimate_json(const PolicyGroup& group, const Figure& figure) {
  const auto estimate = group.over_seeds(figure);
  if (!estimate) return nullptr;
  return Json::array(
      {estimate->mean, estimate->half_width ? Json(*estimate->half_width) : Json(nullptr)});
}

/// Mean, median, 95th and 99th percentile, in this order.
Json distribution_cells(const PolicyGroup& group, const Part& part) {
  Json cells = Json::array();
  for (const auto member :
       {&Distribution::mean, &Distribution::p50, &Distribution::p95, &Distribution::p99})
    cells.push_back(estimate_json(group, [&](const ComparedRun& run) -> std::optional<double> {
      const auto& distribution = part(run);
      if (!distribution) return std::nullopt;
      return (*distribution).*member;
    }));
  return cells;
}

Json times_cells(const PolicyGroup& group, JobTimes Summary::*times) {
  Json out;
  out["finished"] = distribution_cells(
      group, [=](const ComparedRun& run) -> const auto& { return (run.summary.*times).finished; });
  out["exhaustion"] = distribution_cells(
      group, [=](const ComparedRun& run) -> const auto& {
        return (run.summary.*times).exhaustion;
      });
  return out;
}

std::uint64_t sum(const PolicyGroup& group, std::uint64_t (*count)(const ComparedRun&)) {
  std::uint64_t total = 0;
  for (const ComparedRun* run : group.runs) total += count(*run);
  return total;
}

Json jobs_json(const PolicyGroup& group) {
  return {
      {"submitted", sum(group, [](const ComparedRun& r) { return r.summary.jobs.submitted; })},
      {"finished", sum(group, [](const ComparedRun& r) { return r.summary.jobs.finished; })},
      {"rejected", sum(group, [](const ComparedRun& r) { return r.summary.jobs.rejected; })},
      {"failed", sum(group, [](const ComparedRun& r) { return r.summary.jobs.failed; })},
      {"unfinished", sum(group, [](const ComparedRun& r) { return r.summary.jobs.unfinished; })}};
}

Json cost_json(const PolicyGroup& group) {
  const auto over = [&](double (*figure)(const Performance&)) {
    return estimate_json(group, [=](const ComparedRun& run) -> std::optional<double> {
      return figure(run.performance);
    });
  };
  Json out;
  out["decisions"] = sum(group, [](const ComparedRun& r) { return r.performance.decisions; });
  out["mean"] = over([](const Performance& p) { return p.decision_mean_seconds; });
  out["p50"] = over([](const Performance& p) { return p.decision_p50_seconds; });
  out["p99"] = over([](const Performance& p) { return p.decision_p99_seconds; });
  out["max"] = over([](const Performance& p) { return p.decision_max_seconds; });
  out["wall"] = over([](const Performance& p) { return p.wall_seconds; });
  out["memory"] = over([](const Performance& p) { return static_cast<double>(p.peak_rss_bytes); });
  return out;
}

}  // namespace

Json table_json(const PolicyGroup& group) {
  Json out;
  out["jobs"] = jobs_json(group);
  out["jct"] = times_cells(group, &Summary::jct);
  out["jct"]["common"] = distribution_cells(
      group, [](const ComparedRun& run) -> const auto& { return run.jct_common; });
  out["wait"] = times_cells(group, &Summary::wait);
  out["first_start_wait"] = times_cells(group, &Summary::first_start_wait);
  out["makespan"] =
      estimate_json(group, [](const ComparedRun& run) { return run.summary.makespan_seconds; });
  out["utilization"] =
      estimate_json(group, [](const ComparedRun& run) { return run.summary.gpu_utilization; });
  const auto throughput = [&](double Throughput::*part) {
    return estimate_json(group, [=](const ComparedRun& run) -> std::optional<double> {
      if (!run.summary.cluster_throughput) return std::nullopt;
      return (*run.summary.cluster_throughput).*part;
    });
  };
  out["throughput"] = Json::array({throughput(&Throughput::mean), throughput(&Throughput::peak)});
  out["restarts"] = sum(group, [](const ComparedRun& r) { return r.summary.restarts; });
  out["restart_gpu_seconds"] = estimate_json(group, [](const ComparedRun& run) {
    return std::optional<double>(run.summary.restart_gpu_seconds);
  });
  out["lost_work_gpu_seconds"] = estimate_json(group, [](const ComparedRun& run) {
    return std::optional<double>(run.summary.lost_work_gpu_seconds);
  });
  out["events"] = sum(group, [](const ComparedRun& r) { return r.summary.events; });
  out["cost"] = cost_json(group);
  return out;
}

}  // namespace orrery::report
