#include "sim/report/performance.hpp"

#include "sim/worlds/training/records/summary_json.hpp"

namespace orrery::report {

void put_performance(Json& object, const Performance& p) {
  object["wall_seconds"] = p.wall_seconds;
  object["peak_rss_bytes"] = p.peak_rss_bytes;
  object["decision_seconds"] = {{"count", p.decisions},
                                {"mean", p.decision_mean_seconds},
                                {"p50", p.decision_p50_seconds},
                                {"p99", p.decision_p99_seconds},
                                {"max", p.decision_max_seconds}};
}

Performance performance_from(const JsonFields& fields) {
  Performance p;
  p.wall_seconds = fields.number("wall_seconds");
  p.peak_rss_bytes = fields.count("peak_rss_bytes");
  const JsonFields decisions = fields.object("decision_seconds");
  p.decisions = decisions.count("count");
  p.decision_mean_seconds = decisions.number("mean");
  p.decision_p50_seconds = decisions.number("p50");
  p.decision_p99_seconds = decisions.number("p99");
  p.decision_max_seconds = decisions.number("max");
  return p;
}

std::string to_json(const Performance& performance) {
  Json object;
  object["schema_version"] = Performance::kSchemaVersion;
  put_performance(object, performance);
  return json_text(object);
}

Performance read_performance(const std::string& path) {
  const Json object = load_json_object(path);
  const JsonFields fields(object, path);
  fields.check_version(Performance::kSchemaVersion);
  return performance_from(fields);
}

}  // namespace orrery::report
