// NumPy's `.npy` files (format versions 1 to 3): one array each.
#pragma once

#include <string>

#include "models/base/tensor.hpp"

namespace orrery::base {

/// Reads a little-endian float16, float32 or float64 array of one to eight dimensions, in C or
/// Fortran order, into C order. Throws Error, in one sentence, for a file that is none, is
/// truncated or longer than its array, has another type or no elements, or holds a number that is
/// not finite (whose index is named). What the header claims is checked against the file's size
/// before anything is allocated.
Tensor read_npy(const std::string& path);

}  // namespace orrery::base
