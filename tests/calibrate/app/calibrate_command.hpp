// orrery-calibrate in a folder of its own, with its own kernels or with fake ones.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/sim/app/command.hpp"

namespace orrery::calibrate::app::test {

using orrery::app::test::Outcome;

class Bench : public orrery::app::test::Folder {
 public:
  explicit Bench(const char* program) { ::setenv("ORRERY_BINARY", program, 1); }
  Outcome calibrate(const std::vector<std::string>& words) const { return orrery(words); }
};

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace orrery::calibrate::app::test
