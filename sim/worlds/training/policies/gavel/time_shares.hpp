// The shares of time that Gavel gives each job on each GPU type.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "models/optimize/linear_program.hpp"

namespace orrery::policies::gavel {

/// What the program knows of a job.
struct Claimant {
  std::vector<double> throughput;  ///< samples per second by GPU type; 0: cannot run there
  std::int32_t gpus = 0;
};

/// Solves a program; nothing where it gives up.
using Solve = std::function<std::optional<models::ProgramResult>(const models::LinearProgram&)>;

/// X_mj, the fraction of time of job m on type j, for `room` GPUs by type. Published (Narayanan et
/// al., OSDI'20): sum_j X_mj <= 1, sum_m gpus_m X_mj <= room_j; `fair` maximises the least
/// throughput(m, X) / throughput(m, equal shares) x gpus_m, else the sum of throughputs is
/// maximised. Ours: among the fair optima the one with the largest sum of normalised throughputs;
/// jobs with the same GPUs and throughputs get equal shares from one set of variables. That loses
/// nothing, since the mean of their shares in any solution is as good, and the size of the program
/// follows the number of different jobs, not the length of the queue. Nothing where the solver
/// gives up.
std::optional<std::vector<std::vector<double>>> time_shares(const std::vector<Claimant>& claimants,
                                                            const std::vector<double>& room,
                                                            bool fair, const Solve& solve);

}  // namespace orrery::policies::gavel
