#include "sim/worlds/training/arena/arena_rules.hpp"

namespace orrery::training::arena {

base::Declaration<Quirks> declare(const Quirks*) {
  base::Declaration<Quirks> d("The rules of the Crius (Arena) artifact's simulator.");
  d.boolean("early_arrivals", &Quirks::early_arrivals,
            "a job is served at the start of the round in which it comes, and counts from then; "
            "else at the next one");
  d.boolean("revalued_progress", &Quirks::revalued_progress,
            "all the time a job has run counts at its newest speed, in whole iterations; else at "
            "the speed it had");
  d.boolean("suspended_time_counts_twice", &Quirks::suspended_time_counts_twice,
            "what a job did before it was suspended counts again when it runs on; else once");
  d.boolean("free_restarts", &Quirks::free_restarts,
            "restarts of up to a round cost throughput and no progress, longer ones whole rounds; "
            "else their seconds");
  d.boolean("charged_first_starts", &Quirks::charged_first_starts,
            "a first start is charged as a restart; else it costs nothing");
  d.boolean("rounded_throughputs", &Quirks::rounded_throughputs,
            "throughputs and iteration times have three decimals; else all");
  return d;
}

}  // namespace orrery::training::arena
