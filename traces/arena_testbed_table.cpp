// Format `arena-testbed`: iteration times as jobs of the Crius (Arena) artifact's testbed had them,
// CSV of job ends with the columns run, policy, model, params, global_batch, gpu_type, locality,
// executed_iters, avg_iter_time_s. What is kept is one time for each model, batch, GPU type and
// locality: the mean over all iterations executed there, whoever scheduled them.
//
// Read: the rows of run `rt` are executions; those of others repeat a database (see the option).
// Ours: the mean, and rows of fewer iterations than `least_iterations` left out, whose average
// holds the first, slower ones.
#include <map>
#include <set>
#include <vector>

#include "models/base/csv.hpp"
#include "traces/fields.hpp"
#include "traces/gpu_type_names.hpp"
#include "traces/reader_options.hpp"
#include "traces/throughput_reader.hpp"

namespace orrery::traces {

namespace {

struct TestbedOptions {
  std::string run = "rt";
  std::string policy;
  std::int64_t least_iterations = 5;
};
base::Declaration<TestbedOptions> declare(const TestbedOptions*) {
  base::Declaration<TestbedOptions> d("Job ends of Crius's (Arena's) testbed.");
  d.text("run", &TestbedOptions::run, "rows of which run; rt are real executions");
  d.text("only_policy", &TestbedOptions::policy, "rows of one policy; without it of all");
  d.integer("least_iterations", &TestbedOptions::least_iterations,
            "rows of fewer iterations are left out")
      .at_least(1);
  return d;
}

/// `[2,2]`, or `[2]`; nullopt where the shares are uneven.
std::optional<models::Locality> read_locality(const base::CsvReader& reader, std::size_t column) {
  std::string_view text = reader[column];
  const auto refuse = [&] {
    fail_field(reader.where(column), reader[column], "GPUs per node in brackets, such as [2,2]");
  };
  if (text.size() < 3 || text.front() != '[' || text.back() != ']') refuse();
  text = text.substr(1, text.size() - 2);
  std::vector<std::int32_t> shares;
  for (;;) {
    const std::size_t stop = text.find(',');
    std::string_view share = text.substr(0, stop);
    while (share.starts_with(' ')) share.remove_prefix(1);
    const auto gpus = base::parse_integer(share);
    if (!gpus || *gpus < 1 || *gpus > kMostGpus) refuse();
    shares.push_back(static_cast<std::int32_t>(*gpus));
    if (stop == std::string_view::npos) break;
    text.remove_prefix(stop + 1);
  }
  for (const std::int32_t share : shares)
    if (share != shares.front()) return std::nullopt;
  return models::Locality{static_cast<std::int32_t>(shares.size()), shares.front()};
}

struct Sum {
  double seconds = 0;
  std::int64_t iterations = 0;
};

using Key = std::tuple<std::string, std::int64_t, std::string, models::Locality>;

models::ThroughputTable to_table(const std::map<Key, Sum>& sums, const std::string& path,
                                 const TestbedOptions& options) {
  models::ThroughputTable table;
  for (const auto& [key, sum] : sums) {
    const auto& [model, batch, gpu_type, locality] = key;
    table.add({model, batch}, gpu_type, locality, sum.seconds / static_cast<double>(sum.iterations),
              {path, 0, 0, ""});
  }
  if (table.rows() == 0)
    throw base::Error({path, 0, 0, ""}, "has no row of run '" + options.run +
                                            "' with enough iterations, expected at least one");
  return table;
}

models::ThroughputTable read_testbed(const std::string& path, const base::Node& node) {
  const auto options = read_options<TestbedOptions>(node);
  base::CsvReader reader(path);
  const std::size_t run = reader.column("run");
  const std::size_t policy = reader.column("policy");
  const std::size_t job = reader.column("job");
  const std::size_t attempt = reader.column("try");
  const std::size_t model = reader.column("model");
  const std::size_t params = reader.column("params");
  const std::size_t batch = reader.column("global_batch");
  const std::size_t gpu = reader.column("gpu_type");
  const std::size_t shares = reader.column("locality");
  const std::size_t executed = reader.column("executed_iters");
  const std::size_t seconds = reader.column("avg_iter_time_s");
  std::map<Key, Sum> sums;
  std::set<std::tuple<std::string, std::string, std::string, std::string>> seen;
  while (reader.next()) {
    if (reader[run] != options.run) continue;
    if (!options.policy.empty() && reader[policy] != options.policy) continue;
    if (!seen.emplace(reader[run], reader[policy], reader[job], reader[attempt]).second)
      fail_field(reader.where(attempt), reader[attempt], "each try of a job once");
    const std::int64_t iterations =
        read_integer(reader, executed, 0, "a whole number of iterations of at least 0");
    const double each = read_seconds(reader, seconds);
    const auto locality = read_locality(reader, shares);
    const std::int64_t samples =
        read_integer(reader, batch, 1, "a global batch of at least 1 sample");
    if (!is_clean_text(reader[model]) || !is_clean_text(reader[params]))
      fail_field(reader.where(model), reader[model], "the name of a model");
    if (!locality || iterations < options.least_iterations || !(each > 0)) continue;
    Sum& sum = sums[{std::string(reader[model]) + "__" + std::string(reader[params]), samples,
                     arena_gpu_type(reader[gpu]), *locality}];
    sum.seconds += static_cast<double>(iterations) * each;
    sum.iterations += iterations;
  }
  return to_table(sums, path, options);
}

const ThroughputFormatRegistration arena_testbed_table_registration({
    .name = "arena-testbed",
    .help = "mean iteration times of real executions in the Crius (Arena) artifact's testbed logs",
    .origin = "sjtu-epcc/arena, branch ae-eurosys (Apache-2.0): job-end records. Which runs are "
              "executions is inferred: the others repeat database times exactly.",
    .options = base::describe<TestbedOptions>(),
    .read = read_testbed,
});

}  // namespace

}  // namespace orrery::traces
