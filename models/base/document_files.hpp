// Paths written in experiments.
#pragma once

#include <string>
#include <string_view>

#include "models/base/document.hpp"

namespace orrery::base {

/// What `where.file` of a value given by `--set PATH=VALUE` begins with.
inline constexpr std::string_view kSetPrefix = "--set ";

/// The file a path names: relative ones are taken from the folder of the file that holds them (of
/// a `--set`: the current folder), and `${ORRERY_DATA}` at the start is the environment's. Throws
/// Error when that is not set, or another variable stands there.
std::string resolve_path(const Node& path);

/// The same, and throws Error when no file can be read there.
std::string resolve_existing_file(const Node& path);
/// The same for a folder.
std::string resolve_existing_folder(const Node& path);

}  // namespace orrery::base
