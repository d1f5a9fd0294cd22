#include "models/gemm/pruning.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>
#include <vector>

#include "models/base/nearest.hpp"
#include "models/base/numbers.hpp"

namespace orrery::models::gemm {

namespace {

using base::Error;
using base::Where;

constexpr std::array<std::pair<std::string_view, GemmKernel>, 5> kKernelWords{{
    {"tw", GemmKernel::tw},
    {"tvw", GemmKernel::tvw},
    {"2:4", GemmKernel::two_of_four},
    {"bw", GemmKernel::bw},
    {"ew", GemmKernel::csr},
}};

constexpr double kTwoOfFourSparsity = 0.5;
constexpr std::int32_t kWidest = 65536;

std::string_view name_of(GemmKernel kernel) {
  for (const auto& [name, known] : kKernelWords)
    if (known == kernel) return name;
  return "";
}

bool has_width(GemmKernel kernel) {
  return kernel == GemmKernel::tw || kernel == GemmKernel::tvw || kernel == GemmKernel::bw;
}

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t slash = text.find('/');
    parts.push_back(text.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    text.remove_prefix(slash + 1);
  }
}

}  // namespace

std::int32_t usual_width(GemmKernel kernel) {
  constexpr std::int32_t kBlock = 32;
  constexpr std::int32_t kPanel = 128;
  return kernel == GemmKernel::bw ? kBlock : kPanel;
}

std::string to_text(const Pruning& pruning) {
  std::string text = fmt::format("{}/{}", name_of(pruning.kernel), pruning.sparsity);
  if (has_width(pruning.kernel)) text += fmt::format("/{}", pruning.width);
  return text;
}

GemmKernel pruning_kernel(std::string_view name, const Where& where) {
  std::vector<std::string> known;
  for (const auto& [word, kernel] : kKernelWords) {
    if (word == name) return kernel;
    known.emplace_back(word);
  }
  const std::string near = base::nearest(std::string(name), known);
  throw Error(where,
              fmt::format("no pattern of pruning is called '{}'{}", name,
                          near.empty() ? fmt::format(", expected one of {}", fmt::join(known, ", "))
                                       : "; did you mean '" + near + "'?"));
}

Pruning parse_pruning(std::string_view text, const Where& where) {
  const std::vector<std::string_view> parts = parts_of(text);
  const auto wrong = [&] {
    return Error(where, fmt::format("found '{}', expected a pattern, its sparsity and perhaps a "
                                    "width, such as tw/0.75/128",
                                    text));
  };
  if (parts.size() < 2 || parts.size() > 3) throw wrong();
  Pruning pruning;
  pruning.kernel = pruning_kernel(parts[0], where);
  const auto sparsity = base::parse_double(parts[1]);
  if (!sparsity) throw wrong();
  pruning.sparsity = *sparsity;
  pruning.width = usual_width(pruning.kernel);
  if (parts.size() == 3) {
    const auto width = base::parse_double(parts[2]);
    if (!width || !(*width >= 1 && *width <= kWidest) || !has_width(pruning.kernel)) throw wrong();
    pruning.width = static_cast<std::int32_t>(*width);
    if (pruning.width != *width) throw wrong();
  }
  check(pruning, where);
  return pruning;
}

void check(const Pruning& pruning, const Where& where) {
  const double s = pruning.sparsity;
  const auto refuse = [&](const char* expected) {
    throw Error(where, fmt::format("found a sparsity of {}, expected {}", s, expected));
  };
  if (!(s >= 0 && s < 1)) refuse("a number from 0 to below 1");
  if (pruning.kernel == GemmKernel::two_of_four && s != kTwoOfFourSparsity)
    refuse("0.5, because 2:4 drops just half");
  if (pruning.kernel == GemmKernel::tvw && s < kTwoOfFourSparsity)
    refuse("at least 0.5, because 2:4 alone drops half");
  if (pruning.width < 1 || pruning.width > kWidest)
    throw Error(where, fmt::format("found a width of {}, expected 1 to {} columns", pruning.width,
                                   kWidest));
}

GemmWork pruned_work(const GemmShape& shape, const Pruning& pruning) {
  switch (pruning.kernel) {
    case GemmKernel::dense:
      return dense_work(shape);
    case GemmKernel::two_of_four:
      return two_of_four_work(shape);
    case GemmKernel::bw:
      return block_work(shape, pruning.sparsity, pruning.width);
    case GemmKernel::csr:
      return csr_work(shape, pruning.sparsity);
    case GemmKernel::tw:
    case GemmKernel::tvw:
      break;
  }
  return uniform_work(
      shape, {.kernel = pruning.kernel, .sparsity = pruning.sparsity, .width = pruning.width});
}

GemmWork input_gradient_work(const GemmShape& shape, const Pruning& pruning) {
  if (pruning.kernel == GemmKernel::two_of_four) return dense_work(shape);
  if (pruning.kernel != GemmKernel::tvw) return pruned_work(shape, pruning);
  // TVW keeps 1 - s = (1 - s_tw) / 2.
  const double tile_sparsity = 1 - 2 * (1 - pruning.sparsity);
  return uniform_work(
      shape, {.kernel = GemmKernel::tw, .sparsity = tile_sparsity, .width = pruning.width});
}

}  // namespace orrery::models::gemm
