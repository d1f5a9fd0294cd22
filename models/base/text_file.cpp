#include "models/base/text_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "models/base/error.hpp"
#include "models/base/opened_files.hpp"

namespace orrery::base {

namespace {

constexpr std::size_t kBlock = std::size_t{256} << 10;
constexpr std::size_t kLongestLine = std::size_t{16} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr const char* kTooLong = "the line is longer than 16 MiB";
constexpr const char* kTruncated = "the gzip data end early: the file is truncated";

std::string system_reason() {
  return std::strerror(errno);
}

/// What is wrong with the bytes of a file; the reader of lines knows the place.
struct Damage {
  std::string sentence;
};

/// The bytes of a file, unpacked where it is gzip.
class ByteSource {
 public:
  explicit ByteSource(const std::string& path)
      : named_gzip_(path.ends_with(".gz")), input_(kBlock) {
    // Does not wait for somebody to write into a named pipe: without a writer it is empty.
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor_ < 0) throw Error({path, 0, 0, ""}, "cannot be read: " + system_reason());
    struct stat status {};
    const bool known = ::fstat(descriptor_, &status) == 0;
    regular_ = known && S_ISREG(status.st_mode);
    if (known && S_ISDIR(status.st_mode)) {
      ::close(descriptor_);
      throw Error({path, 0, 0, ""}, "is a directory, expected a file");
    }
    OpenedFiles::opened(path);
  }
  ~ByteSource() {
    if (packed_) inflateEnd(&stream_);
    ::close(descriptor_);
  }
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  /// Fills `out` as far as one step goes; 0 at the end. Throws Damage.
  std::size_t read(char* out, std::size_t size) {
    if (!started_) start();
    return packed_ ? read_packed(out, size) : read_plain(out, size);
  }

 private:
  void start() {
    started_ = true;
    // A pipe may hand over single bytes, so the two that tell gzip are waited for.
    while (have_ < 2) {
      const std::size_t got = read_file(input_.data() + have_, kBlock - have_);
      if (got == 0) break;
      have_ += got;
    }
    // One byte cannot show that it is the first of a gzip header, but its name can.
    if (have_ < 2 && named_gzip_) throw Damage{kTruncated};
    if (!at_member()) return;
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) throw Damage{"cannot be unpacked: no memory"};
    packed_ = true;
  }

  bool at_member() const {
    return have_ - used_ >= 2 && static_cast<unsigned char>(input_[used_]) == 0x1f &&
           static_cast<unsigned char>(input_[used_ + 1]) == 0x8b;
  }

  std::size_t read_file(char* out, std::size_t size) {
    for (;;) {
      const ssize_t got = ::read(descriptor_, out, size);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno == EAGAIN && !regular_)
        wait_for_writer();
      else if (errno != EINTR)
        throw Damage{"cannot be read: " + system_reason()};
    }
  }

  /// Somebody holds the other end of a pipe and has written nothing yet: from now on a read waits.
  void wait_for_writer() const {
    ::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) & ~O_NONBLOCK);
  }

  std::size_t read_plain(char* out, std::size_t size) {
    if (used_ == have_) return read_file(out, size);
    const std::size_t count = std::min(size, have_ - used_);
    std::memcpy(out, input_.data() + used_, count);
    used_ += count;
    return count;
  }

  /// Moves what is left to the front and appends; false at the end of the file.
  bool refill() {
    std::memmove(input_.data(), input_.data() + used_, have_ - used_);
    have_ -= used_;
    used_ = 0;
    const std::size_t got = read_file(input_.data() + have_, kBlock - have_);
    have_ += got;
    return got > 0;
  }

  /// After a member: either the file ends or another member begins.
  bool next_member() {
    while (have_ - used_ < 2 && refill()) {
    }
    if (used_ == have_) return false;
    if (have_ - used_ == 1 && input_[used_] == '\x1f') throw Damage{kTruncated};
    if (!at_member()) {
      throw Damage{"has bytes after the end of its gzip data, expected the end of the file"};
    }
    inflateReset(&stream_);
    return true;
  }

  std::size_t read_packed(char* out, std::size_t size) {
    if (finished_) return 0;
    for (;;) {
      if (used_ == have_ && !refill()) {
        throw Damage{kTruncated};
      }
      stream_.next_in = reinterpret_cast<Bytef*>(input_.data() + used_);
      stream_.avail_in = static_cast<uInt>(have_ - used_);
      stream_.next_out = reinterpret_cast<Bytef*>(out);
      stream_.avail_out = static_cast<uInt>(size);
      const int result = inflate(&stream_, Z_NO_FLUSH);
      used_ = have_ - stream_.avail_in;
      const std::size_t made = size - stream_.avail_out;
      if (result == Z_STREAM_END) {
        finished_ = !next_member();
        if (finished_ || made > 0) return made;
      } else if (result != Z_OK && result != Z_BUF_ERROR) {
        const char* reason = stream_.msg != nullptr ? stream_.msg : "unknown reason";
        throw Damage{std::string("the gzip data are damaged: ") + reason};
      } else if (made > 0) {
        return made;
      }
    }
  }

  int descriptor_ = -1;
  bool named_gzip_ = false;
  bool regular_ = false;  // what the system shows as a file (/proc/kmsg) may wait for ever
  bool started_ = false;
  bool packed_ = false;
  bool finished_ = false;
  std::vector<char> input_;
  std::size_t used_ = 0;
  std::size_t have_ = 0;
  z_stream stream_{};
};

}  // namespace

struct LineReader::State {
  explicit State(std::string p) : path(std::move(p)), source(path), buffer(kBlock) {}

  std::string path;
  ByteSource source;
  std::vector<char> buffer;
  std::size_t begin = 0;    // of the text not yet handed out
  std::size_t end = 0;      // of the text in the buffer
  std::size_t scanned = 0;  // no line end in [begin, scanned)
  std::size_t lines = 0;
  bool at_end = false;
  std::optional<Error> failure;  // of the stream: it cannot go on

  [[noreturn]] void fail_at(std::size_t line, const std::string& sentence) const {
    throw Error({path, static_cast<int>(line), 0, ""}, sentence);
  }
  void fail_for_good(const std::string& sentence) {
    failure.emplace(Where{path, static_cast<int>(lines + 1), 0, ""}, sentence);
    throw Error(*failure);
  }
  void fill();
  bool take(std::string_view& line, std::size_t stop, std::size_t next_begin);
};

void LineReader::State::fill() {
  if (begin > 0) {
    std::memmove(buffer.data(), buffer.data() + begin, end - begin);
    scanned -= begin;
    end -= begin;
    begin = 0;
  }
  if (end == buffer.size()) {
    if (end > kLongestLine) fail_for_good(kTooLong);
    buffer.resize(buffer.size() * 2);
  }
  try {
    const std::size_t got = source.read(buffer.data() + end, buffer.size() - end);
    at_end = got == 0;
    end += got;
  } catch (const Damage& damage) {
    fail_for_good(damage.sentence);
  }
}

bool LineReader::State::take(std::string_view& line, std::size_t stop, std::size_t next_begin) {
  if (stop - begin > kLongestLine) fail_for_good(kTooLong);
  line = std::string_view(buffer.data() + begin, stop - begin);
  begin = scanned = next_begin;
  ++lines;
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (lines == 1 && line.starts_with(kByteOrderMark)) line.remove_prefix(3);
  if (line.find('\0') != std::string_view::npos) {
    fail_at(lines, "the line holds a NUL byte, expected text");
  }
  return true;
}

LineReader::LineReader(std::string path) : state_(std::make_unique<State>(std::move(path))) {}
LineReader::~LineReader() = default;
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader& LineReader::operator=(LineReader&&) noexcept = default;

bool LineReader::next(std::string_view& line) {
  State& s = *state_;
  if (s.failure) throw Error(*s.failure);
  for (;;) {
    const char* from = s.buffer.data() + s.scanned;
    const void* found = s.end > s.scanned ? std::memchr(from, '\n', s.end - s.scanned) : nullptr;
    if (found != nullptr) {
      const auto stop = static_cast<std::size_t>(static_cast<const char*>(found) - s.buffer.data());
      return s.take(line, stop, stop + 1);
    }
    s.scanned = s.end;
    if (s.at_end) {
      const std::string_view rest(s.buffer.data() + s.begin, s.end - s.begin);
      if (rest.empty() || (s.lines == 0 && rest == kByteOrderMark)) return false;
      return s.take(line, s.end, s.end);
    }
    s.fill();
  }
}

bool LineReader::damaged() const {
  return state_->failure.has_value();
}
const std::string& LineReader::path() const {
  return state_->path;
}
std::size_t LineReader::line_number() const {
  return state_->lines;
}

std::string read_text_file(const std::string& path, std::size_t limit_bytes) {
  ByteSource source(path);
  std::string text;
  std::vector<char> block(kBlock);
  const auto fail = [&](const std::string& sentence) -> Error {
    const auto line = 1 + std::count(text.begin(), text.end(), '\n');
    return Error({path, static_cast<int>(line), 0, ""}, sentence);
  };
  try {
    while (const std::size_t got = source.read(block.data(), block.size())) {
      if (got > limit_bytes - text.size()) {
        throw Error({path, 0, 0, ""}, "is larger than " + std::to_string(limit_bytes) + " bytes");
      }
      text.append(block.data(), got);
    }
  } catch (const Damage& damage) {
    throw fail(damage.sentence);
  }
  if (text.starts_with(kByteOrderMark)) text.erase(0, 3);
  const auto nul = text.find('\0');
  if (nul != std::string::npos) {
    text.resize(nul);
    throw fail("the line holds a NUL byte, expected text");
  }
  return text;
}

}  // namespace orrery::base
