// What stands at a path, links not followed.
#pragma once

#include <string>

namespace orrery::base {

enum class PathKind { nothing, file, folder, link, other };

/// `nothing` also where it cannot be looked at.
PathKind path_kind(const std::string& path);

}  // namespace orrery::base
