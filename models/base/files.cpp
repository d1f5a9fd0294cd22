#include "models/base/files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "models/base/error.hpp"

namespace orrery::base {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse_path(const std::string& path, const std::string& sentence, Fault fault) {
  throw Error({path, 0, 0, ""}, sentence, fault);
}

/// A name beside `path` that no other process and no other call uses.
std::string neighbour(const std::string& path, const char* word) {
  static std::atomic<unsigned> calls{0};
  return path + word + std::to_string(::getpid()) + '-' + std::to_string(calls++);
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

bool holds_results(const std::string& path) {
  std::error_code fault;
  if (!fs::is_directory(path, fault)) return false;
  return fs::is_empty(path, fault) || exists(path + "/summary.json") ||
         exists(path + "/comparison.json");
}

std::string without_trailing_slashes(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

void write_file_atomically(const std::string& path, std::string_view content) {
  const std::string temporary = neighbour(path, ".tmp-");
  try {
    FileWriter file(temporary);
    file.write(content);
    file.close();
  } catch (const Error& error) {
    ::unlink(temporary.c_str());
    throw Error({path, 0, 0, ""}, error.sentence(), error.fault());
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    const int reason = errno;
    ::unlink(temporary.c_str());
    refuse_path(path, std::string("cannot be written: ") + std::strerror(reason),
                Fault::run_failed);
  }
}

FileWriter::FileWriter(std::string path)
    : path_(std::move(path)), file_(std::fopen(path_.c_str(), "wbe")) {
  if (!file_) {
    refuse_path(path_, std::string("cannot be created: ") + std::strerror(errno),
                Fault::run_failed);
  }
}

void FileWriter::write(std::string_view text) {
  if (text.empty()) return;
  if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) {
    refuse_path(path_, std::string("cannot be written: ") + std::strerror(errno),
                Fault::run_failed);
  }
}

void FileWriter::close() {
  if (!file_) return;
  // What the library still buffers reaches the disk only here.
  if (std::fclose(file_.release()) != 0) {
    refuse_path(path_, std::string("cannot be written: ") + std::strerror(errno),
                Fault::run_failed);
  }
}

ResultDirectory::ResultDirectory(std::string path, bool force)
    : path_(without_trailing_slashes(std::move(path))),
      partial_(path_ + ".partial"),
      force_(force) {
  if (path_.empty()) refuse_path("", "the output directory has an empty name", Fault::bad_input);
  if (exists(path_)) {
    if (!force_) {
      refuse_path(path_,
                  "already exists; name a new directory, or use --force to replace its results",
                  Fault::bad_input);
    }
    if (!holds_results(path_)) {
      refuse_path(path_,
                  "holds no earlier results (summary.json or comparison.json), so --force does not "
                  "replace it",
                  Fault::bad_input);
    }
  }
  std::error_code reason;
  const fs::path parent = fs::path(path_).parent_path();
  if (!parent.empty()) fs::create_directories(parent, reason);
  if (!reason) fs::remove_all(partial_, reason);  // left behind by an earlier run
  if (!reason) fs::create_directory(partial_, reason);
  if (reason) refuse_path(path_, "cannot be created: " + reason.message(), Fault::bad_input);
}

std::string ResultDirectory::file(std::string_view name) const {
  return partial_ + '/' + std::string(name);
}

void ResultDirectory::commit() {
  if (partial_ == path_) return;
  std::string old;
  if (exists(path_)) {
    if (!force_) {
      refuse_path(path_, "was created by somebody else meanwhile; the results stay in " + partial_,
                  Fault::run_failed);
    }
    old = neighbour(path_, ".old-");
    if (std::rename(path_.c_str(), old.c_str()) != 0) {
      refuse_path(path_, std::string("cannot be replaced: ") + std::strerror(errno),
                  Fault::run_failed);
    }
  }
  if (std::rename(partial_.c_str(), path_.c_str()) != 0) {
    const std::string reason = std::strerror(errno);
    if (!old.empty()) std::rename(old.c_str(), path_.c_str());
    refuse_path(path_, "cannot be created: " + reason, Fault::run_failed);
  }
  partial_ = path_;
  std::error_code reason;
  if (!old.empty()) fs::remove_all(old, reason);
  if (reason) refuse_path(old, "cannot be removed: " + reason.message(), Fault::run_failed);
}

}  // namespace orrery::base
