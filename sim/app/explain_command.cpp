// orrery explain: the story of one subject of a run in plain words.
#include <fmt/format.h>

#include <memory>

#include "models/base/terminal.hpp"
#include "sim/app/commands.hpp"
#include "sim/experiment/explanation.hpp"

namespace orrery::app {

namespace {

struct ExplainArguments {
  std::string directory, job;
};

}  // namespace

void add_explain(Command app) {
  auto arguments = std::make_shared<ExplainArguments>();
  const Command command = app.add_subcommand(
      "explain",
      "tell when and why a job waited, moved or was preempted, or what else became of a "
      "world's subject");
  command.add_option("DIR", arguments->directory, "results of one run, or of one world of it")
      .required();
  command.add_option("SUBJECT", arguments->job, "the job's id, as in jobs.csv").required();
  command.footer(
      "Examples:\n"
      "  orrery explain results/fifo 17\n"
      "  orrery explain results/philly/srtf/1 4711\n"
      "  orrery explain results/mixed/serving 12      a world of a run of several\n\n"
      "Exit codes: 0 done, 2 bad input.");
  command.callback([arguments] {
    std::string text = experiment::explain(arguments->directory, arguments->job);
    if (!text.empty() && text.back() != '\n') text += '\n';
    fmt::print("{}", base::printable(text));
  });
}

}  // namespace orrery::app
