// Axes of a picture: units that suit the values, round ticks, logarithms.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace orrery::report {

struct Tick {
  double at = 0;  ///< on the axis's own scale
  std::string label;
};

/// From values to places. `low` < `high`, both finite and, where it is logarithmic, above zero.
struct Axis {
  double low = 0, high = 1;
  bool logarithmic = false;
  std::string title;
  std::vector<Tick> ticks = {};
  bool grid = true;  ///< a thin line across the plot at each tick

  /// Where a value stands: 0 at `low`, 1 at `high`. On a logarithmic axis what is below `low`
  /// stands at 0; a value that is not finite gives NaN.
  double place(double value) const;
};

/// A linear axis over [low, high] (made wider where it is empty or not finite). `unit` is one of
/// world::Unit's names; labels are in the multiple of it that suits the values, which the title
/// names: `wait (h)`. At most about `most` ticks.
Axis linear_axis(double low, double high, std::string_view unit, std::string_view what, int most);

/// A logarithmic axis; 0 < low < high. Times have ticks at 1 s, 1 min, 1 h, 1 d and between.
Axis log_axis(double low, double high, std::string_view unit, std::string_view what);

/// An axis of simulated time, in the unit that suits its length (s, min, h, d); it begins at 0
/// unless `begin` is far from it.
Axis time_axis(double begin, double end);

/// A value with its unit, short: `1.5 h`, `12 %`, `3 GiB`.
std::string value_text(double value, std::string_view unit);

}  // namespace orrery::report
