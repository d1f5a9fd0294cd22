// What `orrery plan` answers.
#pragma once

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/sim/app/command.hpp"

namespace orrery::app::test {

/// `orrery plan ARGUMENTS --json`, which must succeed in silence.
inline nlohmann::json planned(const Folder& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "plan");
  arguments.emplace_back("--json");
  const Outcome outcome = folder.orrery(arguments);
  CHECK(outcome.err.empty());
  REQUIRE(outcome.code == 0);
  return nlohmann::json::parse(outcome.out);
}

}  // namespace orrery::app::test
