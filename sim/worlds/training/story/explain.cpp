#include "sim/worlds/training/story/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/numbers.hpp"
#include "sim/report/human_time.hpp"
#include "sim/worlds/training/story/job_story.hpp"

namespace orrery::training {

namespace {

std::string number(double value) {
  return base::format_shortest(value);
}

std::string gpus(double count) {
  return count == 1 ? "1 GPU" : fmt::format("{} GPUs", number(count));
}

std::string was_free(double count) {
  if (count == 0) return "none was free";
  return count == 1 ? "1 was free" : fmt::format("{} were free", number(count));
}

std::string counted(std::size_t count, const char* one, const char* many) {
  return count == 1 ? fmt::format("1 {}", one) : fmt::format("{} {}", count, many);
}

/// `3:8;4:2` as `node 3 (8 GPUs) and node 4 (2 GPUs)`; long lists are cut.
std::string nodes_text(const std::string& nodes) {
  constexpr std::size_t kNamed = 4;
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < nodes.size();) {
    const std::size_t end = std::min(nodes.find(';', at), nodes.size());
    const std::string part = nodes.substr(at, end - at);
    const std::size_t colon = part.find(':');
    const auto count =
        colon == std::string::npos ? std::nullopt : base::parse_double(part.substr(colon + 1));
    parts.push_back(count ? fmt::format("node {} ({})", part.substr(0, colon), gpus(*count))
                          : "node " + part);
    at = end + 1;
  }
  std::string out;
  for (std::size_t i = 0; i < std::min(parts.size(), kNamed); ++i) {
    const bool last = i + 1 == parts.size();
    out += i == 0 ? "" : last ? " and " : ", ";
    out += parts[i];
  }
  if (parts.size() > kNamed) out += fmt::format(" and {} more nodes", parts.size() - kNamed);
  return out;
}

/// A sentence of a reason with the words of a decision in its places.
std::string told(std::string_view sentence, Reason reason, const DecisionRow& row,
                 double free_gpus) {
  const std::string other =
      row.because_of.empty() ? std::string(reason.text().unnamed) : "job " + row.because_of;
  return fmt::format(fmt::runtime(sentence), fmt::arg("other", other),
                     fmt::arg("gpus", gpus(row.gpus)), fmt::arg("free", was_free(free_gpus)),
                     fmt::arg("time", report::instant_text(row.value)));
}

std::string wait_text(const StoryEvent& event) {
  const DecisionRow& row = event.row;
  const Reason reason = row.why();
  if (reason.text().waits.empty()) return "the reason recorded is " + row.reason;
  std::string text = told(reason.text().waits, reason, row, row.free_gpus);
  if (reason != Reason::behind || !event.blocker) return text;
  // What was free is told of the time at which ours began to wait behind it.
  const DecisionRow& blocker = *event.blocker;
  const double free_gpus =
      blocker.time_seconds == row.time_seconds ? blocker.free_gpus : row.free_gpus;
  const Reason why = blocker.why();
  return text + told(why.text().blocks, why, blocker, free_gpus);
}

/// Why something was done; empty when nothing is recorded.
std::string reason_text(const DecisionRow& row) {
  const Reason reason = row.why();
  return told(reason.text().done, reason, row, row.free_gpus);
}

/// Words the story event by event, keeping where the job stands.
class Teller {
 public:
  explicit Teller(const JobStory& story)
      : story_(story), pending_since_(story.job.submit_seconds) {}

  std::string tell() {
    const JobRow& job = story_.job;
    const DecisionRow* held = story_.held_back ? &*story_.held_back : nullptr;
    if (job.state == "not_submitted" && held != nullptr) {
      say(fmt::format(
          "Job {} was to ask for {} at {}, and was held back until job {} should have ended; the "
          "simulation ended before.",
          job.id, gpus(job.gpus), report::instant_text(held->time_seconds), held->because_of));
      return text_;
    }
    if (job.state == "not_submitted") {
      say(fmt::format("Job {} was to ask for {} at {}; the simulation ended before.", job.id,
                      gpus(job.gpus), report::instant_text(job.submit_seconds)));
      return text_;
    }
    if (held != nullptr)
      say(fmt::format("Job {} was to ask for {} at {}, and was held back after job {}.", job.id,
                      gpus(job.gpus), report::instant_text(held->time_seconds), held->because_of));
    say(fmt::format("Job {} asked for {} at {}.", job.id, gpus(job.gpus),
                    report::instant_text(job.submit_seconds)));
    for (const StoryEvent& event : story_.events) tell(event);
    tell_end();
    return text_;
  }

 private:
  void say(const std::string& sentence) { text_ += sentence + '\n'; }

  void tell(const StoryEvent& event) {
    const std::string& kind = event.row.kind;
    if (kind == "waits")
      waits_.push_back(&event);
    else if (event.row.is_start())
      tell_start(event);
    else if (kind == "preempted")
      tell_stop(event, fmt::format("it was preempted{}", because(event.row)));
    else if (kind == "interrupted" || kind == "failed")
      tell_failure(event);
    else if (kind == "changed")
      tell_change(event);
    else if (kind == "rejected")
      say("It was rejected: it asks for what this cluster and its policy can never give it.");
    else if (kind == "dropped")
      tell_drop(event.row);
  }

  static std::string because(const DecisionRow& row) {
    const std::string reason = reason_text(row);
    return reason.empty() ? "" : ": " + reason;
  }

  /// The wait that ends at `until`, and its reasons.
  void tell_wait(double until) {
    const std::string length = report::duration_text(until - pending_since_);
    if (waits_.size() == 1 && waits_.front()->row.time_seconds == pending_since_) {
      say(fmt::format("It waited {}: {}.", length, wait_text(*waits_.front())));
    } else {
      say(fmt::format("It waited {}{}", length, waits_.empty() ? "." : ":"));
      tell_reasons();
    }
    waits_.clear();
  }

  void tell_reasons() {
    constexpr std::size_t kTold = 6;
    for (std::size_t i = 0; i < std::min(waits_.size(), kTold); ++i)
      say(fmt::format("  from {}: {};", report::instant_text(waits_[i]->row.time_seconds),
                      wait_text(*waits_[i])));
    if (waits_.size() > kTold)
      say(fmt::format("  and {} more changes of the reason;", waits_.size() - kTold));
    if (!waits_.empty()) text_.replace(text_.size() - 2, 2, ".\n");
  }

  void tell_start(const StoryEvent& event) {
    const DecisionRow& row = event.row;
    const bool resumed = row.kind == "resumed";
    const bool waited = row.time_seconds > pending_since_;
    if (waited) tell_wait(row.time_seconds);
    if (waited && event.other_starts > 0)
      say(fmt::format("Meanwhile other jobs were started {}.",
                      counted(event.other_starts, "time", "times")));
    waits_.clear();
    std::string sentence = fmt::format("It {} at {}{} on {}{}", resumed ? "resumed" : "started",
                                       waited ? report::instant_text(row.time_seconds) : "once",
                                       instead(row), nodes_text(row.nodes), because(row));
    if (row.value > 0)
      sentence += fmt::format("; restarting {} {}", took(event), report::duration_text(row.value));
    say(sentence + ".");
    running_since_ = row.time_seconds;
    nodes_ = row.nodes;
    gpus_ = row.gpus;
  }

  void tell_stop(const StoryEvent& event, const std::string& what) {
    say(fmt::format("At {}, after {} on {}, {}.", report::instant_text(event.row.time_seconds),
                    report::duration_text(event.row.time_seconds - running_since_),
                    nodes_text(event.row.nodes), what));
    pending_since_ = event.row.time_seconds;
  }

  void tell_failure(const StoryEvent& event) {
    std::string what = event.failed_node.empty() ? std::string("a node of it failed")
                                                 : fmt::format("node {} failed", event.failed_node);
    what += fmt::format(" and {} of its work was lost",
                        event.row.value > 0 ? report::duration_text(event.row.value) : "none");
    if (event.row.kind == "failed")
      what += "; that was one failure more than its retries allow, so it was given up";
    tell_stop(event, what);
  }

  void tell_drop(const DecisionRow& row) {
    if (row.time_seconds > pending_since_) tell_wait(row.time_seconds);
    waits_.clear();
    say(fmt::format("At {} it was given up{}.", report::instant_text(row.time_seconds),
                    because(row)));
  }

  /// Whether what a start or change costs was paid, or the job was stopped before.
  const char* took(const StoryEvent& event) const {
    const auto next = std::find_if(
        story_.events.begin() + (&event - story_.events.data()) + 1, story_.events.end(),
        [](const StoryEvent& later) { return later.row.kind != "waits"; });
    const bool paid = next == story_.events.end() ||
                      next->row.time_seconds >= event.row.time_seconds + event.row.value;
    return paid ? "took" : "was to take";
  }

  void tell_change(const StoryEvent& event) {
    const DecisionRow& row = event.row;
    const bool resized = row.gpus != gpus_;
    const std::string before = type_of(nodes_);
    const std::string after = type_of(row.nodes);
    const bool other_type = before != after && !before.empty() && !after.empty();
    std::string what;
    if (resized)
      what = fmt::format("it {} from {} to {}", row.gpus < gpus_ ? "shrank" : "grew", number(gpus_),
                         gpus(row.gpus));
    if (other_type)
      what += fmt::format("{} from {} to {}", resized ? " and moved" : "it moved", before, after);
    what += what.empty() ? "it moved" : ", going";
    std::string sentence =
        fmt::format("At {} {} from {} to {}{}", report::instant_text(row.time_seconds), what,
                    nodes_text(nodes_), nodes_text(row.nodes), because(row));
    if (row.value > 0)
      sentence += fmt::format("; {} {} {}", resized || other_type ? "that" : "moving", took(event),
                              report::duration_text(row.value));
    say(sentence + ".");
    nodes_ = row.nodes;
    gpus_ = row.gpus;
    running_since_ = row.time_seconds;
  }

  /// The GPU type of `3:8;4:2`; empty where the nodes differ or nothing is recorded.
  std::string type_of(const std::string& nodes) const {
    std::string type;
    for (std::size_t at = 0; at < nodes.size();
         at = std::min(nodes.find(';', at), nodes.size() - 1) + 1) {
      const auto found = story_.type_of_node.find(nodes.substr(at, nodes.find(':', at) - at));
      if (found == story_.type_of_node.end() || (!type.empty() && type != found->second)) return {};
      type = found->second;
    }
    return type;
  }

  /// What a start got, where that is not what the job asked for.
  std::string instead(const DecisionRow& row) const {
    if (row.gpus == story_.job.gpus) return {};
    return fmt::format(" with {} instead of {}", gpus(row.gpus), number(story_.job.gpus));
  }

  void tell_end() {
    const JobRow& job = story_.job;
    if (job.finished()) {
      const double wait = *job.wait_seconds;
      const double completion = *job.finish_seconds - job.submit_seconds;
      say(fmt::format("It finished at {}, {} after it was submitted: {} waiting, {} on GPUs.",
                      report::instant_text(*job.finish_seconds), report::duration_text(completion),
                      report::duration_text(wait), report::duration_text(completion - wait)));
    } else if (job.state == "running") {
      say("It was still running when the simulation ended.");
    } else if (job.state == "pending") {
      tell_unended_wait();
    }
  }

  void tell_unended_wait() {
    say(waits_.empty() ? "It was still waiting when the simulation ended."
                       : "It was still waiting when the simulation ended:");
    tell_reasons();
  }

  const JobStory& story_;
  std::string text_;
  std::vector<const StoryEvent*> waits_;
  double pending_since_;
  double running_since_ = 0;
  double gpus_ = 0;  // of the run in hand
  std::string nodes_;
};

}  // namespace

std::string explain(const std::string& directory, const std::string& job_id) {
  return Teller(read_job_story(directory, job_id)).tell();
}

}  // namespace orrery::training
