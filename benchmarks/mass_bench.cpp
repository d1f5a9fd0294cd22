// What each pattern of sparsity retains of the scores' squares, of one matrix as large as those
// that bench_gemm times.
//
//   bench_mass [SIZE]     1024
//
// Scores are seeded fields whose rows and columns differ by sigma
// (models/sparsity/score_field.hpp); figures are means over the seeds. A line is
// `mass_SIGMA_SPARSITY_PATTERN: RETAINED REACHED EW`: the share retained, the sparsity reached, and
// the share that EW retains with as many elements, which is the most there is. The last line counts
// the cases in which no pattern retained more.
#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <vector>

#include "models/sparsity/prune.hpp"
#include "models/sparsity/score_field.hpp"

namespace {

using namespace orrery::models::sparsity;

struct Retained {
  double share = 0;
  double sparsity = 0;
  double most = 0;
};

Retained retained(const std::vector<Scores>& layers, const PruneOptions& options) {
  const Mask mask = prune(layers, options).front().mask;
  const ScoreMass mass = score_mass(layers.front(), mask);
  return {mass.share(), sparsity_of(mask), most_mass(layers, kept_count(mask)) / mass.total};
}

}  // namespace

int main(int argc, char** argv) {
  const int size = argc > 1 ? std::atoi(argv[1]) : 1024;
  if (size < 1) {
    fmt::print(stderr, "usage: bench_mass [SIZE]\n");
    return 2;
  }
  constexpr int kSeeds = 3;
  int cases = 0;
  int highest = 0;
  for (const double sigma : {0.0, 0.5, 1.0}) {
    std::vector<std::vector<Scores>> fields;
    for (int seed = 1; seed <= kSeeds; ++seed)
      fields.push_back(score_field({{"w", size, size}}, static_cast<std::uint64_t>(seed), sigma));
    for (const double sparsity : {0.5, 0.625, 0.75, 0.875, 0.9}) {
      for (const Pattern pattern : all_patterns()) {
        Retained sum;
        for (const auto& field : fields) {
          const Retained one = retained(field, {.pattern = pattern, .sparsity = sparsity});
          sum.share += one.share / kSeeds;
          sum.sparsity += one.sparsity / kSeeds;
          sum.most += one.most / kSeeds;
          highest += one.share <= one.most * (1 + 1e-12) ? 1 : 0;
          ++cases;
        }
        fmt::print("mass_{}_{}_{}: {:.4f} {:.4f} {:.4f}\n", sigma, sparsity, name_of(pattern),
                   sum.share, sum.sparsity, sum.most);
      }
    }
  }
  fmt::print("mass_ew_highest: {} of {}\n", highest, cases);
}
