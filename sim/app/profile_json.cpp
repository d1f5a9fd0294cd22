// A profile as JSON, its numbers as they are in the file.
#include <nlohmann/json.hpp>

#include "models/profile/profile_warnings.hpp"
#include "sim/app/profile_text.hpp"

namespace orrery::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kProfileSchemaVersion = 1;

template <class Named>
Json named_json(const Named& named) {
  Json out = Json::object();
  for (const auto& [name, value] : named) out[name] = value;
  return out;
}

Json spread_json(const std::optional<models::ErrorSpread>& spread) {
  if (!spread) return nullptr;
  return {{"median", spread->median}, {"p90", spread->p90}};
}

Json count_json(const std::optional<std::size_t>& count) {
  return count ? Json(*count) : Json(nullptr);
}

Json cost_json(const models::FittedCost& cost) {
  return {{"kernel", cost.kernel},
          {"variant", cost.variant},
          {"form", cost.form},
          {"constants", named_json(cost.constants)},
          {"coefficients", named_json(cost.coefficients)},
          {"points", cost.points},
          {"held_out", spread_json(cost.held_out)},
          {"held_out_of_medians", spread_json(cost.held_out_of_medians)},
          {"repeats", spread_json(cost.repeats)},
          {"neighbours", spread_json(cost.neighbours)},
          {"repeats_measured", count_json(cost.repeats_measured)},
          {"repeats_set_aside", count_json(cost.repeats_set_aside)}};
}

Json provenance_json(const models::ProfileProvenance& from) {
  return {{"measured_by", from.measured_by == models::MeasuredBy::us ? "us" : "others"},
          {"date", from.date},
          {"command", from.command},
          {"host", from.host},
          {"driver", from.driver},
          {"clocks", from.clocks},
          {"libraries", named_json(from.libraries)}};
}

}  // namespace

std::string profile_json(const models::ProfileFile& file) {
  const models::DeviceProfile& p = file.profile;
  Json out = {{"schema_version", kProfileSchemaVersion},
              {"path", file.path},
              {"sha256", file.sha256},
              {"device", p.device},
              {"device_name", p.device_name},
              {"backend", p.backend},
              {"hardware", named_json(p.hardware)},
              {"provenance", provenance_json(p.provenance)},
              {"costs", Json::array()},
              {"raw", {{"file", p.raw.file}, {"sha256", p.raw.sha256}, {"rows", p.raw.rows}}},
              {"warnings", models::profile_warnings(p)}};
  for (const auto& cost : p.costs) out["costs"].push_back(cost_json(cost));
  return out.dump(2) + "\n";
}

}  // namespace orrery::app
