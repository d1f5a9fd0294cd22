// Throughputs from a measured table, with rules for configurations that were not measured.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "models/base/declaration_fwd.hpp"
#include "models/throughput/throughput_source.hpp"
#include "models/throughput/throughput_table.hpp"

namespace orrery::models {

/// What stands for a row that is missing (Crius, section 6, read: 0.9 and 1.8, 300 s). Rules are
/// never combined: the first row found decides, also where it says that nothing can run.
struct MeasuredRules {
  /// A locality spread over more nodes than the best one runs at the best one's throughput times
  /// this, for each halving of the GPUs per node; 0: unknown.
  double relaxed_locality = 0;
  /// A model smaller than a measured one of its family runs at that one's throughput times this,
  /// for each step in size; 0: unknown.
  double smaller_model = 0;
  /// A batch without a row of its own, where others are measured on the same configuration (ours):
  /// between two of them the iteration time is interpolated linearly; a larger one than any runs
  /// as the fewest equal parts that are not larger, one after the other (gradient accumulation,
  /// each part counted with its synchronisation). A smaller one than any is unknown.
  bool other_batches = false;
  double longest_iteration_seconds = std::numeric_limits<double>::infinity();
};
base::Declaration<MeasuredRules> declare(const MeasuredRules*);

/// The row that answers a question, and how far it is from the configuration asked for.
struct TableRow {
  double iteration_seconds = 0;  ///< of the row; infinity: cannot run
  std::int32_t halvings = 0;     ///< of the GPUs per node, from the row's to the one asked for
  std::int32_t size_steps = 0;   ///< from the model asked for up to the row's
  bool other_batch = false;      ///< from the rows of other batches
};
/// The exact row; else, as `rules` allow, the rows of other batches; else the best locality's row
/// for as many GPUs; else the first larger size of the family with an exact row. A row slower than
/// the limit counts as infeasible.
std::optional<TableRow> find_row(const ThroughputTable& table, const MeasuredRules& rules,
                                 const TrainingTask& task, const ThroughputType& type,
                                 Locality locality);

class MeasuredThroughput final : public ThroughputSource {
 public:
  MeasuredThroughput(std::shared_ptr<const ThroughputTable> table, const MeasuredRules& rules)
      : table_(std::move(table)), rules_(rules) {}
  Throughput of(const TrainingTask& task, const ThroughputType& type,
                Locality locality) const override;

 private:
  std::shared_ptr<const ThroughputTable> table_;
  MeasuredRules rules_;
};

/// Asks one source after the other: the first that knows answers, also where it knows that the task
/// cannot run there (measured tables with our estimator as fall-back).
class FirstThatKnows final : public ThroughputSource {
 public:
  explicit FirstThatKnows(std::vector<std::shared_ptr<const ThroughputSource>> sources)
      : sources_(std::move(sources)) {}
  Throughput of(const TrainingTask& task, const ThroughputType& type,
                Locality locality) const override {
    for (const auto& source : sources_)
      if (const Throughput found = source->of(task, type, locality); found.known()) return found;
    return {};
  }

 private:
  std::vector<std::shared_ptr<const ThroughputSource>> sources_;
};

}  // namespace orrery::models
