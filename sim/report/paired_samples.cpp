#include "sim/report/paired_samples.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "models/base/error.hpp"
#include "sim/report/breakdown_sums.hpp"
#include "sim/report/distribution_figures.hpp"
#include "sim/report/sample_file.hpp"

namespace orrery::report {

using world::Figure;
using world::Samples;
using world::Section;

namespace {

constexpr std::size_t kMostBlocks = 1000;

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

/// The block that each subject belongs to.
using BlockOf = std::vector<std::uint32_t>;

/// A common subject of a run and when it came.
struct Arrival {
  double seconds = 0;
  std::uint32_t subject = 0;
};

/// Windows of equal length from the first to the last arrival.
BlockOf windows_of(const std::vector<Arrival>& arrivals, std::size_t subjects, std::size_t count) {
  BlockOf out(subjects, 0);
  const auto [first, last] = std::ranges::minmax(arrivals, {}, &Arrival::seconds);
  const double length = last.seconds - first.seconds;
  for (const Arrival& arrival : arrivals) {
    const double at = length > 0 ? (arrival.seconds - first.seconds) / length : 0;
    const auto window = static_cast<std::size_t>(at * static_cast<double>(count));
    out[arrival.subject] = static_cast<std::uint32_t>(std::min(window, count - 1));
  }
  return out;
}

/// Blocks of as many successive arrivals as there are blocks, at most kMostBlocks.
BlockOf successive_blocks(std::vector<Arrival> arrivals, std::size_t subjects) {
  std::ranges::stable_sort(arrivals, {}, &Arrival::seconds);
  const auto size = static_cast<std::size_t>(
      std::ceil(std::max(std::sqrt(static_cast<double>(arrivals.size())),
                         static_cast<double>(arrivals.size()) / kMostBlocks)));
  BlockOf out(subjects, 0);
  for (std::size_t i = 0; i < arrivals.size(); ++i)
    out[arrivals[i].subject] = static_cast<std::uint32_t>(i / size);
  return out;
}

/// The samples of one file of world `number`, over all runs of a comparison: read twice, because
/// the values of ten thousand runs need not be held.
class Pairing {
 public:
  Pairing(const std::string& root, Comparison& comparison, std::size_t number,
          const SampleFile& file)
      : root_(root), comparison_(comparison), number_(number), file_(file) {}

  void pair() {
    count();
    CommonSubjects& common = comparison_.common.emplace_back();
    common.world = number_;
    common.noun = file_.samples().front()->noun;
    common.state = file_.samples().front()->state;
    common.file = file_.name();
    common.all = numbers_.size();
    for (std::size_t subject = 0; subject < numbers_.size(); ++subject)
      common.common += is_common(subject) ? 1 : 0;
    common.same = std::ranges::all_of(sizes_, [&](auto size) { return size == common.common; });
    for (ComparedRun& run : comparison_.runs) put(run);
  }

 private:
  std::string path(const ComparedRun& run) const {
    return path_in(root_, run, run.worlds[number_], file_.name());
  }
  bool is_common(std::size_t subject) const {
    return subject < runs_with_.size() && runs_with_[subject] == comparison_.runs.size();
  }

  void count() {
    for (const ComparedRun& run : comparison_.runs) {
      std::uint64_t& size = sizes_.emplace_back();
      file_.read(path(run), numbers_, [&](const SubjectRow& row) {
        if (row.subject >= runs_with_.size()) runs_with_.resize(row.subject + std::size_t{1});
        ++runs_with_[row.subject];
        ++size;
      });
    }
  }

  /// The blocks of the runs at the place of this one: those of the first of them, because a
  /// policy may have an influence on when subjects come.
  const BlockOf& blocks_at(const ComparedRun& run, const std::vector<Arrival>& arrivals) {
    if (sweep_of(run) != point_) blocks_.clear();  // runs of one point stand together
    point_ = sweep_of(run);
    const std::uint64_t place = run.summary.seed;
    const auto known = blocks_.find(place);
    if (known != blocks_.end()) return known->second;
    const Uncertainty& rule = comparison_.uncertainty;
    return blocks_
        .emplace(place, rule.bootstrap > 0 ? successive_blocks(arrivals, numbers_.size())
                                           : windows_of(arrivals, numbers_.size(), rule.windows))
        .first->second;
  }

  void put(ComparedRun& run) {
    std::vector<Arrival> arrivals;
    std::vector<std::vector<double>> values(file_.samples().size());
    BreakdownSums groups(file_.breakdown_columns(path(run)), values.size());
    file_.read(path(run), numbers_, [&](const SubjectRow& row) {
      if (!is_common(row.subject)) return;
      arrivals.push_back({row.seconds, row.subject});
      for (std::size_t i = 0; i < values.size(); ++i) values[i].push_back(row.values[i]);
      groups.add(row);
    });
    ComparedWorld& world = run.worlds[number_];
    const bool in_time = !file_.samples().front()->time_column.empty() && !arrivals.empty();
    for (std::size_t i = 0; i < values.size(); ++i) {
      SampleBlocks& blocks = world.blocks.emplace_back();
      blocks.samples = file_.samples()[i]->key;
      if (in_time) blocks.blocks = blocks_of(blocks_at(run, arrivals), arrivals, values[i]);
      put_values(world, *file_.samples()[i], distribution_of(values[i]));
    }
    for (BreakdownColumn& column : groups.take()) world.breakdowns.push_back(std::move(column));
  }

  static Blocks blocks_of(const BlockOf& block_of, const std::vector<Arrival>& arrivals,
                          const std::vector<double>& values) {
    Blocks out;
    for (std::size_t i = 0; i < arrivals.size(); ++i) {
      const std::size_t block = block_of[arrivals[i].subject];
      if (block >= out.counts.size()) {
        out.counts.resize(block + 1);
        out.sums.resize(block + 1);
      }
      out.counts[block] += 1;
      out.sums[block] += values[i];
    }
    return out;
  }

  const std::string& root_;
  Comparison& comparison_;
  std::size_t number_;
  const SampleFile& file_;
  SubjectNumbers numbers_;
  std::vector<std::uint64_t> runs_with_;     // by subject
  std::vector<std::uint64_t> sizes_;         // by run: its subjects with values
  std::string point_;                        // of the sweep, where the runs put now stand
  std::map<std::uint64_t, BlockOf> blocks_;  // there, by seed
};

}  // namespace

std::vector<Figure> sample_figures(const Samples& samples) {
  Figure common{.key = samples.key,
                .group = samples.group,
                .label = samples.label,
                .help = samples.help,
                .unit = samples.unit,
                .best = samples.best,
                .absent = world::Absent::null_object};
  std::vector<Figure> out;
  for (const DistributionPart& part : kDistributionParts) {
    Figure& figure = out.emplace_back(part_of(common, part));
    if (std::ranges::find(samples.headlines, part.word) != samples.headlines.end())
      figure.place = world::Place::headline;
  }
  return out;
}

void append_sample_figures(Section& section) {
  for (const Samples& samples : section.samples)
    for (Figure& figure : sample_figures(samples)) section.figures.push_back(std::move(figure));
}

void pair_samples(const std::string& root, Comparison& comparison) {
  if (comparison.runs.empty()) return;
  for (const ComparedRun& run : comparison.runs) check_worlds(root, run, comparison.runs.front());
  for (std::size_t number = 0; number < comparison.runs.front().worlds.size(); ++number) {
    const Section& section = *comparison.runs.front().worlds[number].declared;
    for (const SampleFile& file : sample_files(section))
      Pairing(root, comparison, number, file).pair();
  }
}

}  // namespace orrery::report
