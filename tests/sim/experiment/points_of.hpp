// The runs that a document describes, each with its own document: for tests, whose documents are
// small.
#pragma once

#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "sim/experiment/expansion.hpp"

namespace orrery::experiment::test {

inline std::vector<RunPoint> expand(const base::Node& document, const Narrowing& narrowing = {}) {
  Expansion points(document, narrowing);
  std::vector<RunPoint> all;
  for (std::size_t i = 0; i < points.size(); ++i) all.push_back(points.point(i));
  return all;
}

inline std::vector<RunPoint> points_of(const std::string& text, const Narrowing& narrowing = {}) {
  return expand(base::parse_yaml(text, "e.yaml"), narrowing);
}

}  // namespace orrery::experiment::test
