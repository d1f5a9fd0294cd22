// Samples of several runs, paired: the same subject (a job, a request) in every run. What holds
// over the subjects that all runs have compares like with like.
#pragma once

#include <string>
#include <vector>

#include "sim/report/comparison.hpp"

namespace orrery::report {

/// The four figures that samples become.
std::vector<world::Figure> sample_figures(const world::Samples& samples);

/// Appends the figures of a section's samples to its own, without values.
void append_sample_figures(world::Section& section);

/// Sets their values in these runs of one seed and sweep point, read from the files of the runs.
/// Throws base::Error when such a file is missing or damaged.
void pair_samples(const std::string& root, const std::vector<ComparedRun*>& runs);

}  // namespace orrery::report
