#include "calibrate/kernels/gemm/fit/nelder_mead.hpp"

#include <algorithm>
#include <cmath>

namespace orrery::calibrate::gemm::fit {

namespace {

constexpr double kConverged = 1e-9;

struct Corner {
  std::vector<double> at;
  double value = 0;
};

/// centre + factor * (centre - worst).
std::vector<double> along(const std::vector<double>& centre, const std::vector<double>& worst,
                          double factor) {
  std::vector<double> at(centre.size());
  for (std::size_t d = 0; d < at.size(); ++d) at[d] = centre[d] + factor * (centre[d] - worst[d]);
  return at;
}

class Simplex {
 public:
  Simplex(const std::function<double(const std::vector<double>&)>& objective,
          const std::vector<double>& start, const std::vector<double>& steps)
      : objective_(objective) {
    corners_.push_back(evaluated(start));
    for (std::size_t d = 0; d < start.size(); ++d) {
      std::vector<double> at = start;
      at[d] += steps[d];
      corners_.push_back(evaluated(std::move(at)));
    }
    sort();
  }

  bool converged() const {
    const double spread = corners_.back().value - corners_.front().value;
    return spread <= kConverged * (std::abs(corners_.front().value) + kConverged);
  }
  int evaluations() const { return evaluations_; }
  Minimum best() const { return {corners_.front().at, corners_.front().value, evaluations_}; }

  void step() {
    const std::vector<double> centre = centroid();
    const Corner& worst = corners_.back();
    const Corner reflected = evaluated(along(centre, worst.at, 1));
    if (reflected.value < corners_.front().value) {
      const Corner expanded = evaluated(along(centre, worst.at, 2));
      replace_worst(expanded.value < reflected.value ? expanded : reflected);
    } else if (reflected.value < corners_[corners_.size() - 2].value) {
      replace_worst(reflected);
    } else {
      const bool outside = reflected.value < worst.value;
      Corner contracted = evaluated(along(centre, worst.at, outside ? 0.5 : -0.5));
      if (contracted.value < std::min(reflected.value, worst.value))
        replace_worst(std::move(contracted));
      else
        shrink();
    }
    sort();
  }

 private:
  Corner evaluated(std::vector<double> at) {
    ++evaluations_;
    const double value = objective_(at);
    return {std::move(at), value};
  }

  std::vector<double> centroid() const {
    std::vector<double> centre(corners_.front().at.size(), 0);
    for (std::size_t i = 0; i + 1 < corners_.size(); ++i)
      for (std::size_t d = 0; d < centre.size(); ++d) centre[d] += corners_[i].at[d];
    for (double& value : centre) value /= static_cast<double>(corners_.size() - 1);
    return centre;
  }

  void replace_worst(Corner corner) { corners_.back() = std::move(corner); }

  void shrink() {
    const std::vector<double> best = corners_.front().at;
    for (std::size_t i = 1; i < corners_.size(); ++i)
      corners_[i] = evaluated(along(best, corners_[i].at, -0.5));
  }

  void sort() {
    std::stable_sort(corners_.begin(), corners_.end(),
                     [](const Corner& a, const Corner& b) { return a.value < b.value; });
  }

  const std::function<double(const std::vector<double>&)>& objective_;
  std::vector<Corner> corners_;
  int evaluations_ = 0;
};

}  // namespace

Minimum minimise(const std::function<double(const std::vector<double>&)>& objective,
                 const std::vector<double>& start, const std::vector<double>& steps,
                 int evaluations) {
  Simplex simplex(objective, start, steps);
  while (simplex.evaluations() < evaluations && !simplex.converged()) simplex.step();
  return simplex.best();
}

}  // namespace orrery::calibrate::gemm::fit
