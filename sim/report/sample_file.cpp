#include "sim/report/sample_file.hpp"

#include <algorithm>
#include <utility>

namespace orrery::report {

SampleFile::SampleFile(std::vector<const world::Samples*> samples,
                       const world::Breakdowns* breakdowns)
    : samples_(std::move(samples)), breakdowns_(breakdowns) {}

std::vector<std::string> SampleFile::breakdown_columns(const std::string& path) const {
  std::vector<std::string> names;
  if (breakdowns_ == nullptr) return names;
  const base::CsvReader csv(path);
  for (const world::Breakdowns::Column& column : breakdowns_->columns)
    if (csv.find_column(column.name)) names.push_back(column.name);
  return names;
}

std::vector<SampleFile> sample_files(const world::Section& section) {
  std::vector<std::vector<const world::Samples*>> files;
  for (const world::Samples& samples : section.samples) {
    const auto same = std::ranges::find_if(files, [&](const auto& file) {
      return file.front()->file == samples.file && file.front()->id_column == samples.id_column;
    });
    (same == files.end() ? files.emplace_back() : *same).push_back(&samples);
  }
  std::vector<SampleFile> out;
  for (auto& file : files) {
    const bool grouped = section.breakdowns.file == file.front()->file;
    out.emplace_back(std::move(file), grouped ? &section.breakdowns : nullptr);
  }
  return out;
}

}  // namespace orrery::report
