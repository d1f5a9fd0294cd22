// Pieces of a binary file, never more of them than there are.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

namespace orrery::base {

/// A file whose size is known before anything is read from it. Errors name it.
class BinaryFile {
 public:
  /// Throws Error when it cannot be opened or is not a regular file.
  explicit BinaryFile(std::string path);

  const std::string& path() const { return path_; }
  std::uint64_t size_bytes() const { return size_; }

  /// `length` bytes from `offset`. Throws Error where the file ends before or cannot be read;
  /// nothing is allocated in the first case.
  std::string read(std::uint64_t offset, std::uint64_t length);

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Closer> file_;
  std::uint64_t size_ = 0;
};

}  // namespace orrery::base
