// `orrery explain DIR SUBJECT`: the story that a world tells of one of its subjects.
#pragma once

#include <string>

namespace orrery::experiment {

/// Sentences, one a line. `directory` holds a run, or one world of a run of several. Throws
/// base::Error for a directory that is neither, for a run of several worlds (naming their folders),
/// and for an unknown subject.
std::string explain(const std::string& directory, const std::string& subject);

}  // namespace orrery::experiment
