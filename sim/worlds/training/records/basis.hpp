// What the speeds of a run rest on: its devices, calibrated or not, and what pruning changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orrery::training {

/// A profile's error, as fractions.
struct ErrorFigures {
  double median = 0, p90 = 0;
  bool operator==(const ErrorFigures&) const = default;
};

/// A GPU type whose speeds our estimator gives.
struct DeviceBasis {
  std::string type;
  bool calibrated = false;
  std::string rests_on;  ///< a sentence: the profile with its error, fitted costs, or data sheets
  /// Of a measured profile; empty where there is none.
  std::string profile, profile_sha256;
  std::string from_profile, from_data_sheets;  ///< parts of the costs
  std::optional<ErrorFigures> held_out_error;  ///< of matrix products
  bool operator==(const DeviceBasis&) const = default;
};

/// A pruned model on a GPU type, on as many GPUs as some job asks for, at their best locality.
struct PrunedBasis {
  std::string model, pruning;
  std::int64_t batch_samples = 0;
  std::string type;
  std::int32_t gpus = 0;
  std::optional<double> dense_iteration_seconds;   ///< absent: it cannot run there
  std::optional<double> pruned_iteration_seconds;  ///< likewise
  std::string rests_on;  ///< what the change rests on: a profile with its error, or a data sheet
  bool operator==(const PrunedBasis&) const = default;
};

}  // namespace orrery::training
