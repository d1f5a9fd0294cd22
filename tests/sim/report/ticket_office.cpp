#include "tests/sim/report/ticket_office.hpp"

#include <algorithm>

#include "models/base/csv.hpp"
#include "sim/report/distribution_figures.hpp"
#include "sim/world/result_kinds.hpp"

namespace orrery::report::testing {

using world::Absent;
using world::Best;
using world::Figure;
using world::Over;
using world::Place;
using world::Section;
using world::Unit;
using world::Zero;
using Kind = world::Chart::Kind;

namespace {

std::vector<Figure> declared_figures() {
  std::vector<Figure> all = {{.key = "tickets.asked",
                              .group = "Tickets",
                              .label = "tickets",
                              .help = "Tickets asked for.",
                              .over = Over::sum,
                              .place = Place::headline,
                              .line = "tickets"},
                             {.key = "tickets.served",
                              .group = "Tickets",
                              .label = "served",
                              .help = "Tickets served.",
                              .over = Over::sum,
                              .best = Best::most,
                              .place = Place::headline,
                              .line = "tickets"},
                             {.key = "tickets.lost",
                              .group = "Tickets",
                              .label = "lost",
                              .help = "Tickets lost.",
                              .over = Over::sum,
                              .place = Place::headline,
                              .zero = Zero::left_out,
                              .line = "tickets"}};
  for (const DistributionPart& part : kDistributionParts)
    all.push_back(part_of({.key = "service_seconds.served",
                           .group = "Time of service",
                           .label = "service",
                           .help = "From asking to being served.",
                           .unit = Unit::seconds,
                           .best = Best::least,
                           .absent = Absent::null_object,
                           .line = "time of service"},
                          part));
  all.push_back({.key = "open_seconds",
                 .group = "Office",
                 .label = "open",
                 .help = "First ticket to last service.",
                 .unit = Unit::seconds,
                 .over = Over::largest,
                 .best = Best::least,
                 .place = Place::headline,
                 .line = "open"});
  all.push_back({.key = "coffee.breaks",
                 .group = "Office",
                 .label = "coffee breaks",
                 .help = "Breaks for coffee; only in offices with a machine.",
                 .over = Over::sum,
                 .absent = Absent::left_out,
                 .line = "coffee breaks"});
  return all;
}

std::vector<world::Chart> declared_charts() {
  return {{.kind = Kind::distribution,
           .key = "service",
           .title = "Share of tickets served within a time",
           .file = "tickets.csv",
           .columns = {"served_seconds", "asked_seconds"},
           .of = "tickets.asked"},
          {.kind = Kind::steps,
           .key = "queue",
           .title = "Tickets waiting",
           .file = "queue.csv",
           .columns = {"time_seconds", "waiting"},
           .y_unit = Unit::count,
           .largest = true},
          {.kind = Kind::bars,
           .key = "coffee",
           .title = "Cups by window",
           .file = "coffee.csv",
           .columns = {"window", "cups"},
           .y_unit = Unit::count},
          {.kind = Kind::lanes,
           .key = "windows",
           .title = "Who stood where",
           .file = "windows.csv",
           .columns = {"window", "begin_seconds", "end_seconds", "ticket"},
           .compared = false,
           .lane_name = "window",
           .item_name = "ticket"}};
}

const auto* const registered = world::result_kinds().add({"ticket-office", declared_office});

double last_service(const std::vector<Ticket>& tickets) {
  double last = 0;
  for (const Ticket& ticket : tickets) last = std::max(last, ticket.served_seconds.value_or(0));
  return last;
}

void write_tickets(const std::string& path, const std::vector<Ticket>& tickets) {
  std::vector<std::string> columns = {"ticket", "asked_seconds", "served_seconds", "state",
                                      "stamps"};
  const bool named = std::ranges::any_of(tickets, [](const Ticket& t) { return !t.who.empty(); });
  if (named) columns.emplace_back("who");
  base::CsvWriter rows(columns);
  for (const Ticket& ticket : tickets) {
    rows.field(ticket.id).field(ticket.asked_seconds);
    if (ticket.served_seconds)
      rows.field(*ticket.served_seconds).field("served");
    else
      rows.empty().field(ticket.who == "nobody" ? "stayed home" : "waiting");
    rows.field(std::int64_t{1});
    if (named) rows.field(ticket.who);
    rows.end_row();
  }
  write_text(path, rows.text());
}

}  // namespace

Section declared_office() {
  return {.title = "Tickets",
          .legend = "service: from asking to being served.",
          .figures = declared_figures(),
          .costs = {{.key = "stamp_seconds.count",
                     .group = "Stamps",
                     .label = "stamps",
                     .help = "Stamps put.",
                     .over = Over::sum}},
          .samples = {{.key = "service_seconds.common",
                       .group = "Service of the tickets that every policy served",
                       .label = "service",
                       .help = "Over the tickets that every compared policy served.",
                       .noun = "tickets",
                       .file = "tickets.csv",
                       .id_column = "ticket",
                       .value_column = "served_seconds",
                       .from_column = "asked_seconds",
                       .state_column = "state",
                       .state = "served",
                       .never_came = "stayed home",
                       .time_column = "asked_seconds",
                       .primary = true,
                       .headlines = {"mean", "p50", "p95", "p99"},
                       .in_heat_maps = true,
                       .after = "tickets.lost"}},
          .breakdowns = {.file = "tickets.csv",
                         .columns = {{"who", "person"}},
                         .amount_column = "stamps",
                         .amount_label = "stamps",
                         .amount_unit = Unit::count},
          .tables = {{.key = "windows",
                      .title = "The windows.",
                      .columns = {{.key = "name", .label = "window"},
                                  {.key = "open", .label = "open"},
                                  {.key = "stamp.age_seconds",
                                   .label = "age of the stamp",
                                   .unit = Unit::seconds},
                                  {.key = "stamp.id", .unit = Unit::count}}}},
          .charts = declared_charts(),
          .definitions = {{"Service", "From asking to being served."}}};
}

WorldResult office(const std::string& name, const std::string& policy,
                   const std::vector<Ticket>& tickets) {
  WorldResult out{name, "ticket-office", policy, declared_office(), {}};
  std::vector<Figure>& figures = out.section.figures;
  std::vector<double> times;
  for (const Ticket& ticket : tickets)
    if (ticket.served_seconds) times.push_back(*ticket.served_seconds - ticket.asked_seconds);
  world::set(figures, "tickets.asked", static_cast<double>(tickets.size()));
  world::set(figures, "tickets.served", static_cast<double>(times.size()));
  world::set(figures, "tickets.lost", 0);
  if (!times.empty()) world::set(figures, "open_seconds", last_service(tickets));
  const auto served = distribution_of(times);
  for (const DistributionPart& part : kDistributionParts)
    world::set(figures, std::string("service_seconds.served.") + part.word, value_of(served, part));
  world::set(out.section.costs, "stamp_seconds.count", 2);
  if (times.size() < tickets.size()) out.section.notes = {"some tickets still wait"};
  return out;
}

RunSummary office_run(const std::string& policy, std::uint64_t seed,
                      const std::vector<Ticket>& tickets) {
  RunSummary run;
  run.run_id = "id-" + policy;
  run.name = "worked";
  run.policy = policy;
  run.seed = seed;
  run.events = 7;
  run.simulated_seconds = 1000;
  run.wall_seconds = 0.5;
  run.peak_rss_bytes = 1 << 20;
  run.worlds.push_back(office("", policy, tickets));
  return run;
}

void write_office_files(const std::string& folder, const std::vector<Ticket>& tickets) {
  write_tickets(folder + "/tickets.csv", tickets);
  base::CsvWriter queue({"time_seconds", "waiting"});
  base::CsvWriter windows({"window", "begin_seconds", "end_seconds", "ticket"});
  double at = 0;
  for (std::size_t i = 0; i < tickets.size(); ++i) {
    queue.field(static_cast<double>(i)).field(static_cast<std::int64_t>(tickets.size() - i));
    queue.end_row();
    if (!tickets[i].served_seconds) continue;
    windows.field("1").field(at).field(*tickets[i].served_seconds).field(tickets[i].id);
    windows.end_row();
    at = *tickets[i].served_seconds;
  }
  write_text(folder + "/queue.csv", queue.text());
  write_text(folder + "/windows.csv", windows.text());
}

void write_summaries(const std::string& directory, const RunSummary& run) {
  for (const RunFile& file : summary_files(run)) write_text(directory + "/" + file.name, file.text);
  for (const RunFile& file : performance_files(run))
    write_text(directory + "/" + file.name, file.text);
}

void write_office_run(const std::string& directory, const std::string& policy, std::uint64_t seed,
                      const std::vector<double>& served) {
  std::vector<Ticket> tickets;
  for (std::size_t i = 0; i < served.size(); ++i) {
    Ticket& ticket = tickets.emplace_back();
    ticket.id = std::string(1, static_cast<char>('a' + i));
    if (served[i] >= 0) ticket.served_seconds = served[i];
  }
  write_office_files(directory, tickets);
  write_summaries(directory, office_run(policy, seed, tickets));
}

}  // namespace orrery::report::testing
