#include <algorithm>
#include <array>
#include <cctype>

#include "calibrate/kernels/gemm/peers/makers.hpp"

namespace orrery::calibrate::gemm {

namespace {

// OpenBLAS: cpuid and dynamic.c of its sources; BLIS: its folder `config`.
constexpr std::array<std::string_view, 6> kAvx512Cores{"skylakex", "cooperlake", "sapphirerapids",
                                                       "skx",      "zen4",       "zen5"};
constexpr std::array<std::string_view, 5> kAvx2Cores{"haswell", "zen", "zen2", "zen3", "excavator"};

}  // namespace

Isa isa_of_core(std::string_view core) {
  std::string lower(core);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const auto among = [&](const auto& cores) {
    return std::find(cores.begin(), cores.end(), lower) != cores.end();
  };
  if (among(kAvx512Cores)) return Isa::avx512;
  return among(kAvx2Cores) ? Isa::avx2 : Isa::scalar;
}

Isa isa_of_onednn(int bits) {
  // dnnl_cpu_isa_avx512_core and dnnl_cpu_isa_avx2; later sets hold the bits of earlier ones.
  constexpr int kAvx512Core = 0x27;
  constexpr int kAvx2 = 0x7;
  if ((bits & kAvx512Core) == kAvx512Core) return Isa::avx512;
  return (bits & kAvx2) == kAvx2 ? Isa::avx2 : Isa::scalar;
}

std::vector<FoundPeer> find_peers() {
  std::vector<FoundPeer> found;
  const auto look = [&](const char* name, std::unique_ptr<Peer> (*make)(std::string&)) {
    FoundPeer peer{name, nullptr, ""};
    peer.peer = make(peer.absent);
    found.push_back(std::move(peer));
  };
  look("blis", make_blis);
  look("onednn", make_onednn);
  look("openblas", make_openblas);
  return found;
}

}  // namespace orrery::calibrate::gemm
