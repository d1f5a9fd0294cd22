// What each format reads out of its rows beyond the plain fields.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/traces/support.hpp"

using namespace orrery;

TEST_CASE("csv: columns in any order, optional ones, values exactly as written") {
  const auto w =
      test::read_text("csv",
                      "duration_seconds,gpu_types,gpus,model,job_id,comment,"
                      "submit_seconds,deadline_seconds,iterations,batch_samples,"
                      "virtual_cluster,gpu_milli\n"
                      "0.1,v100-16g|v100-32g,1,bert,\"a,\"\"b\"\"\",x,0.30000000000000004,"
                      "7,100,32,vc1,250\n"
                      "1e-3,,8,,c,y,1e3,,,,,\n");
  REQUIRE(w.jobs.size() == 2);
  const auto& a = w.jobs[0];
  CHECK(a.id == "a,\"b\"");
  CHECK(a.submit_seconds == 0.30000000000000004);
  CHECK(a.duration_seconds == 0.1);
  CHECK(a.deadline_seconds == 7);
  CHECK(a.iterations == 100);
  CHECK(a.batch_samples == 32);
  CHECK(a.gpu_milli == 250);
  CHECK(w.names.text(a.gpu_types) == "v100-16g|v100-32g");
  CHECK(w.names.text(a.model) == "bert");
  CHECK(w.names.text(a.virtual_cluster) == "vc1");
  CHECK(a.line == 2);
  const auto& c = w.jobs[1];
  CHECK(c.submit_seconds == 1000);
  CHECK(std::isinf(c.deadline_seconds));
  CHECK(c.gpu_milli == 1000);
  CHECK(c.iterations == 0);
  CHECK(c.model.is_none());
  REQUIRE(w.notes.size() == 1);
  CHECK(w.notes[0] == "columns not read: comment");
  CHECK(test::same_jobs(w, test::read_text("csv", traces::to_native_csv(w))));
}

TEST_CASE("whose a job is: users and accounts, where a format has them") {
  const auto of = [](const workloads::TrainingWorkload& w) {
    return std::string(w.names.text(w.jobs[0].user)) + "/" +
           std::string(w.names.text(w.jobs[0].account));
  };
  const auto native = test::read_text(
      "csv", "job_id,submit_seconds,gpus,duration_seconds,user,account\na,0,1,1,ann,physics\n");
  CHECK(of(native) == "ann/physics");
  CHECK(native.notes.empty());
  CHECK(of(test::read_text("csv", traces::to_native_csv(native))) == "ann/physics");
  CHECK(
      of(test::read_text(
          "helios",
          "job_id,user,vc,gpu_num,cpu_num,node_num,state,submit_time,start_time,end_time,duration,"
          "queue\n1,ann,vcA,1,4,1,COMPLETED,2020-04-01 00:00:00,2020-04-01 00:00:00,"
          "2020-04-01 00:01:00,60,0\n")) == "ann/");
  CHECK(of(test::read_text("sacct",
                           "JobID|User|Account|State|Submit|Start|End|Elapsed|AllocTRES\n"
                           "7|ann|physics|COMPLETED|2024-01-01T00:00:00|2024-01-01T00:00:00|"
                           "2024-01-01T00:10:00|00:10:00|cpu=4,gres/gpu=1\n")) == "ann/physics");
  CHECK(of(test::read_text("swf", "1 0 0 60 1 -1 -1 1 60 -1 1 12 3 -1 1 1 -1 -1\n")) == "12/3");
  CHECK(of(test::read_text("swf", "1 0 0 60 1 -1 -1 1 60 -1 1 -1 -1 -1 1 1 -1 -1\n")) == "/");
}

TEST_CASE("csv: a pruning is read, written back and held to its rules") {
  const std::string head = "job_id,submit_seconds,gpus,duration_seconds,pruning\n";
  const auto w = test::read_text("csv", head + "a,0,1,1,tw/0.75\nb,0,1,1,\nc,0,1,1,2:4/0.5\n");
  CHECK(w.names.text(w.jobs[0].pruning) == "tw/0.75/128");
  CHECK(w.jobs[1].pruning.is_none());
  CHECK(w.names.text(w.jobs[2].pruning) == "2:4/0.5");
  CHECK(test::same_jobs(w, test::read_text("csv", traces::to_native_csv(w))));
  CHECK_THROWS_AS(test::read_text("csv", head + "a,0,1,1,tw/1\n"), base::Error);
}

TEST_CASE("csv: jobs stay in file order, whenever they are submitted") {
  const auto w = test::read_text(
      "csv", "job_id,submit_seconds,gpus,duration_seconds\nlate,9,1,1\nearly,1,1,1\nmid,5,1,1\n");
  CHECK(w.jobs[0].id == "late");
  CHECK(w.jobs[1].id == "early");
  CHECK(w.jobs[2].submit_seconds == 5);
}

TEST_CASE("calendar times count from the earliest submit, which need not be the first row") {
  const auto w = test::read_text("philly",
                                 "submit_time,duration_s,gpus,vc\n"
                                 "2017-09-05 00:00:10,5.5,8,a\n2017-09-04 23:59:50,1,1,b\n");
  CHECK(w.jobs[0].submit_seconds == 20);
  CHECK(w.jobs[1].submit_seconds == 0);
  CHECK(w.jobs[0].id == "philly-1");
  CHECK(w.jobs[0].duration_seconds == 5.5);
  CHECK(w.notes[0].find("daylight saving") != std::string::npos);
}

TEST_CASE("philly: a skipped row keeps its number") {
  const auto w = test::read_text("philly",
                                 "submit_time,duration_s,gpus,vc\n2017-09-05 00:00:10,5.5,0,a\n"
                                 "2017-09-04 23:59:50,1,1,b\n",
                                 traces::OnBadRow::skip);
  CHECK(w.jobs.at(0).id == "philly-2");
}

TEST_CASE("pai-2020: shares of a GPU, instances and types of the task table") {
  const std::string table =
      "job_name,task_name,inst_num,status,start_time,end_time,plan_cpu,plan_mem,plan_gpu,gpu_type\n"
      "a,worker,1.0,Terminated,10.0,20.0,600.0,29.3,50.0,T4\n"
      "b,worker,4.0,Terminated,11.0,20.0,600.0,29.3,25.0,V100\n"
      "c,worker,2.0,Terminated,12.0,20.0,600.0,29.3,400.0,MISC\n"
      "c,ps,2.0,Terminated,12.0,20.0,600.0,29.3,,\n"
      "d,worker,1.0,Failed,12.0,,600.0,29.3,100.0,T4\n";
  const auto w = test::read_text("pai-2020", table);
  REQUIRE(w.jobs.size() == 3);
  CHECK(w.left_out.rows() == 2);
  CHECK(w.jobs[0].id == "a/worker");
  CHECK(w.jobs[0].gpus == 1);
  CHECK(w.jobs[0].gpu_milli == 500);
  CHECK(w.jobs[0].submit_seconds == 10);
  CHECK(w.jobs[0].gpu_types.is_none());
  CHECK(w.jobs[1].gpus == 4);
  CHECK(w.jobs[1].gpu_milli == 1000);
  CHECK(w.jobs[2].gpus == 8);
  CHECK(w.notes.back().find("rounded up to whole GPUs: 1") != std::string::npos);
  const auto typed = test::read_text("pai-2020", table, traces::OnBadRow::fail, "gpu_types: true");
  CHECK(typed.names.text(typed.jobs[0].gpu_types) == "t4");
  CHECK(typed.names.text(typed.jobs[1].gpu_types) == "v100-16g|v100-32g");
  CHECK(typed.jobs[2].gpu_types.is_none());
}

TEST_CASE("pai-2023: shares, types in our names, pods that were never scheduled") {
  const std::string pods =
      "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,"
      "deletion_time,scheduled_time\n"
      "p1,1,1,1,460,V100M16|V100M32|V100M32,LS,Running,100,200,150\n"
      "p2,1,1,0,0,,LS,Running,100,200,150\n"
      "p3,1,1,8,1000,A10|G2|P100|T4,BE,Pending,101,200,\n";
  const auto w = test::read_text("pai-2023", pods);
  REQUIRE(w.jobs.size() == 2);
  CHECK(w.left_out.rows() == 1);
  CHECK(w.jobs[0].gpu_milli == 460);
  CHECK(w.jobs[0].submit_seconds == 100);
  CHECK(w.jobs[0].duration_seconds == 50);
  CHECK(w.names.text(w.jobs[0].gpu_types) == "v100-16g|v100-32g");
  CHECK(w.jobs[1].duration_seconds == 99);
  CHECK(w.names.text(w.jobs[1].gpu_types) == "a10|g2|p100|t4");
  const auto any = test::read_text("pai-2023", pods, traces::OnBadRow::fail, "gpu_types: false");
  CHECK(any.jobs[0].gpu_types.is_none());
}

TEST_CASE("durations at the cut of a converted table are noted") {
  const std::pair<const char*, const char*> kTables[] = {
      {"helios", "helios_job_id,submit_s,duration_s,gpus\n1,0,172800,8\n2,0,172799,8\n"},
      {"pai-2020", "job_name,submit_s,duration_s,gpus\na,0,172800,8\nb,0,172799,8\n"}};
  for (const auto& [format, text] : kTables) {
    const auto w = test::read_text(format, text);
    REQUIRE_FALSE(w.notes.empty());
    CHECK(w.notes.back().find("where the table's conversion cut them off: 1") != std::string::npos);
  }
  CHECK(
      test::read_text("helios", "helios_job_id,submit_s,duration_s,gpus\n1,0,5,8\n").notes.empty());
}

TEST_CASE("swf: processors become GPUs, unknown and partial jobs are not jobs") {
  const std::string log =
      "; UnixStartTime: 0\n"
      "1 0 0 10 9 -1 -1 4 -1 -1 1 1 7 1 2 3 -1 -1\n"
      "2 5 0 20 -1 -1 -1 8 -1 -1 0 1 7 1 4 3 -1 -1\n"
      "3 6 0 -1 8 -1 -1 8 -1 -1 5 1 7 1 4 3 -1 -1\n"
      "4 6 0 20 -1 -1 -1 -1 -1 -1 1 1 7 1 4 3 -1 -1\n"
      "5 6 0 20 8 -1 -1 8 -1 -1 3 1 7 1 4 3 -1 -1\n";
  const auto w = test::read_text("swf", log);
  REQUIRE(w.jobs.size() == 2);
  CHECK(w.left_out.rows() == 3);
  CHECK(w.jobs[0].gpus == 9);
  CHECK(w.jobs[1].gpus == 8);
  CHECK(w.jobs[0].virtual_cluster.is_none());
  const auto four = test::read_text("swf", log, traces::OnBadRow::fail,
                                    "{processors_per_gpu: 4, virtual_cluster: queue}");
  CHECK(four.jobs[0].gpus == 3);  // 9 processors, rounded up
  CHECK(four.jobs[1].gpus == 2);
  CHECK(four.names.text(four.jobs[1].virtual_cluster) == "4");
  const auto parts =
      test::read_text("swf", log, traces::OnBadRow::fail, "{virtual_cluster: partition}");
  CHECK(parts.names.text(parts.jobs[0].virtual_cluster) == "3");
  const auto groups = test::read_text("swf", log, traces::OnBadRow::fail, "virtual_cluster: group");
  CHECK(groups.names.text(groups.jobs[0].virtual_cluster) == "7");
}

TEST_CASE("gavel: a job's duration follows from its steps and the measured speed") {
  const std::string line = "Moss-50 (batch size 64)\tcmd\tdir\t--n\t1\t80\t2\t1\t-1.000000\t12.5\n";
  const auto v100 = test::read_text("gavel", line, traces::OnBadRow::fail, test::gavel_options());
  REQUIRE(v100.jobs.size() == 1);
  CHECK(v100.jobs[0].duration_seconds == 80);  // one step per second in the sample's table
  CHECK(v100.jobs[0].iterations == 80);
  CHECK(v100.jobs[0].batch_samples == 64);
  CHECK(v100.jobs[0].samples_per_second() == 64);
  CHECK(v100.jobs[0].submit_seconds == 12.5);
  CHECK(v100.names.text(v100.jobs[0].model) == "Moss-50 (batch size 64)");
  const auto k80 = test::read_text("gavel", line, traces::OnBadRow::fail,
                                   test::gavel_options() + "\nreference_gpu: k80");
  CHECK(k80.jobs[0].duration_seconds == 640);
  CHECK(test::read_text("gavel", "Reed\tcmd\tdir\t--n\t1\t80\t2\t1\t-1\t0\n",
                        traces::OnBadRow::fail, test::gavel_options())
            .jobs[0]
            .batch_samples == 0);
}

TEST_CASE("gavel: one part of a table that holds several traces") {
  const std::string table =
      "seed,vc,job_type,total_steps,scale_factor,arrival_s\n"
      "0,x,Reed,8,1,0\n1,x,Reed,8,1,0\n0,y,Reed,8,2,1\n1,y,Reed,8,4,1\n1,y,Reed,8,4,2\n";
  const auto first = test::read_text("gavel", table, traces::OnBadRow::fail, test::gavel_options());
  CHECK(first.jobs.size() == 2);
  CHECK(first.left_out.rows() == 3);
  const auto one =
      test::read_text("gavel", table, traces::OnBadRow::fail, test::gavel_options() + "\npart: 1");
  CHECK(one.jobs.size() == 3);
  CHECK(one.jobs[0].id == "gavel-2");
  CHECK(one.names.text(one.jobs[2].virtual_cluster) == "y");
  CHECK_THROWS_AS(
      test::read_text("gavel", table, traces::OnBadRow::fail, test::gavel_options() + "\npart: 9"),
      base::Error);
}

TEST_CASE("gavel: what is wrong with the throughputs is said") {
  const std::string line = "Reed\tcmd\tdir\t--n\t1\t80\t2\t1\t-1\t0\n";
  CHECK(std::string(test::error_of("gavel", line).what()).find("throughputs") != std::string::npos);
  const auto unknown = test::error_of("gavel", line, traces::OnBadRow::fail,
                                      test::gavel_options() + "\nreference_gpu: h100");
  CHECK(unknown.sentence().find("only of k80, v100") != std::string::npos);
  for (const char* json :
       {"", "[]", "{", R"x({"v100": 3})x", R"x({"v100": {"Reed": {}}})x",
        R"x({"v100": {"('Reed', x)": {}}})x", R"x({"v100": {"('Reed', 1)": 5}})x"}) {
    CAPTURE(json);
    const test::TemporaryFile file(json);
    CHECK_THROWS_AS(
        test::read_text("gavel", line, traces::OnBadRow::fail, "throughputs: " + file.path()),
        base::Error);
  }
}

TEST_CASE("gavel: the path of the throughputs is relative to the document or to ORRERY_DATA") {
  const test::TemporaryFile anchor("");
  const auto folder = std::filesystem::path(anchor.path()).parent_path();
  const auto table = std::filesystem::path(anchor.path()).filename().string() + ".json";
  std::ofstream(folder / table) << R"x({"v100": {"('Reed', 2)": {"null": 4}}})x";
  const test::TemporaryFile trace("Reed\tcmd\tdir\t--n\t1\t80\t2\t1\t-1\t0\n");
  const auto read = [&](const std::string& path) {
    const auto node = base::parse_yaml("throughputs: " + path, (folder / "case.yaml").string());
    return traces::find_format("gavel")->make(node)->read({trace.path(), traces::OnBadRow::fail});
  };
  CHECK(read(table).jobs[0].duration_seconds == 20);
  const char* set = std::getenv("ORRERY_DATA");
  const std::string before = set != nullptr ? set : "";
  setenv("ORRERY_DATA", folder.string().c_str(), 1);
  CHECK(read("\"${ORRERY_DATA}/" + table + "\"").jobs[0].duration_seconds == 20);
  unsetenv("ORRERY_DATA");
  CHECK_THROWS_AS(read("\"${ORRERY_DATA}/" + table + "\""), base::Error);
  if (set != nullptr) setenv("ORRERY_DATA", before.c_str(), 1);
  std::filesystem::remove(folder / table);
}

TEST_CASE("sacct: columns by name, types, steps, and jobs that did not run to an end") {
  const std::string text =
      "Account|JobID|State|Submit|Start|End|ReqTRES|Partition\n"
      "lab|10|COMPLETED|2024-06-03T08:00:00|2024-06-03T08:01:00|2024-06-03T09:01:00|"
      "cpu=4,gres/gpu:a100=4,gres/gpu=4|big\n"
      "lab|10.batch|COMPLETED|2024-06-03T08:01:00|2024-06-03T08:01:00|2024-06-03T09:01:00|cpu=4|\n"
      "lab|10.extern|COMPLETED|2024-06-03T08:01:00|2024-06-03T08:01:00|2024-06-03T09:01:00|cpu=4|\n"
      "lab|11|RUNNING|2024-06-03T08:00:00|2024-06-03T08:01:00|Unknown|gres/gpu=1|big\n"
      "lab|12_[1-9]|PENDING|2024-06-03T08:00:00|Unknown|Unknown|gres/gpu=1|big\n"
      "lab|13|CANCELLED by 7|2024-06-03T08:00:00|None|2024-06-03T08:01:00|gres/gpu=1|big\n"
      "lab|14|COMPLETED|2024-06-03T08:00:00|2024-06-03T08:01:00|2024-06-03T09:01:00|cpu=1|big\n"
      "own|12_3|CANCELLED by 7|2024-06-03T07:59:00|2024-06-03T08:01:00|2024-06-03T08:01:30|"
      "gres/gpu=1|big\n";
  const auto w = test::read_text("sacct", text);
  REQUIRE(w.jobs.size() == 2);
  CHECK(w.left_out.rows() == 6);
  using workloads::LeftOut;
  CHECK(w.left_out.of(LeftOut::step).rows == 2);
  CHECK(w.left_out.of(LeftOut::still_running).rows == 1);
  CHECK(w.left_out.of(LeftOut::never_started).rows == 2);
  CHECK(w.left_out.of(LeftOut::no_gpu).rows == 1);
  CHECK(w.jobs[0].id == "10");
  CHECK(w.jobs[0].gpus == 4);
  CHECK(w.jobs[0].submit_seconds == 60);
  CHECK(w.jobs[0].duration_seconds == 3600);
  CHECK(w.names.text(w.jobs[0].gpu_types) == "a100-40g|a100-80g|a100-80g-pcie");
  CHECK(w.names.text(w.jobs[0].virtual_cluster) == "big");
  CHECK(w.jobs[1].id == "12_3");
  CHECK(w.jobs[1].duration_seconds == 30);
  const auto accounts = test::read_text("sacct", text, traces::OnBadRow::fail,
                                        "{virtual_cluster: account, gpu_types: false}");
  CHECK(accounts.names.text(accounts.jobs[1].virtual_cluster) == "own");
  CHECK(accounts.jobs[0].gpu_types.is_none());
  const auto none = test::read_text("sacct", text, traces::OnBadRow::fail, "virtual_cluster: none");
  CHECK(none.jobs[0].virtual_cluster.is_none());
}

TEST_CASE("sia: the amount of work is said by the reader's options, for each application or all") {
  const std::string path = test::sample("sia-jobs.csv");
  const auto w =
      test::read_trace("sia", path, traces::OnBadRow::fail, "samples: {fern: 1000, reed: 64}");
  REQUIRE(w.jobs.size() == 4);
  CHECK(w.jobs[0].iterations == 4);  // 1,000 samples in batches of 256
  CHECK(w.jobs[1].iterations == 8);
  CHECK(w.jobs[2].iterations == 1);
  CHECK(w.jobs[3].submit_seconds == 135.5);
  CHECK(w.jobs[0].gpus == 4);
  CHECK(w.names.text(w.jobs[2].model) == "reed");
  CHECK(w.jobs[0].gpu_types.is_none());
  const auto all =
      test::read_trace("sia", path, traces::OnBadRow::fail, "{iterations: 9, gpu_types: t4}");
  CHECK(all.jobs[3].iterations == 9);
  CHECK(all.names.text(all.jobs[3].gpu_types) == "t4");
  for (const char* options : {"{}", "{iterations: 9, samples: {fern: 1}}", "{samples: {fern: 0}}",
                              "{samples: {fern: [1]}}", "{samples: 5}", "{samples: {fern: 5}}"}) {
    CAPTURE(options);
    CHECK_THROWS_AS(test::read_trace("sia", path, traces::OnBadRow::fail, options), base::Error);
  }
}
