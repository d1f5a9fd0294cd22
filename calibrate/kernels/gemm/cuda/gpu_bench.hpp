// What orrery-gemm-gpu measures and checks, line by line into a CSV that survives a crash.
#pragma once

#include <array>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "calibrate/kernels/gemm/cuda/baselines.hpp"
#include "calibrate/kernels/gemm/cuda/bench_cases.hpp"

namespace orrery::calibrate::gemm_cuda {

/// Relative Frobenius error above which a kernel is wrong.
inline constexpr double largest_error = 1e-2;

struct BenchShape {
  std::int64_t tokens;   ///< M
  std::int32_t columns;  ///< N
  std::int32_t rows;     ///< K
};

class Bench {
 public:
  /// Throws base::Error where the file at `path` cannot be written.
  Bench(Device device, const std::string& command, const std::string& path);

  void set_family(Family family) { family_ = family; }
  void set_number(Number number) { number_ = number; }
  /// Takes fresh random activations of this shape to the GPU.
  void set_shape(const BenchShape& shape);

  /// One of our kernels, of the present family: checked against double precision first, then
  /// timed, then checked to give the same bytes as at first. Returns its median in seconds, nothing
  /// where it is wrong.
  std::optional<double> own(const std::string& kernel, const BenchCase& made, bool sparse,
                            double sparsity, int width);

  /// A library's product of `weights`; its median in seconds, nothing where it is absent or wrong.
  std::optional<double> baseline(const std::string& kernel, double sparsity, int width,
                                 const std::vector<float>& weights,
                                 BaselineResult (*run)(const Product&, std::span<const float>));

  /// The worst of a family's errors so far; infinite after a wrong or unstable result.
  double worst_error(Family family) const { return worst_[static_cast<std::size_t>(family)]; }

 private:
  struct Row {
    std::string kernel;
    std::string family;  ///< empty for libraries
    double sparsity = 0;
    int width = 0;
    std::optional<Timing> timing;
    std::optional<double> error;
    std::string note;
  };
  void poison_y();
  double check(const models::sparsity::TileLayout& layout, const std::vector<float>& weights);
  std::vector<std::uint16_t> results() const;
  void write(const Row& row);

  std::string path_;
  std::ofstream file_;
  std::string provenance_;
  Family family_ = Family::mma_sync;
  Number number_ = Number::bf16;
  BenchShape shape_{};
  std::vector<std::uint16_t> host_x_;
  std::optional<CudaBuffer> x_, y_;
  std::array<double, 2> worst_{};
  std::map<std::string, double> mma_sync_seconds_;  ///< by kernel and case
};

}  // namespace orrery::calibrate::gemm_cuda
