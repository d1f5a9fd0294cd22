// What `orrery trace info` prints.
#pragma once

#include <string>

#include "workloads/training_job.hpp"

namespace orrery::app {

std::string trace_text(const std::string& format, const workloads::TrainingWorkload& workload);

}  // namespace orrery::app
