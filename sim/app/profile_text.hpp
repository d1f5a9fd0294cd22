// What `orrery profile` prints of profiles: for people, and for programs.
#pragma once

#include <string>

#include "models/profile/profile_file.hpp"

namespace orrery::app {

/// Where it comes from, what was fitted with its held-out error, each coefficient with its unit,
/// the hashes, and what is doubtful.
std::string profile_text(const models::ProfileFile& file);

/// The same as JSON.
std::string profile_json(const models::ProfileFile& file);

/// What a profile that was read amounts to: a line, and one for each doubt.
std::string profile_verdict(const models::ProfileFile& file);

/// A line for each key whose values differ, from the left to the right profile; empty where none
/// does.
std::string difference_text(const models::ProfileFile& left, const models::ProfileFile& right);

}  // namespace orrery::app
