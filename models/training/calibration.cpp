#include "models/training/calibration.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "models/base/portable_math.hpp"

namespace orrery::models {

namespace {

constexpr double kDifference = 1e-4;  // of a logarithm, for derivatives
constexpr double kConverged = 1e-5;   // relative decrease of the cost

CellEstimate all_plans(const CalibrationPoint& point, const std::vector<DeviceCosts>& devices) {
  DeviceCosts device = devices[point.device];
  EstimatorOptions options = point.options;
  options.most_plans = std::numeric_limits<std::size_t>::max();
  CellEstimate found = estimate(*point.model, point.global_batch, device, point.locality, options);
  if (found.feasible()) return found;
  device.usable_memory_fraction = std::numeric_limits<double>::infinity();
  return estimate(*point.model, point.global_batch, device, point.locality, options);
}

double seconds_of(const CalibrationPoint& point, const ParallelPlan& plan,
                  const std::vector<DeviceCosts>& devices) {
  return plan_time(*point.model, point.global_batch, plan, point.locality, devices[point.device],
                   point.options)
      .total_seconds;
}

/// Where a point stands under certain factors: its fastest plan and log(estimated / measured).
struct Standing {
  std::size_t plan = 0;
  double error = 0;
};

class Fit {
 public:
  Fit(const std::vector<CalibrationPoint>& points, const std::vector<DeviceCosts>& priors,
      const std::vector<Coefficient>& coefficients, const FitOptions& options)
      : points_(points),
        priors_(priors),
        coefficients_(coefficients),
        options_(options),
        logs_(Eigen::VectorXd::Zero(static_cast<Eigen::Index>(coefficients.size()))) {}

  DeviceFit run() {
    for (int round = 0; round < options_.rounds; ++round) {
      enumerate_plans();
      minimise();
    }
    return {devices(logs_), factors(logs_), cost_};
  }

 private:
  std::vector<double> factors(const Eigen::VectorXd& logs) const {
    std::vector<double> out;
    for (const double log : logs) out.push_back(base::portable_exp(log));
    return out;
  }
  std::vector<DeviceCosts> devices(const Eigen::VectorXd& logs) const {
    return scaled(priors_, coefficients_, factors(logs));
  }

  void enumerate_plans() {
    const std::vector<DeviceCosts> costs = devices(logs_);
    plans_.clear();
    for (const CalibrationPoint& point : points_) {
      std::vector<ParallelPlan> plans;
      if (point.plan)
        plans.push_back(*point.plan);
      else
        for (PlanEstimate& found : all_plans(point, costs).plans)
          plans.push_back(std::move(found.plan));
      plans_.push_back(std::move(plans));
    }
  }

  std::vector<Standing> standings(const Eigen::VectorXd& logs) const {
    const std::vector<DeviceCosts> costs = devices(logs);
    std::vector<Standing> all;
    for (std::size_t i = 0; i < points_.size(); ++i) {
      Standing standing;
      double least = std::numeric_limits<double>::infinity();
      for (std::size_t k = 0; k < plans_[i].size(); ++k) {
        const double seconds = seconds_of(points_[i], plans_[i][k], costs);
        if (seconds < least) {
          least = seconds;
          standing.plan = k;
        }
      }
      standing.error = base::portable_log(least / points_[i].measured_seconds);
      all.push_back(standing);
    }
    return all;
  }

  double scaled_error(const Standing& standing) const { return standing.error / options_.residual; }
  double prior_precision(Eigen::Index k) const {
    const double width = options_.residual / options_.prior_weight *
                         coefficients_[static_cast<std::size_t>(k)].log_deviation;
    return 1 / (width * width);
  }

  /// Sum of 2 (sqrt(1 + r^2) - 1), quadratic near 0 and linear far out, plus the priors.
  double cost(const std::vector<Standing>& standings, const Eigen::VectorXd& logs) const {
    double sum = 0;
    for (const Standing& standing : standings) {
      const double r = scaled_error(standing);
      sum += 2 * (std::sqrt(1 + r * r) - 1);
    }
    for (Eigen::Index k = 0; k < logs.size(); ++k) sum += prior_precision(k) * logs[k] * logs[k];
    return sum;
  }

  /// Derivatives of the points' scaled errors by the logarithms of the factors, at their fastest
  /// plans.
  Eigen::MatrixXd jacobian(const std::vector<Standing>& standings) const {
    Eigen::MatrixXd derivatives =
        Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(points_.size()), logs_.size());
    for (Eigen::Index k = 0; k < logs_.size(); ++k) {
      Eigen::VectorXd moved = logs_;
      moved[k] += kDifference;
      const std::vector<DeviceCosts> costs = devices(moved);
      const auto& touched = coefficients_[static_cast<std::size_t>(k)].devices;
      for (std::size_t i = 0; i < points_.size(); ++i) {
        if (std::find(touched.begin(), touched.end(), points_[i].device) == touched.end()) continue;
        const double seconds = seconds_of(points_[i], plans_[i][standings[i].plan], costs);
        const double error = base::portable_log(seconds / points_[i].measured_seconds);
        derivatives(static_cast<Eigen::Index>(i), k) =
            (error - standings[i].error) / kDifference / options_.residual;
      }
    }
    return derivatives;
  }

  void minimise() {
    std::vector<Standing> now = standings(logs_);
    cost_ = cost(now, logs_);
    double damping = 1e-2;
    for (int step = 0; step < options_.steps; ++step) {
      const Eigen::MatrixXd derivatives = jacobian(now);
      Eigen::VectorXd weights(derivatives.rows());
      Eigen::VectorXd errors(derivatives.rows());
      for (Eigen::Index i = 0; i < derivatives.rows(); ++i) {
        errors[i] = scaled_error(now[static_cast<std::size_t>(i)]);
        weights[i] = 1 / std::sqrt(1 + errors[i] * errors[i]);
      }
      Eigen::MatrixXd normal = derivatives.transpose() * weights.asDiagonal() * derivatives;
      Eigen::VectorXd gradient = derivatives.transpose() * weights.cwiseProduct(errors);
      for (Eigen::Index k = 0; k < logs_.size(); ++k) {
        normal(k, k) += prior_precision(k);
        gradient[k] += prior_precision(k) * logs_[k];
      }
      if (!descend(normal, gradient, damping, now)) return;
    }
  }

  /// One accepted step; false where none lowers the cost noticeably.
  bool descend(const Eigen::MatrixXd& normal, const Eigen::VectorXd& gradient, double& damping,
               std::vector<Standing>& now) {
    for (int attempt = 0; attempt < 8; ++attempt) {
      Eigen::MatrixXd damped = normal;
      damped.diagonal() *= 1 + damping;
      const Eigen::VectorXd next = logs_ - damped.ldlt().solve(gradient);
      std::vector<Standing> then = standings(next);
      const double lower = cost(then, next);
      if (lower < cost_) {
        const bool noticeable = cost_ - lower > kConverged * cost_;
        logs_ = next;
        now = std::move(then);
        cost_ = lower;
        damping = std::max(1e-6, damping / 3);
        return noticeable;
      }
      damping *= 4;
    }
    return false;
  }

  const std::vector<CalibrationPoint>& points_;
  const std::vector<DeviceCosts>& priors_;
  const std::vector<Coefficient>& coefficients_;
  const FitOptions& options_;
  std::vector<std::vector<ParallelPlan>> plans_;  // of each point
  Eigen::VectorXd logs_;
  double cost_ = 0;
};

}  // namespace

std::vector<DeviceCosts> scaled(const std::vector<DeviceCosts>& priors,
                                const std::vector<Coefficient>& coefficients,
                                const std::vector<double>& factors) {
  std::vector<DeviceCosts> devices = priors;
  for (std::size_t k = 0; k < coefficients.size(); ++k)
    for (const std::size_t device : coefficients[k].devices)
      coefficients[k].scale(devices[device], factors[k]);
  return devices;
}

double estimated_seconds(const CalibrationPoint& point, const std::vector<DeviceCosts>& devices) {
  if (point.plan) return seconds_of(point, *point.plan, devices);
  return all_plans(point, devices).iteration_seconds();
}

DeviceFit fit_devices(const std::vector<CalibrationPoint>& points,
                      const std::vector<DeviceCosts>& priors,
                      const std::vector<Coefficient>& coefficients, const FitOptions& options) {
  return Fit(points, priors, coefficients, options).run();
}

}  // namespace orrery::models
