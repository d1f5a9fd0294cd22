// One iteration of a pipeline, event by event: what the closed form is checked against.
#pragma once

#include <span>

#include "models/training/iteration_time.hpp"
#include "models/training/plan.hpp"

namespace orrery::models {

/// What a simulated iteration took.
struct SimulatedIteration {
  double total_seconds = 0;
  int most_in_flight = 0;  ///< micro-batches that any stage held forwarded, not yet backwarded
};

/// Simulates `form.micro_batches` micro-batches through the stages in the order of the schedule;
/// exact and deterministic. A stage computes one thing at a time, and sending occupies the sender
/// until its message has arrived; with `overlap_transfers` it occupies only the link, which
/// carries one message after the other. Synchronisation, update and overhead follow as in the
/// closed form. `form.interleave` must be 1.
///
/// On equal stages without overlap the total is the closed form's under GPipe, and under 1F1B where
/// transfers take no time; else 1F1B is done sooner by at most one transfer in each direction. Two
/// stages under 1F1B gain the shorter transfer of each micro-batch besides: neither sends both ways
/// and the closed form counts both.
SimulatedIteration simulate_pipeline(std::span<const StageTimes> stages, PipelineSchedule schedule,
                                     const IterationForm& form);

}  // namespace orrery::models
