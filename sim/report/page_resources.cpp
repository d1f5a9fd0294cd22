#include "sim/report/page_resources.hpp"

// The assembler reads the files as they are: a bundle of 600 kB as a list of numbers would cost the
// compiler more than the rest of the module.
#define ORRERY_EMBED(symbol, files)                                                                \
  asm(".pushsection .rodata\n" #symbol "_begin:\n" files #symbol "_end:\n.byte 0\n.popsection\n"); \
  extern "C" __attribute__((visibility("hidden"))) const char symbol##_begin[];                    \
  extern "C" __attribute__((visibility("hidden"))) const char symbol##_end[]
#define ORRERY_FILE(path) ".incbin \"" path "\"\n"
#define ORRERY_PART(name) ORRERY_FILE(ORRERY_PAGE "/" name)

ORRERY_EMBED(orrery_page_html, ORRERY_PART("report.html"));
ORRERY_EMBED(orrery_page_css, ORRERY_PART("report.css"));
ORRERY_EMBED(orrery_page_script,
             ORRERY_PART("format.js") ORRERY_PART("axes.js") ORRERY_PART("look.js")
                 ORRERY_PART("renderers.js") ORRERY_PART("distribution.js") ORRERY_PART("steps.js")
                     ORRERY_PART("bars.js") ORRERY_PART("heat.js") ORRERY_PART("scatter.js")
                         ORRERY_PART("lanes.js") ORRERY_PART("tables.js")
                             ORRERY_PART("downloads.js") ORRERY_PART("cards.js")
                                 ORRERY_PART("report.js"));
ORRERY_EMBED(orrery_chart_library, ORRERY_FILE(ORRERY_BUNDLE "/charts.js"));
ORRERY_EMBED(orrery_chart_licenses, ORRERY_FILE(ORRERY_BUNDLE "/licenses.txt"));

namespace orrery::report {

namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::string_view page_html() {
  return between(orrery_page_html_begin, orrery_page_html_end);
}
std::string_view page_css() {
  return between(orrery_page_css_begin, orrery_page_css_end);
}
std::string_view page_script() {
  return between(orrery_page_script_begin, orrery_page_script_end);
}
std::string_view chart_library() {
  return between(orrery_chart_library_begin, orrery_chart_library_end);
}
std::string_view chart_licenses() {
  return between(orrery_chart_licenses_begin, orrery_chart_licenses_end);
}

}  // namespace orrery::report
