#include "models/base/parameters.hpp"

#include <algorithm>
#include <cmath>

namespace orrery::base {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string joined(const std::vector<std::string_view>& words) {
  return joined(std::vector<std::string>(words.begin(), words.end()));
}

/// What an error shows of a value: long texts are cut.
std::string found(const Node& node) {
  constexpr std::size_t kMost = 60;
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::sequence:
      return "a list";
    case Node::Kind::mapping:
      return "a mapping";
    case Node::Kind::scalar:
      break;
  }
  if (node.text.size() <= kMost) return "'" + node.text + "'";
  return "'" + node.text.substr(0, kMost) + "...'";
}

[[noreturn]] void fail_type(const Node& node, const std::string& expected) {
  detail::fail(node, "expected " + expected + ", found " + found(node));
}

/// An example of each dimension, for people who forgot the unit.
const char* example(Dimension dimension) {
  switch (dimension) {
    case Dimension::none:
      return "0.5";
    case Dimension::time:
      return "30 min";
    case Dimension::bytes:
      return "80 GiB";
    case Dimension::bytes_per_second:
      return "12.5 GB/s";
    case Dimension::flops_per_second:
      return "312 TFLOP/s";
    case Dimension::hertz:
      return "1.4 GHz";
    case Dimension::watts:
      return "400 W";
  }
  return "";
}

const char* name_of(Dimension dimension) {
  switch (dimension) {
    case Dimension::none:
      return "number";
    case Dimension::time:
      return "time";
    case Dimension::bytes:
      return "bytes";
    case Dimension::bytes_per_second:
      return "bytes per second";
    case Dimension::flops_per_second:
      return "operations per second";
    case Dimension::hertz:
      return "frequency";
    case Dimension::watts:
      return "power";
  }
  return "";
}

double read_plain_number(const Node& node) {
  if (node.quoted) {
    fail_type(node, "a number without quotes");
  }
  if (const auto value = parse_double(node.text)) return *value;
  const std::size_t digits = node.text.find_last_of("0123456789.");
  if (digits != std::string::npos && digits + 1 < node.text.size() &&
      parse_double(std::string_view(node.text).substr(0, digits + 1))) {
    fail_type(node, "a plain number without a unit");
  }
  fail_type(node, "a number");
}

double read_quantity(const Node& node, Dimension dimension) {
  const QuantityResult result = parse_quantity(node.text, dimension);
  if (!result.fault) return result.value;
  const std::string units = joined(units_of(dimension));
  const std::string expected =
      std::string("a quantity of ") + name_of(dimension) + " such as '" + example(dimension) + "'";
  const std::string sentence = "expected " + expected + ", found " + found(node);
  switch (*result.fault) {
    case QuantityFault::missing_unit:
      detail::fail(node, sentence + ": the unit is missing (" + units + ")");
    case QuantityFault::unknown_unit:
      detail::fail(node, sentence + ": the unit is not known (" + units + ")");
    case QuantityFault::not_a_number:
      break;
  }
  detail::fail(node, sentence);
}

void check_range(const Node& node, double value, const ParameterInfo& info) {
  const bool too_small =
      info.exclusive_minimum ? !(value > info.minimum) : !(value >= info.minimum);
  const char* expected = info.exclusive_minimum ? "more than " : "at least ";
  if (too_small) {
    detail::fail(node, "found " + node.text + ", expected " + expected +
                           detail::limit_text(info.minimum, info.dimension));
  }
  if (!(value <= info.maximum)) {
    detail::fail(node, "found " + node.text + ", expected at most " +
                           detail::limit_text(info.maximum, info.dimension));
  }
}

}  // namespace

namespace detail {

void fail(const Node& node, const std::string& sentence) {
  throw Error(node.where, sentence);
}

double read_number(const Node& node, const ParameterInfo& info) {
  const bool plain = info.dimension == Dimension::none;
  if (node.kind != Node::Kind::scalar) {
    fail_type(node, plain ? std::string("a number")
                          : std::string("a quantity of ") + name_of(info.dimension) + " such as '" +
                                example(info.dimension) + "'");
  }
  const double value = plain ? read_plain_number(node) : read_quantity(node, info.dimension);
  check_range(node, value, info);
  return value;
}

std::int64_t read_integer(const Node& node, const ParameterInfo& info) {
  if (node.kind != Node::Kind::scalar) fail_type(node, "a whole number");
  if (node.quoted) fail_type(node, "a whole number without quotes");
  const auto value = parse_integer(node.text);
  if (!value) fail_type(node, "a whole number");
  // A limit such as 2^63 - 1 rounds up as a double, which lets exactly the integers pass.
  check_range(node, static_cast<double>(*value), info);
  return *value;
}

bool read_boolean(const Node& node) {
  if (node.kind == Node::Kind::scalar && !node.quoted) {
    if (node.text == "true") return true;
    if (node.text == "false") return false;
  }
  if (node.kind == Node::Kind::scalar && node.quoted) {
    fail_type(node, "true or false without quotes");
  }
  fail_type(node, "true or false");
}

std::string read_text(const Node& node) {
  if (node.kind != Node::Kind::scalar) fail_type(node, "a text");
  return node.text;
}

std::size_t read_choice(const Node& node, const ParameterInfo& info) {
  const std::string expected = "one of " + joined(info.choices);
  if (node.kind != Node::Kind::scalar) fail_type(node, expected);
  const auto at = std::find(info.choices.begin(), info.choices.end(), node.text);
  if (at != info.choices.end()) return static_cast<std::size_t>(at - info.choices.begin());
  const std::string near = nearest(node.text, info.choices);
  fail(node, "expected " + expected + ", found " + found(node) +
                 (near.empty() ? "" : "; did you mean '" + near + "'?"));
}

void check_mapping(const Node& node) {
  if (!node.is_mapping()) fail_type(node, "a mapping (key: value)");
}

void check_sequence(const Node& node) {
  if (node.kind != Node::Kind::sequence) fail_type(node, "a list ([a, b])");
}

void check_keys(const Node& node, const std::vector<ParameterInfo>& known) {
  const auto is_known = [&](const Entry& entry) {
    return std::any_of(known.begin(), known.end(),
                       [&](const ParameterInfo& info) { return info.key == entry.key; });
  };
  const auto unknown = std::find_if_not(node.entries.begin(), node.entries.end(), is_known);
  if (unknown == node.entries.end()) return;
  std::vector<std::string> keys;
  for (const ParameterInfo& info : known) keys.push_back(info.key);
  const std::string near = nearest(unknown->key, keys);
  std::string sentence = "unknown key '" + unknown->key + "'";
  if (!near.empty()) {
    sentence += "; did you mean '" + near + "'?";
  } else if (keys.empty()) {
    sentence += ", expected no keys here";
  } else {
    sentence += ", expected one of " + joined(keys);
  }
  throw Error(unknown->where, sentence);
}

std::string limit_text(double limit, Dimension dimension) {
  // Limits of integers are whole, and people do not read 2.147483647e+09.
  if (dimension == Dimension::none && std::abs(limit) < 0x1p63 && limit == std::floor(limit)) {
    return std::to_string(static_cast<std::int64_t>(limit));
  }
  return format_quantity(limit, dimension);
}

std::string default_text(double value, Dimension dimension) {
  return std::isfinite(value) ? format_quantity(value, dimension) : "";
}

}  // namespace detail

}  // namespace orrery::base
