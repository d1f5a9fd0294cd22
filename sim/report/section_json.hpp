// A world's section as JSON: the figures and tables of summary.json, the costs of performance.json.
// Writer and reader go by the declarations and know no figure by name.
#pragma once

#include <span>
#include <string>

#include "sim/report/json_fields.hpp"
#include "sim/world/section.hpp"

namespace orrery::report {

/// A number as JSON holds it: whole units without a point, what is not finite as null.
Json number_json(world::Unit unit, double value);

/// Puts each figure at its dotted key, in the order of declaration; absent ones as declared.
void put_figures(Json& object, std::span<const world::Figure> figures);
/// Fills in the values of declared figures. Throws base::Error naming file and key.
void read_figures(const JsonFields& fields, std::span<world::Figure> figures);

/// Notes and tables: all of a section that stands in summary.json beside its figures.
void put_notes(Json& object, const world::Section& section);
/// Fills in figures, notes and tables of a section that its kind declared. Throws base::Error
/// naming file and key.
void read_section(const JsonFields& fields, world::Section& section);

/// The object at all but the last part of a dotted key, made where it is missing; `leaf` becomes
/// the last part.
Json& object_at(Json& root, const std::string& key, std::string& leaf);

/// An object as the text of a file.
std::string json_text(const Json& object);

}  // namespace orrery::report
