// Crius from outside: a job that is shrunk and moved to make room, and what is told about it.
#include <doctest/doctest.h>

#include "tests/sim/app/command.hpp"

using orrery::app::test::Folder;
using orrery::app::test::Outcome;

namespace {

// One node of 4 A100 and one of 2 A40. `first` runs anywhere; `second` only on 4 A100, fast.
void write_shrinking_experiment(const Folder& folder) {
  folder.write("exp.yaml", R"(name: shrunk
kind: training-cluster
cluster:
  nodes:
    - {count: 1, gpu: a100-40g, gpus_per_node: 4}
    - {count: 1, gpu: a40, gpus_per_node: 2}
workload: {trace: {format: arena, path: jobs.csv}}
throughput: {table: {format: arena, path: table.csv}}
policy: {name: crius}
restart_seconds: {per_gpu: 10, at_most: 40}
round: 300 s
seed: 1
)");
  folder.write(
      "jobs.csv",
      "job_id,submission_time,num_iteration,model_name,deadline,batch_size,num_gpu,gpu_type\n"
      "first,0,1000,bert__1.3B,100000,256,4,a100\n"
      "second,300,5000,moe__690M,100000,256,4,a100\n");
  folder.write("table.csv",
               "model,params,global_batch,gpu_type,nodes,gpus_per_node,iter_time_s\n"
               "bert,1.3B,256,a100,1,4,10\n"
               "bert,1.3B,256,a100,1,2,20\n"
               "bert,1.3B,256,a40,1,2,25\n"
               "moe,690M,256,a100,1,4,1\n"
               "moe,690M,256,a100,1,2,4\n");
}

}  // namespace

TEST_CASE("explain tells of a job that Crius shrank and moved") {
  const Folder folder;
  write_shrinking_experiment(folder);
  const Outcome run = folder.orrery({"run", "exp.yaml", "--out", "out"});
  CHECK(run.err == "");
  REQUIRE(run.code == 0);
  const Outcome told = folder.orrery({"explain", "out", "first"});
  CHECK(told.code == 0);
  // By hand: 30 of 200 iterations in 300 s on 4 A100; after 20 s of restart 47.2 in 1180 s on 2
  // A40, until second, done after 1000 s, has left (the round at 1500 s); after 40 s more the other
  // 122.8 in 1228 s.
  CHECK(
      told.out ==
      "Job first asked for 4 GPUs at 0 s (day 0 00:00:00).\n"
      "It started at once on node 0 (4 GPUs): its turn had come and it fitted.\n"
      "At 300 s (day 0 00:05:00) it shrank from 4 to 2 GPUs and moved from a100-40g to a40, going "
      "from node 0 (4 GPUs) to node 1 (2 GPUs): room was made for job second; that took 20 s.\n"
      "At 1500 s (day 0 00:25:00) it grew from 2 to 4 GPUs and moved from a40 to a100-40g, going "
      "from node 1 (2 GPUs) to node 0 (4 GPUs): it runs faster there; that took 40 s.\n"
      "It finished at 2768 s (day 0 00:46:08), 46 min 8 s after it was submitted: 0 s waiting, 46 "
      "min 8 s on GPUs.\n");
  const Outcome second = folder.orrery({"explain", "out", "second"});
  CHECK(second.out.find("It started at once on node 0 (4 GPUs)") != std::string::npos);
}

TEST_CASE("a job that cannot meet its deadline is dropped, and nobody is shrunk for it") {
  const Folder folder;
  write_shrinking_experiment(folder);
  // The reader allows five times what the trace does: until 1300 s, and 1000 s of work, 40 s of
  // restart and a round are too much for that.
  folder.write(
      "jobs.csv",
      "job_id,submission_time,num_iteration,model_name,deadline,batch_size,num_gpu,gpu_type\n"
      "first,0,1000,bert__1.3B,100000,256,4,a100\n"
      "second,300,5000,moe__690M,500,256,4,a100\n");
  const Outcome run =
      folder.orrery({"run", "exp.yaml", "--out", "out", "--set", "workload.trace.deadlines=true",
                     "--set", "policy.deadline_aware=true"});
  CHECK(run.err == "");
  REQUIRE(run.code == 0);
  const Outcome first = folder.orrery({"explain", "out", "first"});
  CHECK(first.out.find("It finished at 2000 s") != std::string::npos);
  const Outcome second = folder.orrery({"explain", "out", "second"});
  CHECK(second.out ==
        "Job second asked for 4 GPUs at 300 s (day 0 00:05:00).\n"
        "At 300 s (day 0 00:05:00) it was given up: its deadline could no longer be met.\n");
}
