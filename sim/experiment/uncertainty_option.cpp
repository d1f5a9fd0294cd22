#include "sim/experiment/uncertainty_option.hpp"

#include "models/base/error.hpp"

namespace orrery::experiment {

base::Declaration<UncertaintyKeys> declare(const UncertaintyKeys*) {
  using K = UncertaintyKeys;
  base::Declaration<K> d("Where the intervals of means come from; give one rule.");
  d.integer("windows", &K::windows,
            "this many windows of equal length of the time in which the jobs arrive, each a "
            "replication")
      .at_least(4)
      .at_most(1000);
  d.integer("bootstrap", &K::bootstrap,
            "this many resamples of blocks of successive arrivals, with replacement")
      .at_least(100)
      .at_most(100'000);
  return d;
}

report::Uncertainty uncertainty_of(const base::Node& document) {
  report::Uncertainty out;
  const base::Node* node = document.find(kUncertaintyKey);
  if (node == nullptr) return out;
  const auto keys = base::read<UncertaintyKeys>(*node);
  if (keys.windows.has_value() == keys.bootstrap.has_value())
    throw base::Error(node->where, std::string("expected one rule, windows or bootstrap, found ") +
                                       (keys.windows ? "both" : "none"));
  out.asked = true;
  if (keys.windows) out.windows = static_cast<std::size_t>(*keys.windows);
  if (keys.bootstrap) out.bootstrap = static_cast<std::size_t>(*keys.bootstrap);
  return out;
}

}  // namespace orrery::experiment
