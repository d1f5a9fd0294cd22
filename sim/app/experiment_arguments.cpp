#include "sim/app/experiment_arguments.hpp"

#include "models/base/numbers.hpp"

namespace orrery::app {

namespace {

/// What is wrong with it; empty when fine.
std::string is_assignment(const std::string& text) {
  return text.find('=') == std::string::npos ? "'" + text + "' was not expected" : "";
}

/// The library would take -1 for 2^64 - 1 and 010 for 8.
std::string is_seed(const std::string& text) {
  const auto seed = base::parse_integer(text);
  if (seed && *seed >= 0 && std::to_string(*seed) == text) return "";
  return "'" + text + "' is not a seed, expected a whole number from 0 on";
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
      .add_option("--policies", narrowing.policies,
                  "compare these: labels or names of the file's policies, or any other name with "
                  "its defaults and the options under 'policy' that it knows")
      .type_name("A,B")
      .delimiter(',')
      .one_value_each();
  command.add_option("--seeds", narrowing.seeds, "use these seeds instead of the file's")
      .type_name("1,2")
      .delimiter(',')
      .check(is_seed, "")
      .one_value_each();
}

}  // namespace orrery::app
