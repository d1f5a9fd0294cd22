#include "traces/sacct_shape.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "traces/fields.hpp"
#include "traces/first_line.hpp"

namespace orrery::traces {

namespace {

constexpr std::array<std::string_view, 12> kColumns = {
    "JobID",  "JobIDRaw", "JobName", "Partition", "Account",   "State",
    "Submit", "Start",    "End",     "Elapsed",   "AllocTRES", "AllocCPUS"};

/// How many of a line's words, split at `separator` or (blank) at runs of blanks, are columns of
/// sacct.
std::size_t columns_in(std::string_view line, char separator) {
  std::size_t found = 0;
  while (!line.empty()) {
    const std::size_t stop = std::min(line.find(separator), line.size());
    found += std::ranges::count(kColumns, line.substr(0, stop));
    line.remove_prefix(std::min(stop + 1, line.size()));
  }
  return found;
}

/// Whether a line is a row of sacct: its first field is a job, another a time.
bool is_row(std::string_view line) {
  const std::size_t digits = line.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos) return false;
  for (std::string_view rest = line; !rest.empty();) {
    const std::size_t stop = std::min(rest.find('|'), rest.size());
    if (rest.substr(0, stop).size() >= 19 && parse_written_time(rest.substr(0, stop))) return true;
    rest.remove_prefix(std::min(stop + 1, rest.size()));
  }
  return false;
}

}  // namespace

std::string sacct_command() {
  return "sacct --allusers --parsable2 --format=JobID,Partition,Account,State,Submit,Start,End,"
         "Elapsed,AllocTRES,ReqTRES";
}

std::string other_sacct_shape(std::string_view line) {
  if (columns_in(line, '|') >= 2) return {};
  if (columns_in(line, ' ') >= 2) return "looks like sacct's table for people";
  if (columns_in(line, ';') >= 2) return "looks like sacct's output separated by ';'";
  if (columns_in(line, ',') >= 2) return "looks like sacct's output separated by ','";
  if (columns_in(line, '\t') >= 2) return "looks like sacct's output separated by tabs";
  if (line.find('|') != std::string_view::npos && is_row(line))
    return "looks like sacct's output without its header";
  return {};
}

base::CsvReader open_sacct_table(const std::string& path) {
  const std::string shape = other_sacct_shape(first_line(path));
  if (!shape.empty())
    throw base::Error({path, 1, 0, ""}, shape + "; expected what '" + sacct_command() +
                                            "' writes, its header included");
  return base::CsvReader(path, '|', base::Quotes::are_text);
}

}  // namespace orrery::traces
