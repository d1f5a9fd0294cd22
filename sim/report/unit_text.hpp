// Numbers with their unit, as people read them in the terminal. The page formats the same units.
#pragma once

#include <string>

#include "sim/world/figure.hpp"

namespace orrery::report {

/// For the lines of one run: `1234.50 s`, `47.68 %`, `51346`.
std::string exact_text(world::Unit unit, double value);

/// For tables, three digits or so: `20.6 min`, `47.7 %`, `51346`.
std::string cell_text(world::Unit unit, double value);

}  // namespace orrery::report
