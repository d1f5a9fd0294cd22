// The device that is calibrated, as the system or its driver describes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calibrate/kernels/kernel.hpp"
#include "models/profile/profile.hpp"

namespace orrery::calibrate {

/// What a profile says of a device.
struct DeviceDescription {
  std::string name;               ///< as the system or driver calls it
  models::NamedNumbers hardware;  ///< `threads`, `memory_bytes`, ...
  std::string driver;             ///< of a GPU
  std::string clocks;             ///< as found
  models::NamedTexts libraries;   ///< `CUDA`
};

/// Bytes of memory that are free for a new process, by /proc/meminfo; 0 where it does not say.
std::int64_t free_memory_bytes();

/// This machine's processor. `threads` is usable_threads().
DeviceDescription describe_cpu();

/// The first visible GPU; nothing where there is none, and `absent` then says why in one sentence.
std::optional<DeviceDescription> describe_gpu(std::string& absent);

/// `Linux 6.1 x86_64, 2 processors, Intel Xeon`.
std::string describe_host();

/// A name that experiments can use, of what the system calls the device: lower case, words joined
/// by hyphens, without marks and makers' filling words: `NVIDIA A40` is `a40`.
std::string device_slug(std::string_view name);

}  // namespace orrery::calibrate
