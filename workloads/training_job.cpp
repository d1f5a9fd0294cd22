#include "workloads/training_job.hpp"

#include <cassert>
#include <cmath>
#include <unordered_set>

#include "models/base/error.hpp"
#include "models/base/hash.hpp"

namespace orrery::workloads {

namespace {

[[noreturn]] void fail(const TrainingWorkload& workload, const TrainingJob& job,
                       const std::string& sentence) {
  throw base::Error({workload.source, static_cast<int>(job.line), 0, ""},
                    "job '" + job.id + "' " + sentence);
}

void check_numbers(const TrainingWorkload& workload, const TrainingJob& job) {
  // Written so that NaN fails every line.
  if (!(job.submit_seconds >= 0 && std::isfinite(job.submit_seconds)))
    fail(workload, job, "has a submit time that is not a finite number of at least 0");
  if (!(job.duration_seconds >= 0 && std::isfinite(job.duration_seconds)))
    fail(workload, job, "has a duration that is not a finite number of at least 0");
  if (!(job.deadline_seconds >= 0)) fail(workload, job, "has a deadline below 0");
  if (job.iterations < 0) fail(workload, job, "has a negative number of iterations");
  if (job.batch_samples < 0) fail(workload, job, "has a negative batch");
  if (job.gpus < 1) fail(workload, job, "asks for less than one GPU");
  if (job.gpu_milli < 1 || job.gpu_milli > 1000)
    fail(workload, job, "asks for a GPU share outside 1 to 1000");
  if (job.gpu_milli < 1000 && job.gpus != 1)
    fail(workload, job, "asks for a share of a GPU and for more than one GPU");
}

void check_name(const TrainingWorkload& workload, const TrainingJob& job, NameId id) {
  if (!id.is_none() && id.index() >= workload.names.size())
    fail(workload, job, "refers to a name that the workload does not hold");
}

}  // namespace

NameId Names::intern(std::string_view name) {
  if (name.empty()) return {};
  // At most half full, so that a probe ends soon.
  if (texts_.size() * 2 >= slots_.size()) {
    slots_.assign(slots_.empty() ? 16 : slots_.size() * 2, 0);
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      std::size_t slot = base::mix_hash(texts_[i]) & (slots_.size() - 1);
      while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = static_cast<std::uint32_t>(i + 1);
    }
  }
  std::size_t slot = base::mix_hash(name) & (slots_.size() - 1);
  while (slots_[slot] != 0) {
    const std::size_t index = slots_[slot] - 1;
    if (texts_[index] == name) return NameId(index);
    slot = (slot + 1) & (slots_.size() - 1);
  }
  texts_.emplace_back(name);
  slots_[slot] = static_cast<std::uint32_t>(texts_.size());
  return NameId(texts_.size() - 1);
}

std::string_view Names::text(NameId id) const {
  if (id.is_none()) return {};
  assert(id.index() < texts_.size());
  return texts_[id.index()];
}

void check(const TrainingWorkload& workload) {
  std::unordered_set<std::string_view> seen;
  seen.reserve(workload.jobs.size());
  for (const TrainingJob& job : workload.jobs) {
    if (job.id.empty()) fail(workload, job, "has an empty id");
    if (!seen.insert(job.id).second) fail(workload, job, "appears twice");
    check_numbers(workload, job);
    check_name(workload, job, job.model);
    check_name(workload, job, job.virtual_cluster);
    check_name(workload, job, job.gpu_types);
  }
}

}  // namespace orrery::workloads
