// A chart of a report as an SVG picture for print, drawn without a browser.
#pragma once

#include <string>

#include "sim/report/json_fields.hpp"

namespace orrery::report {

/// The size of a picture in points (1/72 inch). The defaults suit the width of one text column of
/// most papers times 1.5; text is 8 points high.
struct SvgOptions {
  double width = 360;
  double height = 220;
};

/// The chart as an SVG document: light ground, units in the titles of axes, colours that remain
/// apart for colour-blind readers, dashes, marks and hatches for those without colour. The same
/// chart gives the same bytes, in any locale. A chart without data, or one that was not recorded,
/// says so in words. `chart` is an element of `charts` of the report's data (report_data.hpp).
/// Throws base::Error for a kind that no renderer is for.
std::string svg(const Json& chart, const SvgOptions& options = {});

}  // namespace orrery::report
