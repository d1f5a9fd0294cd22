// The models that traces and measured tables name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/zoo/model_description.hpp"

namespace orrery::models {

/// Every name of the zoo, sorted.
const std::vector<std::string>& model_names();

/// The model of that name, nullptr where there is none. Descriptions are built once and live as
/// long as the program. Case and separators do not matter (`bert-1.3b`), the batch size that Gavel
/// appends is left out (`ResNet-18 (batch size 64)`), and names of measured tables are understood
/// (`cifar10`, `gpt_pmp`, `OPT-350`).
const ModelDescription* find_model(std::string_view name);

/// The name a person may have meant by an unknown one; empty where none is near.
std::string suggest_model(std::string_view name);

}  // namespace orrery::models
