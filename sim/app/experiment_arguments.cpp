#include "sim/app/experiment_arguments.hpp"

#include "models/base/numbers.hpp"

namespace orrery::app {

namespace {

/// What is wrong with it; empty when fine.
std::string is_assignment(const std::string& text) {
  return text.find('=') == std::string::npos ? "'" + text + "' was not expected" : "";
}

/// Other readers would take -1 for 2^64 - 1 and 010 for 8.
std::string take_seed(const std::string& text, std::vector<std::uint64_t>& seeds) {
  const auto seed = base::parse_integer(text);
  if (!seed || *seed < 0 || std::to_string(*seed) != text)
    return "'" + text + "' is not a seed, expected a whole number from 0 on";
  seeds.push_back(static_cast<std::uint64_t>(*seed));
  return "";
}

}  // namespace

std::vector<std::string> ExperimentArguments::sets() const {
  std::vector<std::string> all = set_options;
  all.insert(all.end(), more_sets.begin(), more_sets.end());
  return all;
}

void add_experiment(Command command, ExperimentArguments& arguments) {
  command.add_option("FILE", arguments.file, "the experiment, a YAML file").required();
  command
      .add_option("--set", arguments.set_options,
                  "change one value: policy.name=srtf, cluster.nodes[0].count=10; the value is "
                  "YAML, null removes; may be repeated")
      .type_name("PATH=VALUE")
      .one_value_each();
  command.add_option("MORE", arguments.more_sets, "further PATH=VALUE")
      .check(is_assignment, "PATH=VALUE")
      .hidden();
}

void add_narrowing(Command command, experiment::Narrowing& narrowing) {
  command
      .add_list("--policies", narrowing.policies,
                "compare these: labels or names of the file's policies, or any other name with "
                "its defaults and the options under 'policy' that it knows")
      .type_name("A,B")
      .one_value_each();
  const auto take = [&narrowing](const std::string& text) {
    return take_seed(text, narrowing.seeds);
  };
  command.add_list("--seeds", take, "use these seeds instead of the file's")
      .type_name("1,2")
      .one_value_each();
}

}  // namespace orrery::app
