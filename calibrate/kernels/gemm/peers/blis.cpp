// BLIS (Debian: libblis4-pthread). BLIS_ARCH_TYPE overrides its choice of kernels.
#include "calibrate/kernels/gemm/peers/library.hpp"
#include "calibrate/kernels/gemm/peers/makers.hpp"

namespace orrery::calibrate::gemm {

namespace {

class Blis : public Peer {
 public:
  explicit Blis(const PeerLibrary& library)
      : sgemm_(library.get<CblasSgemm>("cblas_sgemm")),
        set_threads_(library.get<void (*)(std::int64_t)>("bli_thread_set_num_threads")),
        architecture_(library.get<int (*)()>("bli_arch_query_id")),
        name_of_(library.get<char* (*)(int)>("bli_arch_string")),
        version_(library.get<char* (*)()>("bli_info_get_version_str")) {}

  bool whole() const { return sgemm_ && set_threads_ && architecture_ && name_of_ && version_; }
  std::string_view name() const override { return "blis"; }
  std::string description() const override {
    return std::string("BLIS ") + version_() + " " + name_of_(architecture_());
  }
  Isa isa() const override { return isa_of_core(name_of_(architecture_())); }

  void multiply(std::span<const float> weights, std::span<const float> x, std::span<float> y,
                std::int32_t rows, std::int32_t columns, std::int32_t tokens,
                int threads) const override {
    set_threads_(threads);
    multiply_by_cblas(sgemm_, weights, x, y, rows, columns, tokens);
  }

 private:
  CblasSgemm sgemm_;
  void (*set_threads_)(std::int64_t);
  int (*architecture_)();
  char* (*name_of_)(int);
  char* (*version_)();
};

}  // namespace

std::unique_ptr<Peer> make_blis(std::string& absent) {
  const PeerLibrary library("libblis.so.4");
  absent = library.absent();
  if (!library.present()) return nullptr;
  auto peer = std::make_unique<Blis>(library);
  if (peer->whole()) return peer;
  absent = "libblis.so.4 lacks a function that is needed";
  return nullptr;
}

}  // namespace orrery::calibrate::gemm
