#include "models/base/safetensors.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "models/base/error.hpp"

namespace orrery::base {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kLongestHeader = 100'000'000;
constexpr std::size_t kMostValues = 4'000'000;
constexpr int kDeepest = 16;

std::optional<NumberType> float_type(const std::string& type) {
  if (type == "F16") return NumberType::float16;
  if (type == "BF16") return NumberType::bfloat16;
  if (type == "F32") return NumberType::float32;
  if (type == "F64") return NumberType::float64;
  return std::nullopt;
}

/// Bytes of one element; 0 for a type that the format does not name.
std::size_t width_of(const std::string& type) {
  if (const auto known = float_type(type)) return bytes_of(*known);
  if (type == "I64" || type == "U64") return 8;
  if (type == "I32" || type == "U32") return 4;
  if (type == "I16" || type == "U16") return 2;
  if (type == "I8" || type == "U8" || type == "BOOL" || type == "F8_E4M3" || type == "F8_E5M2")
    return 1;
  return 0;
}

[[noreturn]] void refuse_file(const std::string& path, const std::string& tensor,
                              const std::string& sentence) {
  throw Error({path, 0, 0, tensor}, sentence);
}

Json parse_header(const std::string& path, const std::string& text) {
  // A header of 100 MB could hold so many empty lists that they take gigabytes.
  std::size_t values = 0;
  const auto watch = [&](int depth, Json::parse_event_t, const Json&) {
    if (++values > kMostValues || depth > kDeepest)
      refuse_file(
          path, "",
          "has a header of more than 4,000,000 values or 16 levels, expected the tensors by "
          "name");
    return true;
  };
  Json header = Json::parse(text, watch, false);
  if (header.is_discarded() || !header.is_object())
    refuse_file(path, "", "has a header that is not a JSON object, expected the tensors by name");
  return header;
}

/// A list of whole numbers, not negative; nullopt for anything else.
std::optional<std::vector<std::uint64_t>> numbers(const Json& entry, const char* key) {
  const auto found = entry.find(key);
  if (found == entry.end() || !found->is_array()) return std::nullopt;
  std::vector<std::uint64_t> list;
  for (const Json& item : *found) {
    if (!item.is_number_unsigned()) return std::nullopt;
    list.push_back(item.get<std::uint64_t>());
  }
  return list;
}

TensorEntry entry_of(const std::string& path, const std::string& name, const Json& json,
                     std::uint64_t data, std::uint64_t size) {
  if (!json.is_object() || !json.contains("dtype") || !json["dtype"].is_string())
    refuse_file(path, name, "has no dtype, expected an object of dtype, shape and data_offsets");
  TensorEntry entry{name, json["dtype"].get<std::string>(), {}, 0, 0};
  const auto shape = numbers(json, "shape");
  const auto offsets = numbers(json, "data_offsets");
  if (!shape || shape->size() > kMostDimensions)
    refuse_file(path, name, "has no shape of up to 8 whole numbers");
  if (!offsets || offsets->size() != 2 || (*offsets)[0] > (*offsets)[1])
    refuse_file(path, name, "has no data_offsets, expected where its bytes begin and end");
  const std::size_t width = width_of(entry.type);
  if (width == 0)
    refuse_file(path, name,
                "has the type '" + entry.type.substr(0, 16) + "', which the format lacks");
  entry.shape.assign(shape->begin(), shape->end());
  entry.begin = data + (*offsets)[0];
  entry.length = (*offsets)[1] - (*offsets)[0];
  if ((*offsets)[1] > size - data)
    refuse_file(path, name,
                "is truncated: its bytes end at " + std::to_string((*offsets)[1]) + ", and " +
                    std::to_string(size - data) + " follow the header");
  const auto count = element_count(entry.shape);
  if (!count || entry.length % width != 0 || *count != entry.length / width)
    refuse_file(path, name,
                "has " + std::to_string(entry.length) + " bytes, which is not what " + entry.type +
                    " of the shape " + shape_text(entry.shape) + " needs");
  return entry;
}

void check_overlap(const std::string& path, std::vector<TensorEntry> entries) {
  std::stable_sort(entries.begin(), entries.end(),
                   [](const auto& a, const auto& b) { return a.begin < b.begin; });
  const TensorEntry* before = nullptr;
  for (const TensorEntry& entry : entries) {
    if (entry.length == 0) continue;
    if (before != nullptr && before->begin + before->length > entry.begin)
      refuse_file(path, entry.name, "shares bytes with the tensor '" + before->name + "'");
    before = &entry;
  }
}

}  // namespace

SafetensorsFile::SafetensorsFile(const std::string& path) : file_(path) {
  const std::string bytes = file_.read(0, kLengthBytes);
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i)
    length |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  if (length > file_.size_bytes() - kLengthBytes || length > kLongestHeader)
    refuse_file(path, "",
                "has a header of " + std::to_string(length) + " bytes, longer than " +
                    (length > kLongestHeader ? "the format's limit of 100 MB" : "the file"));
  const Json header = parse_header(path, file_.read(kLengthBytes, length));
  for (const auto& [name, json] : header.items())
    if (name != "__metadata__")
      entries_.push_back(entry_of(path, name, json, kLengthBytes + length, file_.size_bytes()));
  check_overlap(path, entries_);
}

bool SafetensorsFile::is_float(const TensorEntry& entry) {
  return float_type(entry.type).has_value();
}

Tensor SafetensorsFile::read(const TensorEntry& entry) {
  const auto type = float_type(entry.type);
  if (!type)
    refuse_file(file_.path(), entry.name,
                "has the type " + entry.type + ", expected F16, BF16, F32 or F64");
  const std::string bytes = file_.read(entry.begin, entry.length);
  Tensor tensor{entry.name, entry.shape, std::vector<float>(bytes.size() / bytes_of(*type))};
  if (const auto bad = decode(bytes, *type, tensor.values.data()))
    refuse_file(file_.path(), entry.name,
                "the element " + index_text(*bad, entry.shape) + " is not a finite float");
  return tensor;
}

}  // namespace orrery::base
