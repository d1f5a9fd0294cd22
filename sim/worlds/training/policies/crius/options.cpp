#include "sim/worlds/training/policies/crius/options.hpp"

namespace orrery::policies::crius {

base::Declaration<Options> declare(const Options*) {
  base::Declaration<Options> d("Jobs as Cells on heterogeneous GPUs.");
  d.choice("search", &Options::search, {{"exact", Search::exact}, {"arena", Search::arena}},
           "how plans are found and valued: by the change of the cluster's throughput, or as the "
           "published artifact does");
  d.boolean("scaling", &Options::scaling, "whether jobs may get more or fewer GPUs");
  d.boolean("type_change", &Options::type_change, "whether jobs may get another GPU type");
  d.boolean(
      "opportunistic", &Options::opportunistic,
      "whether a job may run before earlier ones that do not fit and ask for the same GPU type");
  d.boolean("migration", &Options::migration,
            "whether running jobs are moved to gather free GPUs (bubble migration)");
  d.boolean(
      "deadline_aware", &Options::deadline_aware,
      "an allocation must meet the job's deadline; a job that can no longer meet it is dropped");
  d.integer("depth", &Options::depth,
            "changes of other jobs that may be combined to place one; 0: 3, or 2 with more than "
            "150 running jobs")
      .at_least(0)
      .at_most(16);
  d.integer("expansions", &Options::expansions,
            "plans expanded to place one job, at most; 0: as many as the depth has")
      .at_least(0);
  d.integer("largest_gpus", &Options::largest_gpus, "a job is never grown beyond this").at_least(1);
  return d;
}

}  // namespace orrery::policies::crius
