// The combinations of a sweep's values, made one at a time: all their documents together would be
// as large as the sweep times the document.
#pragma once

#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "sim/report/run_summary.hpp"

namespace orrery::experiment {

class SweepGrid {
 public:
  /// Throws base::Error for a key that cannot be swept over, and for more than `most` combinations.
  SweepGrid(base::Node document, std::size_t most);

  /// Combinations; 1 without a sweep.
  std::size_t size() const { return directories_.size(); }
  /// The document without `sweep`, with the values of one combination; the first key changes
  /// slowest. Throws base::Error for a value that cannot be set.
  base::Node document(std::size_t number) const;
  /// The values of one combination: scalars as written, others by their place in the list, `#2`.
  report::SweepPoint point(std::size_t number) const;
  /// A directory of its own for each combination, `count-10_round-5-s/`, or `point-3/` where that
  /// would be long; empty without a sweep.
  const std::string& directory(std::size_t number) const { return directories_[number]; }

 private:
  std::vector<std::size_t> indices_of(std::size_t number) const;
  std::string readable_name(std::size_t number) const;
  void name_directories(std::size_t combinations);

  base::Node document_;
  std::vector<base::Entry> axes_;
  std::vector<std::string> directories_;
};

}  // namespace orrery::experiment
