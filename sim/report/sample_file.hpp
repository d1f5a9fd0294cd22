// The samples of one world that stand in one file of each run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/base/csv.hpp"
#include "sim/world/section.hpp"

namespace orrery::report {

/// Numbers of subjects, in order of their first appearance: thousands of runs may have the same.
class SubjectNumbers {
 public:
  std::uint32_t of(std::string_view id) {
    const auto next = static_cast<std::uint32_t>(numbers_.size());
    return numbers_.try_emplace(std::string(id), next).first->second;
  }
  std::size_t size() const { return numbers_.size(); }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

/// A subject that has a value of each of the samples.
struct SubjectRow {
  std::uint32_t subject = 0;
  double seconds = 0;              ///< when it came; 0 where no column says
  std::span<const double> values;  ///< in the order of the samples; valid until the next row
  double amount = 0;               ///< of the breakdowns
  std::span<const std::string_view> words = {};  ///< in their columns that the file has
};

/// Which samples of a section stand in one file.
class SampleFile {
 public:
  /// `samples` have the same file and the same column of ids; `breakdowns` are of it, or null.
  SampleFile(std::vector<const world::Samples*> samples, const world::Breakdowns* breakdowns);

  const std::string& name() const { return samples_.front()->file; }
  const std::vector<const world::Samples*>& samples() const { return samples_; }
  /// Those of the breakdowns' columns that the file at `path` has.
  std::vector<std::string> breakdown_columns(const std::string& path) const;

  /// Hands over each subject that has all values, in the order of the file at `path`, and gives
  /// every subject of it a number. Throws base::Error where the file is missing or damaged.
  template <class Take>
  void read(const std::string& path, SubjectNumbers& numbers, const Take& take) const;

 private:
  std::vector<const world::Samples*> samples_;
  const world::Breakdowns* breakdowns_;
};

/// The files of a section's samples, in order of their first samples.
std::vector<SampleFile> sample_files(const world::Section& section);

namespace detail {

/// The columns of one set of samples in a file.
class SampleColumns {
 public:
  SampleColumns(const base::CsvReader& csv, const world::Samples& samples)
      : samples_(&samples),
        value_(csv.column(samples.value_column)),
        from_(samples.from_column.empty() ? value_ : csv.column(samples.from_column)),
        state_(samples.state_column.empty() ? value_ : csv.column(samples.state_column)) {}

  bool has_value(const base::CsvReader& csv) const {
    if (csv[value_].empty() || csv[from_].empty()) return false;
    return samples_->state_column.empty() || csv[state_] == samples_->state;
  }
  double value(base::CsvReader& csv) const {
    const double origin = samples_->from_column.empty() ? 0 : csv.number(from_);
    return csv.number(value_) - origin;
  }

 private:
  const world::Samples* samples_;
  std::size_t value_, from_, state_;
};

/// The columns by which subjects are grouped, and that of the amount, in a file.
class GroupColumns {
 public:
  GroupColumns(const base::CsvReader& csv, const world::Breakdowns* breakdowns) {
    if (breakdowns == nullptr) return;
    for (const world::Breakdowns::Column& column : breakdowns->columns)
      if (const auto at = csv.find_column(column.name)) columns_.push_back(*at);
    words_.resize(columns_.size());
    if (!breakdowns->amount_column.empty()) amount_ = csv.find_column(breakdowns->amount_column);
  }

  std::span<const std::string_view> words(const base::CsvReader& csv) {
    for (std::size_t i = 0; i < columns_.size(); ++i) words_[i] = csv[columns_[i]];
    return words_;
  }
  double amount(base::CsvReader& csv) const {
    return !amount_ || csv[*amount_].empty() ? 0 : csv.number(*amount_);
  }

 private:
  std::vector<std::size_t> columns_;
  std::vector<std::string_view> words_;
  std::optional<std::size_t> amount_;
};

}  // namespace detail

template <class Take>
void SampleFile::read(const std::string& path, SubjectNumbers& numbers, const Take& take) const {
  base::CsvReader csv(path);
  const std::size_t id = csv.column(samples_.front()->id_column);
  const std::string& clock = samples_.front()->time_column;
  const std::size_t time = clock.empty() ? id : csv.column(clock);
  std::vector<detail::SampleColumns> columns;
  for (const world::Samples* samples : samples_) columns.emplace_back(csv, *samples);
  detail::GroupColumns groups(csv, breakdowns_);
  std::vector<double> values(samples_.size());
  const world::Samples& first = *samples_.front();
  const std::size_t state = first.never_came.empty() ? id : csv.column(first.state_column);
  while (csv.next()) {
    if (!first.never_came.empty() && csv[state] == first.never_came) continue;
    const std::uint32_t subject = numbers.of(csv[id]);
    bool all = clock.empty() || !csv[time].empty();
    for (const detail::SampleColumns& column : columns) all = all && column.has_value(csv);
    if (!all) continue;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = columns[i].value(csv);
    take(SubjectRow{subject, clock.empty() ? 0 : csv.number(time), values, groups.amount(csv),
                    groups.words(csv)});
  }
}

}  // namespace orrery::report
