// The command `orrery`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include <cstdio>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include "models/base/error.hpp"
#include "models/base/parameters.hpp"
#include "models/base/terminal.hpp"
#include "sim/app/commands.hpp"

namespace orrery::app {

namespace {

// Exit codes; README and --help name them.
constexpr int kDone = 0;
constexpr int kNotFinished = 1;
constexpr int kBadInput = 2;
constexpr int kInterrupted = 130;

int exit_code(base::Fault fault) {
  switch (fault) {
    case base::Fault::bad_input:
      return kBadInput;
    case base::Fault::run_failed:
      return kNotFinished;
    case base::Fault::interrupted:
      return kInterrupted;
  }
  return kNotFinished;
}

/// One line, whatever the message holds.
int fail(std::string message, int code) {
  for (char& c : message)
    if (c == '\n') c = ' ';
  std::fflush(stdout);
  base::say(stderr, "error: " + base::printable(message) + "\n");
  return code;
}

/// No argument of ours means anything when empty, and CLI11 would read an empty number as 0.
void refuse_empty_values(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_items_expected_max() == 0) continue;
    option->check([](const std::string& value) {
      return value.empty() ? std::string("found an empty value, expected one") : std::string();
    });
  }
  for (CLI::App* command : app.get_subcommands({})) refuse_empty_values(*command);
}

void set_up(CLI::App& app) {
  app.set_version_flag("--version", "orrery " ORRERY_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(28);
  app.footer(
      "Begin with:\n"
      "  orrery run workloads/experiments/fifo-check.yaml --out results/fifo\n"
      "  orrery compare workloads/experiments/demo-generated.yaml --out results/demo\n\n"
      "'orrery COMMAND --help' explains each command, 'orrery schema' each key of an experiment.\n"
      "Exit codes: 0 done, 1 the simulation could not finish what was asked, 2 bad input,\n"
      "130 interrupted.");
  const Command root(&app);
  add_run(root);
  add_compare(root);
  add_validate(root);
  add_report(root);
  add_explain(root);
  add_plan(root);
  add_sparsity(root);
  add_profile(root);
  add_schema(root);
  add_list(root);
  add_trace(root);
  add_run_point(root);
  refuse_empty_values(app);
}

/// A subcommand that nobody knows, in words; empty when there is none. CLI11 only says that one is
/// required.
std::string unknown_command(CLI::App& app, int argc, char** argv) {
  CLI::App* at = &app;
  for (int i = 1; i < argc && at->get_require_subcommand_min() > 0; ++i) {
    const std::string word = argv[i];
    if (word.starts_with("-")) return "";
    std::vector<std::string> known;
    CLI::App* next = nullptr;
    for (CLI::App* command : at->get_subcommands({})) {
      if (command->get_name() == word) next = command;
      if (!command->get_group().empty()) known.push_back(command->get_name());
    }
    if (next == nullptr) {
      const std::string near = base::nearest(word, known);
      return "there is no command '" + word + "'" +
             (near.empty() ? "" : "; did you mean '" + near + "'?");
    }
    at = next;
  }
  return "";
}

/// What CLI11 says, without the empty name of a hidden argument.
std::string sentence_of(const CLI::ParseError& error) {
  const std::string text = error.what();
  return text.starts_with(": ") ? text.substr(2) : text;
}

int run(int argc, char** argv) {
  CLI::App app("Orrery simulates clusters: what happens when jobs, policies and hardware meet.",
               "orrery");
  set_up(app);
  if (const std::string unknown = unknown_command(app, argc, argv); !unknown.empty())
    return fail("command line: " + unknown + " (see 'orrery --help')", kBadInput);
  int answered = kDone;
  try {
    app.parse(argc, argv);
  } catch (const Answer& answer) {
    answered = answer.exit_code;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
      app.exit(error);
    } else {
      return fail("command line: " + sentence_of(error) + " (see 'orrery --help')", kBadInput);
    }
  } catch (const base::Error& error) {
    return fail(error.what(), exit_code(error.fault()));
  } catch (const std::bad_alloc&) {
    return fail("out of memory", kNotFinished);
  } catch (const std::system_error&) {
    if (std::ferror(stdout) == 0) throw;
    return fail("standard output cannot be written", kNotFinished);
  } catch (const std::exception& error) {
    return fail(std::string("a defect of this program: ") + error.what(), kNotFinished);
  }
  if (!base::output_is_complete()) return fail("standard output cannot be written", kNotFinished);
  return answered;
}

}  // namespace

}  // namespace orrery::app

int main(int argc, char** argv) {
  orrery::base::prepare_streams();
  return orrery::app::run(argc, argv);
}
