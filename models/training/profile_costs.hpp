// From a device's measured profile to what the estimator takes for the device.
//
// Everything here is ours. What a profile has replaces what data sheets say, part by part:
//
//   gemm       what transformers, mixtures of experts and heads compute: the profile's cost model
//              prices their real products (ProductPrices). For layers of which only sums are known,
//              KindCosts' form, seconds = (F + half_flops) / (flop_efficiency P), is fitted to the
//              prices of all such layers of the zoo, 1 to 16 samples on 1 to 8 ranks, by least
//              squares of relative errors; ProfileUse::reduction is the error of that step.
//              Convolutions keep the data sheet's efficiency: the kernels that run them are not
//              measured. Formats: the efficiency of the profile's format (2 bytes on a GPU, 4 on a
//              CPU) is taken for both, each over its own peak.
//   memory     memory_bytes_per_second, and traffic_efficiency 1: the rate of `copy`, else of
//              `triad`, else of `read`.
//   transfer   the links inside a node, of a CPU only, from `shared-memory`. Copies between host
//              and GPU are not a link between GPUs, and `loopback` is not a network card.
//
// Overheads of layers, backward ratios and links between nodes stay as they are.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/profile/profile_file.hpp"
#include "models/training/device_costs.hpp"

namespace orrery::models {

/// Takes over what the profile has of kernels that the estimator uses; sets calibrated, source and
/// profile. Throws base::Error naming the profile for one that has none of these costs, and for a
/// cost whose coefficients are missing or no rates.
void use_profile(DeviceCosts& costs, const ProfileFile& file);

/// The costs of a device that the catalog does not have, from its profile alone: memory and peak as
/// the system says them, what no profile measures (layer overheads, network cards of 12.5 GB/s) as
/// for any device. Throws base::Error for a profile without `gemm` or `memory` costs, and without
/// hardware.memory_bytes.
DeviceCosts profile_only_costs(const ProfileFile& file);

/// What the products of a profile's device cost; null for a profile without `gemm` costs.
std::shared_ptr<const ProductPrices> product_prices(const ProfileFile& file);

/// The profile's file, hash and error; what it supplies is left empty.
ProfileUse profile_use(const ProfileFile& file);

/// Whether two names, of the catalog, of its aliases or of profiles, mean one device.
bool same_device(std::string_view a, std::string_view b);

/// The profile of a device among `profiles`, or nullptr.
const ProfileFile* profile_of(const std::vector<ProfileFile>& profiles, std::string_view device);

/// Reads profiles. Throws base::Error as read_profile, and where two are of one device.
std::vector<ProfileFile> read_profiles(const std::vector<std::string>& paths);

/// `profile h100.yaml (3f2a91c0, held-out error 4.1 % median, 11.0 % p90)`.
std::string to_text(const ProfileUse& use);

}  // namespace orrery::models
