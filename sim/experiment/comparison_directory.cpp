#include "sim/experiment/comparison_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "models/base/files.hpp"
#include "models/base/text_file.hpp"
#include "sim/experiment/run_id.hpp"
#include "sim/report/run_summary.hpp"

namespace orrery::experiment {

namespace fs = std::filesystem;

namespace {

using base::Error;

constexpr const char* kMark = "/experiment.yaml";
constexpr std::size_t kLogLines = 8;

[[noreturn]] void refuse(const std::string& path, const std::string& sentence) {
  throw Error({path, 0, 0, ""}, sentence);
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

std::string without_trailing_slashes(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

/// Whether the directory was begun by a comparison of the experiment with this text.
bool is_same(const std::string& path, const std::string& text) {
  if (!exists(path + kMark) || exists(path + "/summary.json")) return false;
  try {
    return base::read_text_file(path + kMark) == text;
  } catch (const Error&) {
    return false;
  }
}

/// Why an existing directory cannot be taken up.
std::string why_not(const std::string& path) {
  const std::string cure = "; name a new directory, or use --force to replace its results";
  if (exists(path + "/summary.json")) return "already exists and holds the results of a run" + cure;
  if (exists(path + kMark)) return "holds the comparison of another experiment" + cure;
  return "already exists and does not hold a comparison; name a new directory";
}

}  // namespace

ComparisonDirectory::ComparisonDirectory(std::string path, const base::Node& document, bool force)
    : path_(without_trailing_slashes(std::move(path))) {
  if (path_.empty()) refuse("", "the output directory has an empty name");
  const std::string text = base::to_yaml(canonical(document));
  std::error_code fault;
  if (exists(path_)) {
    if (!fs::is_directory(path_, fault)) refuse(path_, "already exists and is not a directory");
    const bool empty = fs::is_empty(path_, fault);
    const bool ours = is_same(path_, text);
    const bool replaceable = exists(path_ + kMark) || exists(path_ + "/summary.json");
    if (!empty && !ours && !(force && replaceable)) refuse(path_, why_not(path_));
    if (ours) lock();
    if (force && !empty) fs::remove_all(path_, fault);
    if (fault) refuse(path_, "cannot be replaced: " + fault.message());
  }
  fs::create_directories(path_, fault);
  if (fault) refuse(path_, "cannot be created: " + fault.message());
  if (!exists(path_ + kMark)) {
    try {
      base::write_file_atomically(path_ + kMark, text);
    } catch (const Error& error) {
      throw Error(error.where(), error.sentence());  // bad input: nothing was simulated
    }
  }
  lock();
}

ComparisonDirectory::~ComparisonDirectory() {
  if (lock_ >= 0) ::close(lock_);
}

void ComparisonDirectory::lock() {
  if (lock_ >= 0) ::close(lock_);
  lock_ = ::open((path_ + kMark).c_str(), O_RDONLY | O_CLOEXEC);
  if (lock_ >= 0 && ::flock(lock_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    refuse(path_, "another 'orrery compare' is writing into it");
}

bool ComparisonDirectory::has(const RunPoint& point) const {
  if (!exists(run_path(point) + "/summary.json")) return false;
  try {
    return report::read_run(run_path(point)).run_id == point.run_id;
  } catch (const Error&) {
    return false;  // damaged: it is made again
  }
}

void ComparisonDirectory::prepare(const RunPoint& point) const {
  std::error_code fault;
  fs::create_directories(fs::path(run_path(point)).parent_path(), fault);
  if (fault) {
    throw Error({run_path(point), 0, 0, ""}, "cannot be created: " + fault.message(),
                base::Fault::run_failed);
  }
}

std::vector<std::string> ComparisonDirectory::log_tail(const RunPoint& point) const {
  std::vector<std::string> lines;
  try {
    base::LineReader reader(log_path(point));
    for (std::string_view line; reader.next(line);) {
      lines.emplace_back(line);
      if (lines.size() > kLogLines) lines.erase(lines.begin());
    }
  } catch (const Error& error) {
    lines.push_back(error.what());
  }
  return lines;
}

void ComparisonDirectory::remove_empty_log(const RunPoint& point) const {
  std::error_code ignored;
  if (fs::file_size(log_path(point), ignored) == 0 && !ignored)
    fs::remove(log_path(point), ignored);
}

void ComparisonDirectory::remove_summaries() const {
  std::error_code ignored;
  fs::remove(path_ + "/comparison.json", ignored);
  fs::remove(path_ + "/report.html", ignored);
}

}  // namespace orrery::experiment
