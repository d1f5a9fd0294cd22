#include "models/throughput/data_parallel.hpp"

#include <fmt/format.h>

#include <cmath>

#include "models/hardware/gpu_catalog.hpp"

namespace orrery::models {

namespace {

constexpr double kPeakAllowance = 1.2;
constexpr double kUsableMemory = 0.8;

}  // namespace

void DataParallelMemory::add(const TrainingTask& task, std::int32_t gpus, double peak_bytes,
                             const base::Where& where) {
  if (!(peak_bytes > 0))
    throw base::Error(where,
                      fmt::format("found a peak of {} bytes, expected more than 0", peak_bytes));
  if (!peaks_.emplace(Key{task.model, task.batch_samples, gpus}, peak_bytes).second)
    throw base::Error(where,
                      fmt::format("the peak memory of {}, batch {}, on {} GPUs stands twice, "
                                  "expected it once",
                                  task.model, task.batch_samples, gpus));
}

bool DataParallelMemory::fits(const TrainingTask& task, std::int32_t gpus,
                              double memory_bytes) const {
  const auto first = peaks_.lower_bound({task.model, task.batch_samples, 0});
  const auto last = peaks_.upper_bound({task.model, task.batch_samples, gpus});
  for (auto row = first; row != last; ++row)
    if (kPeakAllowance * row->second <= kUsableMemory * memory_bytes) return true;
  return false;
}

Throughput DataParallelThroughput::of(const TrainingTask& task, const ThroughputType& type,
                                      Locality locality) const {
  const GpuType* gpu = find_gpu(type.name);
  if (gpu == nullptr || !memory_.fits(task, locality.gpus(), gpu->memory_bytes.value)) return {};
  return source_->of(task, type, locality);
}

}  // namespace orrery::models
