// What a schema says of declared parameters: what the declaration of a struct (parameters.hpp)
// leaves behind for schemas, help and documents.
#pragma once

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "models/base/quantity.hpp"

namespace orrery::base {

struct DeclarationInfo;

/// What a schema says of one parameter.
struct ParameterInfo {
  std::string key;
  std::string type;  ///< `integer`, `number`, `text`, `boolean`, `choice`, `list of X`, `mapping`
  Dimension dimension = Dimension::none;
  std::string default_text;  ///< as YAML; empty: required or absent
  bool required = false;
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  bool exclusive_minimum = false;
  std::vector<std::string> choices;
  std::string help;
  std::shared_ptr<const DeclarationInfo> members;  ///< of a mapping, or of a list's items
};

/// What a schema says of one struct.
struct DeclarationInfo {
  std::string help;
  std::vector<ParameterInfo> parameters;
};

}  // namespace orrery::base
