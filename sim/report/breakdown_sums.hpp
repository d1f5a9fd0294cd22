// Sums over the common subjects of a run, by the words of columns.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/report/comparison.hpp"
#include "sim/report/sample_file.hpp"

namespace orrery::report {

/// Of a column at most so many groups are kept: the largest ones. All others are one group.
inline constexpr std::size_t kMostGroups = 40;
inline constexpr const char* kOtherGroups = "(others)";

/// Adds another group of the same samples.
void add_to(SubjectGroup& group, const SubjectGroup& other);

class BreakdownSums {
 public:
  /// `samples`: how many sets of samples each subject has a value of.
  BreakdownSums(const std::vector<std::string>& columns, std::size_t samples);

  void add(const SubjectRow& row);
  /// Groups in the order in which people count them: by number where their words begin with one,
  /// else the largest first, those of one size by their words; the others last.
  std::vector<BreakdownColumn> take();

 private:
  std::size_t samples_;
  std::vector<BreakdownColumn> columns_;
  std::vector<std::unordered_map<std::string, std::size_t>> numbers_;  // of groups, by column
};

}  // namespace orrery::report
