#include "sim/worlds/training/toolkit/pending_queue.hpp"

#include <algorithm>
#include <cassert>

namespace orrery::training {

void PendingQueue::insert(JobId job, DemandId demand, double key) {
  if (classes_.size() <= demand.index()) classes_.resize(demand.index() + 1);
  auto& members = classes_[demand.index()];
  if (members.empty())
    occupied_.insert(std::lower_bound(occupied_.begin(), occupied_.end(), demand.index()),
                     demand.index());
  members.emplace(key, job);
  ++size_;
}

void PendingQueue::erase(JobId job, DemandId demand, double key) {
  auto& members = classes_[demand.index()];
  [[maybe_unused]] const auto erased = members.erase({key, job});
  assert(erased == 1);
  --size_;
  if (members.empty())
    occupied_.erase(std::lower_bound(occupied_.begin(), occupied_.end(), demand.index()));
}

bool PendingQueue::Walk::later(const Head& a, const Head& b) {
  return std::pair(a.key, a.job) > std::pair(b.key, b.job);
}

PendingQueue::Walk::Walk(PendingQueue& queue) : queue_(queue), heads_(queue.heads_) {
  heads_.clear();
  for (const std::size_t demand : queue.occupied_) {
    const auto first = queue.classes_[demand].begin();
    heads_.push_back({first->first, first->second, demand, first});
  }
  std::make_heap(heads_.begin(), heads_.end(), later);
}

void PendingQueue::Walk::replace_front(Members::iterator next) {
  std::pop_heap(heads_.begin(), heads_.end(), later);
  Head& head = heads_.back();
  if (next == queue_.classes_[head.demand].end()) {
    heads_.pop_back();
    return;
  }
  head.key = next->first;
  head.job = next->second;
  head.at = next;
  std::push_heap(heads_.begin(), heads_.end(), later);
}

void PendingQueue::Walk::pass() {
  replace_front(std::next(heads_.front().at));
}

void PendingQueue::Walk::take() {
  const Head head = heads_.front();
  replace_front(std::next(head.at));
  queue_.erase(head.job, DemandId(head.demand), head.key);
}

void PendingQueue::Walk::drop_class() {
  std::pop_heap(heads_.begin(), heads_.end(), later);
  heads_.pop_back();
}

}  // namespace orrery::training
