#include "sim/app/trace_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "workloads/workload_statistics.hpp"

namespace orrery::app {

namespace {

constexpr std::size_t kMostNames = 20;

/// `12 jobs 3.5 GPU hours`; without the hours where no job's length is known.
std::string amount(std::uint64_t jobs, double gpu_hours, bool known) {
  const std::string text = fmt::format("{:>9} jobs", jobs);
  return known ? text + fmt::format(" {:>14.1f} GPU hours", gpu_hours) : text;
}

void append_names(std::string& out, const char* heading,
                  const std::vector<workloads::NameCount>& counts, bool known) {
  if (counts.empty()) return;
  out += fmt::format("{}\n", heading);
  for (std::size_t i = 0; i < std::min(counts.size(), kMostNames); ++i) {
    out += fmt::format("  {:<20} {}\n", counts[i].name,
                       amount(counts[i].jobs, counts[i].gpu_hours, known));
  }
  if (counts.size() > kMostNames) out += fmt::format("  and {} more\n", counts.size() - kMostNames);
}

void append_lengths(std::string& out, const workloads::WorkloadStatistics& s) {
  if (s.jobs_with_iterations > 0) {
    const workloads::Quantiles& n = s.iterations;
    out += fmt::format("iterations       mean {:.1f}, median {:.1f}, p95 {:.1f}, max {:.0f}\n",
                       n.mean, n.p50, n.p95, n.max);
  }
  if (s.jobs_without_duration > 0) {
    out += fmt::format("duration         follows from an experiment's 'throughput' for {} jobs\n",
                       s.jobs_without_duration);
    if (s.jobs_without_duration == s.jobs) return;
  }
  const workloads::Quantiles& d = s.duration_seconds;
  out +=
      fmt::format("duration         mean {:.1f} s, median {:.1f} s, p95 {:.1f} s, max {:.1f} s\n",
                  d.mean, d.p50, d.p95, d.max);
  out += fmt::format("work             {:.1f} GPU hours", s.gpu_hours);
  if (s.mean_gpu_demand > 0)
    out += fmt::format("; {:.1f} of them an hour came in while jobs were submitted",
                       s.mean_gpu_demand);
  out += '\n';
}

void append_left_out(std::string& out, const workloads::LeftOutCounts& counts) {
  if (counts.rows() == 0) return;
  out += fmt::format("rows left out    {}\n", counts.rows());
  for (const workloads::LeftOutName& name : workloads::left_out_names()) {
    const auto& count = counts.of(name.reason);
    if (count.rows == 0) continue;
    out += fmt::format("  {} {}", count.rows, name.words);
    if (name.held_gpus) out += fmt::format(", {:.1f} GPU hours", count.gpu_hours);
    out += '\n';
  }
}

}  // namespace

std::string trace_text(const std::string& format, const workloads::TrainingWorkload& workload) {
  const workloads::WorkloadStatistics s = workloads::statistics(workload);
  std::string out = fmt::format("{} ({})\n", workload.source, format);
  out += fmt::format("jobs             {}\n", s.jobs);
  if (s.skipped_rows > 0) out += fmt::format("bad rows skipped {}\n", s.skipped_rows);
  append_left_out(out, s.left_out);
  out += fmt::format("submitted        {:.0f} s to {:.0f} s, {:.1f} days\n", s.first_submit_seconds,
                     s.last_submit_seconds, s.span_seconds() / 86400);
  append_lengths(out, s);
  if (s.fractional_jobs > 0) out += fmt::format("shares of a GPU  {} jobs\n", s.fractional_jobs);
  if (s.held_back_jobs > 0)
    out +=
        fmt::format("held back        {} jobs, each until another has ended\n", s.held_back_jobs);
  if (s.jobs_with_deadline > 0)
    out += fmt::format("deadlines        {} jobs\n", s.jobs_with_deadline);
  const bool known = s.jobs_without_duration < s.jobs;
  out += "by GPUs\n";
  for (const workloads::GpuCount& count : s.gpu_counts) {
    out += fmt::format("  {:<20} {}\n", count.gpus, amount(count.jobs, count.gpu_hours, known));
  }
  append_names(out, "by virtual cluster", s.virtual_clusters, known);
  append_names(out, "by GPU type asked for", s.gpu_types, known);
  append_names(out, "by model", s.models, known);
  for (const std::string& note : workload.notes) out += "note: " + note + "\n";
  return out;
}

}  // namespace orrery::app
