// orrery-gemm-gpu [FILE.csv]: checks the kernels on this GPU against double precision, then times
// the matrix of tvw.cuda. Exit 0: all errors within bounds; 1: no GPU, or something failed.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>

#include "calibrate/kernels/gemm/cuda/baselines.hpp"
#include "calibrate/kernels/gemm/cuda/bench_cases.hpp"
#include "calibrate/kernels/gemm/plans.hpp"
#include "models/base/error.hpp"

using namespace orrery::calibrate::gemm_cuda;
using orrery::base::RandomStream;
using orrery::calibrate::gemm::dense_plan;
using orrery::calibrate::gemm::random_tile_plan;

namespace {

constexpr double largest_error = 1e-2;

struct Shape {
  std::int64_t tokens;   // M
  std::int32_t columns;  // N
  std::int32_t rows;     // K
};

class Bench {
 public:
  Bench(Device device, std::string command, const char* path)
      : device_(std::move(device)), file_(path) {
    if (!file_) throw orrery::base::Error({.file = path, .key = {}}, "cannot be written");
    const auto now = fmt::gmtime(std::chrono::system_clock::now());
    provenance_ = fmt::format("\"{}\",{},{:%Y-%m-%dT%H:%M:%SZ},\"{}\"", device_.name,
                              device_.driver, now, command);
    file_ << "kernel,M,N,K,number,sparsity,G,median_us,p90_us,tflops,relative_error,note,device,"
             "driver,date,command\n";
  }

  /// One of our kernels; returns its median in seconds.
  double own(const char* kernel, const Shape& shape, const BenchCase& made, bool sparse,
             double sparsity, int width) {
    const PackedWeight packed =
        pack(made.plan, made.weights, {number_, sparse, outputs_for(made.plan), true});
    const DeviceWeight weight(packed);
    poison_y();
    const Timing timing = time_launches([&] { weight.run(x_->data(), y_->data(), shape.tokens); });
    const double error = check(made.plan, made.weights, shape);
    // A NaN must count as the worst.
    worst_ = std::isnan(error) ? std::numeric_limits<double>::infinity() : std::max(worst_, error);
    line(kernel, shape, sparsity, width, timing, error, "");
    return timing.median_seconds;
  }

  std::optional<double> baseline(const char* kernel, const Shape& shape, double sparsity, int width,
                                 const std::vector<float>& weights,
                                 BaselineResult (*run)(const Product&, std::span<const float>)) {
    poison_y();
    const Product product{shape.rows, shape.columns, shape.tokens, number_, x_->data(), y_->data()};
    BaselineResult result;
    try {
      result = run(product, weights);
    } catch (const orrery::base::Error& error) {
      result.note = error.what();
    }
    if (!result.timing) {
      fmt::print("{:<22} {}\n", kernel, result.note);
      file_ << fmt::format("{},{},{},{},bf16,{},{},,,,,\"{}\",{}\n", kernel, shape.tokens,
                           shape.columns, shape.rows, sparsity, width, result.note, provenance_);
      return std::nullopt;
    }
    const double error = check(dense_plan(shape.rows, shape.columns), weights, shape);
    const bool right = error <= largest_error;
    if (!right) result.note += " wrong results: no ratio is formed";
    line(kernel, shape, sparsity, width, *result.timing, error, result.note);
    if (!right) return std::nullopt;
    return result.timing->median_seconds;
  }

  void set_shape(const Shape& shape) {
    RandomStream random(1, fmt::format("x {} {}", shape.tokens, shape.rows));
    host_x_ = activations(random, shape.rows, shape.tokens, number_);
    x_.emplace(host_x_.size() * 2);
    x_->upload(host_x_.data(), host_x_.size() * 2);
    y_.emplace(static_cast<std::size_t>(shape.columns * pitch_of(shape.tokens)) * 2);
  }

  void set_number(Number number) { number_ = number; }
  double worst_error() const { return worst_; }

 private:
  void poison_y() {
    const std::vector<std::uint16_t> nothing(y_->bytes() / 2, 0x7fff);
    y_->upload(nothing.data(), y_->bytes());
  }

  double check(const orrery::models::sparsity::TilePlan& plan, const std::vector<float>& weights,
               const Shape& shape) {
    wait_for_device("running a kernel");
    return relative_error(plan, weights, host_x_, *y_, shape.tokens, number_);
  }

  void line(const char* kernel, const Shape& shape, double sparsity, int width,
            const Timing& timing, double error, const std::string& note) {
    const double dense_flops = 2.0 * static_cast<double>(shape.tokens) * shape.columns * shape.rows;
    fmt::print("{:<22} {:>6}x{:<5}x{:<5} s={:<6} G={:<4} {:>9.1f} us  error {:.1e} {}\n", kernel,
               shape.tokens, shape.columns, shape.rows, sparsity, width,
               timing.median_seconds * 1e6, error, note);
    std::fflush(stdout);
    file_ << fmt::format("{},{},{},{},{},{},{},{:.3f},{:.3f},{:.2f},{:.3e},\"{}\",{}\n", kernel,
                         shape.tokens, shape.columns, shape.rows,
                         number_ == Number::bf16 ? "bf16" : "fp16", sparsity, width,
                         timing.median_seconds * 1e6, timing.p90_seconds * 1e6,
                         dense_flops / timing.median_seconds / 1e12, error, note, provenance_);
    file_.flush();
  }

  Device device_;
  std::ofstream file_;
  std::string provenance_;
  Number number_ = Number::bf16;
  std::vector<std::uint16_t> host_x_;
  std::optional<DeviceBuffer> x_, y_;
  double worst_ = 0;
};

/// Odd sizes and tails, every kernel of the family, before anything is timed for its own sake.
void check_kernels(Bench& bench) {
  for (const Number number : {Number::bf16, Number::fp16}) {
    bench.set_number(number);
    for (const Shape& shape : {Shape{137, 131, 257}, Shape{1, 300, 66}, Shape{1000, 513, 769}}) {
      bench.set_shape(shape);
      for (const bool sparse : {false, true}) {
        RandomStream random(2, "self-check");
        bench.own(sparse ? "self-check 2:4" : "self-check dense", shape,
                  fill(random, dense_plan(shape.rows, shape.columns), sparse), sparse, 0, 128);
        for (const int width : {64, 128}) {
          bench.own(
              sparse ? "self-check TVW" : "self-check TW", shape,
              fill(random, random_tile_plan(shape.rows, shape.columns, 0.5, width, 2), sparse),
              sparse, 0.5, width);
        }
      }
    }
  }
  bench.set_number(Number::bf16);
}

void ratio(const char* name, double over, double under, double target) {
  fmt::print("tvw.cuda: {} {:.2f}x (at least {}x){}\n", name, over / under, target,
             over / under >= target ? "" : " MISSED");
}

BaselineResult blocked_ell_32(const Product& product, std::span<const float> weights) {
  return time_cusparse_blocked_ell(product, weights, 32);
}

void time_shape(Bench& bench, const Shape& shape, bool aims) {
  bench.set_shape(shape);
  RandomStream random(3, fmt::format("{} {} {}", shape.tokens, shape.columns, shape.rows));
  const auto whole = dense_plan(shape.rows, shape.columns);
  const BenchCase dense = fill(random, whole, false);
  const double own = bench.own("dense", shape, dense, false, 0, 0);
  const auto lt = bench.baseline("cuBLASLt", shape, 0, 0, dense.weights, time_cublaslt);
  bench.own("2:4", shape, fill(random, whole, true), true, 0.5, 0);
  for (const double s : {0.5, 0.625, 0.75, 0.875, 0.9375, 0.95}) {
    const bool at_aim = aims && s == 0.75;
    double tw = 0;
    double tvw = 0;
    for (const int width : {128, 64, 256}) {
      if (width != 128 && !at_aim) continue;
      const double t =
          bench.own("TW", shape,
                    fill(random, random_tile_plan(shape.rows, shape.columns, s, width, 3), false),
                    false, s, width);
      // s = 1 - (1 - s_tw) / 2.
      const double s_tw = 1 - 2 * (1 - s);
      const double v =
          bench.own("TVW", shape,
                    fill(random, random_tile_plan(shape.rows, shape.columns, s_tw, width, 3), true),
                    true, s, width);
      if (width == 128) {
        tw = t;
        tvw = v;
      }
    }
    const auto csr =
        bench.baseline("cuSPARSE CSR", shape, s, 0,
                       element_weights(random, shape.rows, shape.columns, s), time_cusparse_csr);
    const auto ell =
        bench.baseline("cuSPARSE Blocked-ELL", shape, s, 32,
                       block_weights(random, shape.rows, shape.columns, 32, s), blocked_ell_32);
    if (!at_aim) continue;
    if (lt) ratio("TVW 75 % over cuBLASLt", *lt, tvw, 1.6);
    if (lt) ratio("TW 75 % over cuBLASLt", *lt, tw, 1.8);
    fmt::print("tvw.cuda: over own dense TW 75 % {:.2f}x, TVW 75 % {:.2f}x (stated)\n", own / tw,
               own / tvw);
    if (ell) ratio("TVW 75 % over Blocked-ELL", *ell, tvw, 2);
    if (csr) ratio("TVW 75 % over CSR", *csr, tvw, 10);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::optional<Device> device = find_device();
    if (!device) {
      fmt::print("no GPU here: nothing was measured\n");
      return 1;
    }
    fmt::print("{}, sm_{}{}, {} multiprocessors, driver {}, runtime {}\n", device->name,
               device->major, device->minor, device->multiprocessors, device->driver,
               device->runtime);
    std::string command = argv[0];
    for (int i = 1; i < argc; ++i) command += std::string(" ") + argv[i];
    Bench bench(*device, command, argc > 1 ? argv[1] : "gemm-gpu.csv");
    check_kernels(bench);
    if (!(bench.worst_error() <= largest_error)) {
      fmt::print("the kernels disagree with double precision: nothing was timed\n");
      return 1;
    }
    fmt::print("self-check: worst relative error {:.1e} (< {})\n", bench.worst_error(),
               largest_error);
    time_shape(bench, {4096, 4096, 4096}, true);
    for (const Shape& shape :
         {Shape{12800, 768, 768}, Shape{12800, 3072, 768}, Shape{12800, 768, 3072}}) {
      time_shape(bench, shape, false);
    }
    fmt::print("cuSPARSELt: {}\n", time_cusparselt().note);
    fmt::print("worst relative error {:.1e} (< {})\n", bench.worst_error(), largest_error);
    return bench.worst_error() <= largest_error ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "orrery-gemm-gpu: {}\n", error.what());
    return 1;
  }
}
