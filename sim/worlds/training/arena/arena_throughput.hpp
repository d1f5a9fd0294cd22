// How fast jobs run under arena rules: measured rows, with the artifact's two roundings.
#pragma once

#include <memory>

#include "models/throughput/measured_throughput.hpp"

namespace orrery::training::arena {

/// Rounded to three decimals as printing with three and reading back does: the exact binary value,
/// ties to even.
double round3(double value);

/// Rows and their factors as models::find_row has them; the throughput is round3(batch / row's
/// seconds) times the factors, the iteration time round3(batch / throughput)
/// (docs/systems/crius.md, "Throughput lookup", read).
class ArenaThroughput final : public models::ThroughputSource {
 public:
  ArenaThroughput(std::shared_ptr<const models::ThroughputTable> table,
                  const models::MeasuredRules& rules)
      : table_(std::move(table)), rules_(rules) {}
  models::Throughput of(const models::TrainingTask& task, const models::ThroughputType& type,
                        models::Locality locality) const override;

 private:
  std::shared_ptr<const models::ThroughputTable> table_;
  models::MeasuredRules rules_;
};

}  // namespace orrery::training::arena
