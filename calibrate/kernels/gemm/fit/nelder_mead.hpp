// The simplex method of Nelder and Mead: a local minimum without derivatives.
#pragma once

#include <functional>
#include <vector>

namespace orrery::calibrate::gemm::fit {

struct Minimum {
  std::vector<double> at;
  double value = 0;
  int evaluations = 0;
};

/// Minimises `objective` from `start` with a first simplex of edges `steps`, until `evaluations`
/// are spent or the simplex' values differ by less than 1e-9 of their size. The cost model's
/// minimum over tiles has kinks, which the method bears. A pure function of its arguments; no
/// clock.
Minimum minimise(const std::function<double(const std::vector<double>&)>& objective,
                 const std::vector<double>& start, const std::vector<double>& steps,
                 int evaluations);

}  // namespace orrery::calibrate::gemm::fit
