// Fitting device costs to measured iteration times.
//
// A fit multiplies fields of DeviceCosts by factors, one for each coefficient, and looks for the
// factors that bring the estimator closest to what was measured: least squares on the logarithm of
// estimated over measured seconds, outliers damped, and each factor held near 1 by a prior whose
// width the coefficient states. A coefficient that no point says anything about therefore keeps the
// value of the data sheet. Factors are exponentials, so every cost stays positive.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/training/device_costs.hpp"
#include "models/training/estimator.hpp"

namespace orrery::models {

/// One measured iteration time.
struct CalibrationPoint {
  const ModelDescription* model = nullptr;  ///< not owned
  double global_batch = 1;
  std::size_t device = 0;  ///< index into the costs that are fitted
  Locality locality;
  EstimatorOptions options;
  std::optional<ParallelPlan> plan;  ///< the plan that ran; without it the best one counts
  double measured_seconds = 1;
};

/// One factor of a fit.
struct Coefficient {
  std::string name;
  std::vector<std::size_t> devices;  ///< whose costs it changes
  double log_deviation = 0.5;        ///< standard deviation of the factor's logarithm, a priori
  std::function<void(DeviceCosts&, double factor)> scale;
};

struct FitOptions {
  double residual = 0.1;      ///< log error at which a point starts to count as an outlier
  double prior_weight = 0.1;  ///< weight of the priors, of the order of residual
  int rounds = 2;             ///< times that the plans to choose from are enumerated anew
  int steps = 40;             ///< Levenberg-Marquardt steps in each round, at most
};

/// What a fit found.
struct DeviceFit {
  std::vector<DeviceCosts> devices;
  std::vector<double> factors;  ///< one for each coefficient
  double cost = 0;              ///< damped sum of squares, priors included
};

/// `priors` with every coefficient multiplied by its factor.
std::vector<DeviceCosts> scaled(const std::vector<DeviceCosts>& priors,
                                const std::vector<Coefficient>& coefficients,
                                const std::vector<double>& factors);

/// Seconds of the point's plan, or of the best plan that fits into memory; where none fits, of the
/// best plan with the check left out, because what was measured did run.
double estimated_seconds(const CalibrationPoint& point, const std::vector<DeviceCosts>& devices);

/// Fits the factors. A pure function: the same arguments, the same result.
DeviceFit fit_devices(const std::vector<CalibrationPoint>& points,
                      const std::vector<DeviceCosts>& priors,
                      const std::vector<Coefficient>& coefficients, const FitOptions& options);

}  // namespace orrery::models
