// A profile as a YAML document: its keys, and what each may hold. Files and hashes are not looked
// at here (profile_file.hpp).
#pragma once

#include "models/base/document.hpp"
#include "models/profile/profile.hpp"

namespace orrery::models {

/// The profile that a document describes. Throws base::Error naming the key, what was found and
/// what is expected: a later schema_version, an unknown or missing key, a wrong type, a number that
/// is not finite, a rate not above 0, an error below 0 or a median above its p90, a cost that
/// stands twice, a name that no file could have.
DeviceProfile profile_of_document(const base::Node& document);

/// The document of a profile, keys in the order of the structs. Throws base::Error naming the key
/// of a number that is not finite: no document could hold it.
base::Node document_of_profile(const DeviceProfile& profile);

}  // namespace orrery::models
