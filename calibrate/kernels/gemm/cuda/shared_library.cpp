#include <dlfcn.h>

#include "calibrate/kernels/gemm/cuda/baselines.hpp"
#include "models/base/error.hpp"

namespace orrery::calibrate::gemm_cuda {

std::optional<SharedLibrary> SharedLibrary::open(std::initializer_list<const char*> names,
                                                 std::string& why) {
  for (const char* name : names) {
    if (void* handle = dlopen(name, RTLD_NOW | RTLD_LOCAL)) return SharedLibrary(handle);
    why = std::string(name) + " is not here: skipped";
  }
  return std::nullopt;
}

void* SharedLibrary::find(const char* name) const {
  void* function = dlsym(handle_, name);
  if (function == nullptr) {
    throw base::Error({.file = {}, .line = 0, .column = 0, .key = "cuda"},
                      std::string("the library has no function ") + name, base::Fault::run_failed);
  }
  return function;
}

}  // namespace orrery::calibrate::gemm_cuda
