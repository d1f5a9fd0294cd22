// Measured collectives: what is read, what is refused, and Crius's own estimates against ours.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "models/base/csv.hpp"
#include "models/base/statistics.hpp"
#include "models/training/estimator.hpp"
#include "models/training/stage_costs.hpp"
#include "models/training/stage_partition.hpp"
#include "models/zoo/zoo.hpp"
#include "tests/public_data.hpp"
#include "tests/traces/support.hpp"
#include "traces/collective_measurements.hpp"
#include "traces/gpu_type_names.hpp"

using namespace orrery;
using models::CollectiveKey;
using models::CollectiveOp;

namespace {

const std::string kCollectivesHeader =
    "gpu_type,nodes,gpus_per_node,fabric,op,replica_groups,group_size,elements_f32,bytes,time_s\n";
const std::string kCollectiveRow = "a40,2,2,ib,all-reduce,\"[[0,2],[1,3]]\",2,25,100,0.5\n";

models::CollectiveTables read_collectives(const std::string& rows) {
  const test::TemporaryFile file(kCollectivesHeader + rows);
  return traces::read_collectives(file.path());
}

/// The sentence with which these rows are refused, and its line.
std::pair<std::string, int> collectives_refusal(const std::string& rows) {
  try {
    read_collectives(rows);
  } catch (const base::Error& error) {
    return {error.where().key + ": " + error.sentence(), error.where().line};
  }
  return {"", 0};
}

/// A row of estimated_breakdown.csv.
struct Estimated {
  std::string family, params, gpu;
  double batch = 0;
  models::Locality locality;
  int pp = 1, dp = 1, tp = 1;
  double intra_stage_seconds = 0;
};

std::vector<Estimated> read_estimated(const std::string& path) {
  base::CsvReader rows(path);
  const auto text = [&](const char* name) { return std::string(rows[rows.column(name)]); };
  const auto count = [&](const char* name) {
    return static_cast<int>(rows.integer(rows.column(name)));
  };
  std::vector<Estimated> out;
  while (rows.next()) {
    if (text("intra_stage_comm_s") == "nan") continue;
    Estimated e;
    e.family = text("model");
    e.params = text("params");
    e.gpu = traces::arena_gpu_type(text("gpu_type"));
    e.batch = rows.number(rows.column("global_batch"));
    e.locality = {count("nodes"), count("gpus_per_node")};
    e.pp = count("pp");
    e.dp = count("dp");
    e.tp = count("tp");
    e.intra_stage_seconds = rows.number(rows.column("intra_stage_comm_s"));
    if (e.intra_stage_seconds > 0) out.push_back(e);
  }
  return out;
}

/// Collectives inside the stages of one iteration, added up as Crius does: all stages in turn.
double our_intra_stage_seconds(const Estimated& e, const models::CollectiveTables& tables) {
  const models::ModelDescription* model = models::find_model(e.family + "__" + e.params);
  REQUIRE(model != nullptr);
  models::DeviceCosts device = models::data_sheet_costs(*models::find_gpu(e.gpu));
  models::use_measured_collectives(device, tables.find(e.gpu, e.gpu == "a40" ? "ib" : "default"));
  // The artifact's synchronisation moves this much more than its weights once.
  device.sync_factor = 1.6;
  models::ParallelPlan plan;
  plan.micro_batches = models::usual_options(*model).micro_batches;
  plan.recompute = models::usual_options(*model).recompute;
  const auto partition = best_partition(layer_loads(*model, device, e.batch / plan.micro_batches),
                                        e.pp, e.locality.gpus(), models::PartitionGoal::imbalance,
                                        models::StageSizes::equal);
  REQUIRE(partition.has_value());
  for (const auto& share : partition->stages)
    plan.stages.push_back({share.first_layer, share.layers, e.dp, e.tp});
  double forward = 0;
  double backward = 0;
  double all = 0;
  for (const auto& t : plan_times(*model, e.batch, plan, e.locality, device)) {
    forward = std::max(forward, t.forward_comm_seconds);
    backward = std::max(backward, t.backward_comm_seconds);
    all += t.forward_comm_seconds + t.backward_comm_seconds + t.sync_seconds;
  }
  return (plan.micro_batches - 1) * (forward + backward) + all;
}

}  // namespace

TEST_CASE("curves are keyed by where groups stand and how they are spaced") {
  const auto tables = read_collectives(kCollectiveRow +
                                       "a40,2,2,ib,all-reduce,\"[[0,2],[1,3]]\",2,50,200,0.75\n"
                                       "a40,2,1,ib,send,null,,25,100,0.25\n"
                                       "a100,1,2,default,all-gather,\"[[0,1]]\",2,25,100,1e-5\n");
  CHECK(tables.size() == 2);
  const auto* a40 = tables.find("a40", "ib");
  REQUIRE(a40 != nullptr);
  CHECK(*a40->seconds(CollectiveKey{CollectiveOp::all_reduce, 2, 2, 2, 2}, 150) == 0.625);
  CHECK(*a40->seconds(CollectiveKey{CollectiveOp::send, 2, 1, 2, 1}, 100) == 0.25);
  CHECK(tables.find("a100-40g", "default") != nullptr);
  CHECK(tables.find("a40", "default") == nullptr);
}

TEST_CASE("unevenly spaced groups are checked and left out") {
  const std::string uneven = "a100,2,4,default,all-reduce,\"[[0,1,4,5],[2,3,6,7]]\",4,25,100,0.5\n";
  CHECK(read_collectives(kCollectiveRow + uneven).size() == 1);
  CHECK(collectives_refusal(kCollectiveRow + uneven + uneven).second == 4);
}

TEST_CASE("rows that are not measurements are refused with their place") {
  CHECK(collectives_refusal(kCollectiveRow + kCollectiveRow) ==
        std::pair<std::string, int>{
            "bytes: the same collective on the same GPUs with as many bytes stands above", 3});
  const auto edited = [](const std::string& from, const std::string& to) {
    std::string row = kCollectiveRow;
    row.replace(row.find(from), from.size(), to);
    return collectives_refusal(row).first;
  };
  CHECK(edited("0.5", "-0.5") == "time_s: found '-0.5', expected a number of seconds above 0");
  CHECK(edited("0.5", "0") == "time_s: found '0', expected a number of seconds above 0");
  CHECK(edited("0.5", "nan") == "time_s: found 'nan', expected a number of seconds above 0");
  CHECK(edited("100", "-100") == "bytes: found '-100', expected a number of bytes above 0");
  CHECK(edited("all-reduce", "all_reduce") ==
        "op: found 'all_reduce', expected one of all-reduce, all-gather, reduce-scatter, "
        "all-to-all, send");
  CHECK(edited(",2,25", ",4,25").starts_with("group_size: found '4', expected the number of GPUs"));
  for (const char* groups : {"[[0,2],[1,2]]", "[[0,2],[1]]", "[[0,9],[1,3]]", "[0,1]", "[]",
                             "zebra", "[[0,-2],[1,3]]", "[[0.5,2],[1,3]]"})
    CHECK(edited("[[0,2],[1,3]]", groups).starts_with("replica_groups: found '"));
  CHECK(collectives_refusal("").first == ": has no row, expected at least one measured collective");
}

TEST_CASE("the artifact's collectives and what Crius estimates from them") {
  const std::string table = "throughputs/arena/collectives.csv";
  const std::string breakdown = "throughputs/arena/estimated_breakdown.csv";
  if (!test::available(table) || !test::available(breakdown)) return;
  const auto tables = traces::read_collectives(test::data_path(table));
  CHECK(tables.size() == 6);
  // 178 GB/s of bus bandwidth among four A100 (docs/systems/crius.md, "Collective tables").
  auto a100 = models::data_sheet_costs(*models::find_gpu("a100-40g"));
  models::use_measured_collectives(a100, tables.find("a100-40g", "default"));
  CHECK(a100.in_node.bytes_per_second == doctest::Approx(178e9).epsilon(0.01));
  CHECK(a100.across_nodes.bytes_per_second == doctest::Approx(6.0e9).epsilon(0.03));

  std::map<std::string, std::vector<double>> errors;
  for (const Estimated& e : read_estimated(test::data_path(breakdown))) {
    const double error = std::abs(our_intra_stage_seconds(e, tables) / e.intra_stage_seconds - 1);
    errors["all"].push_back(error);
    errors[e.tp > 1 ? e.family : "replicas only"].push_back(error);
  }
  for (const auto& [group, values] : errors)
    MESSAGE(group << ": " << values.size() << " rows, median " << 100 * base::median(values)
                  << " %");
  REQUIRE(errors["all"].size() == 1781);
  CHECK(base::median(errors["all"]) < 0.15);
}
