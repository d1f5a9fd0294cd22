// What a world hands over at the end of a run: results that describe themselves.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "sim/world/chart.hpp"
#include "sim/world/figure.hpp"

namespace orrery::world {

/// Values of single subjects (a job, a request) that pair across runs: the same subject in every
/// compared run. A comparison gives mean, p50, p95 and p99 over the subjects that all runs have.
struct Samples {
  std::string key = {};           ///< where comparison.json has them: `jct_seconds.common`
  std::string group = {};         ///< of the four figures they become
  std::string label = {};         ///< `JCT`, before `mean`, `p50`, ...
  std::string help = {};          ///< one sentence
  std::string file = {};          ///< `jobs.csv`
  std::string id_column = {};     ///< `job_id`
  std::string value_column = {};  ///< rows without a value do not count
  std::string from_column = {};   ///< subtracted; empty: nothing is
  std::string state_column = {};  ///< empty: every row counts
  std::string state = {};         ///< rows with this state count
  Unit unit = Unit::seconds;
  Best best = Best::least;
  /// The first table's own: what a comparison ranks policies by, with a speedup over the first.
  bool primary = false;
  std::string after = {};  ///< key of the figure whose column theirs follow there; empty: first
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
