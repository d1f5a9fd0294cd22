// Each kind of bad row, per format: refused with its place, or left out and counted.
#include <doctest/doctest.h>

#include "tests/traces/bad_row.hpp"
#include "tests/traces/support.hpp"

using namespace orrery;
using test::BadRow;

namespace {

/// A file of a format with a place for one more row between two good ones.
struct Layout {
  std::string format;
  std::string before;  // header and a good row
  std::string after;   // a good row
  int bad_line;
  std::string options;
};

void check_bad_rows(const Layout& layout, std::initializer_list<BadRow> rows) {
  for (const BadRow& bad : rows) {
    CAPTURE(layout.format);
    CAPTURE(bad.row);
    const std::string text = layout.before + bad.row + "\n" + layout.after;
    const auto error = test::error_of(layout.format, text, traces::OnBadRow::fail, layout.options);
    CHECK(error.where().line == layout.bad_line);
    CHECK(error.where().key == bad.key);
    CHECK_MESSAGE(error.sentence().find(bad.sentence) != std::string::npos, error.sentence());
    const auto rest = test::read_text(layout.format, text, traces::OnBadRow::skip, layout.options);
    CHECK(rest.jobs.size() == 2);
    CHECK(rest.skipped_rows == 1);
    CHECK(rest.left_out.rows() == 0);
    REQUIRE_FALSE(rest.notes.empty());
    CHECK(rest.notes.back().find("bad rows left out: 1") != std::string::npos);
    CHECK_NOTHROW(workloads::check(rest));
  }
}

constexpr const char* kSeconds = "expected a number of seconds";
constexpr const char* kGpus = "expected a whole number of GPUs of at least";
constexpr const char* kTime = "expected a time like";

}  // namespace

TEST_CASE("csv: bad rows") {
  const Layout layout{"csv",
                      "job_id,submit_seconds,gpus,duration_seconds,gpu_milli,iterations,"
                      "batch_samples,deadline_seconds,model\na,0,1,10,,,,,\n",
                      "z,5,2,20,1000,3,4,5,m\n", 3, ""};
  check_bad_rows(layout, {{"b,-1,1,10,,,,,", "submit_seconds", kSeconds},
                          {"b,nan,1,10,,,,,", "submit_seconds", kSeconds},
                          {"b,inf,1,10,,,,,", "submit_seconds", kSeconds},
                          {"b,1e13,1,10,,,,,", "submit_seconds", kSeconds},
                          {"b,,1,10,,,,,", "submit_seconds", "an empty field"},
                          {"b, 1,1,10,,,,,", "submit_seconds", kSeconds},
                          {"b,0x10,1,10,,,,,", "submit_seconds", kSeconds},
                          {"b,1,0,10,,,,,", "gpus", kGpus},
                          {"b,1,-2,10,,,,,", "gpus", kGpus},
                          {"b,1,1.5,10,,,,,", "gpus", kGpus},
                          {"b,1,99999999999999999999,10,,,,,", "gpus", kGpus},
                          {"b,1,4294967297,10,,,,,", "gpus", kGpus},
                          {"b,1,1,-10,,,,,", "duration_seconds", kSeconds},
                          {"b,1,1,1e999,,,,,", "duration_seconds", kSeconds},
                          {"b,1,1,ten,,,,,", "duration_seconds", "found 'ten'"},
                          {"b,1,1,10,0,,,,", "gpu_milli", "1 to 1000"},
                          {"b,1,1,10,1001,,,,", "gpu_milli", "at most 1000"},
                          {"b,1,2,10,500,,,,", "gpu_milli", "several GPUs"},
                          {"b,1,1,10,,-1,,,", "iterations", "whole number of iterations"},
                          {"b,1,1,10,,1,2.5,,", "batch_samples", "whole number of samples"},
                          {"b,1,1,10,,,,-3,", "deadline_seconds", kSeconds},
                          {"b,1,1,10", "", "expected 9 as in the header"},
                          {"b,1,1,10,,,,,,,", "", "expected 9 as in the header"},
                          {"\"b,1,1,10,,,,,", "", "quote"},
                          {",1,1,10,,,,,", "", "empty job id"},
                          {"a,1,1,10,,,,,", "", "'a' is taken by the job of line 2"},
                          {"b\x01,1,1,10,,,,,", "", "control characters"},
                          {"b\xff,1,1,10,,,,,", "", "UTF-8"},
                          {"b,1,1,10,,,,,\xc3\x28", "", "UTF-8"}});
}

TEST_CASE("philly: bad rows") {
  const Layout layout{"philly",
                      "submit_time,duration_s,gpus,vc\n2017-09-04 10:30:41,5.0,8,7f04ca\n",
                      "2017-09-04 10:30:42,1,1,7f04ca\n", 3, ""};
  check_bad_rows(layout, {{"2017-09-31 10:30:41,5.0,8,7f04ca", "submit_time", kTime},
                          {",5.0,8,7f04ca", "submit_time", kTime},
                          {"2017-09-04 10:30:41,nan,8,7f04ca", "duration_s", kSeconds},
                          {"2017-09-04 10:30:41,-5,8,7f04ca", "duration_s", kSeconds},
                          {"2017-09-04 10:30:41,5,0,7f04ca", "gpus", kGpus},
                          {"2017-09-04 10:30:41,5,8.0,7f04ca", "gpus", kGpus}});
}

TEST_CASE("helios: bad rows of both layouts") {
  const Layout plain{"helios", "helios_job_id,submit_s,duration_s,gpus\n1,0,5,8\n", "2,1,1,1\n", 3,
                     ""};
  check_bad_rows(plain, {{"3,-1,5,8", "submit_s", kSeconds},
                         {"3,1,x,8", "duration_s", kSeconds},
                         {"3,1,5,0", "gpus", kGpus},
                         {"1,1,5,8", "", "taken"}});
  const Layout log{"helios",
                   "job_id,user,vc,gpu_num,cpu_num,node_num,state,submit_time,start_time,end_time,"
                   "duration,queue\n1,u,v,1,1,1,COMPLETED,2020-06-09 18:41:01,x,y,10,0\n",
                   "2,u,v,1,1,1,COMPLETED,2020-06-09 18:41:02,x,y,10,0\n", 3, ""};
  check_bad_rows(log, {{"3,u,v,-1,1,1,FAILED,2020-06-09 18:41:02,x,y,10,0", "gpu_num", kGpus},
                       {"3,u,v,1,1,1,FAILED,2020-06-09,x,y,10,0", "submit_time", kTime},
                       {"3,u,v,0,1,1,FAILED,never,x,y,10,0", "submit_time", kTime},
                       {"3,u,v,1,1,1,FAILED,2020-06-09 18:41:02,x,y,-10,0", "duration", kSeconds},
                       {"2,u,v,1,1,1,FAILED,2020-06-09 18:41:02", "", "expected 12"}});
}

TEST_CASE("pai-2020: bad rows of both layouts") {
  const Layout plain{"pai-2020", "job_name,submit_s,duration_s,gpus\na,0,5,8\n", "c,1,1,1\n", 3,
                     ""};
  check_bad_rows(plain, {{"b,-1,5,8", "submit_s", kSeconds},
                         {"b,1,-5,8", "duration_s", kSeconds},
                         {"b,1,5,0.5", "gpus", kGpus},
                         {"a,1,5,8", "", "taken"}});
  const Layout tasks{"pai-2020",
                     "job_name,task_name,inst_num,status,start_time,end_time,plan_cpu,plan_mem,"
                     "plan_gpu,gpu_type\na,worker,1.0,Terminated,10.0,20.0,600.0,29.3,100.0,T4\n",
                     "c,worker,1.0,Terminated,10.0,20.0,600.0,29.3,50.0,T4\n", 3, ""};
  check_bad_rows(
      tasks, {{"b,worker,0,Terminated,10.0,20.0,1,1,100.0,T4", "inst_num", "at least 1"},
              {"b,worker,1.5,Terminated,10.0,20.0,1,1,100.0,T4", "inst_num", "at least 1"},
              {"b,worker,1e9,Terminated,10.0,20.0,1,1,100.0,T4", "inst_num", "at least 1"},
              {"b,worker,1,Terminated,10.0,20.0,1,1,-100.0,T4", "plan_gpu", "percentage"},
              {"b,worker,999999,Terminated,10.0,20.0,1,1,1e6,T4", "plan_gpu", "percentage"},
              {"b,worker,1,Terminated,10.0,20.0,1,1,many,T4", "plan_gpu", "number"},
              {"b,worker,1,Terminated,30.0,20.0,1,1,100.0,T4", "end_time", "not before the start"},
              {"b,worker,1,Terminated,,20.0,1,1,100.0,T4", "start_time", kSeconds},
              {"a,worker,1,Terminated,10.0,20.0,1,1,100.0,T4", "", "'a/worker' is taken"}});
}

TEST_CASE("pai-2023: bad rows") {
  const Layout layout{
      "pai-2023",
      "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,"
      "creation_time,deletion_time,scheduled_time\np1,1,1,1,460,,LS,Running,5,9,6\n",
      "p3,1,1,2,1000,T4,LS,Running,5,9,\n", 3, ""};
  check_bad_rows(layout, {{"p2,1,1,1,0,,LS,Running,5,9,6", "gpu_milli", "1 to 1000"},
                          {"p2,1,1,1,1001,,LS,Running,5,9,6", "gpu_milli", "1000"},
                          {"p2,1,1,2,500,,LS,Running,5,9,6", "gpu_milli", "1000"},
                          {"p2,1,1,-1,1000,,LS,Running,5,9,6", "num_gpu", kGpus},
                          {"p2,1,1,1,1000,,LS,Running,-5,9,6", "creation_time", kSeconds},
                          {"p2,1,1,1,1000,,LS,Running,5,4,6", "deletion_time", "after the begin"},
                          {"p2,1,1,1,1000,,LS,Running,5,,6", "deletion_time", kSeconds},
                          {"p1,1,1,1,1000,,LS,Running,5,9,6", "", "taken"}});
}

TEST_CASE("swf: bad rows") {
  const Layout layout{"swf", "; comment\n1 0 0 10 4 -1 -1 4 -1 -1 1 1 1 1 1 1 -1 -1\n",
                      "  3\t5 0 10 4 -1 -1 4 -1 -1 1 1 1 1 1 1 -1 -1\n\n; end\n", 3, ""};
  check_bad_rows(
      layout,
      {{"2 -5 0 10 4 -1 -1 4 -1 -1 1 1 1 1 1 1 -1 -1", "submit time", kSeconds},
       {"2 1 0 -3 4 -1 -1 4 -1 -1 1 1 1 1 1 1 -1 -1", "run time", "seconds, or -1"},
       {"2 1 0 ten 4 -1 -1 4 -1 -1 1 1 1 1 1 1 -1 -1", "run time", "'ten'"},
       {"2 1 0 10 2.5 -1 -1 4 -1 -1 1 1 1 1 1 1 -1 -1", "allocated processors", "whole"},
       {"2 1 0 10 -1 -1 -1 -7 -1 -1 1 1 1 1 1 1 -1 -1", "requested processors", "whole"},
       {"2 1 0 10 9999999999 -1 -1 4 -1 -1 1 1 1 1 1 1 -1 -1", "allocated processors", "fewer"},
       {"2 1 0 10 4 -1 -1 4 -1 -1 done 1 1 1 1 1 -1 -1", "status", "whole"},
       {"2 1 0 10 4", "", "found 5 fields, expected 18"},
       {"1 1 0 10 4 -1 -1 4 -1 -1 1 1 1 1 1 1 -1 -1", "", "taken by the job of line 2"}});
}

TEST_CASE("gavel: bad rows of the original layout and of tables") {
  const std::string command = "\tpython3 main.py\tdir\t--n\t1\t";
  const Layout lines{"gavel", "Reed" + command + "8\t1\t1\t-1.0\t0\n",
                     "Moss-50 (batch size 64)" + command + "8\t2\t1\t-1.0\t3\n", 2,
                     test::gavel_options()};
  const std::string no_steps = "Reed" + command + "0\t1\t1\t-1.0\t0";
  const std::string no_gpus = "Reed" + command + "8\t0\t1\t-1.0\t0";
  const std::string late = "Reed" + command + "8\t1\t1\t-1.0\t-2";
  const std::string type = "Cattail" + command + "8\t1\t1\t-1.0\t0";
  const std::string scale = "Reed" + command + "8\t3\t1\t-1.0\t0";
  const std::string huge = "Reed" + command + "900000000000000\t1\t1\t-1.0\t0";
  check_bad_rows(lines, {{no_steps.c_str(), "total steps", "steps of at least 1"},
                         {no_gpus.c_str(), "scale factor", kGpus},
                         {late.c_str(), "arrival", kSeconds},
                         {type.c_str(), "job type", "measured throughput on 1 v100"},
                         {scale.c_str(), "job type", "measured throughput on 3 v100"},
                         {huge.c_str(), "total steps", "1e12"},
                         {"Reed\t8\t1", "", "found 3 fields, expected 10"}});
  const Layout table{"gavel", "trace,job_type,total_steps,scale_factor,arrival_s\nt,Reed,8,1,0\n",
                     "t,Reed,8,2,1\n", 3, test::gavel_options()};
  check_bad_rows(table, {{"t,Reed,1.5,1,0", "total_steps", "whole number"},
                         {"t,Reed,8,1,soon", "arrival_s", kSeconds}});
}

TEST_CASE("sacct: bad rows") {
  const Layout layout{
      "sacct",
      "JobID|Partition|State|Submit|Start|End|Elapsed|AllocTRES\n"
      "1|p|COMPLETED|2024-06-03T08:15:00|2024-06-03T08:15:09|2024-06-03T08:16:09|00:01:00|"
      "cpu=1,gres/gpu=1\n",
      "3|p|COMPLETED|2024-06-03T08:15:01|2024-06-03T08:15:09|2024-06-03T08:16:09|1-00:01:00|"
      "cpu=1,gres/gpu=2\n",
      3, ""};
  check_bad_rows(
      layout, {{"2|p|FAILED|yesterday|2024-06-03T08:15:09|x|00:01:00|gres/gpu=1", "Submit", kTime},
               {"2|p|FAILED|Unknown|2024-06-03T08:15:09|x|00:01:00|gres/gpu=1", "Submit", kTime},
               {"2|p|FAILED|2024-06-03T08:15:00|2024-06-03T08:15:09|x|1.00|gres/gpu=1", "Elapsed",
                "duration like"},
               {"2|p|FAILED|2024-06-03T08:15:00|2024-06-03T08:15:09|x|00:01:00|gres/gpu=many",
                "AllocTRES", "count of GPUs"},
               {"2|p|FAILED|2024-06-03T08:15:00|2024-06-03T08:15:09|x|00:01:00", "", "expected 8"},
               {"1+1|p|FAILED|2024-06-03T08:15:00|x|x|00:01:00|gres/gpu=1", "Start", kTime}});
}

TEST_CASE("philly-json: bad jobs") {
  const auto job = [](const std::string& id, const std::string& submitted, const std::string& start,
                      const std::string& end, const std::string& vc = "\"v\"") {
    return R"({"status":"Pass","vc":)" + vc + R"(,"jobid":)" + id +
           R"(,"attempts":[{"start_time":")" + start + R"(","end_time":")" + end +
           R"(","detail":[{"ip":"m1","gpus":["gpu0","gpu1"]}]}],"submitted_time":")" + submitted +
           R"(","user":"u"})";
  };
  const std::string at = "2017-10-07 01:11:39";
  const std::string later = "2017-10-07 01:21:39";
  const Layout layout{"philly-json", "[\n" + job("\"a\"", at, at, later) + ",\n",
                      job("\"c\"", at, at, later) + "\n]\n", 3, ""};
  const std::string submitted = job("\"b\"", "None", at, later) + ",";
  const std::string start = job("\"b\"", at, "soon", later) + ",";
  const std::string order = job("\"b\"", at, later, at) + ",";
  const std::string number = job("17", at, at, later) + ",";
  const std::string vc = job("\"b\"", at, at, later, "5") + ",";
  const std::string twice = job("\"a\"", at, at, later) + ",";
  const std::string nameless = job("\"\"", at, at, later) + ",";
  check_bad_rows(layout, {{submitted.c_str(), "submitted_time", kTime},
                          {start.c_str(), "start_time", kTime},
                          {order.c_str(), "end_time", "an end after"},
                          {number.c_str(), "", "'jobid' has a wrong type"},
                          {vc.c_str(), "", "'vc' has a wrong type"},
                          {twice.c_str(), "", "taken by the job of line 2"},
                          {nameless.c_str(), "", "empty job id"},
                          {"7,", "", "not a job"},
                          {"[1,[2]],", "", "not a job"}});
}

TEST_CASE("a table without a needed column is refused, whatever is done with bad rows") {
  const std::pair<const char*, const char*> kHeaders[] = {
      {"csv", "job_id,submit_seconds,gpu,duration_seconds\n1,2,3,4\n"},
      {"philly", "submit_time,duration_s,vc\n"},
      {"helios", "job_id,vc,submit_time,duration\n"},
      {"pai-2020", "job_name,submit_s,gpus\n1,2,3\n"},
      {"pai-2023", "name,cpu_milli,memory_mib,num_gpu,gpu_milli\np,1,1,1,1000\n"},
      {"sacct", "JobID|Submit|Elapsed|AllocCPUS\n1|2024-06-03T08:15:00|00:01:00|1\n"},
      {"sacct", "JobID|Submit|Start|AllocTRES\n"},
      {"csv", "job_id,submit_seconds,gpus,duration_seconds,gpus\n"}};
  for (const auto& entry : kHeaders) {
    const auto& format = entry.first;
    const auto& text = entry.second;
    CAPTURE(text);
    for (const auto mode : {traces::OnBadRow::fail, traces::OnBadRow::skip}) {
      const auto error = test::error_of(format, text, mode);
      CHECK(error.sentence().find("column") != std::string::npos);
    }
  }
}

TEST_CASE("a trace without jobs is refused and named") {
  const std::pair<const char*, const char*> kEmpty[] = {
      {"csv", ""},
      {"csv", "job_id,submit_seconds,gpus,duration_seconds\n"},
      {"philly", "submit_time,duration_s,gpus,vc\n\n\n"},
      {"philly-json", "[]"},
      {"philly-json", R"([{"jobid":"a","vc":"v","attempts":[],"submitted_time":"x"}])"},
      {"swf", "; only comments\n"},
      {"swf", ""},
      {"gavel", ""},
      {"helios", "job_id,vc,gpu_num,submit_time,duration\n1,v,0,2020-06-09 18:41:01,5\n"}};
  for (const auto& entry : kEmpty) {
    const auto& format = entry.first;
    const auto& text = entry.second;
    CAPTURE(format);
    CAPTURE(text);
    const std::string options = std::string(format) == "gavel" ? test::gavel_options() : "";
    const auto error = test::error_of(format, text, traces::OnBadRow::fail, options);
    CHECK(error.where().file.find("orrery-trace-") != std::string::npos);
    const bool said = error.sentence().find("no jobs") != std::string::npos ||
                      error.sentence().find("empty") != std::string::npos;
    CHECK_MESSAGE(said, error.what());
  }
  // When skipping leaves nothing, the first bad row is named.
  const auto error =
      test::error_of("csv", "job_id,submit_seconds,gpus,duration_seconds\na,-1,1,1\nb,0,0,0\n",
                     traces::OnBadRow::skip);
  CHECK(error.sentence().find("bad rows: 2") != std::string::npos);
  CHECK(error.sentence().find("submit_seconds") != std::string::npos);
}

TEST_CASE("what is said of bad bytes is itself valid text") {
  const std::string bad = "\xff\x01" + std::string(58, 'a') + "\xc3\xa9";  // cut inside the last
  const std::string text =
      "job_id,submit_seconds,gpus,duration_seconds,\xfe\na," + bad + ",1,1,\nb,0,1,1,\n";
  const auto error = test::error_of("csv", text);
  CHECK(error.sentence().starts_with("found '??aaa"));
  const auto w = test::read_text("csv", text, traces::OnBadRow::skip);
  REQUIRE(w.notes.size() == 2);
  CHECK(w.notes[0] == "columns not read: ?");
  CHECK(w.notes[1].find('\xff') == std::string::npos);
  CHECK(w.notes[1].find('\xc3') == std::string::npos);
}
