// Threads that stay, so that a product of a millisecond does not pay for starting them.
#pragma once

#include <functional>

namespace orrery::calibrate::gemm {

/// Calls `work(worker)` once for each worker 0 to threads - 1 at the same time, worker 0 on the
/// calling thread, and returns when all have returned. `work` must not throw nor call this
/// function. Threads are started at the first call that needs them and kept. Calls from several
/// threads take turns.
void run_workers(int threads, const std::function<void(int worker)>& work);

}  // namespace orrery::calibrate::gemm
