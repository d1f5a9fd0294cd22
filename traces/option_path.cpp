#include "traces/option_path.hpp"

#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace orrery::traces {

std::string resolve_option_path(const base::Node& path) {
  constexpr std::string_view kVariable = "${ORRERY_DATA}";
  if (path.text.starts_with(kVariable)) {
    const char* data = std::getenv("ORRERY_DATA");
    if (data == nullptr || *data == '\0') {
      throw base::Error(path.where,
                        "the path begins with ${ORRERY_DATA}, which the environment does not set");
    }
    return data + path.text.substr(kVariable.size());
  }
  const std::filesystem::path written(path.text);
  if (written.is_absolute() || path.where.file.empty()) return path.text;
  return (std::filesystem::path(path.where.file).parent_path() / written).string();
}

}  // namespace orrery::traces
