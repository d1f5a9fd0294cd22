// What a session asks about the world while it repeats a point, so that tests can answer for it.
#pragma once

#include <functional>
#include <string>

#include "calibrate/device/clocks.hpp"

namespace orrery::calibrate {

/// Both may be empty: then nothing is known of steal and of the speed of the processor.
struct Watch {
  std::function<double()> stolen;     ///< seconds so far, read before and after every repeat
  std::function<double()> yardstick;  ///< seconds of a fixed piece of work, timed beside a visit
};

/// Why a repeat is disturbed, in words of the raw rows; empty where it is not.
///
///   switched   a thread that counts lost its processor: others used its caches meanwhile
///   waited     it was ready and had no processor for 1 % of the repeat or more
///   stolen     the machine beneath took time of a processor, `stolen_seconds` of it
std::string disturbance(const RunTime& run, double stolen_seconds);

/// The system's steal and the yardstick product on the calling thread.
Watch system_watch();

/// Seconds of processor time of the yardstick: the product of two 96 x 96 matrices, which live in
/// the inner caches; the least of three. Whoever shares the core, or slows its clock, slows it.
double yardstick_seconds();

}  // namespace orrery::calibrate
