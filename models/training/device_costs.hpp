// What a device and its links cost: the numbers that a fit or a data sheet supplies.
//
// DeviceCosts is the only thing that a calibration or a profile changes. Everything else in
// models/training is a fixed form of it, so a fit sets fields here and calls estimate().
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "models/hardware/gpu_catalog.hpp"
#include "models/profile/profile.hpp"
#include "models/training/collective_table.hpp"
#include "models/training/collectives.hpp"
#include "models/training/product_prices.hpp"
#include "models/zoo/model_description.hpp"

namespace orrery::models {

/// How far kernels of one kind get on a device. The time of one layer for one micro-batch on one
/// rank, forward, with n samples, F flops, M bytes of traffic and W bytes of weights read (F and W
/// divided by tp, M but for the replicated share r, which every rank moves unless the plan is
/// sequence-parallel):
///   computing  c = (F + half_flops) (1 + half_samples / n) / (flop_efficiency P)
///   moving     m = (M + W) / (traffic_efficiency B)
///   time       layer_seconds + max(least_layer_seconds, max(c, m) + (1 - o) min(c, m))
/// P, B: peaks of DeviceCosts for the model's number format; o: traffic_overlap. With o = 1 this is
/// the roofline of one kernel; with 0 the sum over a layer of heavy kernels that compute and light
/// ones that move (ours).
struct KindCosts {
  double flop_efficiency = 0.5;
  double traffic_efficiency = 0.7;
  double half_flops = 0;           ///< flops of one layer at which half the efficiency is reached
  double half_samples = 0;         ///< samples of a micro-batch at which half of it is reached
  double layer_seconds = 0;        ///< launch overhead of one layer for one micro-batch
  double least_layer_seconds = 0;  ///< what the host needs to issue a layer, however small
  double traffic_overlap = 1;      ///< o, share of the lesser of both that the greater hides
  double replicated_traffic = 0;   ///< r, share of M that tensor parallelism does not divide
  double backward_ratio = 2;       ///< backward compute over forward compute
  double tp_efficiency_per_doubling = 1;  ///< efficiency left when tp doubles
};

/// A measured profile that stands behind some of a device's costs.
struct ProfileUse {
  std::string file;         ///< name without a folder
  std::string sha256;       ///< of the profile's bytes
  std::string parts;        ///< what of the costs it supplied, for people
  std::string data_sheets;  ///< what still rests on data sheets
  MeasuredBy measured_by = MeasuredBy::us;
  std::optional<ErrorSpread> held_out;  ///< of matrix products; absent: the profile has none
  /// Whether pruned products were measured: else what gathered rows lose is a usual value.
  bool pruned_measured = false;
  std::optional<ErrorSpread> reduction;  ///< of KindCosts against the prices of known products
};

/// Everything that depends on the device, not on the model or the plan.
struct DeviceCosts {
  std::string gpu_type;
  double memory_bytes = 0;
  double usable_memory_fraction = 0.8;  ///< XLA's share (docs/systems/crius.md, "Memory check")
  double half_flops_per_second = 0;     ///< peak of 2-byte formats
  double single_flops_per_second = 0;   ///< peak of 4-byte formats
  double memory_bytes_per_second = 0;
  std::array<KindCosts, kLayerKinds> kinds{};
  LinkCosts in_node;
  LinkCosts across_nodes;                     ///< per node: its network card
  const CollectiveTable* measured = nullptr;  ///< not owned; null: alpha-beta only
  double intra_stage_factor = 1;              ///< on all collectives of tensor parallelism
  double sync_factor = 1;                     ///< on gradient synchronisation
  double sync_overlap = 0;  ///< share of gradient synchronisation hidden behind backward
  double update_bytes_per_parameter = 28;  ///< traffic of an Adam step in mixed precision
  double iteration_seconds = 0;            ///< host work once per iteration
  double send_seconds = 0;   ///< host work of one transfer between stages, never hidden
  double node_slowdown = 0;  ///< what each node after the first adds to an iteration, as a share
  double runtime_memory_bytes = 0;     ///< what the framework takes on each GPU
  bool calibrated = false;             ///< whether a measurement stands behind the efficiencies
  std::string source = "data sheets";  ///< what the numbers rest on, for reports
  std::optional<ProfileUse> profile;   ///< the profile that use_profile took over
  /// What matrix products cost. Measured, they say what layers compute in place of flop_efficiency
  /// and its companions; those of a data sheet only what pruning changes; null: it changes no time.
  /// Shared by copies of the device.
  std::shared_ptr<const ProductPrices> products;
};

/// Costs from the hardware catalog alone: usual efficiencies (ours), links from the data sheet,
/// marked uncalibrated.
DeviceCosts data_sheet_costs(const GpuType& gpu);

/// Takes over a measured table: collectives it has are read from it, and the links behind the
/// alpha-beta forms are set from its largest all-reduce in one node and across the fewest nodes
/// (bus bandwidth: 2(k-1)/k bytes over seconds; alpha from the smallest buffer). `table` must
/// outlive `costs`; null takes nothing over.
void use_measured_collectives(DeviceCosts& costs, const CollectiveTable* table);

/// The peak that applies to a model's number format.
double peak_flops_per_second(const DeviceCosts& device, const ModelDescription& model);

/// Seconds of a collective on that device: measured where its table has it, else alpha-beta.
double collective_seconds(const DeviceCosts& device, CollectiveOp op, const GroupShape& group,
                          double bytes);

}  // namespace orrery::models
