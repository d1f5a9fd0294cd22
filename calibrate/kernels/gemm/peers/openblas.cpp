// OpenBLAS (Debian: libopenblas0-pthread). OPENBLAS_CORETYPE overrides its choice of kernels.
#include "calibrate/kernels/gemm/peers/library.hpp"
#include "calibrate/kernels/gemm/peers/makers.hpp"

namespace orrery::calibrate::gemm {

namespace {

class OpenBlas : public Peer {
 public:
  explicit OpenBlas(const PeerLibrary& library)
      : sgemm_(library.get<CblasSgemm>("cblas_sgemm")),
        set_threads_(library.get<void (*)(int)>("openblas_set_num_threads")),
        core_(library.get<char* (*)()>("openblas_get_corename")),
        config_(library.get<char* (*)()>("openblas_get_config")) {}

  bool whole() const { return sgemm_ && set_threads_ && core_ && config_; }
  std::string_view name() const override { return "openblas"; }
  std::string description() const override { return config_(); }
  Isa isa() const override { return isa_of_core(core_()); }

  void multiply(std::span<const float> weights, std::span<const float> x, std::span<float> y,
                std::int32_t rows, std::int32_t columns, std::int32_t tokens,
                int threads) const override {
    set_threads_(threads);
    multiply_by_cblas(sgemm_, weights, x, y, rows, columns, tokens);
  }

 private:
  CblasSgemm sgemm_;
  void (*set_threads_)(int);
  char* (*core_)();
  char* (*config_)();
};

}  // namespace

std::unique_ptr<Peer> make_openblas(std::string& absent) {
  const PeerLibrary library("libopenblas.so.0");
  absent = library.absent();
  if (!library.present()) return nullptr;
  auto peer = std::make_unique<OpenBlas>(library);
  if (peer->whole()) return peer;
  absent = "libopenblas.so.0 lacks a function that is needed";
  return nullptr;
}

}  // namespace orrery::calibrate::gemm
