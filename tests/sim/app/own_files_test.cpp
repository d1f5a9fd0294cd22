// Files named by an option: a command replaces what it wrote itself, and nothing else.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/sim/app/command.hpp"

namespace fs = std::filesystem;
using orrery::app::test::Folder;
using orrery::app::test::Outcome;
using orrery::app::test::small_trace;
using orrery::app::test::write_small_experiment;

namespace {

using Words = std::vector<std::string>;

void write_results(const Folder& folder) {
  write_small_experiment(folder);
  folder.write("thesis.txt", "years of work\n");
  REQUIRE(folder.orrery({"run", "exp.yaml", "--out", "r"}).code == 0);
}

/// The command ends with exit code 2 and says `part`; the file stays as it was.
void check_kept(const Folder& folder, const Words& words, const std::string& file,
                const std::string& part) {
  CAPTURE(file);
  const std::string before = folder.read(file);
  const Outcome outcome = folder.orrery(words);
  CHECK(outcome.code == 2);
  CHECK_MESSAGE(outcome.err.find(part) != std::string::npos, outcome.err);
  CHECK(outcome.out.empty());
  CHECK(folder.read(file) == before);
}

constexpr const char* kNotWritten = "holds something that this command did not write";

}  // namespace

TEST_CASE("a report replaces reports only, also through links") {
  const Folder folder;
  write_results(folder);
  REQUIRE(folder.orrery({"run", "exp.yaml", "--out", "r2", "--set", "seed=2"}).code == 0);
  for (const char* const file : {"thesis.txt", "exp.yaml", "r2/jobs.csv", "r2/summary.json"})
    check_kept(folder, {"report", "r", "--out", file}, file,
               std::string(file) + ": " + kNotWritten);

  fs::create_symlink("thesis.txt", folder.path() + "/link.html");
  check_kept(folder, {"report", "r", "--out", "link.html"}, "thesis.txt", "leads to ");
  // The list of results names report.html, yet this one is a link.
  fs::remove(folder.path() + "/r/report.html");
  fs::create_symlink("../thesis.txt", folder.path() + "/r/report.html");
  check_kept(folder, {"report", "r"}, "thesis.txt", "r/report.html: leads to ");
}

TEST_CASE("a report goes onto an earlier one, an empty file and what is no file") {
  const Folder folder;
  write_results(folder);
  folder.write("empty.html", "");
  for (const char* const file : {"new.html", "new.html", "empty.html", "r/report.html"})
    CHECK(folder.orrery({"report", "r", "--out", file}).code == 0);
  CHECK(folder.orrery({"report", "r"}).code == 0);
  CHECK(folder.orrery({"report", "r", "--out", "/dev/null"}).code == 0);
  // A page of a version that had no generator in it.
  std::string page = folder.read("new.html");
  const std::string mark = "<meta name=\"generator\" content=\"Orrery\">\n";
  REQUIRE(page.find(mark) != std::string::npos);
  folder.write("old.html", page.erase(page.find(mark), mark.size()));
  CHECK(folder.orrery({"report", "r", "--out", "old.html"}).code == 0);
  CHECK(folder.read("old.html") == folder.read("new.html"));
}

TEST_CASE("figures replace figures only, all or none") {
  const Folder folder;
  write_results(folder);
  CHECK(folder.orrery({"report", "r", "--figures", "figures"}).code == 0);
  CHECK(folder.orrery({"report", "r", "--figures", "figures"}).code == 0);

  folder.write("figs/wait.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>\n");
  check_kept(folder, {"report", "r", "--figures", "figs"}, "figs/wait.svg",
             std::string("figs/wait.svg: ") + kNotWritten);
  CHECK_FALSE(folder.has("figs/jct.svg"));
  fs::remove(folder.path() + "/figs/wait.svg");
  fs::create_symlink("../thesis.txt", folder.path() + "/figs/wait.svg");
  check_kept(folder, {"report", "r", "--figures", "figs"}, "thesis.txt", "leads to ");
}

TEST_CASE("nothing is written among results that --force could not replace with it") {
  const Folder folder;
  write_results(folder);
  fs::create_directory_symlink("r", folder.path() + "/link");
  for (const char* const place : {"r", "r/figures", "link"}) {
    const Outcome figures = folder.orrery({"report", "r", "--figures", place});
    CHECK(figures.code == 2);
    CHECK_MESSAGE(figures.err.find("lies in results of 'run' or 'compare'") != std::string::npos,
                  figures.err);
  }
  const Outcome trace = folder.orrery({"trace", "convert", "jobs.csv", "--out", "r/native.csv"});
  CHECK(trace.code == 2);
  CHECK(trace.err.find("lies in results of 'run' or 'compare'") != std::string::npos);
  CHECK(folder.orrery({"run", "exp.yaml", "--out", "r", "--force"}).code == 0);
}

TEST_CASE("a converted trace replaces native traces only") {
  const Folder folder;
  write_results(folder);
  const auto convert = [](const std::string& out) {
    return Words{"trace", "convert", "jobs.csv", "--out", out};
  };
  for (const char* const file : {"thesis.txt", "exp.yaml", "r/summary.json", "r/jobs.csv"})
    check_kept(folder, convert(file), file, kNotWritten);
  // Headers of somebody else's tables that resemble the native one.
  for (const char* const header :
       {"job_id", "job_id,submit_seconds,gpus", "job_id,submit_seconds,gpus,duration_seconds,mood",
        "job_id,gpus,submit_seconds,duration_seconds", ",job_id,submit_seconds,gpus"}) {
    folder.write("table.csv", std::string(header) + "\n1,2,3,4,5\n");
    check_kept(folder, convert("table.csv"), "table.csv", kNotWritten);
  }
  for (const char* const header :
       {"job_id,submit_seconds,gpus,duration_seconds",
        "job_id,submit_seconds,gpus,duration_seconds,model,after_job,think_seconds\r"}) {
    folder.write("table.csv", std::string(header) + "\n");
    CHECK(folder.orrery(convert("table.csv")).code == 0);
    CHECK(folder.orrery(convert("table.csv")).code == 0);
    CHECK(folder.read("table.csv") == small_trace());
  }
  fs::create_symlink("thesis.txt", folder.path() + "/link.csv");
  check_kept(folder, convert("link.csv"), "thesis.txt", "leads to ");
  CHECK(folder.orrery(convert("/dev/null")).code == 0);
}
