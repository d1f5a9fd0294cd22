// orrery report: writes the HTML report of earlier results anew, or its charts as pictures.
#include <fmt/format.h>

#include <memory>

#include "models/base/path_kind.hpp"
#include "sim/app/commands.hpp"
#include "sim/report/html_report.hpp"
#include "sim/report/report_data.hpp"
#include "sim/report/svg/figures.hpp"

namespace orrery::app {

namespace {

struct ReportArguments {
  std::string directory, out, figures;
};

}  // namespace

void add_report(Command app) {
  auto arguments = std::make_shared<ReportArguments>();
  const Command command = app.add_subcommand("report", "write report.html of earlier results");
  command.add_option("DIR", arguments->directory, "what 'run' or 'compare' wrote").required();
  command.add_option("--out", arguments->out, "the file; default: DIR/report.html")
      .type_name("FILE");
  command
      .add_option("--figures", arguments->figures,
                  "write the charts as SVG files into this folder instead, for papers")
      .type_name("DIR2");
  command.footer(
      "Example:\n"
      "  orrery report results/philly --out philly.html\n"
      "  orrery report results/philly --figures figures\n\n"
      "The report is one file that opens offline. Exit codes: 0 done, 1 could not write, 2 bad "
      "input.");
  command.callback([arguments] {
    if (!arguments->figures.empty()) {
      if (!arguments->out.empty())
        throw base::Error({"command line", 0, 0, "--out"},
                          "names the report, which --figures does not write; expected one of them");
      for (const std::string& path :
           report::write_figures(report::report_data(arguments->directory), arguments->figures))
        fmt::print("{}\n", path);
      return;
    }
    const std::string path = report::write_html_report(arguments->directory, arguments->out);
    if (base::path_kind(path) == base::PathKind::file) fmt::print("{}\n", path);
  });
}

}  // namespace orrery::app
