#include "models/profile/profile_difference.hpp"

#include <map>

namespace orrery::models {

namespace {

struct Fact {
  std::string key;
  ProfileValue value;
};

/// All that a profile says, a value a line.
class Facts {
 public:
  explicit Facts(const DeviceProfile& profile) {
    add("device", profile.device);
    add("device_name", profile.device_name);
    add("backend", profile.backend);
    add("hardware", profile.hardware);
    add_provenance(profile.provenance);
    for (const FittedCost& cost : profile.costs) add_cost(cost);
    add("raw.file", profile.raw.file);
    add("raw.sha256", profile.raw.sha256);
    add("raw.rows", static_cast<double>(profile.raw.rows));
  }

  const std::vector<Fact>& all() const { return facts_; }
  const ProfileValue* find(const std::string& key) const {
    const auto at = by_key_.find(key);
    return at == by_key_.end() ? nullptr : &facts_[at->second].value;
  }

 private:
  void add(std::string key, ProfileValue value) {
    by_key_.emplace(key, facts_.size());
    facts_.push_back({std::move(key), std::move(value)});
  }
  void add(const std::string& key, const NamedNumbers& numbers) {
    for (const auto& [name, value] : numbers) add(std::string(key).append(".").append(name), value);
  }
  void add(const std::string& key, const ErrorSpread& spread) {
    add(key + ".median", spread.median);
    add(key + ".p90", spread.p90);
    if (spread.n > 0) add(key + ".n", static_cast<double>(spread.n));
  }

  void add_provenance(const ProfileProvenance& provenance) {
    add("provenance.measured_by", provenance.measured_by == MeasuredBy::us ? "us" : "others");
    add("provenance.date", provenance.date);
    add("provenance.command", provenance.command);
    add("provenance.host", provenance.host);
    add("provenance.driver", provenance.driver);
    add("provenance.clocks", provenance.clocks);
    for (const auto& [name, version] : provenance.libraries)
      add("provenance.libraries." + name, version);
  }

  void add_cost(const FittedCost& cost) {
    const std::string at = "costs." + cost.kernel + "." + cost.variant + ".";
    add(at + "form", cost.form);
    add(at + "constants", cost.constants);
    add(at + "coefficients", cost.coefficients);
    add(at + "points", static_cast<double>(cost.points));
    add(at + "held_out", cost.held_out);
    if (cost.held_out_of_medians) add(at + "held_out_of_medians", *cost.held_out_of_medians);
    if (cost.repeats) add(at + "repeats", *cost.repeats);
    if (cost.neighbours) add(at + "neighbours", *cost.neighbours);
    if (cost.repeats_measured)
      add(at + "repeats_measured", static_cast<double>(*cost.repeats_measured));
    if (cost.repeats_set_aside)
      add(at + "repeats_set_aside", static_cast<double>(*cost.repeats_set_aside));
  }

  std::vector<Fact> facts_;
  std::map<std::string, std::size_t> by_key_;
};

}  // namespace

std::optional<double> ProfileDifference::change() const {
  if (!left || !right) return std::nullopt;
  const double* from = std::get_if<double>(&*left);
  const double* to = std::get_if<double>(&*right);
  if (from == nullptr || to == nullptr || *from == 0) return std::nullopt;
  return *to / *from - 1;
}

std::vector<ProfileDifference> profile_differences(const DeviceProfile& left,
                                                   const DeviceProfile& right) {
  const Facts ours(left);
  const Facts theirs(right);
  std::vector<ProfileDifference> differences;
  for (const Fact& fact : ours.all()) {
    const ProfileValue* other = theirs.find(fact.key);
    if (other == nullptr) {
      differences.push_back({fact.key, fact.value, std::nullopt});
    } else if (*other != fact.value) {
      differences.push_back({fact.key, fact.value, *other});
    }
  }
  for (const Fact& fact : theirs.all()) {
    if (ours.find(fact.key) == nullptr) differences.push_back({fact.key, std::nullopt, fact.value});
  }
  return differences;
}

}  // namespace orrery::models
