// What a job sends over the links of a fabric, iteration after iteration. Links are indices into
// an array of capacities in bytes per second, one per direction.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace orrery::models {

/// A link that a flow crosses `times` times.
struct Crossing {
  std::uint32_t link = 0;
  std::int32_t times = 1;
  bool operator==(const Crossing&) const = default;
};

/// One part of an iteration in which a job communicates: collectives of one kind (the
/// tensor-parallel rings, the data-parallel rings, the pipeline's edges). Its rings move in
/// lock-step, so all of them are one flow: at a rate r, r bytes per second over each crossing.
struct CommunicationPhase {
  double bytes = 0;                 ///< over each crossing, per iteration; > 0
  std::vector<Crossing> crossings;  ///< ascending by link, each link once; not empty
};

/// An iteration of a job: computing, and everything that stays inside nodes, then its phases one
/// after the other. A job that leaves no node has no phases.
struct JobTraffic {
  double compute_seconds = 0;
  std::vector<CommunicationPhase> phases;
};

/// Bytes per second of a phase that has the links to itself.
double alone_bytes_per_second(const CommunicationPhase& phase, std::span<const double> capacity);

/// Seconds of one iteration of a job that has the fabric to itself.
double alone_iteration_seconds(const JobTraffic& job, std::span<const double> capacity);

/// The phase that takes longest alone; the first of equals. The job must have one.
std::size_t longest_phase(const JobTraffic& job, std::span<const double> capacity);

/// Sorts by link and joins what stands there more than once.
std::vector<Crossing> joined(std::vector<Crossing> crossings);

}  // namespace orrery::models
