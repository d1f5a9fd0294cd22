// Dense and tile-wise sparse products against peers (OpenBLAS, BLIS, oneDNN) and against each
// other, on the processor. Peers whose kernels are below this machine's instruction set are named
// and left out.
//
//   bench_gemm [SIZE [THREADS ...]]     1024, with 1 and 2 threads
//
// Contestants take turns, one call each to warm up and three that are timed, round after round. A
// round counts with the fastest of its three, and the median over rounds is given; ratios are
// medians over rounds of the ratio inside a round: a machine that changes its speed does so for
// all. Data are random, never zero. That results are right is for the tests. Lines are `name:
// value`.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "calibrate/device/clocks.hpp"
#include "calibrate/kernels/gemm/gemm.hpp"
#include "calibrate/kernels/gemm/layouts.hpp"
#include "calibrate/kernels/gemm/peers/peer.hpp"
#include "models/base/random.hpp"
#include "models/base/statistics.hpp"

namespace {

using namespace orrery;
namespace gemm = calibrate::gemm;

std::vector<float> random_values(std::size_t count, const char* name) {
  base::RandomStream random(1, name);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(random.normal());
  return values;
}

struct Contestant {
  std::string name;
  std::function<void()> call;
  bool spins_after = false;       // a peer's workers may wait busily for some 20 ms after a call
  std::vector<double> seconds{};  // of each round
};

using base::quantile;

// How many times as fast as `slow` is `fast`.
double speedup(const Contestant& slow, const Contestant& fast) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < slow.seconds.size(); ++i) {
    ratios.push_back(slow.seconds[i] / fast.seconds[i]);
  }
  return quantile(std::move(ratios), 0.5);
}

void take_turns(std::vector<Contestant>& contestants, int threads, int rounds) {
  const auto clock = threads == 1 ? calibrate::thread_seconds : calibrate::wall_seconds;
  for (int round = 0; round < rounds; ++round) {
    for (Contestant& contestant : contestants) {
      contestant.call();
      double fastest = std::numeric_limits<double>::infinity();
      for (int i = 0; i < 3; ++i) {
        const double start = clock();
        contestant.call();
        fastest = std::min(fastest, clock() - start);
      }
      contestant.seconds.push_back(fastest);
      if (contestant.spins_after) std::this_thread::sleep_for(std::chrono::milliseconds(40));
    }
  }
}

struct Bench {
  std::int32_t size;
  std::vector<float> weights;
  std::vector<float> x;
  std::vector<float> y;

  explicit Bench(std::int32_t n)
      : size(n),
        weights(random_values(area(), "weights")),
        x(random_values(area(), "tokens")),
        y(area()) {}

  std::size_t area() const {
    return static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
  }
  double dense_flop() const { return 2.0 * static_cast<double>(area()) * size; }

  Contestant own(std::string name, const models::sparsity::TileLayout& layout, int threads) {
    return {std::move(name), [this, packed = gemm::pack(layout, weights), threads] {
              gemm::multiply(packed, x, y, size, threads, gemm::best_isa());
            }};
  }
  Contestant theirs(const gemm::Peer& peer, int threads) {
    return {std::string(peer.name()),
            [this, &peer, threads] { peer.multiply(weights, x, y, size, size, size, threads); },
            threads > 1};
  }
  // Each unit of `block` x `block` is kept with the probability 1 - sparsity.
  std::vector<bool> kept_units(std::int32_t block, double sparsity) const {
    base::RandomStream random(1, "kept units");
    const std::int32_t across = (size + block - 1) / block;
    std::vector<bool> kept(static_cast<std::size_t>(across) * static_cast<std::size_t>(across));
    for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = random.uniform() >= sparsity;
    return kept;
  }
};

// Those that the targets are about, each against `peak`, the FLOP/s of one thread's registers. The
// best peer is the one of the least median.
void headline(Bench& bench, const std::vector<const gemm::Peer*>& peers, int threads, double peak) {
  std::vector<Contestant> all;
  all.push_back(bench.own("dense", gemm::dense_layout(bench.size, bench.size), threads));
  all.push_back(
      bench.own("tw75", gemm::random_tile_layout(bench.size, bench.size, 0.75, 128, 1), threads));
  for (const gemm::Peer* peer : peers) all.push_back(bench.theirs(*peer, threads));
  take_turns(all, threads, 15);
  for (const Contestant& contestant : all) {
    const double median = quantile(contestant.seconds, 0.5);
    const double share = contestant.name == "tw75" ? 0.25 : 1.0;
    const double rate = bench.dense_flop() * share / median;
    fmt::print("threads_{}_{}_ms: {:.3f}\n", threads, contestant.name, median * 1e3);
    fmt::print("threads_{}_{}_spread: {:.2f}\n", threads, contestant.name,
               (quantile(contestant.seconds, 0.9) - quantile(contestant.seconds, 0.1)) / median);
    fmt::print("threads_{}_{}_gflops: {:.1f}\n", threads, contestant.name, rate / 1e9);
    fmt::print("threads_{}_{}_of_peak: {:.2f}\n", threads, contestant.name,
               rate / (peak * threads));
  }
  fmt::print("threads_{}_tw_over_dense: {:.2f}\n", threads, speedup(all[0], all[1]));
  if (peers.empty()) return;
  const auto best = std::min_element(all.begin() + 2, all.end(), [](const auto& a, const auto& b) {
    return quantile(a.seconds, 0.5) < quantile(b.seconds, 0.5);
  });
  fmt::print("threads_{}_best_peer: {}\n", threads, best->name);
  fmt::print("threads_{}_tw_over_peer: {:.2f}\n", threads, speedup(*best, all[1]));
  fmt::print("threads_{}_dense_over_peer: {:.2f}\n", threads, speedup(*best, all[0]));
}

// Speedup over our dense for each sparsity and panel width, EW as CSR and BW beside them.
void curve(Bench& bench, int threads) {
  constexpr double sparsities[] = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95};
  for (const double sparsity : sparsities) {
    std::vector<Contestant> all;
    all.push_back(bench.own("dense", gemm::dense_layout(bench.size, bench.size), threads));
    for (const std::int32_t width : {32, 64, 128, 256}) {
      all.push_back(bench.own(fmt::format("g{}", width),
                              gemm::random_tile_layout(bench.size, bench.size, sparsity, width, 1),
                              threads));
    }
    all.push_back(bench.own(
        "csr", gemm::element_layout(bench.size, bench.size, bench.kept_units(1, sparsity)),
        threads));
    all.push_back(bench.own(
        "bw32", gemm::block_layout(bench.size, bench.size, 32, bench.kept_units(32, sparsity)),
        threads));
    take_turns(all, threads, 7);
    for (std::size_t i = 1; i < all.size(); ++i) {
      fmt::print("curve_{:.2f}_{}: {:.2f}\n", sparsity, all[i].name, speedup(all[0], all[i]));
    }
  }
}

// Says of each peer what it is, and returns those on kernels of this machine's instruction set.
std::vector<const gemm::Peer*> fit_to_compare(const std::vector<gemm::FoundPeer>& found) {
  std::vector<const gemm::Peer*> fit;
  for (const gemm::FoundPeer& one : found) {
    if (!one.peer) {
      fmt::print("peer_{}: absent: {}\n", one.name, one.absent);
      continue;
    }
    const gemm::Isa isa = one.peer->isa();
    const bool below = isa < gemm::best_isa();
    fmt::print("peer_{}: {}{}\n", one.name, one.peer->description(),
               below ? fmt::format("; void: its kernels are {}, this machine runs {}",
                                   gemm::to_string(isa), gemm::to_string(gemm::best_isa()))
                     : "");
    if (!below) fit.push_back(one.peer.get());
  }
  return fit;
}

}  // namespace

int main(int argc, char** argv) {
  const std::int32_t size = argc > 1 ? std::atoi(argv[1]) : 1024;
  std::vector<int> threads;
  for (int i = 2; i < argc; ++i) threads.push_back(std::atoi(argv[i]));
  if (threads.empty()) threads = {1, 2};
  if (size < 1 || *std::min_element(threads.begin(), threads.end()) < 1) {
    fmt::print(stderr, "usage: bench_gemm [SIZE [THREADS ...]]\n");
    return 2;
  }
  Bench bench(size);
  fmt::print("isa: {}\n", gemm::to_string(gemm::best_isa()));
  const std::vector<gemm::FoundPeer> found = gemm::find_peers();
  const std::vector<const gemm::Peer*> peers = fit_to_compare(found);
  double load = 0;
  if (getloadavg(&load, 1) == 1) {
    fmt::print("load: {:.1f} on {} processors\n", load, std::thread::hardware_concurrency());
  }
  const double peak = gemm::peak_flops(gemm::best_isa(), 0.3);
  fmt::print("peak_gflops_1_thread: {:.1f}\n", peak / 1e9);
  for (const int count : threads) headline(bench, peers, count, peak);
  curve(bench, threads.front());
}
