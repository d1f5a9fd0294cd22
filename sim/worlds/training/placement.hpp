// Where a job goes: the placement rules every policy can use.
#pragma once

#include <optional>

#include "models/base/parameters.hpp"
#include "models/throughput/locality.hpp"
#include "sim/platform/placement_state.hpp"
#include "sim/worlds/training/demand.hpp"

namespace orrery::training {

/// Rules by which nodes are chosen, within one GPU type (types are tried in the demand's order).
///
/// consolidated: up to a node's GPUs on the one node with the fewest sufficient free GPUs (lowest
///   index on ties); more on wholly free nodes in index order plus one such best-fit node for the
///   remainder.
/// first_fit: the same with the lowest index instead of the fewest free.
/// best_fit: as consolidated; where that fails, spread over the nodes with the most free GPUs, so
///   that no job waits while enough GPUs of a type are free (ours; "consolidate first, then the
///   idlest nodes" is also an option of the Helios simulator).
/// worst_fit: at the best locality only, so up to a node's GPUs on one node and more on as many
///   nodes as they need with equal shares: the nodes with the most free GPUs, lowest index on ties
///   (the FCFS of Crius's artifact, read; it scatters small jobs and keeps large gaps few).
/// whole_nodes: as consolidated, but jobs of more GPUs than a node has go on wholly free nodes
/// alone,
///   the one for their remainder too.
/// pooled: counts GPUs only: any free ones, lowest index first.
///
/// A share of a GPU goes to the shared GPU with the least sufficient free share, else to a wholly
/// free GPU by the rule (ours: best fit, as the PAI traces' users do).
enum class PlacementRule { consolidated, first_fit, best_fit, worst_fit, whole_nodes, pooled };

/// The words of `placement:` in an experiment.
std::vector<std::pair<std::string, PlacementRule>> placement_words();

/// Whether as many GPUs as a demand asks for are free on a type that it may use, wherever they are;
/// of a share, whether a GPU has room for it.
bool enough_free(const platform::PlacementState& state, const Demand& demand);

/// Places a demand and takes its GPUs from `state`; nothing (state unchanged) when it does not fit.
std::optional<platform::Placement> place(platform::PlacementState& state, const Demand& demand,
                                         PlacementRule rule);

/// Equal shares of nodes of one type, those with the most free GPUs (lowest index on ties); takes
/// them from `state`, or nothing when they do not fit.
std::optional<platform::Placement> place_equally(platform::PlacementState& state,
                                                 platform::TypeId type, models::Locality locality);

/// Gives the GPUs of a placement back to `state`.
void give_back(platform::PlacementState& state, const platform::Placement& placement);

}  // namespace orrery::training
