#include "sim/report/svg/svg.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

#include "models/base/error.hpp"
#include "sim/report/svg/chart_picture.hpp"

namespace orrery::report {

std::string svg(const Json& chart, const SvgOptions& options) {
  using Renderer = std::string (*)(const Json&, const SvgOptions&);
  constexpr std::array<std::pair<std::string_view, Renderer>, 6> kRenderers{{
      {"distribution", distribution_svg},
      {"steps", steps_svg},
      {"bars", bars_svg},
      {"heat", heat_svg},
      {"scatter", scatter_svg},
      {"lanes", lanes_svg},
  }};
  const std::string missing = text_of(chart, "missing");
  if (!missing.empty()) return worded_picture(chart, options, missing);
  const std::string kind = text_of(chart, "kind");
  for (const auto& [name, renderer] : kRenderers)
    if (kind == name) return renderer(chart, options);
  throw base::Error({}, fmt::format("chart '{}': expected one of the kinds distribution, steps, "
                                    "bars, heat, scatter and lanes, found '{}'",
                                    text_of(chart, "key"), kind));
}

}  // namespace orrery::report
