// A world: what happens over time in one part of an experiment. Kinds of world register here, by
// name; nothing outside a world's folder names it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "models/base/parameters.hpp"
#include "models/base/registry.hpp"
#include "models/base/result_directory.hpp"
#include "sim/platform/platform.hpp"
#include "sim/world/section.hpp"

namespace orrery::world {

/// How a run ended.
struct Ending {
  double seconds = 0;  ///< the clock then
  bool cut = false;    ///< by a horizon, with something still to happen
};

/// What identifies a run in its files, and where its files go.
struct Records {
  std::string run_id;
  std::string experiment;  ///< its name
  std::string policy;      ///< the world's label
  std::uint64_t seed = 0;
  base::ResultFolder folder{""};  ///< of this world's files
  bool trace = true;              ///< write trace.json, where the world has one
};

/// One world on a platform, alive for one run.
class World {
 public:
  World() = default;
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  virtual ~World() = default;

  /// What `orrery validate` says of it: `10 jobs`.
  virtual std::string contents() const { return "a world"; }
  /// Opens the files of records. Not called where the run is only checked.
  virtual void record(const Records& records) = 0;
  /// Schedules what happens first. Then the engine runs.
  virtual void start() = 0;
  virtual double fraction_done() const = 0;
  /// Something is still to happen in it; outages go on as long as any world is open.
  virtual bool open() const = 0;
  /// Closes the records and hands over the figures. Called once.
  virtual Section finish(const Ending& ending) = 0;
  /// What could not be done though no horizon cut the run: `3 jobs could never run to their end`;
  /// empty: nothing.
  virtual std::string left_undone() const { return {}; }
};

/// A file that a world's options name, or a folder of which files are read: their content belongs
/// to the run id.
struct Input {
  std::string key;   ///< `workload.trace`
  std::string path;  ///< resolved
};

/// What a world is built with, beside its platform.
struct Settings {
  std::string name;       ///< of the world; `kind` where a run has one
  std::string placed_by;  ///< the world that places it; empty: it takes devices itself
  std::uint64_t seed = 1;
  std::optional<double> horizon_seconds;  ///< at which the run is cut
};

/// One item of `worlds`, read and checked, with nothing left to choose.
class Setup {
 public:
  Setup() = default;
  Setup(const Setup&) = delete;
  Setup& operator=(const Setup&) = delete;
  virtual ~Setup() = default;

  /// What results call the choice that it stands for: the label of its policy; empty: none.
  virtual std::string label() const = 0;
  /// Seconds between its decisions, where it counts in rounds (`stop: {rounds: N}`).
  virtual std::optional<double> round_seconds() const { return std::nullopt; }
  virtual std::vector<Input> inputs() const { return {}; }
  /// GPU types it knows beside the catalog's.
  virtual std::vector<std::string> device_types() const { return {}; }
  /// Reads its inputs and builds it. Throws base::Error for what cannot be run. The platform
  /// outlives the world, and worlds that this one places are built before it.
  virtual std::unique_ptr<World> build(platform::Platform& platform,
                                       const Settings& settings) const = 0;
};

/// What a world's keys are read beside.
struct Context {
  const platform::PlatformConfig& platform;
};

/// A policy, as `orrery list policies` shows it.
struct PolicyInfo {
  std::string name, help, source;
  base::DeclarationInfo options;
};

/// Two spellings of one key: `key` of the world may also be written inside `parent`.
struct ShortForm {
  std::string parent, key;
};

/// The worlds that one item stands for, each by what it sets: as copies of the item they would be
/// as large as all of them together.
struct Alternatives {
  std::vector<std::string> replaced;             ///< keys of the item that none of them has
  std::vector<std::vector<base::Entry>> chosen;  ///< of each, behind the other keys of the item
};

/// Everything the rest of the program knows of a kind of world.
struct WorldKind {
  std::string name;  ///< as in YAML: `training-cluster`
  std::string help;  ///< one line
  /// The kind of an experiment that names none; one kind is.
  bool is_default = false;
  /// Its policy can place replicas of other worlds (platform::Guest), and it can be such another.
  bool places_others = false, can_be_placed = false;
  /// Its keys, beside `name`, `kind` and `placed_by`. A function: other parts that register
  /// themselves belong to them, so they are known from main on.
  const base::DeclarationInfo& (*options)() = nullptr;
  std::vector<ShortForm> short_forms;
  /// Dotted paths of which only one can hold: the later of two files or --set wins.
  std::vector<std::vector<std::string>> choices;
  /// The worlds that one item stands for, each with nothing left to choose (one for each of its
  /// policies); with `wanted` (labels or names from the command line) only those. Throws
  /// base::Error for a name it does not know.
  Alternatives (*alternatives)(const base::Node& item, const std::vector<std::string>& wanted) =
      [](const base::Node&, const std::vector<std::string>&) {
        return Alternatives{{}, std::vector<std::vector<base::Entry>>(1)};
      };
  /// Whether `alternatives` knows this label or name.
  bool (*knows_policy)(const base::Node& item, const std::string& word) =
      [](const base::Node&, const std::string&) { return false; };
  std::vector<PolicyInfo> (*policies)() = [] { return std::vector<PolicyInfo>{}; };
  /// Whether what it reads depends on the seed: a workload that is generated.
  bool (*draws_inputs)(const base::Node& item) = [](const base::Node&) { return false; };
  std::unique_ptr<Setup> (*read)(const base::Node& item, const Context& context) = nullptr;
  /// `orrery explain DIR SUBJECT`: the story of one subject of a run. Throws base::Error for an
  /// unknown one, naming near ones.
  std::string (*explain)(const std::string& directory, const std::string& subject) = nullptr;
};

/// All kinds of world; each registers itself before main.
base::Registry<WorldKind>& kinds();

}  // namespace orrery::world
