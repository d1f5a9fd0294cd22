// The files a report is assembled from, embedded at build time.
#pragma once

#include <string_view>

namespace orrery::report {

std::string_view page_html();       ///< sim/report/page/report.html
std::string_view page_css();        ///< sim/report/page/report.css
std::string_view page_script();     ///< the scripts of sim/report/page, joined
std::string_view chart_library();   ///< the bundle of web/charts.js
std::string_view chart_licenses();  ///< licences of what is in the bundle

}  // namespace orrery::report
