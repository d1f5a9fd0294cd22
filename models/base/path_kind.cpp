#include "models/base/path_kind.hpp"

#include <sys/stat.h>

namespace orrery::base {

PathKind path_kind(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return PathKind::nothing;
  if (S_ISREG(status.st_mode)) return PathKind::file;
  if (S_ISDIR(status.st_mode)) return PathKind::folder;
  return S_ISLNK(status.st_mode) ? PathKind::link : PathKind::other;
}

}  // namespace orrery::base
