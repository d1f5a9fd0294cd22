#include "sim/worlds/training/records/allocation_records.hpp"

#include "sim/worlds/training/records/gpu_slots.hpp"

namespace orrery::training {

AllocationRecords::AllocationRecords(const std::string& path, const platform::Inventory& inventory,
                                     const workloads::TrainingWorkload& workload)
    : file_(path, {"job_id", "start_seconds", "end_seconds", "node", "gpu_type", "gpus", "milli",
                   "slots", "ended_by"}),
      inventory_(inventory),
      workload_(workload) {}

void AllocationRecords::on_span(const AllocationSpan& span) {
  for (const platform::NodeShare& share : span.placement) {
    const platform::NodeInfo& node = inventory_.nodes[share.node.index()];
    file_.row()
        .field(workload_.jobs[span.job.index()].id)
        .field(span.start_seconds)
        .field(span.end_seconds)
        .field(static_cast<std::int64_t>(share.node.index()))
        .field(inventory_.types[node.type.index()])
        .field(std::int64_t{share.gpus})
        .field(std::int64_t{share.milli})
        .field(slots_text(share.slots))
        .field(to_string(span.ended_by));
    file_.end_row();
  }
}

}  // namespace orrery::training
