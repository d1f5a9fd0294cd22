#include "models/base/binary_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "models/base/error.hpp"
#include "models/base/opened_files.hpp"

namespace orrery::base {

BinaryFile::BinaryFile(std::string path) : path_(std::move(path)) {
  const int file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file >= 0) file_.reset(::fdopen(file, "rb"));
  struct stat status {};
  if (!file_ || ::fstat(::fileno(file_.get()), &status) != 0)
    throw Error({path_, 0, 0, ""}, std::string("cannot be read: ") + std::strerror(errno));
  if (S_ISDIR(status.st_mode)) throw Error({path_, 0, 0, ""}, "is a directory, expected a file");
  if (!S_ISREG(status.st_mode))
    throw Error({path_, 0, 0, ""}, "is not a regular file, so its size is not known");
  size_ = static_cast<std::uint64_t>(status.st_size);
  OpenedFiles::opened(path_);
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
