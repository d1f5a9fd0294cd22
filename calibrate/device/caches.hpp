// The processor's data caches, as far as the system or the processor names them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace orrery::calibrate {

/// A data cache of the processor, of one core or shared by several.
struct Cache {
  int level = 0;
  std::int64_t bytes = 0;
  int sharers = 1;  ///< processors that share one
};

/// The data caches that the folder `cache` of a processor in /sys names, innermost first; empty
/// where it names none, as on virtual machines that hide them.
std::vector<Cache> caches_of_folder(const std::string& folder);

/// The same by what the processor says of itself (sysconf of glibc). It does not say who shares
/// what: the first two levels count as one core's, further ones as everybody's. The last may be the
/// sum over the processor's parts, of which a thread reaches one.
std::vector<Cache> caches_of_processor();

/// caches_of_folder of the first processor, else caches_of_processor().
std::vector<Cache> data_caches();

}  // namespace orrery::calibrate
