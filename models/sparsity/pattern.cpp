#include "models/sparsity/pattern.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

namespace orrery::models::sparsity {

namespace {

constexpr std::array<std::string_view, 8> kNames = {"ew",  "vw",   "bw",   "tw1",
                                                    "tw2", "tw1m", "tw2m", "tvw"};

void check_size(const char* what, std::int32_t size) {
  if (size < 1)
    throw std::invalid_argument(fmt::format("{} is {}, expected at least 1", what, size));
}

}  // namespace

const std::vector<Pattern>& all_patterns() {
  static const std::vector<Pattern> patterns = {Pattern::ew,   Pattern::vw,  Pattern::bw,
                                                Pattern::tw1,  Pattern::tw2, Pattern::tw1m,
                                                Pattern::tw2m, Pattern::tvw};
  return patterns;
}

std::string_view name_of(Pattern pattern) {
  return kNames[static_cast<std::size_t>(pattern)];
}

std::optional<Pattern> pattern_named(std::string_view name) {
  for (const Pattern pattern : all_patterns())
    if (name_of(pattern) == name) return pattern;
  return std::nullopt;
}

double overlay_of(const PruneOptions& options) {
  constexpr double kOneDimension = 0.05;
  constexpr double kTwoDimensions = 0.01;
  if (options.overlay) return *options.overlay;
  return options.pattern == Pattern::tw1m ? kOneDimension : kTwoDimensions;
}

void check(const PruneOptions& options) {
  const double s = options.sparsity;
  if (!(s >= 0 && s < 1))
    throw std::invalid_argument(fmt::format("a sparsity of {}, expected one in [0, 1)", s));
  if (options.pattern == Pattern::tvw && s < 0.5)
    throw std::invalid_argument(fmt::format(
        "tvw prunes half by 2:4 alone, so a sparsity of {} is below its least, 0.5", s));
  if (options.pattern == Pattern::tw1m || options.pattern == Pattern::tw2m) {
    const double overlay = overlay_of(options);
    if (!(overlay >= 0 && s + overlay < 1))
      throw std::invalid_argument(
          fmt::format("{} prunes {} + {} before it restores {}, which must stay below 1",
                      name_of(options.pattern), s, overlay, overlay));
  }
  check_size("the panel width", options.panel_width);
  check_size("the block size", options.block_size);
  check_size("the vector length", options.vector_length);
  check_size("the row unit", options.row_unit);
}

}  // namespace orrery::models::sparsity
