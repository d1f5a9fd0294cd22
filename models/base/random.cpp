#include "models/base/random.hpp"

#include <bit>
#include <cassert>
#include <cmath>

#include "models/base/hash.hpp"
#include "models/base/portable_math.hpp"

namespace orrery::base {

namespace {

__extension__ using Wide = unsigned __int128;

}  // namespace

// The four words are successive outputs of SplitMix64 from mix_hash(name) ^ split_mix(seed), as
// the authors of xoshiro advise. SplitMix64 visits each value once, so at most one word is zero
// and the state is never the forbidden all-zero one.
RandomStream::RandomStream(std::uint64_t seed, std::string_view name) {
  constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15;
  std::uint64_t x = mix_hash(name) ^ split_mix(seed);
  for (std::uint64_t& word : state_) {
    word = split_mix(x);
    x += kStep;
  }
}

std::uint64_t RandomStream::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double RandomStream::uniform() {
  return static_cast<double>(next() >> 11) * 0x1p-53;
}

std::uint64_t RandomStream::below(std::uint64_t bound) {
  assert(bound > 0);
  // The high half of next() * bound is uniform once the few low halves that would give some
  // results one chance more are drawn again (Lemire 2019, "Fast random integer generation").
  Wide product = Wide{next()} * bound;
  if (static_cast<std::uint64_t>(product) < bound) {
    const std::uint64_t threshold = (0 - bound) % bound;
    while (static_cast<std::uint64_t>(product) < threshold) product = Wide{next()} * bound;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

double RandomStream::exponential(double mean) {
  assert(mean > 0);
  return -mean * portable_log(1 - uniform());  // 1 - u is in (0, 1]
}

double RandomStream::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  double x = 0;
  double y = 0;
  double square = 0;
  do {
    x = 2 * uniform() - 1;
    y = 2 * uniform() - 1;
    square = x * x + y * y;
  } while (square >= 1 || square == 0);
  const double factor = std::sqrt(-2 * portable_log(square) / square);
  spare_ = y * factor;
  has_spare_ = true;
  return x * factor;
}

double RandomStream::lognormal(double mu, double sigma) {
  return portable_exp(mu + sigma * normal());
}

std::size_t RandomStream::weighted(std::span<const double> weights) {
  double sum = 0;
  for (const double weight : weights) {
    assert(weight >= 0 && std::isfinite(weight));
    sum += weight;
  }
  assert(sum > 0);
  double left = uniform() * sum;
  std::size_t last = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] <= 0) continue;
    if (left < weights[i]) return i;
    left -= weights[i];
    last = i;  // rounding may leave a rest: it belongs to the last index that can be drawn
  }
  return last;
}

}  // namespace orrery::base
