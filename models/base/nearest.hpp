// Which known word a person may have meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace orrery::base {

/// The known word nearest to `word` by edit distance, empty if none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace orrery::base
