// What people and programs call GPU types: `A100-SXM4-80GB`, `tesla_v100`, `rtx2080ti`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace orrery::models {

/// The catalog's types that a name can mean, in the catalog's order; empty where it means none.
/// Letter case, separators and the words of vendors and product lines do not matter; a name that
/// leaves the memory or the form open (`a100`) means all types that it fits, one whose form the
/// catalog does not have means the type of that memory. Ours; the names are those of nvidia-smi,
/// of Slurm's gres.conf and of data sheets.
std::vector<std::string_view> gpus_called(std::string_view name);

/// A name in lower case.
std::string lower_case(std::string_view name);

}  // namespace orrery::models
