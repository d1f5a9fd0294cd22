// orrery profile show|diff|check: what was measured of a device, and whether it is whole.
#include <fmt/format.h>

#include <memory>

#include "models/base/error.hpp"
#include "models/profile/profile_file.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/profile_text.hpp"

namespace orrery::app {

namespace {

struct ShowArguments {
  std::string file;
  bool json = false;
};

struct DiffArguments {
  std::string left;
  std::string right;
};

constexpr const char* kFile = "a profile, its measurements beside it";

void show(const ShowArguments& arguments) {
  const models::ProfileFile file = models::read_profile(arguments.file);
  fmt::print("{}", arguments.json ? profile_json(file) : profile_text(file));
}

void diff(const DiffArguments& arguments) {
  const models::ProfileFile left = models::read_profile(arguments.left);
  const models::ProfileFile right = models::read_profile(arguments.right);
  const std::string differences = difference_text(left, right);
  fmt::print("{}", differences.empty() ? "the profiles say the same\n" : differences);
  // The answer as diff(1) gives it, no failure.
  if (!differences.empty()) throw Answer{1};
}

/// Every file is looked at, so that one run tells all that is wrong.
void check(const std::vector<std::string>& files) {
  std::string refused;
  for (const std::string& path : files) {
    try {
      fmt::print("{}", profile_verdict(models::read_profile(path)));
    } catch (const base::Error& error) {
      refused += (refused.empty() ? "" : "; ") + std::string(error.what());
    }
  }
  if (!refused.empty()) throw base::Error({}, refused);
}

void add_show(Command parent) {
  auto arguments = std::make_shared<ShowArguments>();
  const Command command = parent.add_subcommand("show", "what was measured, and how well it fits");
  command.add_option("FILE", arguments->file, kFile).required();
  command.add_flag("--json", arguments->json, "as JSON, for programs");
  command.footer("Example:\n  orrery profile show calibrate/profiles/xeon-2core-avx512.yaml");
  command.callback([arguments] { show(*arguments); });
}

void add_diff(Command parent) {
  auto arguments = std::make_shared<DiffArguments>();
  const Command command = parent.add_subcommand("diff", "what differs from one profile to another");
  command.add_option("LEFT", arguments->left, kFile).required();
  command.add_option("RIGHT", arguments->right, "another").required();
  command.footer(
      "Example:\n  orrery profile diff before.yaml after.yaml\n\n"
      "Exit codes: 0 they say the same, 1 they differ, 2 one of them is refused.");
  command.callback([arguments] { diff(*arguments); });
}

void add_check(Command parent) {
  auto files = std::make_shared<std::vector<std::string>>();
  const Command command =
      parent.add_subcommand("check", "whether profiles are whole, and what is doubtful");
  command.add_option("FILE", *files, "profiles, their measurements beside them").required();
  command.footer(
      "Example:\n  orrery profile check calibrate/profiles/*.yaml\n\n"
      "Exit codes: 0 whole, with warnings or without, 2 one of them is refused.");
  command.callback([files] { check(*files); });
}

}  // namespace

void add_profile(Command app) {
  const Command command = app.add_subcommand("profile", "look at the measured profiles of devices");
  command.require_subcommand();
  add_show(command);
  add_diff(command);
  add_check(command);
}

}  // namespace orrery::app
