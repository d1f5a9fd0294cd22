#include "sim/experiment/prepared_run.hpp"

#include <algorithm>

namespace orrery::experiment {

namespace {

std::vector<std::string> device_types(const Experiment& experiment) {
  std::vector<std::string> types;
  for (const ExperimentWorld& world : experiment.worlds) {
    const std::vector<std::string> own = world.setup->device_types();
    types.insert(types.end(), own.begin(), own.end());
  }
  return types;
}

/// Worlds in the order in which they are built: those that are placed before those that place.
std::vector<std::size_t> building_order(const Experiment& experiment) {
  std::vector<std::size_t> order;
  for (std::size_t w = 0; w < experiment.worlds.size(); ++w) order.push_back(w);
  std::stable_partition(order.begin(), order.end(),
                        [&](std::size_t w) { return !experiment.worlds[w].placed_by.empty(); });
  return order;
}

}  // namespace

PreparedRun::PreparedRun(const base::Node& document)
    : experiment(read_experiment(document)),
      platform(experiment.platform, experiment.seed, device_types(experiment)),
      worlds(experiment.worlds.size()) {
  for (const std::size_t w : building_order(experiment)) {
    const ExperimentWorld& world = experiment.worlds[w];
    const std::string name = world.name.empty() ? world.kind->name : world.name;
    worlds[w] = world.setup->build(
        platform, {name, world.placed_by, experiment.seed_of(world), experiment.horizon_seconds()});
  }
}

std::string PreparedRun::folder_of(std::size_t world) const {
  return worlds.size() == 1 ? "" : experiment.worlds[world].name;
}

void PreparedRun::record(const world::Records& records, const base::ResultFolder& folder) {
  for (std::size_t w = 0; w < worlds.size(); ++w) {
    world::Records own = records;
    own.policy = experiment.worlds[w].setup->label();
    own.folder = worlds.size() > 1 ? folder.folder(folder_of(w)) : folder;
    worlds[w]->record(own);
  }
}

void PreparedRun::start() {
  for (const auto& world : worlds) world->start();
  platform.outages.start();
}

double PreparedRun::fraction_done() const {
  double least = 1;
  for (const auto& world : worlds) least = std::min(least, world->fraction_done());
  return least;
}

bool PreparedRun::any_open() const {
  return std::ranges::any_of(worlds, [](const auto& world) { return world->open(); });
}

}  // namespace orrery::experiment
