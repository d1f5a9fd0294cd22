// What traces call GPU types, as names of our catalog.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace orrery::traces {

/// The catalog's names for what a trace calls a GPU type, joined by '|' where the trace leaves the
/// memory open; names that are in no table stay, in lower case.
std::string catalog_gpu_types(std::string_view trace_name);

/// The catalog's name for a GPU type of the Crius (Arena) artifact, whose `a100` has 40 GB and
/// whose `v100` has 32 GB.
std::string arena_gpu_type(std::string_view name);

/// The catalog's names for what administrators and drivers call a GPU type (models/hardware/
/// gpu_names.hpp), joined by '|'; a name that means none of them stays, in lower case.
std::string common_gpu_types(std::string_view name);

/// A list joined by '|' with each name put through `map`, which gives one name or such a list:
/// each once, in order.
std::string mapped_gpu_types(std::string_view list,
                             const std::function<std::string(std::string_view)>& map);

/// The same as catalog_gpu_types for a list joined by '|': each name once, in the order of the
/// list.
std::string catalog_gpu_type_list(std::string_view trace_names);

}  // namespace orrery::traces
