// One spelling for each document, the same for every YAML reader.
//
// A plain `no` is a text here and a boolean to readers of YAML 1.1; a plain `010` is the number 10
// here and in YAML 1.2 and 8 to readers of YAML 1.1. What a value is, only its declaration says:
// here it decides which scalars are quoted and how numbers are spelled.
#pragma once

#include "models/base/declaration_fwd.hpp"
#include "models/base/document.hpp"

namespace orrery::base {

/// The same document in one spelling: keys of mappings in the order of their declaration (those
/// that are not declared last, as they stood), texts and choices as texts, whole numbers by their
/// digits (`010` and `+10` are `10`), numbers in their shortest form, quantities as a number, a
/// blank and the unit that was written (`030min` is `30 min`). `to_yaml` of the result reads the
/// same in YAML 1.1 and 1.2. Values that do not fit their declaration stay as they are, for the
/// reader to refuse; so do values without a declaration.
Node canonical(Node document, const DeclarationInfo& info);

}  // namespace orrery::base
