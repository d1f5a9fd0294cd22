// Intervals of means and of differences, and what they let a comparison say.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "models/base/random.hpp"
#include "sim/report/comparison.hpp"
#include "sim/report/confidence.hpp"
#include "sim/report/page_sentences.hpp"
#include "sim/report/ranking.hpp"
#include "sim/report/side_by_side.hpp"
#include "tests/sim/report/text_parts.hpp"
#include "tests/sim/report/ticket_office.hpp"

using namespace orrery;
using namespace orrery::report;
using namespace orrery::report::testing;

namespace {

/// Blocks of as many values each, which depend on the ones before them: an autoregressive series
/// around `mean`, as waits are in a queue.
Blocks correlated(base::RandomStream& random, double mean, std::size_t values,
                  std::size_t of_block) {
  constexpr double kMemory = 0.9;
  Blocks out;
  double state = random.normal() / std::sqrt(1 - kMemory * kMemory);
  for (std::size_t i = 0; i < values; ++i) {
    if (i % of_block == 0) {
      out.counts.push_back(0);
      out.sums.push_back(0);
    }
    state = kMemory * state + random.normal();
    out.counts.back() += 1;
    out.sums.back() += mean + state;
  }
  return out;
}

double mean_of(const Blocks& blocks) {
  double sum = 0;
  double count = 0;
  for (std::size_t b = 0; b < blocks.sums.size(); ++b) {
    sum += blocks.sums[b];
    count += blocks.counts[b];
  }
  return sum / count;
}

/// How many of 500 series have their true mean within the interval.
template <class Width>
int covered(std::size_t of_block, const Width& width) {
  base::RandomStream random(3, "coverage");
  int covered = 0;
  for (int series = 0; series < 500; ++series) {
    const Blocks blocks = correlated(random, 0.5, 4'000, of_block);
    if (std::abs(mean_of(blocks) - 0.5) <= width(blocks).value()) ++covered;
  }
  return covered;
}

/// A ticket asked for every second; each is served `seconds[i]` later; below 0: never.
std::vector<Ticket> tickets(const std::vector<double>& seconds) {
  std::vector<Ticket> out;
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    Ticket& ticket = out.emplace_back();
    ticket.id = "t" + std::to_string(i);
    ticket.asked_seconds = static_cast<double>(i);
    if (seconds[i] >= 0) ticket.served_seconds = ticket.asked_seconds + seconds[i];
  }
  return out;
}

void write_run(const TemporaryDirectory& directory, const std::string& run,
               const std::string& policy, std::uint64_t seed, const std::vector<double>& seconds) {
  const std::vector<Ticket> served = tickets(seconds);
  write_office_files(directory.file(run), served);
  write_summaries(directory.file(run), office_run(policy, seed, served));
}

/// Times of service around `mean`, of 400 tickets.
std::vector<double> around(double mean, std::uint64_t seed) {
  base::RandomStream random(seed, "tickets");
  std::vector<double> out;
  for (int i = 0; i < 400; ++i) out.push_back(mean * (0.5 + random.uniform()));
  return out;
}

std::string headline_of(const Comparison& comparison) {
  return headline(side_by_side(comparison).groups, 0);
}

}  // namespace

TEST_CASE("blocks of one size: the interval of their means") {
  const Blocks blocks{{2, 2, 2, 2}, {4, 8, 12, 20}};
  CHECK(half_width_of(blocks).value() ==
        doctest::Approx(estimate(std::vector<double>{2, 4, 6, 10}).half_width.value()));
  // Of different sizes: the ratio estimator, by hand. Mean 3; residuals -2, 2, 0, 0.
  const double variance = (4 + 4) * 4.0 / 3 / 100;
  const Blocks uneven{{2, 4, 3, 1}, {4, 14, 9, 3}};
  CHECK(half_width_of(uneven).value() == doctest::Approx(student_t_975(3) * std::sqrt(variance)));
  CHECK(half_width_of({{2, 4, 0, 3, 1}, {4, 14, 0, 9, 3}}) == half_width_of(uneven));
}

TEST_CASE("there is no interval where nothing tells how sure a mean is") {
  CHECK_FALSE(half_width_of({}));
  CHECK_FALSE(half_width_of({{5}, {10}}));
  CHECK_FALSE(half_width_of({{5, 0, 5, 5}, {10, 0, 20, 30}}));
  CHECK_FALSE(half_width_of({{1, 2, 3, 4}, {3, 6, 9, 12}}));
  CHECK_FALSE(bootstrap_half_width_of({{5, 5, 5}, {10, 20, 30}}, 1000));
  CHECK_FALSE(bootstrap_half_width_of({{1, 2, 3, 4}, {3, 6, 9, 12}}, 1000));
  CHECK_FALSE(estimate(std::vector<double>{7, 7, 7}).half_width);
}

TEST_CASE("intervals of correlated values hold their mean in about 95 % of all cases") {
  const auto windows = [](const Blocks& blocks) { return half_width_of(blocks); };
  const auto resampled = [](const Blocks& blocks) { return bootstrap_half_width_of(blocks, 400); };
  const int by_windows = covered(500, windows);
  CHECK(by_windows >= 450);
  CHECK(by_windows <= 495);
  const int by_resamples = covered(64, resampled);
  CHECK(by_resamples >= 450);
  CHECK(by_resamples <= 495);
  // What the blocks are for: as if values were independent, most intervals miss.
  CHECK(covered(1, windows) < 300);
}

TEST_CASE("one set of subjects over all policies, seeds and points") {
  const TemporaryDirectory directory;
  write_office_run(directory.file("x=1/fifo/1"), "fifo", 1, {100, 200, -1, 300});
  write_office_run(directory.file("x=1/srtf/1"), "srtf", 1, {50, 150, 250, 300});
  write_office_run(directory.file("x=2/fifo/1"), "fifo", 1, {100, 220, 300, -1});
  const Comparison comparison =
      compare_runs(directory.path(), {"x=1/fifo/1", "x=1/srtf/1", "x=2/fifo/1"});
  REQUIRE(comparison.common.size() == 1);
  CHECK(comparison.common[0].common == 2);
  CHECK(comparison.common[0].all == 4);
  CHECK_FALSE(comparison.common[0].same);
  CHECK(holds(to_table(comparison),
              "service: over the 2 of 4 tickets that are served in every run."));
}

TEST_CASE("policies are not ranked by fewer than half of the subjects") {
  const TemporaryDirectory directory;
  write_office_run(directory.file("fifo/1"), "fifo", 1, {100, -1, 300, 400, 500});
  write_office_run(directory.file("srtf/1"), "srtf", 1, {50, 150, -1, -1, 200});
  const Comparison comparison = compare_runs(directory.path(), {"fifo/1", "srtf/1"});
  const std::string table = to_table(comparison);
  CHECK_FALSE(holds(table, "speedup"));
  CHECK(holds(table, "Policies are not ranked by the 2 of 5 tickets that are served in every run"));
}

TEST_CASE("seeds that not all policies have are left out, and said to be") {
  const TemporaryDirectory directory;
  write_office_run(directory.file("fifo/1"), "fifo", 1, {100, 200, 300});
  write_office_run(directory.file("fifo/2"), "fifo", 2, {900, 900, 900});
  write_office_run(directory.file("srtf/1"), "srtf", 1, {50, 150, 100});
  Comparison comparison = compare_runs(directory.path(), {"fifo/1", "fifo/2", "srtf/1"});
  std::string table = to_table(comparison);
  CHECK(holds(table, "Over seed 1 alone: not every policy and point has a run of seed 2."));
  CHECK(holds(table, "2.00x"));

  write_office_run(directory.file("srtf/3"), "srtf", 3, {50, 150, 100});
  comparison = compare_runs(directory.path(), {"fifo/1", "srtf/3"});
  table = to_table(comparison);
  CHECK(holds(table, "No seed has a run of every policy and point"));
  CHECK(holds(table, "Policies are not ranked: they have runs of different seeds."));
  CHECK_FALSE(holds(table, "speedup"));
}

TEST_CASE("seeds that draw nothing count once") {
  const TemporaryDirectory directory;
  for (const std::uint64_t seed : {1, 2, 3}) {
    write_run(directory, "fifo/" + std::to_string(seed), "fifo", seed, around(100, 7));
    write_run(directory, "srtf/" + std::to_string(seed), "srtf", seed, around(50, 8));
  }
  const Comparison comparison =
      compare_runs(directory.path(), {"fifo/1", "fifo/2", "fifo/3", "srtf/1", "srtf/2", "srtf/3"});
  const std::string table = to_table(comparison);
  CHECK(holds(table, "Seeds 1, 2 and 3: the same results"));
  CHECK(holds(table, "  400  "));
  CHECK(holds(table, "by 8 windows of the time of arrivals."));
  CHECK_FALSE(holds(table, "± 0"));
}

TEST_CASE("a winner is named where the interval of the difference leaves 0 out") {
  const TemporaryDirectory directory;
  write_run(directory, "fifo/1", "fifo", 1, around(100, 1));
  write_run(directory, "las/1", "las", 1, around(101, 2));
  write_run(directory, "srtf/1", "srtf", 1, around(50, 3));
  const std::string apart = headline_of(compare_runs(directory.path(), {"fifo/1", "srtf/1"}));
  CHECK(apart.starts_with("srtf has the least service mean"));
  CHECK(holds(apart, "The next one is"));
  CHECK(holds(apart, "± "));
  const std::string near = headline_of(compare_runs(directory.path(), {"fifo/1", "las/1"}));
  CHECK(near.starts_with("No difference seen between fifo and las: service mean"));
  const std::string all =
      headline_of(compare_runs(directory.path(), {"fifo/1", "las/1", "srtf/1"}));
  CHECK(all.starts_with("srtf has the least service mean"));
}

TEST_CASE("differences are paired: what both policies have in common does not blur them") {
  const TemporaryDirectory directory;
  std::vector<double> slow = around(100, 1);
  std::vector<double> fast = slow;
  for (double& seconds : fast) seconds -= 0.5;
  for (std::size_t i = 0; i < fast.size(); i += 2) fast[i] -= 0.1;
  write_run(directory, "fifo/1", "fifo", 1, slow);
  write_run(directory, "las/1", "las", 1, fast);
  const Comparison comparison = compare_runs(directory.path(), {"fifo/1", "las/1"});
  const Ranking of = ranking(side_by_side(comparison).groups, 0);
  REQUIRE(of.over_base[1]);
  CHECK(of.over_base[1]->mean == doctest::Approx(-0.55));
  CHECK(of.over_base[1]->half_width.value() < 0.02);
  CHECK(of.means[1]->half_width.value() > 1);
  CHECK(of.best == std::vector<std::size_t>{1});
}

TEST_CASE("differences over seeds are paired by seed") {
  const TemporaryDirectory directory;
  std::vector<std::string> runs;
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    const double shift = 100.0 * static_cast<double>(seed);
    for (const char* policy : {"fifo", "las"}) {
      const double own = policy[0] == 'f' ? 5 + static_cast<double>(seed % 2) : 0;
      std::string& run = runs.emplace_back(policy);
      run.append("/").append(std::to_string(seed));
      write_run(directory, runs.back(), policy, seed, std::vector<double>(20, shift + own));
    }
  }
  const Comparison comparison = compare_runs(directory.path(), runs);
  const Ranking of = ranking(side_by_side(comparison).groups, 0);
  CHECK(of.over_base[1]->mean == doctest::Approx(-5.5));
  CHECK(of.over_base[1]->half_width.value() == doctest::Approx(3.1824 * std::sqrt(1.0 / 3 / 4)));
  CHECK(of.best == std::vector<std::size_t>{1});
}

TEST_CASE("blocks and sizes stand in comparison.json") {
  const TemporaryDirectory directory;
  write_run(directory, "fifo/1", "fifo", 1, around(100, 1));
  write_run(directory, "las/1", "las", 1, around(90, 2));
  Uncertainty asked;
  asked.windows = 5;
  asked.asked = true;
  const Comparison comparison = compare_runs(directory.path(), {"fifo/1", "las/1"}, asked);
  const std::string text = to_json(comparison);
  write_text(directory.file("comparison.json"), text);
  const Comparison read = read_comparison(directory.file("comparison.json"));
  CHECK(to_json(read) == text);
  CHECK(to_table(read) == to_table(comparison));
  const auto json = Json::parse(text);
  CHECK(json.at("uncertainty").at("windows") == 5);
  CHECK(json.at("common")[0].at("common") == 400);
  const auto& blocks = json.at("runs")[0].at("blocks").at("service_seconds.common");
  CHECK(blocks.at("counts") == Json::array({80, 80, 80, 80, 80}));
  asked.bootstrap = 500;
  const Comparison resampled = compare_runs(directory.path(), {"fifo/1", "las/1"}, asked);
  CHECK(resampled.runs[0].worlds[0].blocks[0].blocks.counts.size() == 20);
  CHECK(holds(to_table(resampled), "by 500 resamples of blocks of successive arrivals."));
}
