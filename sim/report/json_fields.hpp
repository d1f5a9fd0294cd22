// Reading our own JSON files strictly: every fault names the file and the key.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/base/error.hpp"

namespace orrery::report {

using Json = nlohmann::ordered_json;

/// The JSON object in a file of at most 16 MiB. Throws base::Error when it is unreadable, larger,
/// no JSON, or no object.
Json load_json_object(const std::string& path);

/// What takes an element of a list of the top level: the scalars read before it there, the key of
/// the list, and the element.
using TakeElement = std::function<void(const Json&, const std::string&, const Json&)>;

/// The same of a file of any size whose large parts are lists of elements of at most 16 MiB: each
/// object in such a list is handed over, and dropped then.
Json load_json_list(const std::string& path, const TakeElement& take);

/// Typed access to the keys of one object. `path` of keys and file travel along for errors.
/// The object must outlive this view.
class JsonFields {
 public:
  JsonFields(const Json& object, std::string file, std::string key = {});

  bool has(std::string_view key) const;
  bool is_null(std::string_view key) const;    ///< false where it is missing
  const Json& at(std::string_view key) const;  ///< of any type; throws where it is missing
  double number(std::string_view key) const;
  std::optional<double> optional_number(std::string_view key) const;  ///< null or absent: nothing
  std::uint64_t count(std::string_view key) const;
  std::string text(std::string_view key) const;
  /// A path below the directory of the results; throws where it leads out of it.
  std::string path_inside(std::string_view key) const;
  bool flag(std::string_view key) const;
  std::vector<std::string> texts(std::string_view key) const;
  std::vector<double> numbers(std::string_view key) const;
  /// All keys of this object with their values as text; each must be a text or a number.
  std::vector<std::pair<std::string, std::string>> scalars() const;
  JsonFields object(std::string_view key) const;
  std::optional<JsonFields> optional_object(std::string_view key) const;
  std::vector<JsonFields> objects(std::string_view key) const;
  std::vector<JsonFields> optional_objects(std::string_view key) const;  ///< absent: none
  /// Where a key stands, for errors.
  base::Where where(std::string_view key) const;
  /// Throws when `schema_version` is absent or larger than `known`.
  void check_version(int known) const;

 private:
  [[noreturn]] void wrong(std::string_view key, std::string_view expected) const;
  std::string full_key(std::string_view key) const;

  const Json* object_;
  std::string file_;
  std::string key_;
};

}  // namespace orrery::report
