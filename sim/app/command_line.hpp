// A command of the program and its arguments, in front of CLI11: reading that library's headers
// takes longer than compiling a whole command, so only command_line.cpp and main.cpp do.
//
//   Command command = app.add_subcommand("run", "simulate one experiment");
//   command.add_option("--out", arguments->out, "directory for the results").required();
//   command.callback([arguments] { run(*arguments); });
//
// Both classes are handles: copies name the same command or argument, which lives as long as the
// program's command line. A method means what CLI11's of the same name means.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace orrery::app {

class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option required() const;
  /// What help writes for the value: `FILE`, `N`.
  Option type_name(const std::string& name) const;
  /// Each value needs the option's name before it.
  Option one_value_each() const;
  Option one_of(const std::vector<std::string>& values) const;
  /// A whole number from `least` to `most`.
  Option between(int least, int most) const;
  /// `fault` returns what is wrong with a value, empty when nothing is.
  Option check(const std::function<std::string(const std::string&)>& fault,
               const std::string& expected) const;
  Option excludes(Option other) const;
  Option needs(Option other) const;
  /// Help does not show it.
  Option hidden() const;

 private:
  CLI::Option* option_;
};

class Command {
 public:
  explicit Command(CLI::App* command) : command_(command) {}

  Command add_subcommand(const std::string& name, const std::string& help) const;
  /// One of the subcommands must be given.
  void require_subcommand() const;

  /// `name` is `--out` or, for a value known by its place, `FILE`. The target must outlive the
  /// command line: commands keep it in what their callback holds.
  Option add_option(const std::string& name, std::string& target, const std::string& help) const;
  Option add_option(const std::string& name, int& target, const std::string& help) const;
  Option add_option(const std::string& name, std::int64_t& target, const std::string& help) const;
  Option add_option(const std::string& name, std::uint64_t& target, const std::string& help) const;
  Option add_option(const std::string& name, std::optional<std::int64_t>& target,
                    const std::string& help) const;
  Option add_option(const std::string& name, double& target, const std::string& help) const;
  Option add_option(const std::string& name, std::vector<std::string>& target,
                    const std::string& help) const;
  /// Values joined by commas: `a,b`. `take` gets each one and returns what is wrong with it, empty
  /// when nothing is; an empty one is refused.
  Option add_list(const std::string& name,
                  const std::function<std::string(const std::string&)>& take,
                  const std::string& help) const;
  /// The same for texts.
  Option add_list(const std::string& name, std::vector<std::string>& target,
                  const std::string& help) const;
  Option add_flag(const std::string& name, bool& target, const std::string& help) const;

  /// What stands below the arguments in help: examples and exit codes.
  void footer(const std::string& text) const;
  /// What the command does, once its arguments are read.
  void callback(const std::function<void()>& work) const;
  /// Help does not show it.
  Command hidden() const;

 private:
  CLI::App* command_;
};

/// Thrown by a command whose answer is an exit code and not a failure: `profile diff` has 1 where
/// the profiles differ.
struct Answer {
  int exit_code;
};

}  // namespace orrery::app
