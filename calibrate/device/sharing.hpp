// How the system shares its processors out: the signs by which a run is called disturbed.
#pragma once

#include <cstdint>

namespace orrery::calibrate {

/// What a thread lost to others.
struct SharingSigns {
  std::int64_t switches = 0;  ///< times that it lost its processor to another thread
  double waited_seconds = 0;  ///< that it was ready to run and had no processor

  SharingSigns operator+(const SharingSigns& other) const {
    return {switches + other.switches, waited_seconds + other.waited_seconds};
  }
  SharingSigns operator-(const SharingSigns& other) const {
    return {switches - other.switches, waited_seconds - other.waited_seconds};
  }
};

/// The calling thread's counters since it began, which only grow: getrusage, and the run delay of
/// /proc/thread-self/schedstat. What the system does not tell stays 0. Takes some microseconds.
SharingSigns thread_signs();

/// Seconds that the machine beneath took of all processors since the start, which its guests see as
/// `steal` of /proc/stat, in steps of 10 ms; 0 where the system does not tell. Takes some tens of
/// microseconds.
double stolen_seconds();

}  // namespace orrery::calibrate
