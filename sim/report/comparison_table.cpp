// The table of a comparison for the terminal.
#include <fmt/format.h>

#include <algorithm>

#include "sim/report/comparison.hpp"
#include "sim/report/human_time.hpp"
#include "sim/report/policy_group.hpp"

namespace orrery::report {

namespace {

using Row = std::vector<std::string>;
using Figure = std::optional<double> (*)(const ComparedRun&);

std::optional<double> mean_jct(const ComparedRun& run) {
  if (run.jct_common) return run.jct_common->mean;
  return std::nullopt;
}

std::string with_interval(const std::optional<Estimate>& estimate,
                          const std::function<std::string(double)>& text) {
  if (!estimate) return "-";
  if (!estimate->half_width) return text(estimate->mean);
  return fmt::format("{} ± {}", text(estimate->mean), text(*estimate->half_width));
}

std::string time_cell(const PolicyGroup& group, Figure figure) {
  return with_interval(group.over_seeds(figure), short_duration_text);
}

/// A count, summed over seeds.
std::string count_cell(const PolicyGroup& group, std::uint64_t (*count)(const ComparedRun&)) {
  std::uint64_t sum = 0;
  for (const ComparedRun* run : group.runs) sum += count(*run);
  return std::to_string(sum);
}

std::string speedup_cell(const PolicyGroup& group, const PolicyGroup& baseline) {
  const auto own = group.over_seeds(mean_jct);
  const auto other = baseline.over_seeds(mean_jct);
  if (!own || !other || own->mean <= 0) return "-";
  return fmt::format("{:.2f}x", other->mean / own->mean);
}

Row row_of(const PolicyGroup& group, const PolicyGroup& baseline) {
  return {
      group.policy,
      count_cell(group, [](const ComparedRun& run) { return run.summary.jobs.submitted; }),
      count_cell(group, [](const ComparedRun& run) { return run.summary.jobs.finished; }),
      count_cell(group, [](const ComparedRun& run) { return run.summary.jobs.unfinished; }),
      time_cell(group, mean_jct),
      speedup_cell(group, baseline),
      time_cell(group,
                [](const ComparedRun& run) -> std::optional<double> {
                  if (run.jct_common) return run.jct_common->p50;
                  return std::nullopt;
                }),
      time_cell(group,
                [](const ComparedRun& run) -> std::optional<double> {
                  if (run.jct_common) return run.jct_common->p95;
                  return std::nullopt;
                }),
      time_cell(group,
                [](const ComparedRun& run) -> std::optional<double> {
                  if (run.jct_common) return run.jct_common->p99;
                  return std::nullopt;
                }),
      time_cell(group,
                [](const ComparedRun& run) -> std::optional<double> {
                  if (run.summary.wait.finished) return run.summary.wait.finished->mean;
                  return std::nullopt;
                }),
      time_cell(group, [](const ComparedRun& run) { return run.summary.makespan_seconds; }),
      with_interval(
          group.over_seeds([](const ComparedRun& run) { return run.summary.gpu_utilization; }),
          [](double share) { return fmt::format("{:.1f} %", share * 100); }),
      count_cell(group, [](const ComparedRun& run) { return run.summary.restarts; }),
  };
}

/// Characters, not bytes: `±` is one.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const Row& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], width(row[c]));
  std::string out;
  for (const Row& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string padding(widths[c] - width(row[c]), ' ');
      if (c > 0) out += "  ";
      out += c == 0 ? row[c] + padding : padding + row[c];
    }
    out += '\n';
  }
  return out;
}

std::string table_of(const std::vector<PolicyGroup>& groups) {
  std::vector<Row> rows;
  rows.push_back({"policy", "jobs", "finished", "unfinished", "JCT mean",
                  "speedup over " + groups.front().policy, "JCT p50", "JCT p95", "JCT p99",
                  "wait mean", "makespan", "GPU use", "restarts"});
  for (const PolicyGroup& group : groups) rows.push_back(row_of(group, groups.front()));
  return aligned(rows);
}

}  // namespace

std::string to_table(const Comparison& comparison) {
  std::string out;
  bool several_seeds = false;
  for (const std::vector<PolicyGroup>& groups : by_sweep(policy_groups(comparison))) {
    if (!out.empty()) out += '\n';
    if (!groups.front().sweep.empty()) out += groups.front().sweep + "\n";
    out += table_of(groups);
    for (const PolicyGroup& group : groups) several_seeds |= group.runs.size() > 1;
  }
  if (!out.empty())
    out +=
        "\nJCT: job completion time of the jobs that every policy finished; wait: all time "
        "pending, of the finished jobs.\n";
  if (several_seeds)
    out += "±: 95 % confidence interval of the mean over seeds; counts are sums over seeds.\n";
  for (const std::string& failure : comparison.failed) out += "failed: " + failure + "\n";
  return out;
}

}  // namespace orrery::report
