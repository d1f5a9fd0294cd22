// `orrery explain DIR JOB`: the life of one job in plain words, from jobs.csv and decisions.csv.
#pragma once

#include <string>

namespace orrery::training {

/// Sentences, one a line: when it came, why it waited (for how long, behind whom), where it
/// started, when and why it was preempted or moved, when it finished. Throws base::Error for an
/// unknown job (naming near ones) or a directory without records.
std::string explain(const std::string& directory, const std::string& job_id);

}  // namespace orrery::training
