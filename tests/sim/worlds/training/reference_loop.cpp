#include "tests/sim/worlds/training/reference_loop.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <limits>
#include <stdexcept>

namespace reference {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

class Loop {
 public:
  Loop(const std::vector<Job>& jobs, int nodes, int gpus_per_node, std::string policy,
       const std::string& queue, std::string placement)
      : jobs_(jobs),
        per_node_(gpus_per_node),
        policy_(std::move(policy)),
        blocking_(queue == "blocking"),
        placement_(std::move(placement)),
        free_(static_cast<std::size_t>(nodes), gpus_per_node),
        out_(jobs.size()),
        left_(jobs.size()),
        ends_(jobs.size(), kNever),
        held_(jobs.size()) {
    for (std::size_t j = 0; j < jobs.size(); ++j) left_[j] = jobs[j].duration;
  }

  std::vector<Outcome> run() {
    std::size_t open = jobs_.size();
    while (open > 0) {
      now_ = next_instant();
      if (now_ == kNever) throw std::logic_error("jobs wait for ever");
      for (std::size_t j = 0; j < jobs_.size(); ++j) {
        if (ends_[j] != now_) continue;
        release(j);
        out_[j].finish = now_;
        active_.erase(std::find(active_.begin(), active_.end(), j));
        --open;
      }
      for (std::size_t j = 0; j < jobs_.size(); ++j)
        if (jobs_[j].submit == now_ && out_[j].finish < 0 && !known(j)) active_.push_back(j);
      std::sort(active_.begin(), active_.end());
      if (policy_ == "srtf")
        repick();
      else if (policy_ == "easy")
        backfill();
      else
        serve_queue();
      past_ = now_;
      started_ = true;
    }
    return out_;
  }

 private:
  bool known(std::size_t j) const {
    return std::find(active_.begin(), active_.end(), j) != active_.end();
  }
  bool running(std::size_t j) const { return ends_[j] != kNever; }
  double remaining(std::size_t j) const { return running(j) ? ends_[j] - now_ : left_[j]; }

  double next_instant() const {
    double next = kNever;
    for (std::size_t j = 0; j < jobs_.size(); ++j) {
      next = std::min(next, ends_[j]);
      const bool to_come = !started_ || jobs_[j].submit > past_;
      if (to_come) next = std::min(next, jobs_[j].submit);
    }
    return next;
  }

  int total_free() const {
    int sum = 0;
    for (const int f : free_) sum += f;
    return sum;
  }

  // One node with enough free GPUs: the fewest free, or the lowest index.
  int pick_node(int gpus, const std::vector<int>& free) const {
    int best = -1;
    for (int n = 0; n < static_cast<int>(free.size()); ++n) {
      const int f = free[static_cast<std::size_t>(n)];
      if (f < gpus) continue;
      if (best < 0 || (placement_ == "consolidated" && f < free[static_cast<std::size_t>(best)]))
        best = n;
    }
    return best;
  }

  bool start(std::size_t j) {
    std::vector<int> free = free_;
    std::vector<std::pair<int, int>> taken;
    const auto take = [&](int node, int gpus) {
      free[static_cast<std::size_t>(node)] -= gpus;
      taken.emplace_back(node, gpus);
    };
    int need = jobs_[j].gpus;
    if (placement_ == "pooled") {
      if (total_free() < need) return false;
      for (int n = 0; need > 0; ++n) {
        const int here = std::min(need, free[static_cast<std::size_t>(n)]);
        if (here > 0) take(n, here);
        need -= here;
      }
    } else {
      if (need > per_node_) {
        for (int n = 0; n < static_cast<int>(free.size()) && need >= per_node_; ++n)
          if (free[static_cast<std::size_t>(n)] == per_node_) {
            take(n, per_node_);
            need -= per_node_;
          }
        if (need >= per_node_) return false;
      }
      if (need > 0) {
        const int node = pick_node(need, free);
        if (node < 0) return false;
        take(node, need);
      }
    }
    free_ = free;
    held_[j] = taken;
    ends_[j] = now_ + left_[j];
    if (out_[j].start < 0) out_[j].start = now_;
    return true;
  }

  void release(std::size_t j) {
    for (const auto& [node, gpus] : held_[j]) free_[static_cast<std::size_t>(node)] += gpus;
    held_[j].clear();
    ends_[j] = kNever;
  }

  // In order of submission, those of one instant as they are listed.
  std::vector<std::size_t> waiting() const {
    std::vector<std::size_t> queue;
    for (const std::size_t j : active_)
      if (!running(j)) queue.push_back(j);
    std::stable_sort(queue.begin(), queue.end(), [&](std::size_t a, std::size_t b) {
      return jobs_[a].submit < jobs_[b].submit;
    });
    return queue;
  }

  void serve_queue() {
    std::vector<std::size_t> queue = waiting();
    if (policy_ == "sjf") {
      std::sort(queue.begin(), queue.end());
      std::stable_sort(queue.begin(), queue.end(), [&](std::size_t a, std::size_t b) {
        return jobs_[a].duration < jobs_[b].duration;
      });
    }
    for (const std::size_t j : queue)
      if (!start(j) && blocking_) break;
  }

  // By counts alone, as the textbook has it; only for the pooled placement.
  void backfill() {
    const std::vector<std::size_t> queue = waiting();
    std::size_t head = 0;
    while (head < queue.size() && start(queue[head])) ++head;
    if (head >= queue.size()) return;
    std::vector<std::pair<double, int>> ends;
    for (const std::size_t j : active_)
      if (running(j)) ends.emplace_back(ends_[j], jobs_[j].gpus);
    std::sort(ends.begin(), ends.end());
    int free_then = total_free();
    double shadow = now_;
    std::size_t i = 0;
    while (free_then < jobs_[queue[head]].gpus) {
      shadow = ends[i].first;
      for (; i < ends.size() && ends[i].first == shadow; ++i) free_then += ends[i].second;
    }
    int extra = free_then - jobs_[queue[head]].gpus;
    for (std::size_t q = head + 1; q < queue.size(); ++q) {
      const Job& job = jobs_[queue[q]];
      if (job.gpus > total_free()) continue;
      if (now_ + job.duration <= shadow) {
        start(queue[q]);
      } else if (job.gpus <= extra) {
        extra -= job.gpus;
        start(queue[q]);
      }
    }
  }

  void repick() {
    std::vector<std::size_t> order = active_;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return remaining(a) < remaining(b); });
    int quota = per_node_ * static_cast<int>(free_.size());
    std::vector<std::size_t> picked;
    std::vector<std::size_t> dropped;
    bool stopped = false;
    for (const std::size_t j : order) {
      if (!stopped && jobs_[j].gpus <= quota) {
        quota -= jobs_[j].gpus;
        picked.push_back(j);
      } else {
        if (blocking_) stopped = true;
        dropped.push_back(j);
      }
    }
    for (const std::size_t j : dropped)
      if (running(j)) {
        left_[j] = remaining(j);
        release(j);
      }
    for (const std::size_t j : picked)
      if (!running(j) && !start(j) && blocking_) break;
  }

  const std::vector<Job>& jobs_;
  int per_node_;
  std::string policy_;
  bool blocking_;
  std::string placement_;
  std::vector<int> free_;
  std::vector<Outcome> out_;
  std::vector<double> left_;
  std::vector<double> ends_;
  std::vector<std::vector<std::pair<int, int>>> held_;
  std::vector<std::size_t> active_;
  double now_ = 0;
  double past_ = 0;
  bool started_ = false;
};

}  // namespace

std::vector<Outcome> simulate(const std::vector<Job>& jobs, int nodes, int gpus_per_node,
                              const std::string& policy, const std::string& queue,
                              const std::string& placement) {
  return Loop(jobs, nodes, gpus_per_node, policy, queue, placement).run();
}

std::vector<Job> read_philly(const std::string& path, const std::string& virtual_cluster,
                             std::size_t limit) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) throw std::logic_error("cannot read " + path);
  std::vector<Job> jobs;
  char line[512];
  gzgets(file, line, sizeof line);  // the header
  double zero = 0;
  while (jobs.size() < limit && gzgets(file, line, sizeof line) != nullptr) {
    std::tm when{};
    double duration = 0;
    int gpus = 0;
    char vc[64] = {};
    const int fields =
        std::sscanf(line, "%d-%d-%d %d:%d:%d,%lf,%d,%63[^\n\r]", &when.tm_year, &when.tm_mon,
                    &when.tm_mday, &when.tm_hour, &when.tm_min, &when.tm_sec, &duration, &gpus, vc);
    if (fields != 9) throw std::logic_error(std::string("unexpected row ") + line);
    if (virtual_cluster != vc) continue;
    when.tm_year -= 1900;
    when.tm_mon -= 1;
    const auto seconds = static_cast<double>(timegm(&when));
    if (jobs.empty()) zero = seconds;
    jobs.push_back({seconds - zero, gpus, duration});
  }
  gzclose(file);
  return jobs;
}

}  // namespace reference
