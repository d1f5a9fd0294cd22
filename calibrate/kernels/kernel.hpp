// What the calibrator asks of a kernel: what to measure, how to run it, and how its time is fitted.
//
// A new kernel is a new folder of calibrate/kernels whose CMakeLists.txt names its module with
// orrery_kernel(); the kernel registers itself (registry.hpp), and nothing else changes.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calibrate/device/clocks.hpp"
#include "models/profile/profile.hpp"

namespace orrery::calibrate {

enum class Backend { cpu, cuda };

/// `cpu` or `cuda`.
std::string_view to_string(Backend backend);

/// One thing to measure. `id` is unique within its kernel and names the point in the raw CSV.
struct CalibrationPoint {
  std::string id;
  std::string variant;            ///< what is fitted by itself: `dense`, `tw`, `copy`
  models::NamedNumbers features;  ///< numbers that describe the point: `bytes`, `threads`, `m`
  double estimated_seconds = 0;   ///< of one repeat; the budget is shared out by it
};

/// A point made ready: its buffers are filled, and each call runs it once.
class PreparedPoint {
 public:
  virtual ~PreparedPoint() = default;
  /// Runs the point once: the seconds it took on the device, and what its threads lost meanwhile.
  virtual RunTime run_once() = 0;
  /// Compares what was computed with the plain reference in double precision. Throws base::Error
  /// where it differs: a wrong kernel is not timed.
  virtual void check() = 0;
};

/// A point with its measured time (timing/repeats.hpp says how it comes about).
struct MeasuredPoint {
  CalibrationPoint point;
  double seconds = 0;         ///< undisturbed: what the device can do, and what a fit goes by
  double median_seconds = 0;  ///< of all repeats, disturbed ones included
  double spread = 0;          ///< (p90 - p10) / median of the repeats that were kept
  int repeats = 0;
  int set_aside = 0;  ///< of these, as disturbed
};

class Kernel {
 public:
  virtual ~Kernel() = default;
  /// The folder's name: `gemm`.
  virtual std::string_view name() const = 0;
  virtual Backend backend() const = 0;
  /// Whether its times hold what its threads waited for a processor. A point of such a kernel that
  /// was always disturbed has no time: it is left out of the fit.
  virtual bool by_wall_clock() const { return false; }
  /// Constants of the device that this kernel knows, merged into the profile's `hardware`.
  virtual models::NamedNumbers hardware() const { return {}; }
  /// Versions of the libraries it measured against or with, merged into the provenance.
  virtual models::NamedTexts libraries() const { return {}; }
  /// What to measure on this device, most important first: where the budget is short, the last are
  /// left out. The same device, the same points.
  virtual std::vector<CalibrationPoint> points() const = 0;
  /// Allocates and fills what the point needs. Throws base::Error where memory does not suffice.
  virtual std::unique_ptr<PreparedPoint> prepare(const CalibrationPoint& point) const = 0;
  /// The fitted cost of every variant, with what with_errors says (fit/by_variant.hpp); `points`
  /// are of this kernel, in any order and perhaps not all of its points. Throws base::Error where
  /// they do not suffice.
  virtual std::vector<models::FittedCost> fit(std::span<const MeasuredPoint> points,
                                              std::uint64_t seed) const = 0;
};

}  // namespace orrery::calibrate
