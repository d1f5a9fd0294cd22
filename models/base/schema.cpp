#include "models/base/schema.hpp"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "models/base/declaration_info.hpp"
#include "models/base/numbers.hpp"
#include "models/base/parameters.hpp"

namespace orrery::base {

namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::string_view kListOf = "list of ";
constexpr std::string_view kMappingOf = "mapping of ";

/// Whether a limit is only that of the integer type that holds the value: no rule of the domain.
bool is_type_limit(double limit) {
  constexpr std::array<double, 6> kLimits = {-0x1p31, 0x1p31 - 1, 0x1p32 - 1,
                                             0x1p63,  -0x1p15,    -kLargestCount};
  if (!std::isfinite(limit)) return true;
  for (const double known : kLimits) {
    if (limit == known) return true;
  }
  return false;
}

/// Whether a least value says more than that every number has one.
bool has_minimum(const ParameterInfo& p) {
  return !is_type_limit(p.minimum) && p.minimum != -largest(p.dimension);
}

std::string range_text(const ParameterInfo& p) {
  std::string text;
  if (has_minimum(p)) {
    text = (p.exclusive_minimum ? "more than " : "at least ") +
           detail::limit_text(p.minimum, p.dimension);
  }
  if (!is_type_limit(p.maximum)) {
    text += (text.empty() ? "at most " : ", at most ") + detail::limit_text(p.maximum, p.dimension);
  }
  return text;
}

std::string units_text(Dimension dimension) {
  std::string text;
  for (const std::string_view unit : units_of(dimension)) {
    if (!text.empty()) text += ", ";
    text += unit;
  }
  return text;
}

void append_line(std::string& out, std::size_t indent, std::string_view label,
                 std::string_view text) {
  if (text.empty()) return;
  out.append(indent, ' ');
  out += label;
  out += text;
  out += '\n';
}

void append_parameter(std::string& out, const ParameterInfo& p, std::size_t indent) {
  std::string heading = p.key + " (" + p.type;
  if (p.required) heading += ", required";
  heading += ')';
  append_line(out, indent, "", heading);
  append_line(out, indent + 4, "", p.help);
  append_line(out, indent + 4, "units: ", units_text(p.dimension));
  std::string choices;
  for (const std::string& choice : p.choices) choices += (choices.empty() ? "" : ", ") + choice;
  append_line(out, indent + 4, "one of: ", choices);
  append_line(out, indent + 4, "range: ", range_text(p));
  append_line(out, indent + 4, "default: ", p.default_text);
  if (p.members) out += to_text(*p.members, indent + 4);
}

/// A text as a pattern that matches just it.
std::string escaped(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

std::string quantity_pattern(Dimension dimension) {
  std::string units;
  for (const std::string_view unit : units_of(dimension)) {
    units += (units.empty() ? "" : "|") + escaped(unit);
  }
  return "^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)? *(" + units + ")$";
}

OrderedJson object_schema(const DeclarationInfo& info);

void add_range(OrderedJson& schema, const ParameterInfo& p) {
  if (has_minimum(p)) {
    schema[p.exclusive_minimum ? "exclusiveMinimum" : "minimum"] = p.minimum;
  }
  if (!is_type_limit(p.maximum)) schema["maximum"] = p.maximum;
}

/// The schema of one value of the plain type `type` (no list).
OrderedJson value_schema(const ParameterInfo& p, std::string_view type) {
  OrderedJson schema = OrderedJson::object();
  if (type == "integer" || (type == "number" && p.dimension == Dimension::none)) {
    schema["type"] = type;
    add_range(schema, p);
  } else if (type == "number") {
    schema["type"] = "string";
    schema["pattern"] = quantity_pattern(p.dimension);
  } else if (type == "boolean") {
    schema["type"] = "boolean";
  } else if (type == "text") {
    // An unquoted number in a text's place is that text.
    schema["type"] = {"string", "number", "boolean"};
  } else if (type == "choice") {
    schema["enum"] = p.choices;
  } else if (p.members && type == "mapping") {
    schema = object_schema(*p.members);
  } else if (p.members) {
    // A reader of its own may take other forms too; the mapping among them is described.
    schema["anyOf"] =
        OrderedJson::array({object_schema(*p.members), {{"not", {{"type", "object"}}}}});
  }
  return schema;
}

std::optional<OrderedJson> default_value(const ParameterInfo& p) {
  if (p.default_text.empty()) return std::nullopt;
  if (p.type == "boolean") return p.default_text == "true";
  if (p.type == "integer") {
    if (const auto value = parse_integer(p.default_text)) return *value;
  }
  if (p.type == "number" && p.dimension == Dimension::none) {
    if (const auto value = parse_double(p.default_text)) return *value;
  }
  return p.default_text;
}

OrderedJson parameter_schema(const ParameterInfo& p) {
  const std::string_view type = p.type;
  OrderedJson schema = OrderedJson::object();
  if (type.starts_with(kListOf)) {
    schema["type"] = "array";
    schema["items"] = value_schema(p, type.substr(kListOf.size()));
  } else if (type.starts_with(kMappingOf)) {
    schema["type"] = "object";
    schema["additionalProperties"] = value_schema(p, type.substr(kMappingOf.size()));
  } else {
    schema = value_schema(p, p.type);
  }
  std::string description = p.help;
  if (p.dimension != Dimension::none) {
    const std::string range = range_text(p);
    if (!range.empty()) {
      if (!description.empty()) description += ' ';
      description.append("(").append(range).append(")");
    }
  }
  if (!description.empty()) schema["description"] = description;
  if (const auto value = default_value(p)) schema["default"] = *value;
  return schema;
}

OrderedJson object_schema(const DeclarationInfo& info) {
  OrderedJson schema = OrderedJson::object();
  schema["type"] = "object";
  if (!info.help.empty()) schema["description"] = info.help;
  schema["additionalProperties"] = false;
  schema["properties"] = OrderedJson::object();
  OrderedJson required = OrderedJson::array();
  for (const ParameterInfo& p : info.parameters) {
    schema["properties"][p.key] = parameter_schema(p);
    if (p.required) required.push_back(p.key);
  }
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

}  // namespace

std::string to_text(const DeclarationInfo& info, std::size_t indent) {
  std::string out;
  append_line(out, indent, "", info.help);
  for (const ParameterInfo& p : info.parameters) append_parameter(out, p, indent);
  return out;
}

std::string to_json_schema(const DeclarationInfo& info, std::string_view title) {
  OrderedJson schema = OrderedJson::object();
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = title;
  schema.update(object_schema(info));
  return schema.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + '\n';
}

}  // namespace orrery::base
