#include "models/base/result_directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "models/base/error.hpp"
#include "models/base/path_kind.hpp"

namespace orrery::base {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& sentence,
                         Fault fault = Fault::bad_input) {
  throw Error({path, 0, 0, ""}, sentence, fault);
}

/// Both lead to one file or directory.
bool same(const std::string& one, const std::string& other) {
  std::error_code fault;
  return fs::equivalent(one, other, fault) && !fault;
}

/// Whether a path is the directory or lies below it, links followed.
bool within(const std::string& directory, const std::string& path) {
  std::error_code fault;
  for (fs::path at = fs::canonical(path, fault); !fault; at = at.parent_path()) {
    if (same(directory, at.string())) return true;
    if (at == at.parent_path()) return false;
  }
  return false;
}

bool is_mount(const std::string& path) {
  struct statx status {};
  return ::statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_TYPE, &status) == 0 &&
         (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

/// Whether it is a directory with nothing in it.
bool is_empty_directory(const std::string& path) {
  std::error_code fault;
  return path_kind(path) == PathKind::folder && fs::is_empty(path, fault) && !fault;
}

/// Throws where a directory can be given another name by nobody.
void check_movable(const std::string& path) {
  if (is_mount(path))
    refuse(path, "is a mount point, which cannot be replaced; name a new directory in it");
  if (within(path, "."))
    refuse(path, "is the current folder or holds it, so it is not replaced; name a new directory");
}

}  // namespace

ResultFolder::ResultFolder(ResultMark& mark, std::string prefix)
    : path_(mark.directory() + (prefix.empty() ? "" : '/' + prefix.substr(0, prefix.size() - 1))),
      mark_(&mark),
      prefix_(std::move(prefix)) {}

std::string ResultFolder::file(std::string_view name) const {
  if (mark_ != nullptr) mark_->add(prefix_ + std::string(name));
  return path_ + '/' + std::string(name);
}

ResultFolder ResultFolder::folder(std::string_view name) const {
  const std::string path = path_ + '/' + std::string(name);
  if (mark_ != nullptr) mark_->add(prefix_ + std::string(name) + '/');
  std::error_code fault;
  fs::create_directory(path, fault);
  if (fault) refuse(path, "cannot be created: " + fault.message(), Fault::run_failed);
  if (mark_ == nullptr) return ResultFolder(path);
  return {*mark_, prefix_ + std::string(name) + '/'};
}

std::string result_path(const std::string& path) {
  if (path.empty()) refuse("", "the output directory has an empty name");
  std::string plain = path;
  while (plain.size() > 1 && plain.back() == '/') plain.pop_back();
  const std::string last = plain.substr(plain.rfind('/') + 1);
  if (last != "." && last != "..") return plain;
  std::error_code fault;
  const fs::path whole = fs::canonical(plain, fault);
  if (fault) refuse(path, "cannot be found: " + fault.message());
  return whole.string();
}

void check_replaceable(const ResultMark& mark, const Replacing& replacing) {
  const std::string& path = mark.directory();
  if (within(path, "."))
    refuse(path, "is the current folder or holds it, so it is not replaced; name a new directory");
  for (const std::string& input : replacing.inputs)
    if (within(path, input))
      refuse(path, "holds " + input + ", which is read, so it is not replaced");
  const std::string stranger = mark.stranger();
  if (!stranger.empty())
    refuse(path, "holds " + stranger +
                     ", which this program did not write, so it is not replaced; move that away or "
                     "name a new directory");
}

ResultDirectory::ResultDirectory(const std::string& path, const Replacing& replacing)
    : path_(result_path(path)), replacing_(replacing) {
  const PathKind kind = path_kind(path_);
  if (kind == PathKind::folder) {
    check_movable(path_);
    if (!is_empty_directory(path_)) {
      if (!replacing_.allowed)
        refuse(path_,
               "already exists; name a new directory, or use --force to replace its results");
      old_.emplace(path_);
      check_replaceable(*old_, replacing_);
    }
  } else if (kind == PathKind::link) {
    refuse(path_, "is a link, which is not replaced; name the directory itself");
  } else if (kind != PathKind::nothing) {
    refuse(path_, "already exists and is not a directory");
  }
  make_partial();
  // Who makes the directory itself, as a comparison does, looks for unfinished files afterwards;
  // this looks for the directory afterwards: of two at once one sees the other.
  if (path_kind(path_) == kind) return;
  partial_->remove_directory();
  refuse(path_, "was created by another process meanwhile");
}

void ResultDirectory::make_partial() {
  const std::string partial = path_ + ".partial";
  const PathKind type = path_kind(partial);
  if (type != PathKind::nothing && type != PathKind::folder)
    refuse(partial, "is not a folder, and unfinished files go there; move it away");
  std::error_code fault;
  const fs::path parent = fs::path(path_).parent_path();
  if (!parent.empty()) fs::create_directories(parent, fault);
  if (!fault) fs::create_directory(partial, fault);
  if (fault) refuse(path_, "cannot be created: " + fault.message());
  partial_.emplace(partial);
  if (const std::string stranger = partial_->stranger(); !stranger.empty())
    refuse(partial, "holds " + stranger +
                        ", which this program did not write, and unfinished files go there; move "
                        "it away");
  partial_->remove_listed();  // left behind by an earlier run
}

void ResultDirectory::replace() {
  const std::string partial = partial_->directory();
  if (!old_) {
    // An empty directory may be replaced by a plain rename, anything else by none.
    const unsigned flags = is_empty_directory(path_) ? 0 : RENAME_NOREPLACE;
    int outcome = ::renameat2(AT_FDCWD, partial.c_str(), AT_FDCWD, path_.c_str(), flags);
    if (outcome != 0 && (errno == EINVAL || errno == ENOSYS) &&
        path_kind(path_) == PathKind::nothing)
      outcome = std::rename(partial.c_str(), path_.c_str());
    if (outcome == 0) return;
    if (errno == EEXIST || errno == ENOTEMPTY)
      refuse(path_, "was created by somebody else meanwhile; the results stay in " + partial,
             Fault::run_failed);
    refuse(path_, std::string("cannot be created: ") + std::strerror(errno), Fault::run_failed);
  }
  try {
    check_replaceable(*old_, replacing_);
  } catch (const Error& error) {
    refuse(path_, error.sentence() + "; the results stay in " + partial, Fault::run_failed);
  }
  if (::renameat2(AT_FDCWD, partial.c_str(), AT_FDCWD, path_.c_str(), RENAME_EXCHANGE) == 0) {
    old_->moved(partial);
    old_->remove_directory();
    return;
  }
  // A file system that cannot exchange two names: for a moment there is none.
  if (errno != EINVAL && errno != ENOSYS)
    refuse(path_, std::string("cannot be replaced: ") + std::strerror(errno), Fault::run_failed);
  old_->remove_directory();
  if (std::rename(partial.c_str(), path_.c_str()) != 0)
    refuse(path_, std::string("cannot be replaced: ") + std::strerror(errno), Fault::run_failed);
}

void ResultDirectory::commit() {
  if (partial_->directory() == path_) return;
  partial_->settle();
  replace();
  partial_->moved(path_);
  old_.reset();
}

}  // namespace orrery::base
