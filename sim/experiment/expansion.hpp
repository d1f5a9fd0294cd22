// The runs that one experiment file stands for: sweep grid x policies x seeds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/base/document.hpp"

namespace orrery::experiment {

/// One run: an experiment with nothing left to choose.
struct RunPoint {
  base::Node document;  ///< resolved: no extends, sweep, seeds or policies
  std::string run_id;   ///< 16 hex digits, see run_id.hpp
  std::string policy;   ///< label, or name
  std::uint64_t seed = 1;
  std::string sweep;      ///< `cluster.nodes[0].count=10,...`; empty without a sweep
  std::string directory;  ///< below a comparison's: `[sweep/]policy/seed`
};

/// What the command line chooses instead of the file; empty: what the file says.
struct Narrowing {
  std::vector<std::string> policies;  ///< labels or names
  std::vector<std::uint64_t> seeds;
};

/// The runs of a document, in the order written: the sweep's combinations, its first key changing
/// slowest, then policies, then seeds. Every point is read as an experiment, so that what comes
/// back can be run as far as the document tells. Throws base::Error.
std::vector<RunPoint> expand(const base::Node& document, const Narrowing& narrowing = {});

/// Throws base::Error when `file` stands for more than one run.
void require_single(const std::vector<RunPoint>& points, const std::string& file);

}  // namespace orrery::experiment
