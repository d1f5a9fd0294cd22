// What a world hands over at the end of a run: results that describe themselves.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "sim/world/chart.hpp"
#include "sim/world/figure.hpp"

namespace orrery::world {

/// Values of single subjects (a job, a request) that pair across runs: the same subject in every
/// compared run. A comparison gives mean, p50, p95 and p99 over the subjects that all its runs
/// have: those with a value of all samples of the same file.
struct Samples {
  std::string key = {};           ///< where comparison.json has them: `jct_seconds.common`
  std::string group = {};         ///< of the four figures they become
  std::string label = {};         ///< `JCT`, before `mean`, `p50`, ...
  std::string help = {};          ///< one sentence
  std::string noun = "subjects";  ///< what they are: `jobs`
  std::string file = {};          ///< `jobs.csv`
  std::string id_column = {};     ///< `job_id`
  std::string value_column = {};  ///< rows without a value do not count
  std::string from_column = {};   ///< subtracted; empty: nothing is
  std::string state_column = {};  ///< empty: every row counts
  std::string state = {};         ///< rows with this state count
  std::string never_came = {};    ///< rows with this state are of subjects that never came
  /// When a subject came, in seconds: subjects that came one after the other may depend on each
  /// other, so that intervals take blocks of them. Empty: there are none.
  std::string time_column = {};
  Unit unit = Unit::seconds;
  Best best = Best::least;
  /// The first table's own: what a comparison ranks policies by, with a speedup over the first.
  bool primary = false;
  /// Of mean, p50, p95 and p99 those that stand in the first table.
  std::vector<std::string> headlines = {"mean"};
  bool in_heat_maps = false;  ///< of the breakdowns of their file
  std::string after = {};     ///< key of the figure whose column theirs follow there; empty: first
};

/// Groups of the subjects of one file of samples. A comparison gives, for each word of a column,
/// how many of the common subjects it has, the means of their samples and the sum of an amount.
struct Breakdowns {
  struct Column {
    std::string name = {};   ///< in the file; one that the file does not have is left out
    std::string label = {};  ///< head of the groups: `user`
  };
  std::string file = {};
  std::vector<Column> columns = {};
  std::string amount_column = {};  ///< empty: none
  std::string amount_label = {};   ///< `GPU time`
  Unit amount_unit = Unit::seconds;
};

/// A cell of a table: nothing, yes or no, a number, or a text.
using Cell = std::variant<std::monostate, bool, double, std::string>;

/// Rows that no figure can hold: what speeds rest on, one row a device.
struct Table {
  struct Column {
    std::string key = {};    ///< in summary.json, dotted; an object without any cell is null
    std::string label = {};  ///< on the page; empty: it stands in summary.json alone
    Unit unit = Unit::number;
    std::string help = {};  ///< one sentence for the documentation
  };
  std::string key = {};    ///< in summary.json: an array of objects, left out where there is no row
  std::string title = {};  ///< a sentence on the page
  std::vector<Column> columns = {};
  std::vector<std::vector<Cell>> rows = {};
};

/// A term of the page's and documentation's definitions.
struct Definition {
  std::string term = {}, text = {};
};

/// One world's part of the results. A kind of world declares it without values and rows; a run
/// fills them in.
struct Section {
  std::string title = {};            ///< `Training jobs`
  std::string legend = {};           ///< a sentence under the first table: what its words mean
  std::vector<Figure> figures = {};  ///< in the order of summary.json and of all tables
  std::vector<Figure> costs = {};    ///< for performance.json: what simulating took
  std::vector<Samples> samples = {};
  Breakdowns breakdowns = {};
  std::vector<Table> tables = {};
  std::vector<Chart> charts = {};
  std::vector<Definition> definitions = {};
  std::vector<std::string> notes = {};  ///< what the numbers rest on
};

/// The figure with this key, which must be declared (asserted).
const Figure& figure(const std::vector<Figure>& figures, const std::string& key);
/// Sets its value.
void set(std::vector<Figure>& figures, const std::string& key, std::optional<double> value);

}  // namespace orrery::world
