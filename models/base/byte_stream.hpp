// The bytes of a file, plain or gzip, for formats that are not lines.
#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace orrery::base {

class ByteStream {
 public:
  /// Throws Error when the file cannot be opened.
  explicit ByteStream(std::string path);
  ~ByteStream();
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  /// The next byte without taking it; -1 at the end. Throws Error for a damaged or truncated file.
  int peek();
  /// Takes the byte that `peek` showed. Throws Error where more than 16 MiB were taken since
  /// begin_piece, as for a line: a gzip file can unpack to a thousand times its size.
  void take();
  /// What is taken from here on belongs to another piece, an element of a list.
  void begin_piece() { piece_ = 0; }
  /// Of the byte that `peek` shows, from 1.
  std::size_t line_number() const { return line_; }
  const std::string& path() const { return path_; }

 private:
  struct File;
  void fill();

  std::string path_;
  std::unique_ptr<File> file_;
  std::vector<char> block_;
  std::size_t used_ = 0;
  std::size_t have_ = 0;
  std::size_t line_ = 1;
  std::size_t piece_ = 0;
};

/// An input iterator over the bytes of a stream; the default one is the end.
class ByteIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  ByteIterator() = default;
  explicit ByteIterator(ByteStream& stream) : stream_(&stream) {}

  char operator*() const { return static_cast<char>(stream_->peek()); }
  ByteIterator& operator++() {
    stream_->take();
    return *this;
  }
  void operator++(int) { stream_->take(); }
  bool operator==(const ByteIterator& other) const { return at_end() == other.at_end(); }

 private:
  bool at_end() const { return stream_ == nullptr || stream_->peek() < 0; }

  ByteStream* stream_ = nullptr;
};

}  // namespace orrery::base
