#include "sim/report/json_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "models/base/byte_stream.hpp"
#include "models/base/error.hpp"
#include "models/base/numbers.hpp"
#include "models/base/text_file.hpp"

namespace orrery::report {

namespace {

// Files of results are flat; a list of empty lists a million levels deep is none of them.
constexpr int kDeepest = 64;
constexpr std::size_t kLargestObject = std::size_t{16} << 20;
constexpr std::size_t kMostElements = 100'000;

[[noreturn]] void fail_syntax(const std::string& path, int line) {
  throw base::Error({path, line, 0, ""},
                    "expected a JSON object as orrery writes it, found a syntax error");
}

void check_depth(const std::string& path, int depth) {
  if (depth > kDeepest)
    throw base::Error({path, 0, 0, ""}, "the JSON is nested deeper than 64 levels");
}

void check_object(const std::string& path, const Json& json) {
  if (!json.is_object())
    throw base::Error({path, 1, 0, ""},
                      fmt::format("expected a JSON object, found a JSON {}", json.type_name()));
}

}  // namespace

Json load_json_object(const std::string& path) {
  const std::string text = base::read_text_file(path, kLargestObject);
  const auto watch = [&](int depth, Json::parse_event_t, const Json&) {
    check_depth(path, depth);
    return true;
  };
  Json json;
  try {
    json = Json::parse(text, watch);
  } catch (const Json::parse_error& error) {
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(error.byte, text.size()));
    fail_syntax(path, 1 + static_cast<int>(std::count(text.begin(), end, '\n')));
  }
  check_object(path, json);
  return json;
}

Json load_json_list(const std::string& path, const TakeElement& take) {
  using Event = Json::parse_event_t;
  base::ByteStream stream(path);
  Json before = Json::object();
  std::string key;  // at the top
  std::size_t elements = 0;
  const auto watch = [&](int depth, Event event, const Json& parsed) {
    check_depth(path, depth);
    if (depth == 1 && event == Event::key) key = parsed.get<std::string>();
    if (depth == 1 && event == Event::value) before[key] = parsed;
    const bool ends = event == Event::object_end || event == Event::value;
    if (depth > 2 || !ends) return true;
    stream.begin_piece();
    if (++elements > kMostElements)
      throw base::Error({path, 0, 0, key}, "has more than 100,000 elements");
    if (depth < 2 || event != Event::object_end) return true;
    take(before, key, parsed);
    return false;
  };
  Json json;
  try {
    json = Json::parse(base::ByteIterator(stream), base::ByteIterator(), watch);
  } catch (const Json::parse_error&) {
    fail_syntax(path, static_cast<int>(stream.line_number()));
  }
  check_object(path, json);
  return json;
}

JsonFields::JsonFields(const Json& object, std::string file, std::string key)
    : object_(&object), file_(std::move(file)), key_(std::move(key)) {}

std::string JsonFields::full_key(std::string_view key) const {
  return key_.empty() ? std::string(key) : fmt::format("{}.{}", key_, key);
}

base::Where JsonFields::where(std::string_view key) const {
  return {file_, 0, 0, full_key(key)};
}

void JsonFields::wrong(std::string_view key, std::string_view expected) const {
  const auto found = object_->find(std::string(key));
  const std::string_view what = found == object_->end() ? "nothing" : found->type_name();
  throw base::Error(where(key), fmt::format("expected {}, found {}", expected, what));
}

bool JsonFields::has(std::string_view key) const {
  return object_->find(std::string(key)) != object_->end();
}

bool JsonFields::is_null(std::string_view key) const {
  const auto found = object_->find(std::string(key));
  return found != object_->end() && found->is_null();
}

const Json& JsonFields::at(std::string_view key) const {
  const auto found = object_->find(std::string(key));
  if (found == object_->end()) wrong(key, "a value");
  return *found;
}

double JsonFields::number(std::string_view key) const {
  const Json& value = at(key);
  if (!value.is_number()) wrong(key, "a number");
  return value.get<double>();
}

std::optional<double> JsonFields::optional_number(std::string_view key) const {
  const auto found = object_->find(std::string(key));
  if (found == object_->end() || found->is_null()) return std::nullopt;
  return number(key);
}

std::uint64_t JsonFields::count(std::string_view key) const {
  const Json& value = at(key);
  if (!value.is_number_unsigned()) wrong(key, "a whole number of at least 0");
  return value.get<std::uint64_t>();
}

std::string JsonFields::text(std::string_view key) const {
  const Json& value = at(key);
  if (!value.is_string()) wrong(key, "a text");
  return value.get<std::string>();
}

std::string JsonFields::path_inside(std::string_view key) const {
  std::string path = text(key);
  const std::filesystem::path parts(path);
  if (parts.is_absolute() || std::ranges::find(parts, "..") != parts.end())
    throw base::Error(where(key),
                      fmt::format("expected a path below the results, found '{}'", path));
  return path;
}

bool JsonFields::flag(std::string_view key) const {
  const Json& value = at(key);
  if (!value.is_boolean()) wrong(key, "true or false");
  return value.get<bool>();
}

std::vector<std::string> JsonFields::texts(std::string_view key) const {
  const Json& value = at(key);
  if (!value.is_array()) wrong(key, "a list of texts");
  std::vector<std::string> out;
  for (const Json& item : value) {
    if (!item.is_string()) wrong(key, "a list of texts");
    out.push_back(item.get<std::string>());
  }
  return out;
}

std::vector<double> JsonFields::numbers(std::string_view key) const {
  const Json& value = at(key);
  if (!value.is_array()) wrong(key, "a list of numbers");
  std::vector<double> out;
  for (const Json& item : value) {
    if (!item.is_number()) wrong(key, "a list of numbers");
    out.push_back(item.get<double>());
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> JsonFields::scalars() const {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [key, value] : object_->items()) {
    if (value.is_string())
      out.emplace_back(key, value.get<std::string>());
    else if (value.is_number())
      out.emplace_back(key, base::format_shortest(value.get<double>()));
    else
      wrong(key, "a text or a number");
  }
  return out;
}

JsonFields JsonFields::object(std::string_view key) const {
  const Json& value = at(key);
  if (!value.is_object()) wrong(key, "an object");
  return {value, file_, full_key(key)};
}

std::optional<JsonFields> JsonFields::optional_object(std::string_view key) const {
  const auto found = object_->find(std::string(key));
  if (found == object_->end() || found->is_null()) return std::nullopt;
  return object(key);
}

std::vector<JsonFields> JsonFields::objects(std::string_view key) const {
  const Json& value = at(key);
  if (!value.is_array()) wrong(key, "a list of objects");
  std::vector<JsonFields> out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!value[i].is_object()) wrong(key, "a list of objects");
    out.emplace_back(value[i], file_, fmt::format("{}[{}]", full_key(key), i));
  }
  return out;
}

std::vector<JsonFields> JsonFields::optional_objects(std::string_view key) const {
  if (object_->find(std::string(key)) == object_->end()) return {};
  return objects(key);
}

void JsonFields::check_version(int known) const {
  const std::uint64_t version = count("schema_version");
  if (version == 0 || version > static_cast<std::uint64_t>(known))
    throw base::Error({file_, 0, 0, full_key("schema_version")},
                      fmt::format("expected a version from 1 to {}, found {}", known, version));
}

}  // namespace orrery::report
