#include <cmath>

#include "models/base/error.hpp"
#include "models/profile/profile_document.hpp"

// Writing: the same keys in the same order as they are declared for reading.

namespace orrery::models {

using base::Node;

namespace {

/// A mapping that knows its path, so that a number no document can hold is named.
class Mapping {
 public:
  explicit Mapping(std::string path = "") : path_(std::move(path)) {
    node_.kind = Node::Kind::mapping;
  }

  Mapping& text(std::string_view key, const std::string& value) {
    Node node = base::scalar_node(value);
    node.quoted = true;
    return add(key, std::move(node));
  }
  Mapping& number(std::string_view key, double value) {
    if (!std::isfinite(value)) {
      throw base::Error({"", 0, 0, path_of(key)},
                        std::string("found ") + (std::isnan(value) ? "nan" : "an infinite number") +
                            ", expected a finite number");
    }
    return add(key, base::number_node(value));
  }
  Mapping& whole(std::string_view key, std::size_t value) {
    return add(key, base::scalar_node(std::to_string(value)));
  }
  Mapping& numbers(std::string_view key, const NamedNumbers& values) {
    Mapping below(path_of(key));
    for (const auto& [name, value] : values) below.number(name, value);
    return add(key, below.take());
  }
  Mapping& texts(std::string_view key, const NamedTexts& values) {
    Mapping below(path_of(key));
    for (const auto& [name, value] : values) below.text(name, value);
    return add(key, below.take());
  }
  Mapping& spread(std::string_view key, const ErrorSpread& value) {
    Mapping below(path_of(key));
    below.number("median", value.median).number("p90", value.p90);
    if (value.n > 0) below.whole("n", value.n);
    return add(key, below.take());
  }
  Mapping& add(std::string_view key, Node value) {
    node_.entries.push_back({std::string(key), {}, std::move(value)});
    return *this;
  }

  Node take() { return std::move(node_); }

 private:
  std::string path_of(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
  }

  std::string path_;
  Node node_;
};

Node provenance_node(const ProfileProvenance& provenance) {
  Mapping out("provenance");
  out.text("measured_by", provenance.measured_by == MeasuredBy::us ? "us" : "others")
      .text("date", provenance.date)
      .text("command", provenance.command)
      .text("host", provenance.host)
      .text("driver", provenance.driver)
      .text("clocks", provenance.clocks)
      .texts("libraries", provenance.libraries);
  return out.take();
}

Node cost_node(const FittedCost& cost, const std::string& path) {
  Mapping out(path);
  out.text("kernel", cost.kernel)
      .text("variant", cost.variant)
      .text("form", cost.form)
      .numbers("constants", cost.constants)
      .numbers("coefficients", cost.coefficients)
      .whole("points", cost.points)
      .spread("held_out", cost.held_out);
  if (cost.held_out_of_medians) out.spread("held_out_of_medians", *cost.held_out_of_medians);
  if (cost.repeats) out.spread("repeats", *cost.repeats);
  if (cost.neighbours) out.spread("neighbours", *cost.neighbours);
  if (cost.repeats_measured) out.whole("repeats_measured", *cost.repeats_measured);
  if (cost.repeats_set_aside) out.whole("repeats_set_aside", *cost.repeats_set_aside);
  return out.take();
}

}  // namespace

Node document_of_profile(const DeviceProfile& profile) {
  Node costs;
  costs.kind = Node::Kind::sequence;
  for (const FittedCost& cost : profile.costs) {
    costs.items.push_back(cost_node(cost, "costs[" + std::to_string(costs.items.size()) + "]"));
  }
  Mapping raw("raw");
  raw.text("file", profile.raw.file).text("sha256", profile.raw.sha256);
  raw.whole("rows", profile.raw.rows);

  Mapping out;
  out.whole("schema_version", DeviceProfile::kSchemaVersion)
      .text("device", profile.device)
      .text("device_name", profile.device_name)
      .text("backend", profile.backend)
      .numbers("hardware", profile.hardware)
      .add("provenance", provenance_node(profile.provenance))
      .add("costs", std::move(costs))
      .add("raw", raw.take());
  return out.take();
}

}  // namespace orrery::models
