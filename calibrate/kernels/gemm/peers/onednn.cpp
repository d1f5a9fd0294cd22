// oneDNN (Debian: libdnnl2). ONEDNN_MAX_CPU_ISA and DNNL_MAX_CPU_ISA bound its choice of kernels.
#include "calibrate/kernels/gemm/peers/library.hpp"
#include "calibrate/kernels/gemm/peers/makers.hpp"

namespace orrery::calibrate::gemm {

namespace {

class OneDnn : public Peer {
 public:
  explicit OneDnn(const PeerLibrary& library)
      : sgemm_(library.get<Sgemm>("dnnl_sgemm")),
        set_threads_(library.get<void (*)(int)>("omp_set_num_threads")),
        isa_(library.get<int (*)()>("dnnl_get_effective_cpu_isa")),
        version_(library.get<const Version* (*)()>("dnnl_version")) {}

  bool whole() const { return sgemm_ && set_threads_ && isa_ && version_; }
  std::string_view name() const override { return "onednn"; }
  std::string description() const override {
    const Version& version = *version_();
    return "oneDNN " + std::to_string(version.major) + "." + std::to_string(version.minor) + "." +
           std::to_string(version.patch) + " " + std::string(to_string(isa()));
  }
  Isa isa() const override { return isa_of_onednn(isa_()); }

  void multiply(std::span<const float> weights, std::span<const float> x, std::span<float> y,
                std::int32_t rows, std::int32_t columns, std::int32_t tokens,
                int threads) const override {
    set_threads_(threads);
    sgemm_('T', 'N', columns, tokens, rows, 1.0F, weights.data(), columns, x.data(), tokens, 0.0F,
           y.data(), tokens);
  }

 private:
  // Its matrices lie row by row, and its dimensions have 64 bits.
  using Sgemm = int (*)(char transpose_a, char transpose_b, std::int64_t m, std::int64_t n,
                        std::int64_t k, float alpha, const float* a, std::int64_t lda,
                        const float* b, std::int64_t ldb, float beta, float* c, std::int64_t ldc);
  struct Version {
    int major;
    int minor;
    int patch;
  };
  Sgemm sgemm_;
  void (*set_threads_)(int);
  int (*isa_)();
  const Version* (*version_)();
};

}  // namespace

std::unique_ptr<Peer> make_onednn(std::string& absent) {
  const PeerLibrary library("libdnnl.so.2");
  absent = library.absent();
  if (!library.present()) return nullptr;
  auto peer = std::make_unique<OneDnn>(library);
  if (peer->whole()) return peer;
  absent = "libdnnl.so.2 lacks a function that is needed";
  return nullptr;
}

}  // namespace orrery::calibrate::gemm
