// Measured iteration times by model, batch, GPU type and locality, as readers in `traces/` fill it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "models/base/error.hpp"
#include "models/throughput/throughput_source.hpp"

namespace orrery::models {

/// `bert__1.3B` is size 1.3e9 of the family `bert`; a model without a size is a family of its own.
struct ModelName {
  std::string family;
  double parameters = 0;  ///< 0: the name tells no size
};
ModelName parse_model_name(std::string_view model);

/// A measurement of one batch.
struct BatchRow {
  std::int64_t batch_samples = 0;
  double iteration_seconds = 0;
};

/// One row of a table.
struct MeasuredIteration {
  TrainingTask task;
  std::string gpu_type;
  Locality locality;
  double iteration_seconds = 0;  ///< infinity: cannot run
};

class ThroughputTable {
 public:
  /// Adds a measurement; infinity says that the configuration was tried and cannot run. Throws
  /// base::Error at `where` for a configuration given twice and for seconds that are NaN, zero or
  /// negative.
  void add(const TrainingTask& task, const std::string& gpu_type, Locality locality,
           double iteration_seconds, const base::Where& where);

  /// The measured seconds of exactly this configuration; nullopt where there is no row.
  std::optional<double> find(const TrainingTask& task, std::string_view gpu_type,
                             Locality locality) const;
  /// The measured batches next to one that has no row: the largest below and the smallest above it
  /// that can run, of this model on exactly this configuration, whichever there is.
  struct Neighbours {
    std::optional<BatchRow> below, above;
  };
  Neighbours around(const TrainingTask& task, std::string_view gpu_type, Locality locality) const;
  /// The larger sizes of the model's family, ascending.
  std::vector<std::string> larger_sizes(const std::string& model) const;
  std::size_t rows() const { return seconds_.size(); }
  /// All rows, sorted by model, batch, GPU type and locality.
  std::vector<MeasuredIteration> measurements() const;
  /// All models with a row, sorted by name.
  std::vector<std::string> models() const;

 private:
  using Key = std::tuple<std::string, std::int64_t, std::string, Locality>;
  std::map<Key, double> seconds_;
  /// The same rows by batch, those that can run, for `around`.
  using Configuration = std::tuple<std::string, std::string, Locality>;
  std::map<Configuration, std::map<std::int64_t, double>> batches_;
  std::map<std::string, std::vector<std::pair<double, std::string>>, std::less<>> families_;
};

}  // namespace orrery::models
