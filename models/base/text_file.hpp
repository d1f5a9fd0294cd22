// Lines of a text file, plain or gzip, read as a stream.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace orrery::base {

/// Reads lines of a file; gzip (one member or several) is recognised by its content. A byte order
/// mark and carriage returns before line ends are dropped.
class LineReader {
 public:
  /// Throws Error when the file cannot be opened or is a directory.
  explicit LineReader(std::string path);
  ~LineReader();
  LineReader(LineReader&&) noexcept;
  LineReader& operator=(LineReader&&) noexcept;

  /// The next line without its end, valid until the next call; false at the end of the file.
  /// Throws Error for a truncated or damaged gzip stream, a read error, a NUL byte, or a line
  /// longer than 16 MiB. After a NUL byte the next line can be read; after the other errors
  /// `damaged` is true and every call throws the same error again.
  bool next(std::string_view& line);

  /// Whether the file cannot be read any further. Who skips bad lines must stop here.
  bool damaged() const;

  const std::string& path() const;
  /// Number of the line returned last, from 1.
  std::size_t line_number() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The whole of a file, plain or gzip, with the same errors and at most `limit_bytes`.
std::string read_text_file(const std::string& path, std::size_t limit_bytes = std::size_t{1} << 30);

}  // namespace orrery::base
