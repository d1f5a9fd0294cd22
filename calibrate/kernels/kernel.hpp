// What the calibrator asks of a kernel: what to measure, how to run it, how its time may be shaped.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::calibrate {

enum class Backend { cpu, cuda };

/// A named number that describes a point: `bytes`, `threads`, `m`, `sparsity`.
struct Feature {
  std::string name;
  double value = 0;
};

/// One thing to measure. `id` is unique within its kernel and names the point in the raw CSV.
/// Kernels with variants (pattern, tile width) name the variant, so that each can be fitted alone.
struct CalibrationPoint {
  std::string id;
  std::string variant;
  std::vector<Feature> features;
  double estimated_seconds = 0;  ///< of one repeat; shares the budget out
};

/// A point made ready: its buffers are filled, and each call runs it once.
class PreparedPoint {
 public:
  virtual ~PreparedPoint() = default;
  /// Runs the point once; the seconds it took on the device.
  virtual double run_once() = 0;
};

/// A physically meaningful shape of time that is linear in its coefficients:
/// seconds = sum of coefficient[i] * terms(point)[i].
struct LinearForm {
  std::string name;
  std::vector<std::string> coefficients;
  std::function<std::vector<double>(const CalibrationPoint&)> terms;
  bool non_negative = true;
};

/// A kernel whose forms are not linear leaves `linear_forms` empty and brings its own fit.
class Kernel {
 public:
  virtual ~Kernel() = default;
  virtual std::string_view name() const = 0;
  virtual Backend backend() const = 0;
  virtual std::vector<CalibrationPoint> plan() const = 0;
  /// Allocates and fills what the point needs. Throws base::Error where memory does not suffice.
  virtual std::unique_ptr<PreparedPoint> prepare(const CalibrationPoint& point) const = 0;
  virtual std::vector<LinearForm> linear_forms() const = 0;
};

}  // namespace orrery::calibrate
