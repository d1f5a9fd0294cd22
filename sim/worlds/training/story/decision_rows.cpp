#include "sim/worlds/training/story/decision_rows.hpp"

#include "models/base/csv.hpp"

namespace orrery::training {

void for_each_decision(const std::string& path,
                       const std::function<void(const DecisionRow&)>& visit) {
  base::CsvReader csv(path);
  const std::size_t sequence = csv.column("sequence");
  const std::size_t time = csv.column("time_seconds");
  const std::size_t kind = csv.column("kind");
  const std::size_t job = csv.column("job_id");
  const std::size_t reason = csv.column("reason");
  const std::size_t because_of = csv.column("because_of");
  const std::size_t value = csv.column("value");
  const std::size_t gpus = csv.column("gpus");
  const std::size_t nodes = csv.column("nodes");
  const std::size_t free_gpus = csv.column("free_gpus");
  DecisionRow row;
  while (csv.next()) {
    row.sequence = csv.integer(sequence);
    row.time_seconds = csv.number(time);
    row.kind = csv[kind];
    row.job_id = csv[job];
    row.reason = csv[reason];
    row.because_of = csv[because_of];
    row.value = csv[value].empty() ? 0 : csv.number(value);
    row.gpus = csv.number(gpus);
    row.nodes = csv[nodes];
    row.free_gpus = csv.number(free_gpus);
    visit(row);
  }
}

}  // namespace orrery::training
