#include "models/base/document_files.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace orrery::base {

namespace fs = std::filesystem;

std::string resolve_path(const Node& path) {
  constexpr std::string_view kVariable = "${ORRERY_DATA}";
  if (path.kind != Node::Kind::scalar || path.text.empty())
    throw Error(path.where, "expected the path of a file, found nothing that names one");
  if (path.text.starts_with(kVariable)) {
    const char* data = std::getenv("ORRERY_DATA");
    if (data == nullptr || *data == '\0') {
      throw Error(path.where,
                  "the path begins with ${ORRERY_DATA}, but the environment variable "
                  "ORRERY_DATA is not set; set it to the folder that holds the data");
    }
    return data + path.text.substr(kVariable.size());
  }
  if (path.text.starts_with("$")) {
    throw Error(path.where, "found the path '" + path.text +
                                "'; ${ORRERY_DATA} is the only variable a path may begin "
                                "with");
  }
  const fs::path written(path.text);
  const std::string& file = path.where.file;
  if (written.is_absolute() || file.empty() || file.starts_with(kSetPrefix)) return path.text;
  return (fs::path(file).parent_path() / written).lexically_normal().string();
}

std::string resolve_existing_file(const Node& path) {
  std::string resolved = resolve_path(path);
  std::error_code fault;
  if (fs::is_directory(resolved, fault))
    throw Error(path.where, "'" + resolved + "' is a directory, expected a file");
  if (::access(resolved.c_str(), R_OK) != 0) {
    throw Error(path.where, "the file '" + resolved + "' cannot be read: " + std::strerror(errno));
  }
  return resolved;
}

std::string resolve_existing_folder(const Node& path) {
  std::string resolved = resolve_path(path);
  std::error_code fault;
  if (!fs::is_directory(resolved, fault))
    throw Error(path.where, "'" + resolved + "' is not a folder that can be read");
  return resolved;
}

}  // namespace orrery::base
