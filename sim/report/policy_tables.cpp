#include "sim/report/policy_tables.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "sim/report/ranking.hpp"

namespace orrery::report {

using world::Absent;
using world::Best;
using world::Figure;
using world::Place;
using world::Samples;
using world::Section;
using world::Unit;
using world::Zero;

namespace {

/// Numbers of a section's figures in the order of tables: samples behind the figure they follow.
std::vector<std::size_t> in_table_order(const Section& section) {
  std::set<std::string> sampled;
  std::vector<std::size_t> out;
  const auto put_samples = [&](const std::string& after) {
    for (const Samples& samples : section.samples) {
      if (samples.after != after) continue;
      for (std::size_t i = 0; i < section.figures.size(); ++i)
        if (section.figures[i].key.starts_with(samples.key + ".") &&
            sampled.insert(section.figures[i].key).second)
          out.push_back(i);
    }
  };
  const auto of_samples = [&](const std::string& key) {
    return std::ranges::any_of(section.samples,
                               [&](const Samples& s) { return key.starts_with(s.key + "."); });
  };
  put_samples({});
  for (std::size_t i = 0; i < section.figures.size(); ++i) {
    if (of_samples(section.figures[i].key)) continue;
    out.push_back(i);
    put_samples(section.figures[i].key);
  }
  return out;
}

/// Puts figures beside each other, a row a policy.
class Columns {
 public:
  Columns(ShownTable& table, const std::vector<const PolicyGroup*>& policies)
      : table_(table), policies_(policies) {}

  /// `everywhere_absent`: the column is kept though no row has a value.
  void add(const FigureList& list, std::size_t figure, bool everywhere_absent) {
    const Figure& declared = list.declared(*policies_.front()->runs.front())[figure];
    std::vector<std::optional<Estimate>> values;
    for (const PolicyGroup* policy : policies_)
      values.push_back(estimate_of(*policy, list, figure));
    const auto known = [](const auto& value) { return value.has_value(); };
    const auto zero = [](const auto& value) { return !value || value->mean == 0; };
    if (!everywhere_absent && std::ranges::none_of(values, known)) return;
    if (declared.zero == Zero::left_out && std::ranges::all_of(values, zero)) return;
    put({declared.label, declared.unit, best_of(*policies_.front(), list, figure)}, values);
  }

  /// A number that every run has.
  void add(ShownColumn column, world::Over over, const std::function<double(const RunHead&)>& of) {
    std::vector<std::optional<Estimate>> values;
    for (const PolicyGroup* policy : policies_) {
      std::vector<double> seeds;
      for (const ComparedRun* run : policy->runs) seeds.push_back(of(run->summary));
      values.push_back(joined(over, seeds));
    }
    put(std::move(column), values);
  }

  /// Behind the mean of the samples that policies are ranked by: which ones are best, the
  /// differences to the first policy, and how many times smaller (or, where more is better, larger)
  /// their means are than its own.
  void add_ranking(const Ranking& ranking) {
    if (ranking.best.size() < policies_.size())
      table_.columns.back().best_rows = ranking.best;
    else
      table_.columns.back().best = Best::none;
    const std::string& base = policies_.front()->policy;
    put({"difference to " + base, ranking.samples->unit}, ranking.over_base);
    std::vector<std::optional<Estimate>> ratios;
    const double first = ranking.means.front()->mean;
    for (const auto& mean : ranking.means) {
      const double own = mean->mean;
      if (own <= 0 || first <= 0)
        ratios.push_back(std::nullopt);
      else
        ratios.push_back(
            Estimate{ranking.samples->best == Best::most ? own / first : first / own, {}});
    }
    put({"speedup over " + base, Unit::ratio}, ratios);
  }

 private:
  void put(ShownColumn column, const std::vector<std::optional<Estimate>>& values) {
    table_.columns.push_back(std::move(column));
    for (std::size_t row = 0; row < values.size(); ++row)
      table_.rows[row].cells.push_back(values[row] ? ShownCell(*values[row]) : ShownCell());
  }

  ShownTable& table_;
  const std::vector<const PolicyGroup*>& policies_;
};

std::vector<const PolicyGroup*> pointers(const std::vector<PolicyGroup>& policies) {
  std::vector<const PolicyGroup*> out;
  for (const PolicyGroup& policy : policies) out.push_back(&policy);
  return out;
}

ShownTable policy_rows(std::string key, std::string title,
                       const std::vector<const PolicyGroup*>& policies) {
  ShownTable table{.key = std::move(key), .title = std::move(title), .corner = "policy"};
  for (const PolicyGroup* policy : policies) {
    ShownRow& row = table.rows.emplace_back();
    row.label = policy->sweep.empty() ? policy->policy : policy->sweep + ", " + policy->policy;
  }
  return table;
}

/// The same for the policies of one point, each in its colour.
ShownTable rows_of_point(std::string key, std::string title,
                         const std::vector<const PolicyGroup*>& policies) {
  ShownTable table = policy_rows(std::move(key), std::move(title), policies);
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    table.rows[row].label = policies[row]->policy;
    table.rows[row].series = row;
  }
  return table;
}

void add_headlines(Columns& columns, const Section& section, std::size_t world,
                   const Ranking* ranking) {
  const std::string key = ranking_key(section);
  for (const std::size_t i : in_table_order(section)) {
    const Figure& figure = section.figures[i];
    if (figure.place != Place::headline) continue;
    columns.add({world}, i, figure.absent != Absent::left_out);
    if (ranking != nullptr && figure.key == key) columns.add_ranking(*ranking);
  }
}

using MakeRows = ShownTable (*)(std::string, std::string, const std::vector<const PolicyGroup*>&);

/// One table for each group of figures that does not stand in the first table alone.
std::vector<ShownTable> tables_by_group(const std::vector<PolicyGroup>& policies,
                                        const FigureList& list,
                                        const std::vector<std::size_t>& order, MakeRows make_rows) {
  const std::vector<Figure>& figures = list.declared(*policies.front().runs.front());
  std::vector<std::string> groups;
  for (const std::size_t i : order)
    if (figures[i].place == Place::table &&
        std::ranges::find(groups, figures[i].group) == groups.end())
      groups.push_back(figures[i].group);
  const auto rows = pointers(policies);
  std::vector<ShownTable> out;
  for (const std::string& group : groups) {
    ShownTable table = make_rows({}, group, rows);
    Columns columns(table, rows);
    for (const std::size_t i : order) {
      if (figures[i].group != group || figures[i].place == Place::detail) continue;
      if (table.key.empty()) table.key = figures[i].key.substr(0, figures[i].key.rfind('.'));
      columns.add(list, i, false);
    }
    if (!table.columns.empty()) out.push_back(std::move(table));
  }
  return out;
}

std::vector<std::size_t> all_of(const std::vector<Figure>& figures) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < figures.size(); ++i) out.push_back(i);
  return out;
}

}  // namespace

std::string ranking_key(const Section& section) {
  for (const Samples& samples : section.samples)
    if (samples.primary) return samples.key + ".mean";
  return {};
}

ShownTable overview_table(const std::vector<PolicyGroup>& policies, std::size_t world) {
  const auto rows = pointers(policies);
  const Section& section = *policies.front().world(world).declared;
  ShownTable table = rows_of_point("overview", section.title, rows);
  table.help = section.legend;
  Columns columns(table, rows);
  const Ranking of = ranking(policies, world);
  add_headlines(columns, section, world, of.ranks && policies.size() > 1 ? &of : nullptr);
  return table;
}

ShownTable sweep_table(const std::vector<std::vector<PolicyGroup>>& sweeps, std::size_t world) {
  std::vector<const PolicyGroup*> rows;
  for (const auto& sweep : sweeps)
    for (const PolicyGroup& policy : sweep) rows.push_back(&policy);
  const Section& section = *rows.front()->world(world).declared;
  ShownTable table{.key = "sweep", .title = section.title, .help = section.legend};
  table.corner = "sweep point";
  table.columns.push_back({.label = "policy", .text = true});
  for (const auto& sweep : sweeps)
    for (std::size_t p = 0; p < sweep.size(); ++p)
      table.rows.push_back({sweep[p].sweep, p, {sweep[p].policy}});
  Columns columns(table, rows);
  add_headlines(columns, section, world, nullptr);
  return table;
}

std::vector<ShownTable> group_tables(const std::vector<PolicyGroup>& policies, std::size_t world) {
  return tables_by_group(policies, {world}, in_table_order(*policies.front().world(world).declared),
                         rows_of_point);
}

ShownTable shared_table(const std::vector<PolicyGroup>& policies) {
  const auto rows = pointers(policies);
  ShownTable table = policy_rows("shared", "What the worlds share", rows);
  Columns columns(table, rows);
  const FigureList shared;
  for (const std::size_t i : all_of(shared.declared(*rows.front()->runs.front())))
    columns.add(shared, i, false);
  return table;
}

std::vector<ShownTable> cost_tables(const std::vector<PolicyGroup>& policies) {
  std::vector<ShownTable> out;
  const ComparedRun& first = *policies.front().runs.front();
  for (std::size_t world = 0; world < first.worlds.size(); ++world) {
    const FigureList costs{world, true};
    for (ShownTable& table :
         tables_by_group(policies, costs, all_of(costs.declared(first)), policy_rows)) {
      if (first.several()) table.title = first.worlds[world].name + ": " + table.title;
      out.push_back(std::move(table));
    }
  }
  const auto rows = pointers(policies);
  ShownTable whole = policy_rows("run", "The whole run", rows);
  Columns columns(whole, rows);
  columns.add({"events", Unit::count}, world::Over::sum,
              [](const RunHead& run) { return static_cast<double>(run.events); });
  columns.add({"wall time", Unit::seconds}, world::Over::mean,
              [](const RunHead& run) { return run.wall_seconds; });
  columns.add({"memory", Unit::bytes}, world::Over::mean,
              [](const RunHead& run) { return static_cast<double>(run.peak_rss_bytes); });
  out.push_back(std::move(whole));
  return out;
}

}  // namespace orrery::report
