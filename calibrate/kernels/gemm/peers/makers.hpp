// One maker a library.
#pragma once

#include <memory>
#include <string>

#include "calibrate/kernels/gemm/peers/peer.hpp"

namespace orrery::calibrate::gemm {

/// Nothing where the library is absent or lacks a function that is needed; `absent` then says why.
std::unique_ptr<Peer> make_blis(std::string& absent);      ///< libblis.so.4
std::unique_ptr<Peer> make_onednn(std::string& absent);    ///< libdnnl.so.2
std::unique_ptr<Peer> make_openblas(std::string& absent);  ///< libopenblas.so.0

}  // namespace orrery::calibrate::gemm
