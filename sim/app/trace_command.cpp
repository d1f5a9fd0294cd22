// orrery trace info|convert: what is in a trace, and a trace in the native format.
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "models/base/files.hpp"
#include "models/base/opened_files.hpp"
#include "models/base/own_file.hpp"
#include "models/base/path_kind.hpp"
#include "models/base/result_mark.hpp"
#include "models/base/terminal.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/trace_text.hpp"
#include "traces/trace_source.hpp"

namespace orrery::app {

namespace {

struct TraceArguments {
  std::string file;
  std::string format = "auto";
  std::vector<std::string> options;
  std::string out;
};

void add_file(Command command, TraceArguments& arguments) {
  command.add_option("FILE", arguments.file, "the trace, plain or gzip").required();
  command
      .add_option("--format", arguments.format,
                  "its format (orrery list traces); default: found out by its first line")
      .type_name("F");
  command
      .add_option("--option", arguments.options,
                  "an option of the format, or on_bad_row=skip; may be repeated")
      .type_name("KEY=VALUE")
      .one_value_each();
}

void info(const TraceArguments& arguments) {
  const auto source = traces::trace_file(arguments.file, arguments.format, arguments.options);
  fmt::print("{}", base::printable(trace_text(source.format->name, traces::read_trace(source))));
}

/// Ends the command, before the trace is read, where the result would take the place of something
/// else or lie among results, which then could not be replaced.
void check_target(const std::string& out) {
  base::check_own_file(out, traces::is_native_csv);
  const std::string folder = std::filesystem::path(out).parent_path().string();
  base::check_outside_results(folder.empty() ? "." : folder, {out, 0, 0, "--out"});
}

void convert(const TraceArguments& arguments) {
  check_target(arguments.out);
  const base::OpenedFiles opened;
  const auto source = traces::trace_file(arguments.file, arguments.format, arguments.options);
  const workloads::TrainingWorkload workload = traces::read_trace(source);
  if (opened.include(arguments.out))
    throw base::Error({arguments.out, 0, 0, "--out"}, "is read and is not replaced; name another");
  base::write_file_atomically(arguments.out, traces::to_native_csv(workload));
  if (base::path_kind(arguments.out) == base::PathKind::file)
    fmt::print("{}: {} jobs\n", arguments.out, workload.jobs.size());
}

}  // namespace

void add_trace(Command app) {
  const Command command = app.add_subcommand("trace", "look at traces and convert them");
  command.require_subcommand();

  auto looked = std::make_shared<TraceArguments>();
  const Command info_command = command.add_subcommand("info", "what is in a trace");
  add_file(info_command, *looked);
  info_command.footer("Example:\n  orrery trace info philly_jobs.csv.gz --format philly");
  info_command.callback([looked] { info(*looked); });

  auto converted = std::make_shared<TraceArguments>();
  const Command convert_command =
      command.add_subcommand("convert", "write a trace in the native CSV format");
  add_file(convert_command, *converted);
  convert_command.add_option("--out", converted->out, "the CSV file to write")
      .type_name("FILE")
      .required();
  convert_command.footer("Example:\n  orrery trace convert jobs.swf --format swf --out jobs.csv");
  convert_command.callback([converted] { convert(*converted); });
}

}  // namespace orrery::app
