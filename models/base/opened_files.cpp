#include "models/base/opened_files.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace orrery::base {

namespace {

// The one who listens, of this thread; readers lie too deep for it to be handed down to each.
thread_local OpenedFiles* innermost = nullptr;

}  // namespace

OpenedFiles::OpenedFiles() : outer_(innermost) {
  innermost = this;
}

OpenedFiles::~OpenedFiles() {
  innermost = outer_;
}

bool OpenedFiles::include(const std::string& path) const {
  return std::ranges::any_of(paths_, [&](const std::string& read) {
    std::error_code ignored;
    return std::filesystem::equivalent(read, path, ignored);
  });
}

void OpenedFiles::opened(const std::string& path) {
  for (OpenedFiles* at = innermost; at != nullptr; at = at->outer_)
    if (at->known_.insert(path).second) at->paths_.push_back(path);
}

}  // namespace orrery::base
