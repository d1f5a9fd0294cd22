// The models that the zoo holds, one function for each group of them.
#pragma once

#include <vector>

#include "models/zoo/model_description.hpp"

namespace orrery::models {

/// bert, moe and wide_resnet at the sizes of the Crius artifact.
std::vector<ModelDescription> artifact_models();

/// GPT models of the Megatron papers and of Sailor.
std::vector<ModelDescription> language_models();

/// The job types of Gavel and the applications of Sia.
std::vector<ModelDescription> small_models();

}  // namespace orrery::models
