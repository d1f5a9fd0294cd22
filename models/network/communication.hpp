// Which part of a job's iteration is communication, and by which plan: what turns a measured
// iteration time into traffic. Ours; the parts are those of a breakdown, the time is the measured.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "models/base/error.hpp"
#include "models/network/rings.hpp"
#include "models/network/traffic.hpp"
#include "models/throughput/throughput_table.hpp"

namespace orrery::models {

/// Parts of an iteration, 0..1: collectives within stages (tensor- and data-parallel together, as
/// breakdowns give them) and transfers between stages.
struct CommunicationShare {
  PlanShape plan;
  double within_stages = 0;
  double between_stages = 0;
};

/// The share of the fastest plan of each configuration.
class CommunicationTable {
 public:
  /// Keeps the plan with the smallest estimated seconds; the first of equals. Throws base::Error at
  /// `where` for parts that are not parts of it and for a plan that is not of the configuration's
  /// GPUs.
  void add(const TrainingTask& task, const std::string& gpu_type, Locality locality,
           const CommunicationShare& share, double estimated_seconds, const base::Where& where);

  /// The exact configuration; else as many GPUs of the type at any locality, the fewest nodes
  /// first; else the first larger size of the model's family, likewise.
  std::optional<CommunicationShare> find(const TrainingTask& task, std::string_view gpu_type,
                                         Locality locality) const;
  std::size_t rows() const { return shares_.size(); }

 private:
  struct Best {
    CommunicationShare share;
    double seconds = 0;
  };
  using Key = std::tuple<std::string, std::int64_t, std::string, std::int32_t, Locality>;
  std::optional<CommunicationShare> of_model(const std::string& model, std::int64_t batch,
                                             std::string_view gpu_type, Locality locality) const;

  std::map<Key, Best> shares_;
  std::map<std::string, std::vector<std::pair<double, std::string>>, std::less<>> families_;
};

/// Where no table has a share: all GPUs data-parallel, one ring, this part of the iteration.
CommunicationShare data_parallel_share(std::int32_t gpus, double part);

}  // namespace orrery::models
