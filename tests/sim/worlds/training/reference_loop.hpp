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

/// The jobs of one virtual cluster of the condensed Philly trace (gzip), read by itself: submit
/// times in seconds from the cluster's first job, at most `limit` jobs.
std::vector<Job> read_philly(const std::string& path, const std::string& virtual_cluster,
                             std::size_t limit);

}  // namespace reference
