// What is wrong with an option beyond what its type says.
#pragma once

#include <string>

#include "models/base/error.hpp"

namespace orrery::app {

/// Throws the error that names `option`, such as `--batch`, and says what is wrong with it.
[[noreturn]] inline void refuse_option(const std::string& option, const std::string& sentence) {
  throw base::Error({"command line", 0, 0, option}, sentence);
}

}  // namespace orrery::app
