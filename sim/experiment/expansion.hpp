// The runs that one experiment file stands for: sweep grid x policies x seeds.
//
// Ten thousand runs share one document: what is kept of each is its key, and its own document is
// made when it is asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "models/base/document.hpp"
#include "sim/experiment/choices.hpp"
#include "sim/experiment/sweep_grid.hpp"

namespace orrery::experiment {

/// What tells one run of an experiment from the others.
struct RunKey {
  std::string run_id;  ///< 16 hex digits, see run_id.hpp
  std::string policy;  ///< label, or name
  std::uint64_t seed = 1;
  report::SweepPoint point;  ///< empty without a sweep
  std::string directory;     ///< below a comparison's: `[point/]policy/seed`
};

/// One run: an experiment with nothing left to choose.
struct RunPoint : RunKey {
  base::Node document;  ///< resolved: no extends, sweep, seeds or policies
};

/// What the command line chooses instead of the file; empty: what the file says.
struct Narrowing {
  std::vector<std::string> policies;  ///< labels or names
  std::vector<std::uint64_t> seeds;
};

/// The runs of a document, in the order written: the sweep's combinations, its first key changing
/// slowest, then policies, then seeds.
class Expansion {
 public:
  static constexpr std::size_t kMostRuns = 10'000;

  /// Reads every choice as an experiment, so that each run can be run as far as the document tells.
  /// Throws base::Error, also for more than kMostRuns.
  explicit Expansion(const base::Node& document, const Narrowing& narrowing = {});

  std::size_t size() const { return keys_.size(); }
  const RunKey& operator[](std::size_t number) const { return keys_[number]; }
  /// Runs of one choice differ in their seeds only.
  std::size_t choice_of(std::size_t number) const { return number / seeds_.size(); }
  /// The document of a run, made anew: asking in order costs least.
  base::Node document(std::size_t number);
  RunPoint point(std::size_t number) { return {keys_[number], document(number)}; }
  /// The files and folders that the runs name.
  const std::set<std::string>& inputs() const { return inputs_; }
  /// The id of a run once it is known what else it reads.
  void set_run_id(std::size_t number, std::string id) { keys_[number].run_id = std::move(id); }

 private:
  /// Makes chosen_ the document of a choice, with the first seed.
  void go_to(std::size_t choice);

  SweepGrid grid_;
  std::vector<std::string> wanted_;
  std::vector<std::uint64_t> seeds_;
  std::vector<std::size_t> choices_before_;  ///< of each combination: choices of those before it
  std::vector<RunKey> keys_;
  std::set<std::string> inputs_;
  // What was made last.
  std::optional<Choices> choices_;
  std::size_t combination_ = 0;
  std::optional<std::size_t> choice_;
  base::Node chosen_;
};

/// Throws base::Error when `file` stands for more than one run.
void require_single(const Expansion& points, const std::string& file);

}  // namespace orrery::experiment
