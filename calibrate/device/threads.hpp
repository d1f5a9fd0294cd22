// How many threads the kernels may use: a setting of the program, made once before any kernel is.
#pragma once

namespace orrery::calibrate {

/// The processors that this process may run on (its affinity), at least 1.
int processors();

/// What --threads set, else processors().
int usable_threads();

/// For all kernels made from now on; 0 goes back to processors().
void set_usable_threads(int threads);

}  // namespace orrery::calibrate
