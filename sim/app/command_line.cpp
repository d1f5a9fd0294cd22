#include "sim/app/command_line.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace orrery::app {

Option Option::required() const {
  option_->required();
  return *this;
}

Option Option::type_name(const std::string& name) const {
  option_->type_name(name);
  return *this;
}

Option Option::one_value_each() const {
  option_->allow_extra_args(false);
  return *this;
}

Option Option::one_of(const std::vector<std::string>& values) const {
  option_->check(CLI::IsMember(values));
  return *this;
}

Option Option::between(int least, int most) const {
  option_->check(CLI::Range(least, most));
  return *this;
}

Option Option::check(const std::function<std::string(const std::string&)>& fault,
                     const std::string& expected) const {
  option_->check(fault, expected);
  return *this;
}

Option Option::excludes(Option other) const {
  option_->excludes(other.option_);
  return *this;
}

Option Option::needs(Option other) const {
  option_->needs(other.option_);
  return *this;
}

Option Option::hidden() const {
  option_->group("");
  return *this;
}

Command Command::add_subcommand(const std::string& name, const std::string& help) const {
  return Command(command_->add_subcommand(name, help));
}

void Command::require_subcommand() const {
  command_->require_subcommand(1);
}

Option Command::add_option(const std::string& name, std::string& target,
                           const std::string& help) const {
  return Option(command_->add_option(name, target, help));
}

Option Command::add_option(const std::string& name, int& target, const std::string& help) const {
  return Option(command_->add_option(name, target, help));
}

Option Command::add_option(const std::string& name, std::int64_t& target,
                           const std::string& help) const {
  return Option(command_->add_option(name, target, help));
}

Option Command::add_option(const std::string& name, std::uint64_t& target,
                           const std::string& help) const {
  return Option(command_->add_option(name, target, help));
}

Option Command::add_option(const std::string& name, std::optional<std::int64_t>& target,
                           const std::string& help) const {
  return Option(command_->add_option(name, target, help));
}

Option Command::add_option(const std::string& name, double& target, const std::string& help) const {
  return Option(command_->add_option(name, target, help));
}

Option Command::add_option(const std::string& name, std::vector<std::string>& target,
                           const std::string& help) const {
  return Option(command_->add_option(name, target, help));
}

Option Command::add_list(const std::string& name,
                         const std::function<std::string(const std::string&)>& take,
                         const std::string& help) const {
  // The library's own lists leave out what is empty: `1,,2` would be two seeds.
  const auto parse = [name, take](const CLI::results_t& values) {
    for (const std::string& joined : values)
      for (std::size_t begin = 0; begin <= joined.size();) {
        const std::size_t end = std::min(joined.find(',', begin), joined.size());
        const std::string part = joined.substr(begin, end - begin);
        begin = end + 1;
        const std::string fault =
            part.empty() ? "found an empty value in '" + joined + "', expected one at every comma"
                         : take(part);
        if (!fault.empty()) throw CLI::ValidationError(name, fault);
      }
    return true;
  };
  CLI::Option* option = command_->add_option(name, parse, help);
  option->expected(CLI::detail::expected_max_vector_size);
  return Option(option);
}

Option Command::add_list(const std::string& name, std::vector<std::string>& target,
                         const std::string& help) const {
  const auto take = [&target](const std::string& value) {
    target.push_back(value);
    return std::string();
  };
  return add_list(name, take, help);
}

Option Command::add_flag(const std::string& name, bool& target, const std::string& help) const {
  return Option(command_->add_flag(name, target, help));
}

void Command::footer(const std::string& text) const {
  command_->footer(text);
}

void Command::callback(const std::function<void()>& work) const {
  command_->callback(work);
}

Command Command::hidden() const {
  command_->group("");
  return *this;
}

}  // namespace orrery::app
