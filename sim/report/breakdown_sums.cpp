#include "sim/report/breakdown_sums.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "models/base/numbers.hpp"

namespace orrery::report {

namespace {

bool larger(const SubjectGroup& a, const SubjectGroup& b) {
  return a.count != b.count ? a.count > b.count : a.word < b.word;
}

/// Where a word stands among numbers: `<1` before 1, `>512` behind 512; none: it is no number.
std::optional<double> rank_of(const std::string& word) {
  const bool less = word.starts_with('<');
  const bool more = word.starts_with('>');
  const std::size_t begin = less || more ? 1 : 0;
  const std::size_t end = word.find_first_not_of("0123456789.", begin);
  const auto number = base::parse_double(word.substr(begin, end - begin));
  if (!number) return std::nullopt;
  return *number + (less ? -0.5 : more ? 0.5 : 0);
}

void sort_groups(std::vector<SubjectGroup>& groups) {
  const auto has_rank = [](const SubjectGroup& group) { return rank_of(group.word).has_value(); };
  if (std::ranges::all_of(groups, has_rank))
    std::ranges::stable_sort(groups, {}, [](const SubjectGroup& g) { return *rank_of(g.word); });
}

/// Joins all but the largest groups.
void limit_groups(std::vector<SubjectGroup>& groups) {
  std::ranges::sort(groups, larger);
  if (groups.size() <= kMostGroups) return sort_groups(groups);
  SubjectGroup others{kOtherGroups, 0, 0, std::vector<double>(groups.front().sums.size())};
  for (std::size_t i = kMostGroups; i < groups.size(); ++i) add_to(others, groups[i]);
  groups.resize(kMostGroups);
  sort_groups(groups);
  groups.push_back(std::move(others));
}

}  // namespace

void add_to(SubjectGroup& group, const SubjectGroup& other) {
  group.count += other.count;
  group.amount += other.amount;
  for (std::size_t i = 0; i < std::min(group.sums.size(), other.sums.size()); ++i)
    group.sums[i] += other.sums[i];
}

BreakdownSums::BreakdownSums(const std::vector<std::string>& columns, std::size_t samples)
    : samples_(samples), numbers_(columns.size()) {
  for (const std::string& name : columns) columns_.push_back({name, {}});
}

void BreakdownSums::add(const SubjectRow& row) {
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    std::vector<SubjectGroup>& groups = columns_[c].groups;
    const auto [at, added] = numbers_[c].try_emplace(std::string(row.words[c]), groups.size());
    if (added) groups.push_back({at->first, 0, 0, std::vector<double>(samples_)});
    SubjectGroup& group = groups[at->second];
    ++group.count;
    group.amount += row.amount;
    for (std::size_t i = 0; i < samples_; ++i) group.sums[i] += row.values[i];
  }
}

std::vector<BreakdownColumn> BreakdownSums::take() {
  for (BreakdownColumn& column : columns_)
    if (!column.groups.empty()) limit_groups(column.groups);
  return std::move(columns_);
}

}  // namespace orrery::report
