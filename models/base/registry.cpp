#include "models/base/registry.hpp"

#include <stdexcept>

#include "models/base/nearest.hpp"

namespace orrery::base::detail {

void refuse_registration(const std::string& noun, const std::string& name) {
  if (name.empty()) throw std::logic_error("registered without a name: " + noun);
  throw std::logic_error("the " + noun + " '" + name + "' is registered twice");
}

void refuse_name(const std::string& noun, const std::string& command, std::string_view name,
                 const std::vector<std::string>& known, const Where& where) {
  std::string sentence = "no " + noun + " is called '" + std::string(name) + "'";
  if (const std::string near = nearest(name, known); !near.empty()) {
    sentence += "; did you mean '" + near + "'?";
  } else if (known.empty()) {
    sentence += "; this version has none";
  } else if (!command.empty()) {
    sentence += "; '" + command + "' shows all";
  } else {
    sentence += "; this version has ";
    for (std::size_t i = 0; i < known.size(); ++i) sentence += (i == 0 ? "" : ", ") + known[i];
  }
  throw Error(where, sentence);
}

}  // namespace orrery::base::detail
