// Where there was no CUDA toolkit to build with.
#include "calibrate/device/device.hpp"

namespace orrery::calibrate {

std::optional<DeviceDescription> describe_gpu(std::string& absent) {
  absent = "this program was built without CUDA; build it where nvcc is";
  return std::nullopt;
}

}  // namespace orrery::calibrate
