// The registration of a world whose options need no more than a declaration.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "sim/world/world.hpp"

namespace orrery::world {

/// A key whose list of values stands for several worlds: expanded before one is read.
template <class Options>
void declare_list(base::Declaration<Options>& declaration, const std::string& key,
                  const std::string& help) {
  declaration.custom(
      key, "list",
      [](Options&, const base::Node& node) {
        throw base::Error(node.where, "is expanded before a single run is read");
      },
      help);
}

/// The worlds that an item stands for where `list` holds values for `key`: one for each; else the
/// item itself.
Alternatives alternatives_of(const base::Node& item, const std::string& list,
                             const std::string& key);

/// The story of one subject of a run in `directory`: the row of its samples' file, each cell with
/// the name of its column. Throws base::Error for a subject that has none.
std::string row_story(const std::string& directory, const Samples& samples,
                      const std::string& subject);

/// A text as an argument of a template.
template <std::size_t size>
struct Text {
  constexpr Text(const char (&text)[size]) { std::copy_n(text, size, characters); }  // NOLINT
  char characters[size]{};
};
/// As WorldKind::alternatives and WorldKind::explain.
template <Text list, Text key>
Alternatives alternatives_of(const base::Node& item, const std::vector<std::string>&) {
  return alternatives_of(item, list.characters, key.characters);
}
template <Section (*declared)()>
std::string row_story(const std::string& directory, const std::string& subject) {
  return row_story(directory, declared().samples.front(), subject);
}

/// Builds W(options, platform, settings); what results call it is `label_of(options)`, found beside
/// the options.
template <class W, class Options>
class SimpleSetup final : public Setup {
 public:
  explicit SimpleSetup(Options options) : options_(std::move(options)) {}
  std::string label() const override { return label_of(options_); }
  std::unique_ptr<World> build(platform::Platform& platform,
                               const Settings& settings) const override {
    return std::make_unique<W>(options_, platform, settings);
  }

 private:
  Options options_;
};

/// A kind whose options are `Options` (which has a `declare`); the rest is the caller's to fill in.
template <class W, class Options>
WorldKind simple_kind(std::string name, std::string help) {
  WorldKind kind;
  kind.name = std::move(name);
  kind.help = std::move(help);
  kind.options = []() -> const base::DeclarationInfo& {
    static const base::DeclarationInfo info = base::describe<Options>();
    return info;
  };
  kind.read = [](const base::Node& item, const Context&) -> std::unique_ptr<Setup> {
    return std::make_unique<SimpleSetup<W, Options>>(base::read<Options>(item));
  };
  return kind;
}

}  // namespace orrery::world
