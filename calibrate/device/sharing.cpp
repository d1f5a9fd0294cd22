#include "calibrate/device/sharing.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace orrery::calibrate {

namespace {

constexpr int kDelayColumn = 1;  // of schedstat: run time, run delay, time slices
constexpr int kStealColumn = 8;  // of the first line of /proc/stat, the word `cpu` being column 0

/// A file of the kernel's that is read again and again; where it cannot be opened, it is empty.
class ReadAgain {
 public:
  explicit ReadAgain(const char* path) : file_(::open(path, O_RDONLY | O_CLOEXEC)) {}
  ~ReadAgain() {
    if (file_ >= 0) ::close(file_);
  }
  ReadAgain(const ReadAgain&) = delete;
  ReadAgain& operator=(const ReadAgain&) = delete;

  /// The number in a column of the first line; 0 where there is none.
  double column(int column) const {
    std::array<char, 256> text{};
    const ssize_t read = file_ < 0 ? -1 : ::pread(file_, text.data(), text.size() - 1, 0);
    if (read <= 0) return 0;
    const char* at = text.data();
    for (int skipped = 0; skipped < column; ++skipped) {
      while (*at != ' ' && *at != '\n' && *at != '\0') ++at;
      while (*at == ' ') ++at;
    }
    return std::strtod(at, nullptr);
  }

 private:
  int file_;
};

}  // namespace

SharingSigns thread_signs() {
  // Of the thread that opens it.
  static thread_local const ReadAgain schedule("/proc/thread-self/schedstat");
  SharingSigns signs;
  struct rusage usage {};
  if (::getrusage(RUSAGE_THREAD, &usage) == 0) signs.switches = usage.ru_nivcsw;
  signs.waited_seconds = 1e-9 * schedule.column(kDelayColumn);
  return signs;
}

double stolen_seconds() {
  static const ReadAgain processors("/proc/stat");
  return processors.column(kStealColumn) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace orrery::calibrate
