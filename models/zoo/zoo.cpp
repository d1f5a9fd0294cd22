#include "models/zoo/zoo.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "models/base/nearest.hpp"
#include "models/zoo/families.hpp"

namespace orrery::models {

namespace {

/// Names of measured tables for models that the zoo calls otherwise; canonical on both sides.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kAliases{{
    {"bert", "bert-base"},
    {"cifar10", "resnet-18"},
    {"gpt-neo", "gpt-neo-2.7b"},
    {"gpt-pmp", "gpt-2.8b"},
    {"imagenet", "resnet-50"},
    {"opt-350", "opt-350m"},
}};

/// Lower case, separators as one dash, without the batch size that Gavel appends.
std::string canonical(std::string_view name) {
  name = name.substr(0, name.find(" (batch size"));
  std::string out;
  for (const char c : name) {
    const bool separator = c == '_' || c == '-' || c == ' ' || c == '/';
    if (!separator)
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  return out;
}

struct Zoo {
  std::vector<ModelDescription> models;  // sorted by name
  std::vector<std::string> names;
  std::vector<std::string> canonical_names;
};

Zoo build_zoo() {
  Zoo zoo;
  for (auto group : {artifact_models, language_models, small_models})
    for (ModelDescription& model : group()) zoo.models.push_back(std::move(model));
  std::sort(zoo.models.begin(), zoo.models.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  for (const ModelDescription& model : zoo.models) {
    zoo.names.push_back(model.name);
    zoo.canonical_names.push_back(canonical(model.name));
  }
  return zoo;
}

const Zoo& zoo() {
  static const Zoo built = build_zoo();
  return built;
}

}  // namespace

const std::vector<std::string>& model_names() {
  return zoo().names;
}

const ModelDescription* find_model(std::string_view name) {
  const Zoo& all = zoo();
  const auto exact = std::find(all.names.begin(), all.names.end(), name);
  if (exact != all.names.end())
    return &all.models[static_cast<std::size_t>(exact - all.names.begin())];
  std::string wanted = canonical(name);
  for (const auto& [alias, meant] : kAliases)
    if (wanted == alias) wanted = meant;
  const auto found = std::find(all.canonical_names.begin(), all.canonical_names.end(), wanted);
  if (found == all.canonical_names.end()) return nullptr;
  return &all.models[static_cast<std::size_t>(found - all.canonical_names.begin())];
}

std::string suggest_model(std::string_view name) {
  const Zoo& all = zoo();
  const std::string near = base::nearest(canonical(name), all.canonical_names);
  for (std::size_t i = 0; i < all.names.size(); ++i)
    if (!near.empty() && all.canonical_names[i] == near) return all.names[i];
  return "";
}

}  // namespace orrery::models
