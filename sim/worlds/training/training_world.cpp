#include "sim/worlds/training/training_world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "sim/worlds/training/arena/arena_arrivals.hpp"
#include "sim/worlds/training/arena/arena_throughput.hpp"
#include "sim/worlds/training/options/result_basis.hpp"
#include "sim/worlds/training/records/basis_tables.hpp"
#include "sim/worlds/training/scheduler.hpp"

namespace orrery::training {

namespace {

workloads::TrainingWorkload workload_of(const TrainingOptions& options,
                                        const platform::Platform& platform, std::uint64_t seed) {
  if (platform.inventory.gpus == 0)
    throw base::Error(platform.config.nodes_where, "no node has a GPU, which training jobs need");
  if (options.virtual_clusters == VirtualClusters::partition)
    check_virtual_clusters(platform.inventory, platform.config.nodes_where);
  workloads::TrainingWorkload workload = make_workload(options.workload, seed);
  // Jobs are numbered in order of submission, those of one instant as their file has them: whatever
  // goes by a job's number goes by that.
  // The arena's rules go by the file.
  constexpr auto kSubmit = &workloads::TrainingJob::submit_seconds;
  if (!options.rules.arena && !std::ranges::is_sorted(workload.jobs, {}, kSubmit))
    std::ranges::stable_sort(workload.jobs, {}, kSubmit);
  if (options.rules.arena && options.rules.arena->early_arrivals)
    arena::serve_early(workload, options.round_seconds);
  return workload;
}

/// The source of answers from a table of measurements: the arena's rules round what they read.
MeasuredSource measured_source(const TrainingOptions& options) {
  if (!options.rules.arena || !options.rules.arena->rounded_throughputs) return {};
  return
      [](std::shared_ptr<const models::ThroughputTable> table, const models::MeasuredRules& rules) {
        return std::make_shared<arena::ArenaThroughput>(std::move(table), rules);
      };
}

/// What estimates rest on: of speeds where the options have an estimator, of communication on every
/// shared fabric where they have throughputs at all. Null: nothing is estimated.
std::shared_ptr<const EstimatorDevices> devices_of(const TrainingOptions& options,
                                                   const platform::Platform& platform) {
  if (!options.throughput) return nullptr;
  if (!options.throughput->estimator && !platform.shares) return nullptr;
  EstimatorChoice estimator = options.throughput->estimator.value_or(EstimatorChoice{});
  estimator.nic_bytes_per_second = platform.config.fabric.nic_bytes_per_second;
  return read_devices(estimator, platform.inventory);
}

TrainingClusterConfig config_of(const TrainingOptions& options, const platform::Platform& platform,
                                const std::shared_ptr<const EstimatorDevices>& devices) {
  TrainingClusterConfig config = options.training_cluster(platform.config);
  if (platform.shares && devices)
    config.communication.estimate = make_communication_estimate(devices);
  return config;
}

/// Puts a job without an end before the others for each replica that the policy is to place: it
/// asked first. Throws base::Error where a job of the workload has its name.
std::vector<platform::Guest> take_guests(platform::Platform& platform, const std::string& name,
                                         const TrainingOptions& options,
                                         workloads::TrainingWorkload& workload) {
  std::vector<platform::Guest> guests = platform.guests.take(name);
  if (!guests.empty() && options.virtual_clusters == VirtualClusters::partition)
    throw base::Error({}, fmt::format("'{}' divides its nodes by virtual clusters and cannot place "
                                      "{}, which belongs to none; take 'virtual_clusters: ignore'",
                                      name, guests.front().name));
  std::vector<workloads::TrainingJob> replicas;
  for (const platform::Guest& guest : guests) {
    const auto same = std::ranges::find(workload.jobs, guest.name, &workloads::TrainingJob::id);
    if (same != workload.jobs.end())
      throw base::Error({workload.source, static_cast<int>(same->line), 0, ""},
                        fmt::format("job {} has the name of a replica that '{}' is to place; give "
                                    "the service another name",
                                    guest.name, name));
    workloads::TrainingJob& job = replicas.emplace_back();
    job.id = guest.name;
    job.submit_seconds = guest.submit_seconds;
    job.gpus = guest.gpus;
    job.duration_seconds = std::numeric_limits<double>::infinity();
    job.endless = true;
  }
  workload.jobs.insert(workload.jobs.begin(), replicas.begin(), replicas.end());
  return guests;
}

}  // namespace

TrainingWorld::TrainingWorld(const TrainingOptions& options, platform::Platform& platform,
                             const world::Settings& settings, std::optional<double> horizon_seconds)
    : options_(options),
      platform_(platform),
      holder_(platform.ledger.add_holder(settings.name)),
      workload_(workload_of(options, platform, settings.seed)),
      jobs_(workload_.jobs.size()),
      guests_(take_guests(platform, settings.name, options, workload_)),
      devices_(devices_of(options, platform)),
      throughputs_(make_throughputs(options.throughput, workload_, platform.inventory, devices_,
                                    measured_source(options), options.policy.decide_with)),
      basis_(speed_basis(options.throughput, workload_, platform.inventory, throughputs_,
                         devices_.get())) {
  check_throughputs(options_, workload_, any_throughput());
  if (options_.rules.arena && !guests_.empty())
    throw base::Error(options_.rules.where,
                      "the arena's rules place no replicas of other worlds; "
                      "take 'rules: exact'");
  const auto make_policy = [this] { return options_.policy.make(); };
  if (options_.rules.arena) {
    auto cluster = std::make_unique<arena::ArenaCluster>(platform, holder_,
                                                         options_.arena_cluster(horizon_seconds),
                                                         workload_, make_policy(), *throughputs_);
    // Else they stay pending, as in the artifact.
    if (options_.on_oversized_job == OversizedJob::reject) cluster->reject_unstartable(make_policy);
    cluster_ = std::move(cluster);
  } else {
    cluster_ = std::make_unique<TrainingCluster>(
        platform, holder_, config_of(options_, platform, devices_), workload_, make_policy,
        throughputs_ ? &*throughputs_ : nullptr, std::move(guests_));
  }
}

TrainingWorld::~TrainingWorld() = default;

std::string TrainingWorld::contents() const {
  std::string text = fmt::format("{} job{}", jobs_, jobs_ == 1 ? "" : "s");
  if (workload_.skipped_rows > 0)
    text += fmt::format(" ({} bad rows skipped)", workload_.skipped_rows);
  return text;
}

bool TrainingWorld::any_throughput() const {
  if (!throughputs_) return false;
  return !std::ranges::all_of(throughputs_->task_of, &models::TaskId::is_none);
}

/// Which GPUs which jobs may use, and what of them other worlds hold.
Pools TrainingWorld::pools() const {
  const platform::Ledger& ledger = platform_.ledger;
  const Division& division = cluster_->division();
  if (division.schedulers.size() == 1)
    return {{}, {}, [this](std::uint32_t, platform::TypeId type) {
              return platform_.ledger.held_by_others_milli(holder_, type);
            }};
  Pools pools{division.scheduler_of_node, division.scheduler_of_job, {}};
  if (ledger.holders() == 1) return pools;
  pools.others_milli = [this](std::uint32_t pool, platform::TypeId type) {
    const platform::Ledger& holds = platform_.ledger;
    const std::vector<std::uint32_t>& pool_of = cluster_->division().scheduler_of_node;
    std::int64_t milli = 0;
    for (std::size_t n = 0; n < pool_of.size(); ++n) {
      if (pool_of[n] != pool || platform_.inventory.nodes[n].type != type) continue;
      for (std::size_t h = 0; h < holds.holders(); ++h)
        if (platform::HolderId(h) != holder_)
          milli += holds.held_milli(platform::HolderId(h), platform::NodeId(n));
    }
    return milli;
  };
  return pools;
}

void TrainingWorld::record(const world::Records& records) {
  RecordOptions files;
  files.allocations = options_.records.allocations;
  files.timeline = options_.records.timeline;
  files.decisions = options_.records.decisions;
  files.sharing = platform_.shares != nullptr;
  files.trace = options_.records.trace && records.trace;
  recorder_ =
      std::make_unique<RunRecorder>(files, platform_.inventory, workload_, records.folder, pools());
  cluster_->observe(recorder_->observer());
  cluster_->observe_decisions([this](double seconds) { recorder_->decision_took(seconds); });
}

void TrainingWorld::start() {
  cluster_->start();
}

double TrainingWorld::fraction_done() const {
  const ClusterCounts& counts = cluster_->counts();
  const auto done = counts.finished + counts.rejected + counts.failed;
  return static_cast<double>(done) / static_cast<double>(jobs_);
}

bool TrainingWorld::open() const {
  return !cluster_->all_done();
}

world::Section TrainingWorld::finish(const world::Ending& ending) {
  world::Section section = recorder_->finish(ending.seconds, ending.cut, cluster_->counts());
  put_basis(section, basis_.devices, basis_.pruned);
  for (std::string& note : basis_notes(options_, any_throughput(), recorder_->totals().restarts))
    section.notes.push_back(std::move(note));
  return section;
}

std::string TrainingWorld::left_undone() const {
  const std::uint64_t stuck = recorder_->totals().jobs.unfinished;
  if (stuck == 0) return {};
  return fmt::format("{} of {} jobs could never run to their end (jobs.csv shows which)", stuck,
                     recorder_->totals().jobs.submitted);
}

}  // namespace orrery::training
