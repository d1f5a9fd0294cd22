#include "sim/report/paired_samples.hpp"

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "models/base/csv.hpp"
#include "models/base/error.hpp"
#include "sim/report/distribution_figures.hpp"

namespace orrery::report {

using world::Figure;
using world::Samples;
using world::Section;

namespace {

/// A value of a subject, which is a number: thousands of runs may have the same subjects.
struct Sample {
  std::uint32_t subject = 0;
  double value = 0;
};

/// Numbers of subjects, in order of their first appearance.
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

/// The samples of one run, in the order of the file.
std::vector<Sample> read_samples(const std::string& path, const Samples& samples,
                                 SubjectNumbers& numbers) {
  base::CsvReader csv(path);
  const std::size_t id = csv.column(samples.id_column);
  const std::size_t value = csv.column(samples.value_column);
  const std::size_t from = samples.from_column.empty() ? value : csv.column(samples.from_column);
  const std::size_t state = samples.state_column.empty() ? id : csv.column(samples.state_column);
  std::vector<Sample> out;
  while (csv.next()) {
    if (csv[value].empty() || csv[from].empty()) continue;
    if (!samples.state_column.empty() && csv[state] != samples.state) continue;
    const double origin = samples.from_column.empty() ? 0 : csv.number(from);
    out.push_back({numbers.of(csv[id]), csv.number(value) - origin});
  }
  return out;
}

/// World number `number`: runs of one experiment have the same worlds in the same order.
ComparedWorld& same_world(ComparedRun& run, std::size_t number) {
  return run.worlds[number];
}

void check_worlds(const std::string& root, const ComparedRun& run, const ComparedRun& first) {
  const auto kinds = [](const ComparedRun& of) {
    std::vector<std::string> out;
    for (const ComparedWorld& world : of.worlds) out.push_back(world.kind);
    return out;
  };
  if (kinds(run) != kinds(first))
    throw base::Error({root + "/" + run.directory + "/summary.json", 0, 0, "worlds"},
                      "expected the same worlds as in " + first.directory + ", found others");
}

void put_values(ComparedWorld& world, const Samples& samples,
                const std::optional<Distribution>& of) {
  const std::vector<Figure>& figures = world.declared->figures;
  for (const DistributionPart& part : kDistributionParts) {
    const Figure& figure = world::figure(figures, samples.key + "." + part.word);
    world.figures[static_cast<std::size_t>(&figure - figures.data())] = value_of(of, part);
  }
}

/// One set of samples of one world, over all runs.
void pair(const std::string& root, const std::vector<ComparedRun*>& runs, std::size_t number,
          const Samples& samples) {
  SubjectNumbers numbers;
  std::vector<std::vector<Sample>> all;
  for (ComparedRun* run : runs)
    all.push_back(read_samples(path_in(root, *run, same_world(*run, number), samples.file), samples,
                               numbers));
  std::vector<std::size_t> runs_with(numbers.size());
  for (const std::vector<Sample>& of_run : all)
    for (const Sample& sample : of_run) ++runs_with[sample.subject];
  for (std::size_t r = 0; r < runs.size(); ++r) {
    std::vector<double> values;
    for (const Sample& sample : all[r])
      if (runs_with[sample.subject] == runs.size()) values.push_back(sample.value);
    put_values(same_world(*runs[r], number), samples, distribution_of(values));
  }
}

}  // namespace

std::vector<Figure> sample_figures(const Samples& samples) {
  Figure common{.key = samples.key,
                .group = samples.group,
                .label = samples.label,
                .help = samples.help,
                .unit = samples.unit,
                .best = samples.best,
                .place = samples.primary ? world::Place::headline : world::Place::table,
                .absent = world::Absent::null_object};
  std::vector<Figure> out;
  for (const DistributionPart& part : kDistributionParts) out.push_back(part_of(common, part));
  return out;
}

void append_sample_figures(Section& section) {
  for (const Samples& samples : section.samples)
    for (Figure& figure : sample_figures(samples)) section.figures.push_back(std::move(figure));
}

void pair_samples(const std::string& root, const std::vector<ComparedRun*>& runs) {
  if (runs.empty()) return;
  for (const ComparedRun* run : runs) check_worlds(root, *run, *runs.front());
  const std::size_t worlds = runs.front()->worlds.size();
  for (std::size_t number = 0; number < worlds; ++number)
    for (const Samples& samples : same_world(*runs.front(), number).declared->samples)
      pair(root, runs, number, samples);
}

}  // namespace orrery::report
