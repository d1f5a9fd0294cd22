// Files that are nearly what `sacct --parsable2` writes.
#pragma once

#include <string>

#include "models/base/csv.hpp"

namespace orrery::traces {

/// The command whose output can be read.
std::string sacct_command();

/// Opens a table that `sacct --parsable2` wrote and reads its header. Throws Error where the file
/// is another table of Slurm's (for people, without a header, with another separator), naming what
/// it looks like and the command that writes the right one.
base::CsvReader open_sacct_table(const std::string& path);

/// What a first line of Slurm's accounting that cannot be read looks like, in words; empty where it
/// can be read or is not of Slurm.
std::string other_sacct_shape(std::string_view first_line);

}  // namespace orrery::traces
