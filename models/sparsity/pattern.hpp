// The patterns in which weights can be pruned, by name, with their options.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::models::sparsity {

/// docs/systems/tvw.md, "Patterns": units and rules are those of the artifact of arXiv 2008.13006
/// (read), TVW's inner groups inferred from arXiv 2402.10876.
enum class Pattern {
  ew,    ///< single elements, ranked over all layers
  vw,    ///< vectors along K, the same number kept in each
  bw,    ///< square blocks, ranked over all layers
  tw1,   ///< row segments of column panels, ranked over all layers
  tw2,   ///< whole columns, then row segments of panels of surviving columns
  tw1m,  ///< tw1 and an overlay of single elements (TEW)
  tw2m,  ///< tw2 and an overlay of single elements (TEW)
  tvw,   ///< tw2, then 2:4 over four consecutive surviving rows of a panel
};

/// All of them, in the order of the enumeration.
const std::vector<Pattern>& all_patterns();

/// `ew`, `tw2` and so on.
std::string_view name_of(Pattern pattern);

/// nullopt for a name that nobody knows.
std::optional<Pattern> pattern_named(std::string_view name);

/// What to prune and how far.
struct PruneOptions {
  Pattern pattern = Pattern::tw2;
  double sparsity = 0.75;           ///< share of all elements to prune, in [0, 1)
  std::int32_t panel_width = 128;   ///< G: surviving columns of a panel
  std::int32_t block_size = 32;     ///< of BW
  std::int32_t vector_length = 16;  ///< of VW
  std::int32_t row_unit = 1;        ///< rows kept or dropped together in TW; 8 is "TW-r8" (ours)
  std::optional<double> overlay =
      std::nullopt;  ///< d of TEW as a share; unset: 0.05 (tw1m), 0.01 (tw2m), read
};

/// d of TEW: what the options say, or the artifact's default.
double overlay_of(const PruneOptions& options);

/// Throws std::invalid_argument, in one sentence, for options that no weights can be pruned by:
/// a sparsity outside [0, 1), below 0.5 for TVW, at or above 1 - d for TEW; a size below 1.
void check(const PruneOptions& options);

}  // namespace orrery::models::sparsity
