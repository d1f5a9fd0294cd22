// orrery report: writes the HTML report of earlier results anew.
#include <fmt/format.h>

#include <memory>

#include "models/base/files.hpp"
#include "sim/app/commands.hpp"
#include "sim/report/html_report.hpp"

namespace orrery::app {

namespace {

struct ReportArguments {
  std::string directory, out;
};

}  // namespace

void add_report(Command app) {
  auto arguments = std::make_shared<ReportArguments>();
  const Command command = app.add_subcommand("report", "write report.html of earlier results");
  command.add_option("DIR", arguments->directory, "what 'run' or 'compare' wrote").required();
  command.add_option("--out", arguments->out, "the file; default: DIR/report.html")
      .type_name("FILE");
  command.footer(
      "Example:\n"
      "  orrery report results/philly --out philly.html\n\n"
      "One file that opens offline. Exit codes: 0 done, 1 could not write, 2 bad input.");
  command.callback([arguments] {
    const std::string html = report::html_report(arguments->directory);
    const std::string path =
        arguments->out.empty() ? arguments->directory + "/report.html" : arguments->out;
    base::write_file_atomically(path, html);
    fmt::print("{}\n", path);
  });
}

}  // namespace orrery::app
