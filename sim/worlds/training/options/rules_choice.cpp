#include "sim/worlds/training/options/rules_choice.hpp"

#include <algorithm>

namespace orrery::training {

namespace {

using base::Node;

enum class Rules { exact, arena };

struct RulesName {
  Rules name = Rules::exact;
};
base::Declaration<RulesName> declare(const RulesName*) {
  base::Declaration<RulesName> d("By whose rules time passes and jobs advance.");
  d.choice("name", &RulesName::name, {{"exact", Rules::exact}, {"arena", Rules::arena}},
           "this project's own, exact in time; or those of the Crius (Arena) artifact's simulator");
  return d;
}

}  // namespace

RulesChoice read_rules(const Node& node) {
  Node name;
  name.kind = Node::Kind::mapping;
  name.where = node.where;
  Node switches = name;
  if (node.kind == Node::Kind::scalar) {
    name.entries.push_back({"name", node.where, node});
  } else {
    base::detail::check_mapping(node);
    static const base::DeclarationInfo known = rules_schema();
    base::detail::check_keys(node, known.parameters);
    for (const base::Entry& entry : node.entries)
      (entry.key == "name" ? name : switches).entries.push_back(entry);
  }
  RulesChoice choice;
  choice.where = node.where;
  if (base::read<RulesName>(name).name == Rules::arena) {
    choice.arena = base::read<training::arena::Quirks>(switches);
  } else if (!switches.entries.empty()) {
    throw base::Error(switches.entries.front().where, "belongs to 'name: arena', found 'exact'");
  }
  return choice;
}

base::DeclarationInfo rules_schema() {
  base::DeclarationInfo info = base::describe<RulesName>();
  for (base::ParameterInfo quirk : base::describe<training::arena::Quirks>().parameters) {
    quirk.help += "; for arena";
    info.parameters.push_back(std::move(quirk));
  }
  return info;
}

}  // namespace orrery::training
