// Products as the processor's kernels run them: strips of tokens, each through all panels.
//
// OURS, added to docs/systems/tvw.md, "Cost model", after calibrate/kernels/gemm. A slot is a
// thread. It packs the rows of X that some strips need, block after block of K, into half of its
// own cache and runs every panel from there. Where tokens make fewer strips than there are threads,
// a piece of a panel is what a thread takes, and each packs its own rows.
#pragma once

#include "models/gemm/machine.hpp"
#include "models/gemm/traffic.hpp"
#include "models/gemm/work.hpp"

namespace orrery::models::gemm {

/// T_comp in the order of strips. machine.tiles holds the strip (its rows, and the columns of a
/// piece) and then narrower ones, of which the last strip takes the narrowest that holds what is
/// left of the tokens. `slot_flops` of one thread with full strips. Each block of depth_step rows
/// of K costs fill_rows more, for sums that go to memory and come back; K itself is not rounded up.
/// Each set of strips that is packed at once looks up every row of every panel, row_seconds each.
double strips_seconds(const GemmWork& work, const GemmMachine& machine, const KernelRates& rates,
                      double slot_flops);

/// Traffic in the order of strips: X read and its packed copy written, once or, where pieces are
/// spread, for each piece; W once for each set of strips whose packed tokens fit a thread's half of
/// the cache; Y once and twice more for each block of K after the first. With zero_fill, pruned
/// columns are written as well.
Traffic strips_traffic(const GemmWork& work, const GemmMachine& machine);

}  // namespace orrery::models::gemm
