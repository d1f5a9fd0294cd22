// The switches of Crius.
#pragma once

#include "models/base/parameters.hpp"

namespace orrery::policies::crius {

/// `exact`: gains are changes of the cluster's throughput (ours). `arena`: as the published
/// artifact searches, quirks included.
enum class Search { exact, arena };

struct Options {
  Search search = Search::exact;
  bool scaling = true;
  bool type_change = true;
  bool opportunistic = true;
  bool migration = true;
  bool deadline_aware = false;
  std::int64_t depth = 0;          ///< 0: 3, or 2 with more than 150 running jobs
  std::int64_t expansions = 1000;  ///< 0: any number; depth 3 never has more than 43
  std::int64_t largest_gpus = 16;
};
base::Declaration<Options> declare(const Options*);

}  // namespace orrery::policies::crius
