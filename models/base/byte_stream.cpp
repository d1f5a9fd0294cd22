#include "models/base/byte_stream.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cassert>
#include <cerrno>
#include <cstring>

#include "models/base/error.hpp"
#include "models/base/opened_files.hpp"

namespace orrery::base {

namespace {

constexpr std::size_t kLongestPiece = std::size_t{16} << 20;

}  // namespace

struct ByteStream::File {
  gzFile handle = nullptr;
  ~File() {
    if (handle != nullptr) gzclose(handle);
  }
};

ByteStream::ByteStream(std::string path)
    : path_(std::move(path)), file_(std::make_unique<File>()), block_(std::size_t{256} << 10) {
  errno = 0;
  const int file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status {};
  if (file >= 0 && ::fstat(file, &status) == 0 && S_ISFIFO(status.st_mode)) {
    ::close(file);
    throw Error({path_, 0, 0, ""}, "is a pipe, expected a file");
  }
  if (file >= 0) file_->handle = gzdopen(file, "rb");
  if (file_->handle == nullptr) {
    const char* reason = errno != 0 ? std::strerror(errno) : "no memory";
    throw Error({path_, 0, 0, ""}, std::string("cannot be read: ") + reason);
  }
  OpenedFiles::opened(path_);
}

ByteStream::~ByteStream() = default;

void ByteStream::fill() {
  const int got = gzread(file_->handle, block_.data(), static_cast<unsigned>(block_.size()));
  int fault = Z_OK;
  const char* reason = gzerror(file_->handle, &fault);
  if (got < 0 || (fault != Z_OK && fault != Z_STREAM_END)) {
    const std::string sentence =
        fault == Z_BUF_ERROR
            ? "the gzip data end early: the file is truncated"
            : std::string("cannot be read: ") + (fault == Z_ERRNO ? std::strerror(errno) : reason);
    throw Error({path_, static_cast<int>(line_), 0, ""}, sentence);
  }
  used_ = 0;
  have_ = static_cast<std::size_t>(got);
}

int ByteStream::peek() {
  if (used_ == have_) fill();
  return have_ == 0 ? -1 : static_cast<unsigned char>(block_[used_]);
}

void ByteStream::take() {
  assert(used_ < have_);
  if (++piece_ > kLongestPiece)
    throw Error({path_, static_cast<int>(line_), 0, ""}, "an element is longer than 16 MiB");
  if (block_[used_++] == '\n') ++line_;
}

}  // namespace orrery::base
