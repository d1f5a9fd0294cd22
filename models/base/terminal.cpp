#include "models/base/terminal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

namespace orrery::base {

void prepare_streams() {
  std::signal(SIGXFSZ, SIG_IGN);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) != -1) continue;
    // The lowest free number, which is this one. Standard output cannot be written: that is said.
    if (::open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY) != stream) return;
  }
}

std::string printable(std::string_view text) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(text.size());
  const auto escape = [&out](unsigned code) {
    out += "\\x";
    out += kDigits[code >> 4 & 15];
    out += kDigits[code & 15];
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool control = (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
    // U+0080 to U+009F, in UTF-8.
    const bool second = c == 0xc2 && i + 1 < text.size() &&
                        static_cast<unsigned char>(text[i + 1]) >= 0x80 &&
                        static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (control)
      escape(c);
    else if (second)
      escape(static_cast<unsigned char>(text[++i]));
    else
      out += text[i];
  }
  return out;
}

void say(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

bool output_is_complete() {
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

}  // namespace orrery::base
