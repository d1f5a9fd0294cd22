#include "sim/worlds/training/records/basis_json.hpp"

namespace orrery::report {

namespace {

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json error_json(const std::optional<ErrorFigures>& error) {
  if (!error) return nullptr;
  return {{"median", error->median}, {"p90", error->p90}};
}

std::optional<ErrorFigures> error_from(const JsonFields& fields, std::string_view key) {
  const auto error = fields.optional_object(key);
  if (!error) return std::nullopt;
  return ErrorFigures{error->number("median"), error->number("p90")};
}

}  // namespace

Json devices_json(const std::vector<DeviceBasis>& devices) {
  Json out = Json::array();
  for (const DeviceBasis& d : devices)
    out.push_back({{"type", d.type},
                   {"calibrated", d.calibrated},
                   {"rests_on", d.rests_on},
                   {"profile", d.profile},
                   {"profile_sha256", d.profile_sha256},
                   {"from_profile", d.from_profile},
                   {"from_data_sheets", d.from_data_sheets},
                   {"held_out_error", error_json(d.held_out_error)}});
  return out;
}

Json pruned_json(const std::vector<PrunedBasis>& pruned) {
  Json out = Json::array();
  for (const PrunedBasis& p : pruned)
    out.push_back({{"model", p.model},
                   {"pruning", p.pruning},
                   {"batch_samples", p.batch_samples},
                   {"type", p.type},
                   {"gpus", p.gpus},
                   {"dense_iteration_seconds", or_null(p.dense_iteration_seconds)},
                   {"pruned_iteration_seconds", or_null(p.pruned_iteration_seconds)},
                   {"rests_on", p.rests_on}});
  return out;
}

std::vector<DeviceBasis> devices_from(const JsonFields& fields, std::string_view key) {
  std::vector<DeviceBasis> out;
  for (const JsonFields& d : fields.optional_objects(key))
    out.push_back({d.text("type"), d.flag("calibrated"), d.text("rests_on"), d.text("profile"),
                   d.text("profile_sha256"), d.text("from_profile"), d.text("from_data_sheets"),
                   error_from(d, "held_out_error")});
  return out;
}

std::vector<PrunedBasis> pruned_from(const JsonFields& fields, std::string_view key) {
  std::vector<PrunedBasis> out;
  for (const JsonFields& p : fields.optional_objects(key))
    out.push_back({p.text("model"), p.text("pruning"),
                   static_cast<std::int64_t>(p.count("batch_samples")), p.text("type"),
                   static_cast<std::int32_t>(p.count("gpus")),
                   p.optional_number("dense_iteration_seconds"),
                   p.optional_number("pruned_iteration_seconds"), p.text("rests_on")});
  return out;
}

}  // namespace orrery::report
