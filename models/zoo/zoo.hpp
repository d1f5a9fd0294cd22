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
/// long as the program. A name with one underscore or a dash between family and size
/// (`bert-1.3B`) is understood, and so is the batch size that Gavel appends
/// (`ResNet-18 (batch size 64)`).
const ModelDescription* find_model(std::string_view name);

/// The name a person may have meant by an unknown one; empty where none is near.
std::string suggest_model(std::string_view name);

}  // namespace orrery::models
