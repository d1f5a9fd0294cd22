// What a calibration may change in device costs, and what it starts from.
#pragma once

#include <cstddef>
#include <vector>

#include "models/hardware/gpu_catalog.hpp"
#include "models/training/calibration.hpp"
#include "models/training/device_costs.hpp"

namespace orrery::models {

/// Costs to start a fit from: those of the data sheet in the form that fits use, where light
/// kernels that move memory add to heavy ones that compute instead of hiding behind them (ours).
/// Plain fp32 instead of tf32 for 4-byte models, and half of it on GPUs whose second fp32 pipe is
/// shared with integers (Ampere's small chips, Ada, Hopper).
DeviceCosts calibration_prior(const GpuType& gpu);

/// Takes the links from measured all-reduces: in the node the largest node-wide group, across
/// nodes the group of all GPUs of two nodes, each by its largest buffer. Links that were not
/// measured stay as they are.
void take_links(DeviceCosts& device, const CollectiveTable& measured);

/// The coefficients of a fit to iteration times of searched plans (Alpa): for each device the
/// rates of 2-byte and 4-byte kernels, both links, memory traffic and the cost of gradient
/// synchronisation; shared by all devices the traffic once more, the small-batch penalty of
/// convolutions, launch, step and transfer overheads, the loss per doubling of tensor parallelism,
/// and the slowdown per node.
std::vector<Coefficient> searched_plan_coefficients(const std::vector<DeviceCosts>& devices);

/// Costs to start a fit of Megatron runs from: as above without what searched plans need, with the
/// host's time to issue a layer as a floor under short layers and one card for each GPU of a node.
DeviceCosts megatron_prior(const GpuType& gpu);

/// The coefficients of a fit to Megatron runs on one device: rates of layers and of the head,
/// traffic, launch and issue of layers, links, steps and synchronisation, transfers between stages
/// and host work per iteration.
std::vector<Coefficient> megatron_coefficients();

}  // namespace orrery::models
