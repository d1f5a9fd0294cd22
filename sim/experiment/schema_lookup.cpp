#include "sim/experiment/schema_lookup.hpp"

#include <algorithm>
#include <string_view>

#include "sim/experiment/schema.hpp"

namespace orrery::experiment {

base::DeclarationInfo schema_of(const std::string& dotted_path) {
  base::DeclarationInfo level = schema();
  std::string_view rest = dotted_path;
  while (true) {
    const std::size_t dot = rest.find('.');
    const std::string_view step = rest.substr(0, dot);
    const std::string_view key = step.substr(0, step.find('['));
    const auto found = std::find_if(level.parameters.begin(), level.parameters.end(),
                                    [&](const base::ParameterInfo& p) { return p.key == key; });
    if (found == level.parameters.end()) {
      std::vector<std::string> known;
      for (const base::ParameterInfo& p : level.parameters) known.push_back(p.key);
      const std::string near = base::nearest(key, known);
      throw base::Error({}, "no key of an experiment is called '" + dotted_path + "'" +
                                (near.empty() ? "; 'orrery schema' lists all"
                                              : "; did you mean '" + near + "'?"));
    }
    if (dot == std::string_view::npos) {
      base::DeclarationInfo only;
      only.parameters.push_back(*found);
      return only;
    }
    base::DeclarationInfo next;
    if (found->members) next = *found->members;
    level = std::move(next);
    rest = rest.substr(dot + 1);
  }
}

}  // namespace orrery::experiment
