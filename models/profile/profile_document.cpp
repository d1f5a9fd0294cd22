#include "models/profile/profile_document.hpp"

#include <algorithm>
#include <set>

#include "models/base/parameters.hpp"

// Reading. Every key is declared once, beside its struct, as the keys of an experiment are.

namespace orrery::base {

/// Found by its argument, and therefore in the namespace of Spread.
static Declaration<Spread> declare(const Spread*) {
  Declaration<Spread> d("A median and a 90th percentile.");
  d.number("median", &Spread::median, Dimension::none, "as a fraction").at_least(0).required();
  d.number("p90", &Spread::p90, Dimension::none, "as a fraction").at_least(0).required();
  d.integer("n", &Spread::n, "of how many errors; 0: not said").at_least(0);
  return d;
}

}  // namespace orrery::base

namespace orrery::models {

using base::Declaration;
using base::Error;
using base::Node;

namespace {

bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

/// A text with something in it.
std::string read_filled(const Node& node) {
  std::string text = base::detail::read_text(node);
  if (text.empty()) base::detail::fail(node, "expected a text, found an empty one");
  return text;
}

/// A kernel or a variant: one word, since both stand in paths of keys (profile_difference.hpp).
std::string read_word(const Node& node) {
  std::string text = read_filled(node);
  const auto fits = [](char c) { return is_name_letter(c) && c != '.'; };
  if (!std::all_of(text.begin(), text.end(), fits)) {
    base::detail::fail(node, "found '" + text + "', expected letters, digits, '-' and '_'");
  }
  return text;
}

/// A name that a file can have in every folder.
std::string read_file_name(const Node& node) {
  std::string text = read_filled(node);
  if (!std::all_of(text.begin(), text.end(), is_name_letter) || text.front() == '.') {
    base::detail::fail(node, "found '" + text +
                                 "', expected a name without a folder: letters, digits, '-', '_' "
                                 "and '.', which does not stand first");
  }
  return text;
}

std::string read_hash(const Node& node) {
  constexpr std::size_t kDigits = 64;
  std::string text = base::detail::read_text(node);
  if (text.size() != kDigits || text.find_first_not_of("0123456789abcdef") != std::string::npos) {
    base::detail::fail(node, "found '" + text + "', expected a SHA-256: 64 digits of 0-9 and a-f");
  }
  return text;
}

void check_name(const base::Entry& entry) {
  if (entry.key.empty()) throw Error(entry.where, "found an empty key, expected a name");
}

/// What a number of a profile may be; which unit it has only its name tells.
base::ParameterInfo any_number() {
  constexpr double kLargest = 1e30;
  base::ParameterInfo range;
  range.minimum = -kLargest;
  range.maximum = kLargest;
  return range;
}

/// Numbers by name. A name tells its unit, and a rate that is not above 0 is none.
NamedNumbers read_numbers(const Node& node, const base::ParameterInfo& usual = any_number()) {
  base::detail::check_mapping(node);
  NamedNumbers numbers;
  for (const base::Entry& entry : node.entries) {
    check_name(entry);
    base::ParameterInfo range = usual;
    if (entry.key.ends_with("_per_second")) {
      range.minimum = 0;
      range.exclusive_minimum = true;
    }
    numbers.emplace_back(entry.key, base::detail::read_number(entry.value, range));
  }
  return numbers;
}

NamedNumbers read_numbers_from_zero(const Node& node) {
  base::ParameterInfo range = any_number();
  range.minimum = 0;
  return read_numbers(node, range);
}

NamedNumbers read_coefficients(const Node& node) {
  NamedNumbers numbers = read_numbers(node);
  if (numbers.empty()) base::detail::fail(node, "found no coefficient, expected at least one");
  return numbers;
}

NamedTexts read_texts(const Node& node) {
  base::detail::check_mapping(node);
  NamedTexts texts;
  for (const base::Entry& entry : node.entries) {
    check_name(entry);
    texts.emplace_back(entry.key, base::detail::read_text(entry.value));
  }
  return texts;
}

/// Before anything else: a later version may have keys that are unknown here.
void check_version(const Node& document) {
  const Node* version = document.find("schema_version");
  if (version == nullptr) {
    base::detail::fail(document, "the required key 'schema_version' is missing");
  }
  base::ParameterInfo range;
  range.minimum = 1;
  if (base::detail::read_integer(*version, range) > DeviceProfile::kSchemaVersion) {
    base::detail::fail(*version, "written by a later version: found " + version->text +
                                     ", this orrery reads up to " +
                                     std::to_string(DeviceProfile::kSchemaVersion));
  }
}

void check_spread(const Node& cost, std::string_view key) {
  const Node* node = cost.find(key);
  if (node == nullptr) return;
  const auto spread = base::read<ErrorSpread>(*node);
  if (spread.median > spread.p90) {
    const Node* p90 = node->find("p90");
    base::detail::fail(*p90, "found " + p90->text + ", expected at least the median, " +
                                 node->find("median")->text);
  }
}

void check_set_aside(const Node& node, const FittedCost& cost) {
  if (cost.repeats_set_aside.value_or(0) <= cost.repeats_measured.value_or(0)) return;
  base::detail::fail(*node.find("repeats_set_aside"),
                     "found " + std::to_string(*cost.repeats_set_aside) +
                         ", expected at most repeats_measured, " +
                         std::to_string(cost.repeats_measured.value_or(0)));
}

void check_costs(const Node& costs, const DeviceProfile& profile) {
  if (profile.costs.empty()) base::detail::fail(costs, "found no cost, expected at least one");
  std::set<std::pair<std::string, std::string>> seen;
  for (std::size_t i = 0; i < profile.costs.size(); ++i) {
    const FittedCost& cost = profile.costs[i];
    if (!seen.emplace(cost.kernel, cost.variant).second) {
      base::detail::fail(costs.items[i], "the cost of kernel '" + cost.kernel + "', variant '" +
                                             cost.variant + "' stands twice, expected it once");
    }
    for (const char* key : {"held_out", "held_out_of_medians", "repeats", "neighbours"})
      check_spread(costs.items[i], key);
    check_set_aside(costs.items[i], cost);
  }
}

}  // namespace

Declaration<FittedCost> declare(const FittedCost*) {
  Declaration<FittedCost> d("What one variant of a kernel costs on the device.");
  d.custom(
       "kernel", "text", [](FittedCost& c, const Node& n) { c.kernel = read_word(n); },
       "a folder of calibrate/kernels")
      .required();
  d.custom(
       "variant", "text", [](FittedCost& c, const Node& n) { c.variant = read_word(n); },
       "what of the kernel was fitted by itself")
      .required();
  d.custom(
       "form", "text", [](FittedCost& c, const Node& n) { c.form = read_filled(n); },
       "which form of the kernel's cost model, in words")
      .required();
  d.custom(
       "constants", "mapping", [](FittedCost& c, const Node& n) { c.constants = read_numbers(n); },
       "of the machine and the kernel, known and not fitted")
      .required();
  d.custom(
       "coefficients", "mapping",
       [](FittedCost& c, const Node& n) { c.coefficients = read_coefficients(n); },
       "fitted; each name carries its unit")
      .required();
  d.integer("points", &FittedCost::points, "that were measured").at_least(1).required();
  d.mapping("held_out", &FittedCost::held_out,
            "|predicted / measured - 1| on points that a fit had not seen")
      .required();
  d.mapping("held_out_of_medians", &FittedCost::held_out_of_medians,
            "the same against the medians of all repeats, disturbed ones included");
  d.mapping("repeats", &FittedCost::repeats,
            "(p90 - p10) / median of a point's kept repeats, over the points");
  d.mapping("neighbours", &FittedCost::neighbours,
            "median of all repeats / undisturbed time - 1, over the points");
  d.integer("repeats_measured", &FittedCost::repeats_measured, "of all points together")
      .at_least(0);
  d.integer("repeats_set_aside", &FittedCost::repeats_set_aside, "of these, as disturbed")
      .at_least(0);
  return d;
}

Declaration<ProfileProvenance> declare(const ProfileProvenance*) {
  Declaration<ProfileProvenance> d("How the numbers came about.");
  d.choice("measured_by", &ProfileProvenance::measured_by,
           {{"us", MeasuredBy::us}, {"others", MeasuredBy::others}},
           "which program ran the kernels; others: published times, fitted here")
      .required();
  d.custom(
       "date", "text", [](ProfileProvenance& p, const Node& n) { p.date = read_filled(n); },
       "of the end of the measurement, ISO, UTC")
      .required();
  d.text("command", &ProfileProvenance::command, "as it was given").required();
  d.text("host", &ProfileProvenance::host, "operating system and processor").required();
  d.text("driver", &ProfileProvenance::driver, "of a GPU; empty for a CPU").required();
  d.text("clocks", &ProfileProvenance::clocks, "as found, not set").required();
  d.custom(
       "libraries", "mapping",
       [](ProfileProvenance& p, const Node& n) { p.libraries = read_texts(n); }, "version by name")
      .required();
  return d;
}

Declaration<RawMeasurements> declare(const RawMeasurements*) {
  Declaration<RawMeasurements> d("The file of raw measurements beside the profile.");
  d.custom(
       "file", "text", [](RawMeasurements& r, const Node& n) { r.file = read_file_name(n); },
       "name without a folder")
      .required();
  d.custom(
       "sha256", "text", [](RawMeasurements& r, const Node& n) { r.sha256 = read_hash(n); },
       "of its bytes")
      .required();
  d.integer("rows", &RawMeasurements::rows, "lines after the header").at_least(1).required();
  return d;
}

Declaration<DeviceProfile> declare(const DeviceProfile*) {
  Declaration<DeviceProfile> d("A device as measured.");
  d.custom(
       "schema_version", "integer", [](DeviceProfile&, const Node&) {}, "of this format")
      .required();
  d.custom(
       "device", "text", [](DeviceProfile& p, const Node& n) { p.device = read_file_name(n); },
       "the name experiments use")
      .required();
  d.custom(
       "device_name", "text",
       [](DeviceProfile& p, const Node& n) { p.device_name = read_filled(n); },
       "as the system or driver calls it")
      .required();
  d.choice("backend", &DeviceProfile::backend, {{"cpu", "cpu"}, {"cuda", "cuda"}},
           "what the kernels ran on")
      .required();
  d.custom(
       "hardware", "mapping",
       [](DeviceProfile& p, const Node& n) { p.hardware = read_numbers_from_zero(n); },
       "what the system says of the device")
      .required();
  d.mapping("provenance", &DeviceProfile::provenance, "how the numbers came about").required();
  d.mappings("costs", &DeviceProfile::costs, "what was fitted").required();
  d.mapping("raw", &DeviceProfile::raw, "the raw measurements").required();
  return d;
}

DeviceProfile profile_of_document(const Node& document) {
  base::detail::check_mapping(document);
  check_version(document);
  auto profile = base::read<DeviceProfile>(document);
  check_costs(*document.find("costs"), profile);
  return profile;
}

}  // namespace orrery::models
