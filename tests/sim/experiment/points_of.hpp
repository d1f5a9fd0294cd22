// The runs that a text describes.
#pragma once

#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "sim/experiment/expansion.hpp"

namespace orrery::experiment::test {

inline std::vector<RunPoint> points_of(const std::string& text, const Narrowing& narrowing = {}) {
  return expand(base::parse_yaml(text, "e.yaml"), narrowing);
}

}  // namespace orrery::experiment::test
