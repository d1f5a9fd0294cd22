// An independent simulator of the simple policies: plain loops over plain vectors, sharing no line
// with the product. Slow on purpose; every rule stands where a reader looks for it.
#pragma once

#include <string>
#include <vector>

namespace reference {

struct Job {
  double submit = 0;
  int gpus = 1;
  double duration = 0;
};

struct Outcome {
  double start = -1;  ///< first start
  double finish = -1;
};

/// policy: fifo, sjf, srtf; queue: blocking, skipping; placement: consolidated, first_fit, pooled.
std::vector<Outcome> simulate(const std::vector<Job>& jobs, int nodes, int gpus_per_node,
                              const std::string& policy, const std::string& queue,
                              const std::string& placement);

/// Reads `job_id,submit_seconds,gpus,duration_seconds` without the product's readers.
std::vector<Job> read_csv(const std::string& path);

}  // namespace reference
