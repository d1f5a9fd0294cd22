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

/// Sets their values and blocks in all runs, read from the files of the runs, and says over how
/// many subjects they go. All runs have the same worlds. Throws base::Error when such a file is
/// missing or damaged.
void pair_samples(const std::string& root, Comparison& comparison);

}  // namespace orrery::report
