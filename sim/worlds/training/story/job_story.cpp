#include "sim/worlds/training/story/job_story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/base/csv.hpp"
#include "models/base/document.hpp"
#include "models/base/error.hpp"
#include "models/base/parameters.hpp"
#include "models/base/quantity.hpp"
#include "sim/report/file_exists.hpp"

namespace orrery::training {

namespace {

constexpr std::size_t kNearCandidates = 20'000;

const JobRow& find_job(const std::vector<JobRow>& rows, const std::string& path,
                       const std::string& job_id) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const JobRow& row) { return row.id == job_id; });
  if (found != rows.end()) return *found;
  std::vector<std::string> known;
  for (std::size_t i = 0; i < std::min(rows.size(), kNearCandidates); ++i)
    known.push_back(rows[i].id);
  const std::string near = base::nearest(job_id, known);
  throw base::Error(
      {path, 0, 0, "job_id"},
      near.empty()
          ? fmt::format("expected one of the {} jobs of this run, found '{}'", rows.size(), job_id)
          : fmt::format("no job is called '{}'; did you mean '{}'?", job_id, near));
}

/// The virtual clusters whose jobs share their nodes with those of this one, itself included.
std::set<std::string> sharing_clusters(const base::Node& experiment, const std::string& cluster) {
  std::set<std::string> clusters{cluster};
  for (const char* platform : {"cluster", "platform"}) {
    const base::Node* part = experiment.find(platform);
    const base::Node* groups = part == nullptr ? nullptr : part->find("nodes");
    if (groups == nullptr) continue;
    for (const base::Node& group : groups->items) {
      const base::Node* names = group.find("virtual_cluster");
      if (names == nullptr) continue;
      std::set<std::string> served;
      for (const base::Node& name : names->items) served.insert(name.text);
      if (served.contains(cluster)) clusters.merge(served);
    }
  }
  return clusters;
}

/// The jobs that queue where ours does: all, or those of its virtual cluster when partitioned.
std::set<std::string> queue_mates(const std::string& directory, const std::vector<JobRow>& rows,
                                  const JobRow& job) {
  const std::string path = directory + "/experiment.yaml";
  bool partitioned = false;
  std::set<std::string> clusters;
  if (report::file_exists(path)) {
    const base::Node experiment = base::load_yaml(path);
    const base::Node* rule = experiment.find("virtual_clusters");
    partitioned = rule != nullptr && rule->text == "partition";
    if (partitioned) clusters = sharing_clusters(experiment, job.virtual_cluster);
  }
  std::set<std::string> mates;
  for (const JobRow& row : rows)
    if (!partitioned || clusters.contains(row.virtual_cluster)) mates.insert(row.id);
  return mates;
}

bool runs_on(const std::string& nodes, const std::string& node) {
  return (';' + nodes).find(';' + node + ':') != std::string::npos;
}

/// Follows decisions.csv and keeps what concerns one job.
class Gatherer {
 public:
  Gatherer(JobStory& story, const std::set<std::string>& queue_mates)
      : story_(story), queue_mates_(queue_mates), pending_since_(story.job.submit_seconds) {}

  void visit(const DecisionRow& row) {
    if (row.kind == "node_failed") failed_node_ = row.nodes;
    if (row.job_id == story_.job.id && row.kind != "node_failed" && row.kind != "node_repaired") {
      keep(row);
    } else if (row.is_start() && pending_ && row.time_seconds >= pending_since_) {
      ++other_starts_;
    } else if (blocks_from_now_on(row)) {
      keep_new_blocker(row);
    }
  }

 private:
  /// A job waits behind whatever blocks its queue, but its record names only the first such job:
  /// the next one tells of itself when it comes to the head. A job that waits for nodes to come
  /// back blocks nobody.
  bool blocks_from_now_on(const DecisionRow& row) const {
    return pending_ && !behind_.empty() && row.kind == "waits" && row.why() != Reason::behind &&
           row.why() != Reason::nodes_down && row.job_id != behind_ &&
           queue_mates_.contains(row.job_id);
  }

  void keep_new_blocker(const DecisionRow& row) {
    StoryEvent event{row, 0, {}, row};
    event.row.job_id = story_.job.id;
    event.row.reason = Reason::behind.word();
    event.row.because_of = row.job_id;
    event.row.gpus = story_.job.gpus;
    behind_ = row.job_id;
    story_.events.push_back(std::move(event));
  }

  void keep(const DecisionRow& row) {
    if (row.kind == "held_back") {
      story_.held_back = row;
      return;
    }
    StoryEvent event{row, 0, {}, {}};
    const bool interrupted = row.kind == "interrupted" || row.kind == "failed";
    if (interrupted && runs_on(row.nodes, failed_node_)) event.failed_node = failed_node_;
    if (row.is_start()) event.other_starts = other_starts_;
    if (row.is_start()) pending_ = false;
    if (row.kind == "waits") behind_ = row.why() == Reason::behind ? row.because_of : "";
    if (interrupted || row.kind == "preempted") {
      pending_ = true;
      pending_since_ = row.time_seconds;
      other_starts_ = 0;
    }
    story_.events.push_back(std::move(event));
  }

  JobStory& story_;
  const std::set<std::string>& queue_mates_;
  std::string behind_;  // what ours waits behind now, empty when behind nothing
  bool pending_ = true;
  double pending_since_;
  std::size_t other_starts_ = 0;
  std::string failed_node_;
};

/// Finds what the jobs that stood before ours waited for, at the time they did.
void find_blockers(const std::string& path, std::vector<StoryEvent>& events) {
  std::map<std::string, std::vector<StoryEvent*>> behind;
  for (StoryEvent& event : events)
    if (event.row.why() == Reason::behind && !event.blocker)
      behind[event.row.because_of].push_back(&event);
  if (behind.empty()) return;
  for_each_decision(path, [&](const DecisionRow& row) {
    if (row.kind != "waits") return;
    const auto found = behind.find(row.job_id);
    if (found == behind.end()) return;
    for (StoryEvent* event : found->second) {
      const bool before = row.sequence < event->row.sequence;
      const bool at_once = row.time_seconds == event->row.time_seconds;
      if (before || (at_once && !event->blocker)) event->blocker = row;
    }
  });
}

std::map<std::string, std::string> node_types(const std::string& path, const std::string& job_id) {
  std::map<std::string, std::string> types;
  if (!report::file_exists(path)) return types;
  base::CsvReader csv(path);
  const std::size_t job = csv.column("job_id");
  const std::size_t node = csv.column("node");
  const std::size_t type = csv.column("gpu_type");
  while (csv.next())
    if (csv[job] == job_id) types.try_emplace(std::string(csv[node]), csv[type]);
  return types;
}

}  // namespace

JobStory read_job_story(const std::string& directory, const std::string& job_id) {
  const std::string jobs = directory + "/jobs.csv";
  const std::string decisions = directory + "/decisions.csv";
  if (!report::file_exists(jobs))
    throw base::Error({directory, 0, 0, ""},
                      "expected a directory written by 'orrery run', found no jobs.csv in it (of a "
                      "comparison, name one of its runs: DIR/POLICY/SEED)");
  const std::vector<JobRow> rows = read_job_rows(jobs);
  JobStory story{find_job(rows, jobs, job_id), {}};
  story.type_of_node = node_types(directory + "/allocations.csv", job_id);
  if (!report::file_exists(decisions))
    throw base::Error({directory, 0, 0, ""},
                      "this run was made without decisions.csv, which explanations are read from");
  const std::set<std::string> mates = queue_mates(directory, rows, story.job);
  Gatherer gatherer(story, mates);
  for_each_decision(decisions, [&](const DecisionRow& row) { gatherer.visit(row); });
  find_blockers(decisions, story.events);
  return story;
}

}  // namespace orrery::training
