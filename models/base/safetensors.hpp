// The safetensors format: named tensors behind a header of JSON.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/base/binary_file.hpp"
#include "models/base/tensor.hpp"

namespace orrery::base {

/// What the header says of one tensor, checked: the bytes are inside the file, are as many as
/// shape and type need, and no other tensor's.
struct TensorEntry {
  std::string name;
  std::string type;  ///< as written: F32, BF16, I64 ...
  std::vector<std::size_t> shape;
  std::uint64_t begin = 0;   ///< byte of the file
  std::uint64_t length = 0;  ///< bytes
};

/// An open file. Throws Error, in one sentence, for a header longer than the file or than 100 MB
/// (the format's limit), broken JSON, unknown types, overlapping or impossible offsets.
class SafetensorsFile {
 public:
  explicit SafetensorsFile(const std::string& path);

  /// By name.
  const std::vector<TensorEntry>& entries() const { return entries_; }

  /// Whether `read` takes the type: F16, BF16, F32, F64.
  static bool is_float(const TensorEntry& entry);

  /// The values. Throws Error for another type, and for a number that is not finite, whose index
  /// it names.
  Tensor read(const TensorEntry& entry);

 private:
  BinaryFile file_;
  std::vector<TensorEntry> entries_;
};

}  // namespace orrery::base
