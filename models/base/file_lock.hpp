// An exclusive lock on an open file: gone with the process that holds it, however it ends.
#pragma once

#include <string>

namespace orrery::base {

/// Whether this process has the lock now; false: another one holds it. A file system that knows no
/// locks gives it to everybody.
bool try_lock(int file);

/// Who holds the lock: `process 1234 (orrery compare philly.yaml --out results)`, or `another
/// process` where this machine does not know it.
std::string lock_holder(int file);

}  // namespace orrery::base
