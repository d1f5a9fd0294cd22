// The events in the life of one job, gathered from jobs.csv and decisions.csv.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/worlds/training/records/run_files.hpp"
#include "sim/worlds/training/story/decision_rows.hpp"

namespace orrery::training {

/// One decision about the job.
struct StoryEvent {
  DecisionRow row;
  /// Of a start: starts of other jobs since this one began to wait.
  std::size_t other_starts = 0;
  /// Of an interruption: the node that failed, empty when unknown.
  std::string failed_node;
  /// Of a wait behind another job: what that job itself last waited for.
  std::optional<DecisionRow> blocker;
};

struct JobStory {
  JobRow job;
  std::vector<StoryEvent> events;
  /// Where another job held it back at its own submit time.
  std::optional<DecisionRow> held_back = {};
  /// GPU types of the nodes that the job ran on, by the name of the node; empty when not recorded.
  std::map<std::string, std::string> type_of_node = {};
};

/// Throws base::Error for an unknown job (naming near ones) or a directory without records.
JobStory read_job_story(const std::string& directory, const std::string& job_id);

}  // namespace orrery::training
