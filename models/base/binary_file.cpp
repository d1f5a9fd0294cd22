#include "models/base/binary_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "models/base/error.hpp"

namespace orrery::base {

BinaryFile::BinaryFile(std::string path)
    : path_(std::move(path)), file_(std::fopen(path_.c_str(), "rbe")) {
  struct stat status {};
  if (!file_ || ::fstat(::fileno(file_.get()), &status) != 0)
    throw Error({path_, 0, 0, ""}, std::string("cannot be read: ") + std::strerror(errno));
  if (S_ISDIR(status.st_mode)) throw Error({path_, 0, 0, ""}, "is a directory, expected a file");
  if (!S_ISREG(status.st_mode))
    throw Error({path_, 0, 0, ""}, "is not a regular file, so its size is not known");
  size_ = static_cast<std::uint64_t>(status.st_size);
}

std::string BinaryFile::read(std::uint64_t offset, std::uint64_t length) {
  if (offset > size_ || length > size_ - offset)
    throw Error({path_, 0, 0, ""}, "is truncated: it has " + std::to_string(size_) +
                                       " bytes, expected " + std::to_string(length) +
                                       " more from byte " + std::to_string(offset));
  std::string bytes(length, '\0');
  if (::fseeko(file_.get(), static_cast<off_t>(offset), SEEK_SET) != 0 ||
      std::fread(bytes.data(), 1, length, file_.get()) != length)
    throw Error({path_, 0, 0, ""}, std::string("cannot be read: ") + std::strerror(errno));
  return bytes;
}

}  // namespace orrery::base
