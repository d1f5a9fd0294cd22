// Whether a file that a command is about to write anew is one that it wrote itself.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace orrery::base {

/// Throws Error where a regular file stands at `path`, links followed, that is not empty and does
/// not begin as files of the command do: `is_own` gets its first bytes, at most 64 KiB. Everything
/// else may be written: what is not there, an empty file, a pipe, a device, a stream that was
/// opened for this program (/dev/stdout).
void check_own_file(const std::string& path,
                    const std::function<bool(std::string_view beginning)>& is_own);

}  // namespace orrery::base
