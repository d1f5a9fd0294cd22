#include "models/base/own_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "models/base/error.hpp"
#include "models/base/path_kind.hpp"

namespace orrery::base {

namespace {

constexpr std::size_t kBeginning = std::size_t{64} << 10;

bool is_filled_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
}

/// Not by the readers of this program: they unpack, and what they open counts as read.
std::string beginning_of(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  std::string text(kBeginning, '\0');
  std::size_t have = 0;
  ssize_t got = -1;
  while (file >= 0 && have < text.size()) {
    got = ::read(file, text.data() + have, text.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  const int reason = errno;
  if (file >= 0) ::close(file);
  if (got < 0)
    throw Error({path, 0, 0, ""},
                std::string("cannot be read, so that nobody knows what would be replaced: ") +
                    std::strerror(reason));
  text.resize(have);
  return text;
}

}  // namespace

void check_own_file(const std::string& path,
                    const std::function<bool(std::string_view beginning)>& is_own) {
  // `--out /dev/stdout >> file`: the shell opened it for this.
  if (path.starts_with("/dev/") || path.starts_with("/proc/self/")) return;
  if (!is_filled_file(path) || is_own(beginning_of(path))) return;
  std::string leads;
  if (path_kind(path) == PathKind::link) {
    std::error_code fault;
    leads = "leads to " + std::filesystem::canonical(path, fault).string() + ", which ";
  }
  throw Error({path, 0, 0, ""},
              leads +
                  "holds something that this command did not write, so it is not replaced; name "
                  "another file or remove it");
}

}  // namespace orrery::base
