// The figures of a kind of world as documentation, from their declarations.
#pragma once

#include <string>

#include "sim/world/section.hpp"

namespace orrery::report {

/// Tables in Markdown: the figures of summary.json, of comparison.json alone, of performance.json,
/// and the columns of each array of rows. Figures that are told apart by the last word of their key
/// alone share a line.
std::string figures_markdown(const world::Section& section);

/// The same for the terminal: key, unit and meaning, a figure a line. Throws base::Error, with the
/// nearest name, for a kind of world that is not known.
std::string figures_text(const std::string& kind);

}  // namespace orrery::report
