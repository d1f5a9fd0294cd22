#include "models/base/result_directory.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "models/base/files.hpp"
#include "tests/models/base/support.hpp"

namespace fs = std::filesystem;
using namespace orrery::base;
using test::files_in;
using test::message_of;

namespace {

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

void make_results(const std::string& path, const std::string& text) {
  ResultDirectory results(path, {true, {}});
  test::write(results.file("summary.json"), text);
  test::write(results.folder().folder("world").file("jobs.csv"), text);
  results.commit();
}

const Replacing kForce{true, {}};

}  // namespace

TEST_CASE("results appear under their name only when they are whole") {
  const test::TemporaryDirectory dir;
  const std::string path = dir / "new/out";
  {
    ResultDirectory results(path + "//", {});
    CHECK(results.partial_path() == path + ".partial");
    write_file_atomically(results.file("summary.json"), "{}");
    CHECK(!fs::exists(path));
    results.commit();
    CHECK(results.file("summary.json") == path + "/summary.json");
    results.commit();  // once is enough
  }
  CHECK(test::slurp(path + "/summary.json") == "{}");
  CHECK(files_in(dir / "new") == 1);
}

TEST_CASE("the mark lists what was written, once, in order, and nothing that was only announced") {
  const test::TemporaryDirectory dir;
  ResultDirectory results(dir / "out", {});
  test::write(results.file("b.csv"), "x");
  test::write(results.file("a.csv"), "x");
  test::write(results.file("a.csv"), "y");
  results.file("never.csv");
  test::write(results.folder().folder("w").file("c.csv"), "x");
  results.commit();
  const std::string text = test::slurp(dir / ("out/" + std::string(ResultMark::kName)));
  CHECK(text.substr(text.find('\n')) == "\na.csv\nb.csv\nw/\nw/c.csv\n");
}

TEST_CASE("without commit only the partial directory is there, and the next run clears it") {
  const test::TemporaryDirectory dir;
  const std::string path = dir / "out";
  {
    ResultDirectory results(path, {});
    test::write(results.file("stale"), "x");
  }
  CHECK(!fs::exists(path));
  CHECK(fs::exists(path + ".partial/stale"));
  ResultDirectory results(path, {});
  CHECK(files_in(path + ".partial") == 1);  // its mark
  results.commit();
  CHECK(files_in(path) == 1);
}

TEST_CASE("earlier results are kept, or replaced whole where that is allowed") {
  const test::TemporaryDirectory dir;
  const std::string path = dir / "out";
  make_results(path, "old");
  const auto refused = test::error_of([&] { ResultDirectory(path, {}); });
  REQUIRE(refused);
  CHECK(says(refused->sentence(), "--force"));
  CHECK(refused->fault() == Fault::bad_input);
  CHECK(!fs::exists(path + ".partial"));

  ResultDirectory results(path, kForce);
  test::write(results.file("summary.json"), "new");
  CHECK(test::slurp(path + "/summary.json") == "old");
  results.commit();
  CHECK(test::slurp(path + "/summary.json") == "new");
  CHECK(!fs::exists(path + "/world"));
  CHECK(files_in(dir.path()) == 1);
}

TEST_CASE("an empty directory is as good as none") {
  const test::TemporaryDirectory dir;
  fs::create_directory(dir / "out");
  make_results(dir / "out", "x");
  CHECK(test::slurp(dir / "out/summary.json") == "x");
}

TEST_CASE("what this program did not write stays, and stops it") {
  const test::TemporaryDirectory dir;
  const std::string out = dir / "out";
  make_results(out, "old");
  const auto refusal = [&](const std::string& path, const Replacing& replacing = kForce) {
    return message_of([&] { ResultDirectory(path, replacing); });
  };
  SUBCASE("a directory without a mark") {
    fs::create_directory(dir / "home");
    test::write(dir / "home/summary.json", "x");
    CHECK(says(refusal(dir / "home"), "no list of what this program wrote there"));
    CHECK(fs::exists(dir / "home/summary.json"));
  }
  SUBCASE("a mark that is something else") {
    fs::create_directory(dir / "home");
    test::write(dir / ("home/" + std::string(ResultMark::kName)), "my own\n");
    CHECK(says(refusal(dir / "home"), "is not a list of this program's"));
  }
  SUBCASE("a mark that names files outside") {
    test::write(dir / "precious", "x");
    const std::string mark = out + "/" + ResultMark::kName;
    test::write(mark, test::slurp(mark) + "../precious\n");
    CHECK(says(refusal(out), "lists '../precious', expected names inside"));
    CHECK(fs::exists(dir / "precious"));
  }
  SUBCASE("a file of the user's, on any level") {
    test::write(out + "/world/notes.txt", "x");
    CHECK(says(refusal(out), "holds world/notes.txt, which this program did not write"));
    CHECK(test::slurp(out + "/summary.json") == "old");
  }
  SUBCASE("a link in the place of a file, of a folder, of the directory") {
    test::write(dir / "precious", "x");
    fs::remove(out + "/summary.json");
    fs::create_symlink(dir / "precious", out + "/summary.json");
    CHECK(says(refusal(out), "holds the link summary.json"));
    CHECK(test::slurp(dir / "precious") == "x");
    fs::remove(out + "/summary.json");
    fs::rename(out + "/world", dir / "elsewhere");
    fs::create_directory_symlink(dir / "elsewhere", out + "/world");
    CHECK(says(refusal(out), "holds the link world"));
    CHECK(fs::exists(dir / "elsewhere/jobs.csv"));
    fs::create_directory_symlink(out, dir / "link");
    CHECK(says(refusal(dir / "link"), "is a link"));
  }
  SUBCASE("a file that is read") {
    CHECK(says(refusal(out, {true, {out + "/summary.json"}}), "which is read"));
  }
  SUBCASE("the current folder and what holds it") {
    const fs::path before = fs::current_path();
    fs::current_path(out + "/world");
    const std::string whole = refusal(out);
    const std::string above = refusal("..");
    fs::current_path(before);
    CHECK(says(whole, "is the current folder or holds it"));
    CHECK(says(above, "is the current folder or holds it"));
  }
  SUBCASE("a file in the place of the directory") {
    test::write(dir / "file", "x");
    CHECK(says(refusal(dir / "file"), "is not a directory"));
    CHECK(test::slurp(dir / "file") == "x");
  }
  SUBCASE("what stands where the unfinished files go") {
    test::write(dir / "a.partial", "x");
    CHECK(says(refusal(dir / "a"), "is not a folder"));
    CHECK(test::slurp(dir / "a.partial") == "x");
    fs::create_directory(dir / "b.partial");
    test::write(dir / "b.partial/notes.txt", "x");
    CHECK(says(refusal(dir / "b"), "no list of what this program wrote there"));
    CHECK(fs::exists(dir / "b.partial/notes.txt"));
    fs::create_directory(dir / "elsewhere");
    fs::create_directory_symlink(dir / "elsewhere", dir / "c.partial");
    CHECK(says(refusal(dir / "c"), "is not a folder"));
    { ResultDirectory(dir / "d", {}).file("x"); }
    test::write(dir / "d.partial/notes.txt", "x");
    CHECK(says(refusal(dir / "d"), "holds notes.txt"));
    CHECK(fs::exists(dir / "d.partial/notes.txt"));
  }
}

TEST_CASE("a directory that appeared meanwhile is not overwritten") {
  const test::TemporaryDirectory dir;
  ResultDirectory results(dir / "out", {});
  test::write(results.file("summary.json"), "mine");
  fs::create_directory(dir / "out");
  test::write(dir / "out/summary.json", "theirs");
  const auto error = test::error_of([&] { results.commit(); });
  REQUIRE(error);
  CHECK(error->fault() == Fault::run_failed);
  CHECK(test::slurp(dir / "out/summary.json") == "theirs");
  CHECK(test::slurp(dir / "out.partial/summary.json") == "mine");
}

TEST_CASE("a file put among results while they are replaced stays there") {
  const test::TemporaryDirectory dir;
  const std::string out = dir / "out";
  make_results(out, "old");
  ResultDirectory results(out, kForce);
  test::write(results.file("summary.json"), "new");
  test::write(out + "/notes.txt", "x");
  CHECK(says(message_of([&] { results.commit(); }), "the results stay in " + out + ".partial"));
  CHECK(test::slurp(out + "/summary.json") == "old");
  CHECK(fs::exists(out + "/notes.txt"));
}

TEST_CASE("half a name that a full disk leaves is taken back") {
  const test::TemporaryDirectory dir;
  fs::create_directory(dir / "out");
  const std::string path = dir / ("out/" + std::string(ResultMark::kName));
  ResultMark mark(dir / "out");
  mark.add("first");
  const std::string before = test::slurp(path);
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit whole {};
  ::getrlimit(RLIMIT_FSIZE, &whole);
  const struct rlimit small { before.size() + 3, whole.rlim_max };
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto error = test::error_of([&] { mark.add("second"); });
  ::setrlimit(RLIMIT_FSIZE, &whole);
  std::signal(SIGXFSZ, ignored);
  REQUIRE(error);
  CHECK(error->fault() == Fault::run_failed);
  CHECK(test::slurp(path) == before);
  CHECK(!mark.lists("second"));
  mark.add("third");
  CHECK(test::slurp(path) == before + "third\n");
}

TEST_CASE("one at a time writes to a directory, and the second says who does") {
  const test::TemporaryDirectory dir;
  const std::string out = dir / "out";
  {
    const ResultDirectory first(out, {});
    const std::string refused = message_of([&] { ResultDirectory(out, {}); });
    CHECK(says(refused, "is writing into it"));
    CHECK(says(refused, "process " + std::to_string(::getpid())));
  }
  make_results(out, "old");
  const ResultMark held(out);
  CHECK(says(message_of([&] { ResultDirectory(out, kForce); }), "is writing into it"));
}

TEST_CASE("a process that is killed at any step leaves what the next one can clear") {
  const test::TemporaryDirectory dir;
  const std::string out = dir / "out";
  for (int step = 0; step < 5; ++step) {
    CAPTURE(step);
    const pid_t child = ::fork();
    if (child == 0) {
      if (step == 0) fs::create_directory(out + ".partial");
      if (step == 1) {
        fs::create_directory(out + ".partial");
        test::write(out + ".partial/" + ResultMark::kName, "");
      }
      if (step > 1) {
        ResultDirectory results(out, kForce);
        if (step > 2) test::write(results.file("summary.json"), "half");
        if (step > 3) results.folder().folder("world");
        ::kill(::getpid(), SIGKILL);
      }
      ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
    make_results(out, "whole");
    CHECK(test::slurp(out + "/summary.json") == "whole");
    CHECK(files_in(dir.path()) == 1);
  }
}

TEST_CASE("a place where nothing can be created is named with its reason") {
  const auto error = test::error_of([] { ResultDirectory("/proc/orrery/out", {}); });
  REQUIRE(error);
  CHECK(error->where().file == "/proc/orrery/out");
  CHECK(error->sentence().find("cannot be created: ") == 0);
  const test::TemporaryDirectory dir;
  test::write(dir / "file", "x");
  CHECK(message_of([&] { ResultDirectory(dir / "file/out", {}); }) ==
        dir / "file/out" + ": cannot be created: Not a directory");
  CHECK(test::error_of([] { ResultDirectory("", {}); }));
}
