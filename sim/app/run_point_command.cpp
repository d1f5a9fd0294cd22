// orrery run-point: one run of a comparison, started by `orrery compare`, which hands it its
// document on its standard input. Tells how far it is on its standard output, one line `FRACTION
// EVENTS` at a time.
#include <fmt/format.h>
#include <sys/prctl.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "models/base/parameters.hpp"
#include "models/base/placed_document.hpp"
#include "sim/app/commands.hpp"
#include "sim/experiment/run.hpp"

namespace orrery::app {

namespace {

struct PointArguments {
  experiment::RunOptions options;
  experiment::RunPoint point;
  std::vector<std::string> values;  // of the sweep, KEY=VALUE
  bool no_trace = false;
};

std::string standard_input() {
  std::string text;
  char buffer[1 << 16];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, stdin))
    text.append(buffer, got);
  return text;
}

std::uint64_t seed_of(const base::Node& document) {
  const base::Node* seed = document.is_mapping() ? document.find("seed") : nullptr;
  base::ParameterInfo any;
  return seed == nullptr ? 1 : static_cast<std::uint64_t>(base::detail::read_integer(*seed, any));
}

void run_point(PointArguments& arguments) {
  // A comparison that is killed takes its runs along.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  arguments.point.document = base::parse_placed_text(standard_input(), "standard input");
  arguments.point.seed = seed_of(arguments.point.document);
  for (const std::string& value : arguments.values) {
    const std::size_t equals = std::min(value.find('='), value.size() - 1);
    arguments.point.point.emplace_back(value.substr(0, equals), value.substr(equals + 1));
  }
  arguments.options.force = true;
  arguments.options.trace = !arguments.no_trace;
  arguments.options.report = false;
  arguments.options.progress = false;
  auto next = std::chrono::steady_clock::now();
  arguments.options.on_progress = [&next](double fraction, std::uint64_t events) {
    if (std::chrono::steady_clock::now() < next) return;
    next = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
    fmt::print("{} {}\n", fraction, events);
    std::fflush(stdout);
  };
  experiment::require_complete(experiment::run_point(arguments.point, arguments.options));
}

}  // namespace

void add_run_point(Command app) {
  auto arguments = std::make_shared<PointArguments>();
  const Command command = app.add_subcommand("run-point", "one run of a comparison").hidden();
  command.add_option("--out", arguments->options.out, "directory for the results").required();
  command.add_option("--run-id", arguments->options.expected_run_id, "the id of the run")
      .required();
  command.add_option("--policy", arguments->point.policy, "its label").required();
  command.add_option("--point", arguments->values, "KEY=VALUE of the sweep");
  command.add_flag("--no-trace", arguments->no_trace, "do not write trace.json");
  command.callback([arguments] { run_point(*arguments); });
}

}  // namespace orrery::app
