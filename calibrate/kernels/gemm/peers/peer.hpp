// Dense products of other libraries on the processor, as peers of our kernels. Each is opened when
// it is asked for: the calibrator starts where it is absent, and nothing is linked to it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calibrate/kernels/gemm/isa.hpp"

namespace orrery::calibrate::gemm {

class Peer {
 public:
  virtual ~Peer() = default;
  /// `openblas`, `blis`, `onednn`.
  virtual std::string_view name() const = 0;
  /// Its version and the kernels that it chose, in its own words.
  virtual std::string description() const = 0;
  /// The instruction set of those kernels. Below this machine's own (best_isa) it is not a peer: an
  /// environment variable, or a processor that it does not know, may have led it to others.
  virtual Isa isa() const = 0;
  /// Y^T[N, M] = W^T X^T of a dense W[K, N], row by row as everywhere here, with `threads` threads.
  /// Not to be called from two threads at once.
  virtual void multiply(std::span<const float> weights, std::span<const float> x,
                        std::span<float> y, std::int32_t rows, std::int32_t columns,
                        std::int32_t tokens, int threads) const = 0;
};

/// A library that was looked for.
struct FoundPeer {
  std::string name;
  std::unique_ptr<Peer> peer;  ///< nothing where it is absent
  std::string absent;          ///< why, in one sentence
};

/// Looks for all that are known, in the order of their names.
std::vector<FoundPeer> find_peers();

/// The instruction set of kernels called so: OpenBLAS's cores (`SkylakeX`, `Haswell`) and BLIS's
/// architectures (`skx`, `zen2`), capital letters or not. `scalar` for what is below AVX2 or not
/// known: unknown kernels are never taken for a peer's best.
Isa isa_of_core(std::string_view core);

/// The same of oneDNN's effective instruction set, a set of bits.
Isa isa_of_onednn(int bits);

}  // namespace orrery::calibrate::gemm
