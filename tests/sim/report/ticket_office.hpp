// A small kind of world for tests: an office that serves tickets. It has one of everything that a
// world can declare, all of it here and in ticket_office.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/report/run_summary.hpp"
#include "tests/sim/report/temporary_directory.hpp"

namespace orrery::report::testing {

struct Ticket {
  std::string id;
  double asked_seconds = 0;
  std::optional<double> served_seconds = {};  ///< nothing: still waiting at the end
  std::string who = {};                       ///< of whom; a column only where some ticket says
};

/// What an office declares: its figures, charts and tables, without values.
world::Section declared_office();

/// One office's results of these tickets.
WorldResult office(const std::string& name, const std::string& policy,
                   const std::vector<Ticket>& tickets);

/// A run of one office, `id-POLICY`.
RunSummary office_run(const std::string& policy, std::uint64_t seed,
                      const std::vector<Ticket>& tickets);

/// Writes the files of an office into a folder.
void write_office_files(const std::string& folder, const std::vector<Ticket>& tickets);
/// Writes summary.json and performance.json, of each world where there are several.
void write_summaries(const std::string& directory, const RunSummary& run);

/// A whole run of tickets a, b, c asked for at 0, and served then; a negative time: not served.
void write_office_run(const std::string& directory, const std::string& policy, std::uint64_t seed,
                      const std::vector<double>& served);

}  // namespace orrery::report::testing
