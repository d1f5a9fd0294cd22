// SimGrid behind the engine: private to this folder.
#pragma once

namespace orrery::engine {

/// What the engine keeps of SimGrid once the first activity has started.
class Kernel {};

}  // namespace orrery::engine
