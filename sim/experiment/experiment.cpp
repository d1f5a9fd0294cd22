#include "sim/experiment/experiment.hpp"

#include "models/base/document_paths.hpp"
#include "models/base/random.hpp"
#include "sim/experiment/uncertainty_option.hpp"
#include "sim/experiment/world_items.hpp"

namespace orrery::experiment {

namespace {

using base::Node;

/// Keys by which one file describes several runs: expanded before an experiment is read, and
/// declared so that schemas and messages know them.
void consumed_before(ExperimentKeys&, const Node& node) {
  throw base::Error(node.where, "is expanded before a single run is read");
}

StopRule read_stop(const Node& node) {
  StopRule rule = base::read<StopRule>(node);
  if (node.entries.size() != 1) {
    throw base::Error(node.where, "expected one rule, at, seconds or rounds, found " +
                                      std::to_string(node.entries.size()));
  }
  return rule;
}

/// Seconds of a round, by the one world that has rounds.
std::optional<double> round_of(const Experiment& experiment) {
  std::optional<double> round;
  for (const ExperimentWorld& world : experiment.worlds) {
    const auto own = world.setup->round_seconds();
    if (own && round && *own != *round) return std::nullopt;
    if (own) round = own;
  }
  return round;
}

void check_stop(const Experiment& experiment, const Node& document) {
  if (!experiment.stop.rounds) return;
  if (const auto round = round_of(experiment)) {
    if (*experiment.horizon_seconds() <= base::kLatestSecond) return;
    throw base::Error(base::find_at(document, "stop.rounds")->where,
                      "found " + std::to_string(*experiment.stop.rounds) + " rounds of " +
                          base::format_quantity(*round, base::Dimension::time) +
                          ", expected at most 1e12 seconds in all");
  }
  throw base::Error(base::find_at(document, "stop.rounds")->where,
                    experiment.worlds.size() > 1
                        ? "counts rounds, but the worlds have none, or of different lengths; give "
                          "'stop: {seconds: N}'"
                        : "counts rounds, but the experiment has no 'round'; give its "
                          "length such as 'round: 6 min'");
}

}  // namespace

base::Declaration<StopRule> declare(const StopRule*) {
  base::Declaration<StopRule> d("When a run ends; give one rule.");
  d.choice("at", &StopRule::at, {{"exhaustion", StopRule::At::exhaustion}},
           "when nothing is left to happen in any world");
  d.number("seconds", &StopRule::seconds, base::Dimension::none,
           "at this simulated second, counted as the workload's submit times are")
      .more_than(0);
  d.integer("rounds", &StopRule::rounds, "after so many rounds; needs 'round'").at_least(1);
  return d;
}

base::Declaration<ExperimentKeys> declare(const ExperimentKeys*) {
  using E = ExperimentKeys;
  base::Declaration<E> d("An experiment.");
  d.text("name", &E::name, "what reports call it").required();
  d.text("description", &E::description, "a sentence for people");
  d.custom("extends", "text", consumed_before,
           "another experiment file that this one is laid over, relative to this one");
  d.custom(
       "stop", "mapping", [](E& out, const Node& n) { out.stop = read_stop(n); }, "when a run ends",
       "{at: exhaustion}")
      .members(base::describe<StopRule>());
  d.number("largest_output", &E::largest_output_bytes, base::Dimension::bytes,
           "most bytes of all files of a run; a run that would write more stops")
      .at_least(1e6);
  d.integer("seed", &E::seed, "of all random numbers of the run").at_least(0).at_most(0x1p63);
  d.custom("seeds", "list of integer", consumed_before, "one run for each");
  d.custom(kUncertaintyKey, "mapping", consumed_before,
           "where the intervals of a comparison come from; without it over seeds, and by 8 windows "
           "where the seeds draw nothing")
      .members(base::describe<UncertaintyKeys>());
  d.custom("sweep", "mapping", consumed_before,
           "dotted paths of keys, each with a list of values; one run for each combination");
  return d;
}

Experiment read_experiment(const Node& document) {
  check_top_keys(document);
  static const base::DeclarationInfo own = base::describe<ExperimentKeys>();
  const auto keys = base::read<ExperimentKeys>(base::part(document, own));
  Experiment experiment;
  experiment.name = keys.name;
  experiment.description = keys.description;
  experiment.stop = keys.stop;
  experiment.largest_output_bytes = keys.largest_output_bytes;
  experiment.seed = keys.seed;
  const Node& platform = platform_of(document);
  base::detail::check_mapping(platform);
  experiment.platform = platform::read_platform_config(platform);
  for (const WorldItem& item : world_items(document)) {
    ExperimentWorld& world = experiment.worlds.emplace_back();
    world.name = item.name;
    world.kind = item.kind;
    world.placed_by = item.placed_by;
    world.setup = item.kind->read(item.keys, {experiment.platform});
  }
  check_stop(experiment, document);
  return experiment;
}

std::optional<double> Experiment::horizon_seconds() const {
  if (stop.rounds) return static_cast<double>(*stop.rounds) * *round_of(*this);
  return stop.seconds;
}

std::string Experiment::label() const {
  std::string text;
  for (const ExperimentWorld& world : worlds) {
    const std::string own = world.setup->label();
    if (!own.empty()) text += (text.empty() ? "" : "+") + own;
  }
  return text.empty() ? "run" : text;
}

std::uint64_t Experiment::seed_of(const ExperimentWorld& world) const {
  if (worlds.size() == 1) return seed;
  return base::RandomStream(seed, "world " + world.name).next() >> 1;
}

}  // namespace orrery::experiment
