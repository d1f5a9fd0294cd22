// How many threads the kernels may use: a setting of the program, made once before any kernel is.
#pragma once

#include <sched.h>

#include <utility>

namespace orrery::calibrate {

/// The processors that this process may run on (its affinity), at least 1.
int processors();

/// Two processors for two threads that talk to each other: of different cores where there are two;
/// the same twice on a machine of one.
std::pair<int, int> two_processors();

/// Holds the calling thread on one processor until it is destroyed; does nothing where the system
/// does not allow it.
class OnProcessor {
 public:
  explicit OnProcessor(int processor);
  ~OnProcessor();
  OnProcessor(const OnProcessor&) = delete;
  OnProcessor& operator=(const OnProcessor&) = delete;

 private:
  cpu_set_t before_;
};

/// What --threads set, else processors().
int usable_threads();

/// For all kernels made from now on; 0 goes back to processors().
void set_usable_threads(int threads);

}  // namespace orrery::calibrate
