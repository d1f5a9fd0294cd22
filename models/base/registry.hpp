// Things known by name, each registered by the file that defines it: policies, formats of traces,
// kernels, worlds. Nothing but that file changes for a new one.
//
//   Registry<PolicyEntry>& policies() {
//     static Registry<PolicyEntry> all("policy");
//     return all;
//   }
//   // in the policy's own file:
//   const auto* registered = policies().add({.name = "fifo", ...});
//
// Registrations run before main, in any order: keep the registry in a function, as above, so that
// it exists by the first of them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/base/error.hpp"

namespace orrery::base {

namespace detail {

/// Throws std::logic_error: a name stands for one thing, whatever the order of registration.
[[noreturn]] void refuse_registration(const std::string& noun, const std::string& name);

/// Throws Error at `where`: what is known instead of `name`. The nearest known name, else the
/// command that lists them, else all of them.
[[noreturn]] void refuse_name(const std::string& noun, const std::string& command,
                              std::string_view name, const std::vector<std::string>& known,
                              const Where& where);

}  // namespace detail

/// Entry has a text `name`. Entries stay where they are as long as the registry lives.
template <class Entry>
class Registry {
 public:
  /// `noun` as in "no policy is called 'x'". With a `command` (`orrery list policies`) an unknown
  /// name that is near to none is answered by it; else by all names.
  explicit Registry(std::string noun, std::string command = "")
      : noun_(std::move(noun)), command_(std::move(command)) {}

  /// Never nullptr. Throws std::logic_error where the name is empty or taken.
  const Entry* add(Entry entry) {
    std::string name(entry.name);
    if (name.empty() || find(name) != nullptr) detail::refuse_registration(noun_, name);
    return &entries_.emplace(std::move(name), std::move(entry)).first->second;
  }

  /// The entry of that name, or nullptr.
  const Entry* find(std::string_view name) const {
    const auto at = entries_.find(name);
    return at == entries_.end() ? nullptr : &at->second;
  }

  /// The same; throws Error at `where`, with the nearest name, where there is none.
  const Entry& named(std::string_view name, const Where& where) const {
    if (const Entry* entry = find(name)) return *entry;
    std::vector<std::string> known;
    for (const auto& [other, entry] : entries_) known.push_back(other);
    detail::refuse_name(noun_, command_, name, known, where);
  }

  /// All entries, by name.
  std::vector<const Entry*> all() const {
    std::vector<const Entry*> out;
    for (const auto& [name, entry] : entries_) out.push_back(&entry);
    return out;
  }

 private:
  std::string noun_;
  std::string command_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace orrery::base
