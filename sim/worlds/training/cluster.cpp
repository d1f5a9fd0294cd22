#include "sim/worlds/training/cluster.hpp"

#include <utility>

#include "sim/worlds/training/job_life.hpp"

namespace orrery::training {

Cluster::Cluster(std::unique_ptr<JobLife> life) : life_(std::move(life)) {}

Cluster::~Cluster() = default;

void Cluster::observe(ClusterObserver observer) {
  life_->observers.push_back(std::move(observer));
}

void Cluster::observe_decisions(std::function<void(double)> observer) {
  life_->decision_observer = std::move(observer);
}

void Cluster::start() {
  life_->start();
}

bool Cluster::all_done() const {
  return life_->open_jobs == 0;
}

const ClusterCounts& Cluster::counts() const {
  return life_->counts;
}

std::span<const JobStatus> Cluster::status() const {
  return life_->status;
}

const Division& Cluster::division() const {
  return life_->division;
}

}  // namespace orrery::training
