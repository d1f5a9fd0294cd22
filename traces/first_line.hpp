// The beginning of a file, which tells its format.
#pragma once

#include <string>

namespace orrery::traces {

/// The first line of a file, plain or gzip, that is not blank, without its end and a byte order
/// mark: at most 64 KiB of it. Throws Error for an unreadable file.
std::string first_line(const std::string& path);

}  // namespace orrery::traces
