// What a share of the fabric means for jobs that communicate part of the time: from max-min rates
// to iteration times. Ours.
#pragma once

#include <span>
#include <vector>

#include "models/network/traffic.hpp"

namespace orrery::models {

/// `contention: duty|always`.
///
/// always: a job's neighbours communicate all the time: its phases get their max-min share. The
///   longest phase's share is given, the job's others are slowed as much.
/// duty: job k communicates a part d_k of its time. On link l, while job j communicates, its share
/// s
///   solves  n_jl s + sum over k != j of d_k n_kl min(s, e_kl) = C_l,  where n is how often a link
///   is crossed and e_kl the rate to which k is held elsewhere: its smallest share on other links,
///   or what it has alone. r_j is the smallest share, d_k = (V_k / r_k) / T_k, all solved together,
///   starting from the max-min rates. A job's own phases follow each other and never contend.
///   Without the min neighbours would count in full on links where they are held elsewhere, which
///   is off by up to two times on oversubscribed uplinks.
enum class Contention { duty, always };

/// One job beside others. Jobs without phases contend with nobody and are not asked about.
struct SharedJob {
  const JobTraffic* traffic = nullptr;  ///< with at least one phase
  double max_min_rate = 0;  ///< of its longest phase, among the longest phases of all jobs
};

/// Seconds of one iteration of each job while all of them run, exactly
/// `alone_iteration_seconds` where a job meets nobody.
std::vector<double> shared_iteration_seconds(Contention contention, std::span<const SharedJob> jobs,
                                             std::span<const double> capacity);

/// How many rounds the last fixed point of `duty` took: for tests and benchmarks.
struct DutyRounds {
  int rounds = 0;
  bool converged = false;
};
std::vector<double> duty_iteration_seconds(std::span<const SharedJob> jobs,
                                           std::span<const double> capacity,
                                           DutyRounds* rounds = nullptr);

}  // namespace orrery::models
