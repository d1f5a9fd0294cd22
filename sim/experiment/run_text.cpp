#include <fmt/format.h>

#include "models/base/numbers.hpp"
#include "sim/experiment/run.hpp"

namespace orrery::experiment {

namespace {

std::string seconds_text(double seconds) {
  return fmt::format("{:.2f} s", seconds);
}

void append_distribution(std::string& out, const char* name,
                         const std::optional<report::Distribution>& distribution) {
  if (!distribution) return;
  out += fmt::format("  {:<22} mean {}, median {}, p95 {}, p99 {}\n", name,
                     seconds_text(distribution->mean), seconds_text(distribution->p50),
                     seconds_text(distribution->p95), seconds_text(distribution->p99));
}

void append_line(std::string& out, const char* name, const std::string& value) {
  out += fmt::format("  {:<22} {}\n", name, value);
}

std::string jobs_text(const report::JobCounts& jobs) {
  std::string text = fmt::format("{} submitted, {} finished", jobs.submitted, jobs.finished);
  if (jobs.rejected > 0) text += fmt::format(", {} rejected", jobs.rejected);
  if (jobs.failed > 0) text += fmt::format(", {} failed", jobs.failed);
  if (jobs.unfinished > 0) text += fmt::format(", {} unfinished", jobs.unfinished);
  return text;
}

}  // namespace

std::string to_text(const RunResult& result) {
  const report::Summary& s = result.summary;
  std::string out =
      fmt::format("{}: policy {}, seed {}, run {}\n", s.name, s.policy, s.seed, s.run_id);
  append_line(out, "jobs", jobs_text(s.jobs));
  if (s.skipped_rows > 0) append_line(out, "bad rows skipped", std::to_string(s.skipped_rows));
  append_distribution(out, "job completion time", s.jct.finished);
  append_distribution(out, "wait", s.wait.finished);
  if (s.makespan_seconds) append_line(out, "makespan", seconds_text(*s.makespan_seconds));
  if (s.gpu_utilization)
    append_line(out, "GPU utilization", fmt::format("{:.2f} %", *s.gpu_utilization * 100));
  if (s.restarts > 0) append_line(out, "restarts", std::to_string(s.restarts));
  if (s.throughput) append_line(out, "starts at a speed", report::to_text(*s.throughput));
  if (s.horizon_cut)
    append_line(out, "cut at", "second " + base::format_shortest(s.simulated_seconds));
  append_line(out, "took",
              fmt::format("{:.2f} s for {} events", result.performance.wall_seconds, s.events));
  append_line(out, "results", result.out);
  return out;
}

}  // namespace orrery::experiment
