#include "sim/worlds/training/records/summary.hpp"

#include <fmt/format.h>

#include "models/base/error.hpp"
#include "sim/worlds/training/records/basis_json.hpp"
#include "sim/worlds/training/records/summary_json.hpp"

namespace orrery::report {

std::string json_text(const Json& object) {
  // Texts come from traces and file names: bytes that are no UTF-8 must not end the run.
  return object.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json distribution_json(const std::optional<Distribution>& distribution) {
  if (!distribution) return nullptr;
  return {{"mean", distribution->mean},
          {"p50", distribution->p50},
          {"p95", distribution->p95},
          {"p99", distribution->p99}};
}

std::optional<Distribution> distribution_from(const JsonFields& fields, std::string_view key) {
  const auto object = fields.optional_object(key);
  if (!object) return std::nullopt;
  return Distribution{object->number("mean"), object->number("p50"), object->number("p95"),
                      object->number("p99")};
}

namespace {

Json times_json(const JobTimes& times) {
  return {{"finished", distribution_json(times.finished)},
          {"exhaustion", distribution_json(times.exhaustion)}};
}

JobTimes times_from(const JsonFields& fields, std::string_view key) {
  const JsonFields times = fields.object(key);
  return {distribution_from(times, "finished"), distribution_from(times, "exhaustion")};
}

Json optional_json(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

JobCounts counts_from(const JsonFields& jobs) {
  return {jobs.count("submitted"), jobs.count("finished"), jobs.count("rejected"),
          jobs.count("failed"), jobs.count("unfinished")};
}

std::optional<Throughput> throughput_from(const JsonFields& fields) {
  const JsonFields throughput = fields.object("cluster_throughput");
  const auto mean = throughput.optional_number("mean");
  const auto peak = throughput.optional_number("peak");
  if (!mean || !peak) return std::nullopt;
  return Throughput{*mean, *peak};
}

std::optional<ThroughputOrigins> origins_from(const JsonFields& fields) {
  const auto origins = fields.optional_object("throughput");
  if (!origins) return std::nullopt;
  return ThroughputOrigins{origins->count("measured"), origins->count("derived"),
                           origins->count("estimated")};
}

}  // namespace

std::string to_text(const ThroughputOrigins& origins) {
  return fmt::format("{} measured, {} derived, {} estimated", origins.measured, origins.derived,
                     origins.estimated);
}

void put_summary(Json& object, const Summary& s) {
  object["run_id"] = s.run_id;
  object["name"] = s.name;
  object["policy"] = s.policy;
  object["seed"] = s.seed;
  object["jobs"] = {{"submitted", s.jobs.submitted},
                    {"finished", s.jobs.finished},
                    {"rejected", s.jobs.rejected},
                    {"failed", s.jobs.failed},
                    {"unfinished", s.jobs.unfinished}};
  object["jct_seconds"] = times_json(s.jct);
  object["wait_seconds"] = times_json(s.wait);
  object["first_start_wait_seconds"] = times_json(s.first_start_wait);
  object["makespan_seconds"] = optional_json(s.makespan_seconds);
  object["gpu_utilization"] = optional_json(s.gpu_utilization);
  Json& throughput = object["cluster_throughput"];
  throughput["mean"] = s.cluster_throughput ? Json(s.cluster_throughput->mean) : Json(nullptr);
  throughput["peak"] = s.cluster_throughput ? Json(s.cluster_throughput->peak) : Json(nullptr);
  if (s.sharing)
    object["sharing"] = {{"jobs", s.sharing->jobs},
                         {"mean_slowdown", s.sharing->mean_slowdown},
                         {"worst_slowdown", s.sharing->worst_slowdown},
                         {"speed_changes", s.sharing->speed_changes}};
  object["restarts"] = s.restarts;
  object["events"] = s.events;
  object["restart_gpu_seconds"] = s.restart_gpu_seconds;
  object["lost_work_gpu_seconds"] = s.lost_work_gpu_seconds;
  object["simulated_seconds"] = s.simulated_seconds;
  object["horizon_cut"] = s.horizon_cut;
  object["skipped_rows"] = s.skipped_rows;
  object["excluded_rows"] = s.excluded_rows;
  object["notes"] = s.notes;
  if (s.throughput)
    object["throughput"] = {{"measured", s.throughput->measured},
                            {"derived", s.throughput->derived},
                            {"estimated", s.throughput->estimated}};
  if (!s.devices.empty()) object["devices"] = devices_json(s.devices);
  if (!s.pruned.empty()) object["pruned"] = pruned_json(s.pruned);
}

Summary summary_from(const JsonFields& fields) {
  Summary s;
  s.run_id = fields.text("run_id");
  s.name = fields.text("name");
  s.policy = fields.text("policy");
  s.seed = fields.count("seed");
  s.jobs = counts_from(fields.object("jobs"));
  s.jct = times_from(fields, "jct_seconds");
  s.wait = times_from(fields, "wait_seconds");
  s.first_start_wait = times_from(fields, "first_start_wait_seconds");
  s.makespan_seconds = fields.optional_number("makespan_seconds");
  s.gpu_utilization = fields.optional_number("gpu_utilization");
  s.cluster_throughput = throughput_from(fields);
  if (const auto sharing = fields.optional_object("sharing"))
    s.sharing = SharingSummary{sharing->count("jobs"), sharing->number("mean_slowdown"),
                               sharing->number("worst_slowdown"), sharing->count("speed_changes")};
  s.restarts = fields.count("restarts");
  s.events = fields.count("events");
  s.restart_gpu_seconds = fields.number("restart_gpu_seconds");
  s.lost_work_gpu_seconds = fields.number("lost_work_gpu_seconds");
  s.simulated_seconds = fields.number("simulated_seconds");
  s.horizon_cut = fields.flag("horizon_cut");
  s.skipped_rows = fields.count("skipped_rows");
  s.excluded_rows = fields.count("excluded_rows");
  s.notes = fields.texts("notes");
  s.throughput = origins_from(fields);
  s.devices = devices_from(fields, "devices");
  s.pruned = pruned_from(fields, "pruned");
  return s;
}

std::string to_json(const Summary& summary) {
  Json object;
  object["schema_version"] = Summary::kSchemaVersion;
  put_summary(object, summary);
  return json_text(object);
}

Summary read_summary(const std::string& path) {
  const Json object = load_json_object(path);
  const JsonFields fields(object, path);
  fields.check_version(Summary::kSchemaVersion);
  return summary_from(fields);
}

}  // namespace orrery::report
