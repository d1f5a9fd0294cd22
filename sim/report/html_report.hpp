// The self-contained HTML report of a run or of a comparison.
#pragma once

#include <string>

namespace orrery::report {

/// The report of a directory written by `orrery run` or `orrery compare`: one HTML text that opens
/// offline. Throws base::Error when the directory holds neither a summary.json nor a
/// comparison.json, or a file of it is missing or damaged.
std::string html_report(const std::string& directory);

/// Writes it into `out`; empty: the directory's own report.html. Returns its path. Throws
/// base::Error also where that would replace a file that is read, or one that is no such report
/// and not empty.
std::string write_html_report(const std::string& directory, const std::string& out);

}  // namespace orrery::report
