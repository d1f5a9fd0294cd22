// orrery-gemm-gpu [--quick] [--family mma.sync|wgmma] [FILE.csv]: checks the kernels on this GPU
// against double precision, then times the matrix of tvw.cuda (with --quick only 4096^3).
//
// The families run one after the other, mma.sync first and to its end: a kernel that traps takes
// the process's GPU with it, and must not take the figures of the other family. cuBLASLt is timed
// in each family's turn, so that a ratio is formed between neighbours; cuSPARSELt after all else,
// as its interface is declared by hand and a mistake there may end the program.
//
// Exit 0: every kernel ran, and its errors are within bounds; 1: no GPU, or something failed;
// 2: arguments that are not understood.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>

#include "calibrate/device/cuda_errors.hpp"
#include "calibrate/kernels/gemm/cuda/gpu_bench.hpp"
#include "calibrate/kernels/gemm/cuda/probe.hpp"
#include "calibrate/kernels/gemm/layouts.hpp"

using namespace orrery::calibrate::gemm_cuda;
using orrery::base::RandomStream;
using orrery::calibrate::CudaBuffer;
using orrery::calibrate::wait_for_gpu;
using orrery::calibrate::gemm::dense_layout;
using orrery::calibrate::gemm::random_tile_layout;

namespace {

constexpr BenchShape square{4096, 4096, 4096};
constexpr std::array<BenchShape, 3> bert_shapes{
    BenchShape{12800, 768, 768}, BenchShape{12800, 3072, 768}, BenchShape{12800, 768, 3072}};

struct Options {
  bool quick = false;
  std::optional<Family> only;
  std::string path = "gemm-gpu.csv";
};

/// Nothing where the arguments are not understood.
std::optional<Options> parse(int argc, char** argv) {
  Options options;
  bool named = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--quick") {
      options.quick = true;
    } else if (argument == "--family" && i + 1 < argc) {
      const std::string_view family = argv[++i];
      if (family != "mma.sync" && family != "wgmma") return std::nullopt;
      options.only = family == "wgmma" ? Family::wgmma : Family::mma_sync;
    } else if (!argument.starts_with("-") && !named) {
      options.path = argument;
      named = true;
    } else {
      return std::nullopt;
    }
  }
  return options;
}

/// Odd sizes and tails, every kernel of the family, before anything is timed for its own sake.
void check_kernels(Bench& bench) {
  for (const Number number : {Number::bf16, Number::fp16}) {
    bench.set_number(number);
    // The last one is large enough for the wider tiles of wgmma.
    for (const BenchShape& shape : {BenchShape{137, 131, 257}, BenchShape{1, 300, 66},
                                    BenchShape{1000, 513, 769}, BenchShape{3000, 1700, 257}}) {
      bench.set_shape(shape);
      for (const bool sparse : {false, true}) {
        RandomStream random(2, "self-check");
        bench.own(sparse ? "self-check 2:4" : "self-check dense",
                  fill(random, dense_layout(shape.rows, shape.columns), sparse), sparse, 0, 128);
        for (const int width : {64, 128}) {
          bench.own(
              sparse ? "self-check TVW" : "self-check TW",
              fill(random, random_tile_layout(shape.rows, shape.columns, 0.5, width, 2), sparse),
              sparse, 0.5, width);
        }
      }
    }
  }
  bench.set_number(Number::bf16);
}

/// Medians in seconds at 4096^3, 75 % and G = 128: what the aims are about.
struct Figures {
  std::optional<double> dense, tw, tvw, cublaslt;
};
struct Sparse {
  std::optional<double> csr, blocked_ell;
};

BaselineResult blocked_ell_32(const Product& product, std::span<const float> weights) {
  return time_cusparse_blocked_ell(product, weights, 32);
}

/// The same weights in each family's turn.
RandomStream stream_of(const BenchShape& shape, const char* kind, double sparsity, int width) {
  return RandomStream(3, fmt::format("{} {} {} {} {} {}", kind, shape.tokens, shape.columns,
                                     shape.rows, sparsity, width));
}

BenchCase tile_case(const BenchShape& shape, double sparsity, int width, bool two_of_four) {
  RandomStream random = stream_of(shape, two_of_four ? "TVW" : "TW", sparsity, width);
  // 2:4 halves what TW leaves: s = 1 - (1 - s_tw) / 2.
  const double tiles = two_of_four ? 1 - 2 * (1 - sparsity) : sparsity;
  return fill(random, random_tile_layout(shape.rows, shape.columns, tiles, width, 3), two_of_four);
}

/// `sparse` is measured where it is given: libraries that no family's turn changes.
Figures time_shape(Bench& bench, const BenchShape& shape, bool aims, Sparse* sparse) {
  bench.set_shape(shape);
  Figures figures;
  {
    RandomStream random = stream_of(shape, "dense", 0, 0);
    const auto whole = dense_layout(shape.rows, shape.columns);
    const BenchCase dense = fill(random, whole, false);
    figures.dense = bench.own("dense", dense, false, 0, 0);
    figures.cublaslt = bench.baseline("cuBLASLt", 0, 0, dense.weights, time_cublaslt);
    bench.own("2:4", fill(random, whole, true), true, 0.5, 0);
  }
  for (const double s : {0.5, 0.625, 0.75, 0.875, 0.9375, 0.95}) {
    const bool at_aim = aims && s == 0.75;
    for (const int width : {128, 64, 256}) {
      if (width != 128 && !at_aim) continue;
      const auto tw = bench.own("TW", tile_case(shape, s, width, false), false, s, width);
      const auto tvw = bench.own("TVW", tile_case(shape, s, width, true), true, s, width);
      if (at_aim && width == 128) {
        figures.tw = tw;
        figures.tvw = tvw;
      }
    }
    if (sparse == nullptr) continue;
    RandomStream random = stream_of(shape, "libraries", s, 0);
    const auto csr =
        bench.baseline("cuSPARSE CSR", s, 0, element_weights(random, shape.rows, shape.columns, s),
                       time_cusparse_csr);
    const auto ell =
        bench.baseline("cuSPARSE Blocked-ELL", s, 32,
                       block_weights(random, shape.rows, shape.columns, 32, s), blocked_ell_32);
    if (at_aim) *sparse = {csr, ell};
  }
  return figures;
}

std::vector<std::uint16_t> probe_launch(const PackedWeight& packed,
                                        std::span<const std::uint16_t> x, std::int64_t tokens) {
  const DeviceWeight weight(packed);
  CudaBuffer on_device(x.size_bytes());
  on_device.upload(x.data(), x.size_bytes());
  std::vector<std::uint16_t> y(static_cast<std::size_t>(probe_columns * tokens));
  CudaBuffer results(y.size() * 2);
  results.clear();
  weight.run(on_device.data(), results.data(), tokens);
  wait_for_gpu("probing a kernel");
  results.download(y.data(), y.size() * 2);
  return y;
}

/// Of a family that is wrong: what its results are made of instead.
void explain(Family family) {
  // The second is large enough for the wider tiles of wgmma.
  for (const std::int64_t tokens : {std::int64_t{256}, std::int64_t{40960}}) {
    for (const bool sparse : {false, true}) {
      const ProbeResult found = probe(family, sparse, tokens, tokens > 256 ? 4 : 64, probe_launch);
      fmt::print("probe of {} {}, {} tokens: {} results misplaced\n", name_of(family),
                 sparse ? "2:4" : "dense", tokens, found.wrong);
      for (const std::string& line : found.lines) fmt::print("  {}\n", line);
      std::fflush(stdout);
    }
  }
}

struct Turn {
  Family family;
  Figures figures;
};

/// Checks a family and, where it is right, times it; the figures at the aims, if any.
std::optional<Turn> run_family(Bench& bench, Family family, const Options& options,
                               Sparse* sparse) {
  bench.set_family(family);
  check_kernels(bench);
  if (!(bench.worst_error(family) <= largest_error)) {
    fmt::print("{} disagrees with double precision: nothing was timed\n", name_of(family));
    explain(family);
    return std::nullopt;
  }
  fmt::print("self-check of {}: worst relative error {:.1e} (< {})\n", name_of(family),
             bench.worst_error(family), largest_error);
  const Turn turn{family, time_shape(bench, square, true, sparse)};
  if (options.quick) return turn;
  for (const BenchShape& shape : bert_shapes) {
    Sparse also;
    time_shape(bench, shape, false, sparse == nullptr ? nullptr : &also);
  }
  return turn;
}

void time_cusparselt_last(Bench& bench, bool quick) {
  std::vector<BenchShape> shapes{square};
  if (!quick) shapes.insert(shapes.end(), bert_shapes.begin(), bert_shapes.end());
  for (const BenchShape& shape : shapes) {
    bench.set_shape(shape);
    RandomStream random = stream_of(shape, "2:4", 0.5, 0);
    const BenchCase halved = fill(random, dense_layout(shape.rows, shape.columns), true);
    bench.baseline("cuSPARSELt 2:4", 0.5, 0, halved.weights, time_cusparselt);
  }
}

/// How many times as fast as a baseline, of each family and judged by the best of them.
void judge(const std::vector<Turn>& turns, const char* name, double target,
           std::optional<double> Figures::*ours, std::optional<double> Figures::*theirs,
           std::optional<double> library) {
  std::string stated;
  double best = 0;
  for (const Turn& turn : turns) {
    const std::optional<double> over = theirs != nullptr ? turn.figures.*theirs : library;
    const std::optional<double> own = turn.figures.*ours;
    if (!over || !own) continue;
    best = std::max(best, *over / *own);
    stated += fmt::format(", {} {:.2f}x", name_of(turn.family), *over / *own);
  }
  if (stated.empty()) return;
  fmt::print("tvw.cuda: {} {:.2f}x (at least {}x{}){}\n", name, best, target, stated,
             best >= target ? "" : " MISSED");
}

void judge_all(const std::vector<Turn>& turns, const Sparse& sparse) {
  judge(turns, "TVW 75 % over cuBLASLt", 1.6, &Figures::tvw, &Figures::cublaslt, {});
  judge(turns, "TW 75 % over cuBLASLt", 1.8, &Figures::tw, &Figures::cublaslt, {});
  judge(turns, "TVW 75 % over Blocked-ELL", 2, &Figures::tvw, nullptr, sparse.blocked_ell);
  judge(turns, "TVW 75 % over CSR", 10, &Figures::tvw, nullptr, sparse.csr);
  for (const Turn& turn : turns) {
    const Figures& f = turn.figures;
    if (!f.dense || !f.tw || !f.tvw) continue;
    fmt::print("tvw.cuda: {} over its own dense: TW 75 % {:.2f}x, TVW 75 % {:.2f}x (stated)\n",
               name_of(turn.family), *f.dense / *f.tw, *f.dense / *f.tvw);
  }
}

int run(const Device& device, const Options& options, const std::string& command) {
  fmt::print("{}, sm_{}{}, {} multiprocessors, driver {}, runtime {}\n", device.name, device.major,
             device.minor, device.multiprocessors, device.driver, device.runtime);
  std::vector<Family> families = families_of(device);
  std::sort(families.begin(), families.end());  // mma.sync first
  Bench bench(device, command, options.path);
  Sparse sparse;
  std::vector<Turn> turns;
  bool failed = false;
  double worst = 0;
  std::string each;
  bool first = true;
  for (const Family family : families) {
    if (options.only && *options.only != family) continue;
    try {
      const auto turn = run_family(bench, family, options, first ? &sparse : nullptr);
      if (turn) turns.push_back(*turn);
    } catch (const std::exception& error) {
      fmt::print("{} failed: {}; what was measured before stands\n", name_of(family), error.what());
      failed = true;
    }
    first = false;
    worst = std::max(worst, bench.worst_error(family));
    each += fmt::format(", {} {:.1e}", name_of(family), bench.worst_error(family));
  }
  if (each.empty()) {
    fmt::print("this GPU does not run the kernels of {}\n", name_of(*options.only));
    return 1;
  }
  judge_all(turns, sparse);
  fmt::print("worst relative error {:.1e} (< {}){}{}\n", worst, largest_error, each,
             failed ? ", a family failed" : "");
  std::fflush(stdout);
  if (!failed) time_cusparselt_last(bench, options.quick);
  return !failed && worst <= largest_error ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::optional<Options> options = parse(argc, argv);
    if (!options) {
      fmt::print(stderr,
                 "orrery-gemm-gpu: usage: orrery-gemm-gpu [--quick] [--family mma.sync|wgmma] "
                 "[FILE.csv]\n");
      return 2;
    }
    const std::optional<Device> device = find_device();
    if (!device) {
      fmt::print("no GPU here: nothing was measured\n");
      return 1;
    }
    std::string command = argv[0];
    for (int i = 1; i < argc; ++i) command += std::string(" ") + argv[i];
    return run(*device, *options, command);
  } catch (const std::exception& error) {
    fmt::print(stderr, "orrery-gemm-gpu: {}\n", error.what());
    return 1;
  }
}
