#include "models/base/files.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/models/base/support.hpp"

namespace fs = std::filesystem;
using namespace orrery::base;
using test::message_of;

namespace {

std::size_t files_in(const std::string& path) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), {}));
}

}  // namespace

TEST_CASE("a file is replaced whole and leaves nothing beside it") {
  const test::TemporaryDirectory dir;
  write_file_atomically(dir / "a", "one");
  write_file_atomically(dir / "a", std::string(100000, 'x'));
  CHECK(test::slurp(dir / "a") == std::string(100000, 'x'));
  CHECK(files_in(dir.path()) == 1);
}

TEST_CASE("a file that cannot be written is an error and leaves nothing behind") {
  const test::TemporaryDirectory dir;
  const std::string path = dir / "absent/a";
  CHECK(message_of([&] { write_file_atomically(path, "x"); }) ==
        path + ": cannot be created: No such file or directory");
  fs::create_directory(dir / "d");
  const auto onto_directory = test::error_of([&] { write_file_atomically(dir / "d", "x"); });
  REQUIRE(onto_directory);
  CHECK(onto_directory->fault() == Fault::run_failed);
  CHECK(files_in(dir.path()) == 1);
}

TEST_CASE("a full disk is an error at the write or at the close, never silence") {
  for (const std::size_t size : {std::size_t{1}, std::size_t{1} << 20}) {
    CAPTURE(size);
    const auto error = test::error_of([&] {
      FileWriter file("/dev/full");
      file.write(std::string(size, 'x'));
      file.close();
    });
    REQUIRE(error);
    CHECK(error->fault() == Fault::run_failed);
    CHECK(std::string(error->what()) == "/dev/full: cannot be written: No space left on device");
  }
}

TEST_CASE("pieces come out in order") {
  const test::TemporaryDirectory dir;
  FileWriter file(dir / "a");
  for (int i = 0; i < 3; ++i) file.write(std::to_string(i) + "\n");
  file.write("");
  file.close();
  file.close();
  CHECK(test::slurp(dir / "a") == "0\n1\n2\n");
}

TEST_CASE("results appear under their name only when they are whole") {
  const test::TemporaryDirectory dir;
  const std::string path = dir / "new/out";
  {
    ResultDirectory results(path + "//", false);
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

TEST_CASE("without commit only the partial directory is there, and the next run clears it") {
  const test::TemporaryDirectory dir;
  const std::string path = dir / "out";
  {
    const ResultDirectory results(path, false);
    test::write(results.file("stale"), "x");
  }
  CHECK(!fs::exists(path));
  CHECK(fs::exists(path + ".partial/stale"));
  ResultDirectory results(path, false);
  CHECK(files_in(path + ".partial") == 0);
  results.commit();
  CHECK(fs::is_empty(path));
}

TEST_CASE("an existing directory is kept unless force replaces earlier results") {
  const test::TemporaryDirectory dir;
  const std::string path = dir / "out";
  fs::create_directory(path);
  test::write(path + "/summary.json", "old");
  const auto refused = test::error_of([&] { ResultDirectory(path, false); });
  REQUIRE(refused);
  CHECK(refused->sentence().find("--force") != std::string::npos);
  CHECK(refused->fault() == Fault::bad_input);
  CHECK(!fs::exists(path + ".partial"));

  ResultDirectory results(path, true);
  test::write(results.file("summary.json"), "new");
  CHECK(test::slurp(path + "/summary.json") == "old");
  results.commit();
  CHECK(test::slurp(path + "/summary.json") == "new");
  CHECK(files_in(dir.path()) == 1);
}

TEST_CASE("force never removes what is not a result") {
  const test::TemporaryDirectory dir;
  fs::create_directory(dir / "home");
  test::write(dir / "home/thesis.txt", "x");
  CHECK(test::error_of([&] { ResultDirectory(dir / "home", true); }));
  CHECK(fs::exists(dir / "home/thesis.txt"));
  test::write(dir / "file", "x");
  CHECK(test::error_of([&] { ResultDirectory(dir / "file", true); }));
  CHECK(test::slurp(dir / "file") == "x");
}

TEST_CASE("a directory that appeared meanwhile is not overwritten") {
  const test::TemporaryDirectory dir;
  ResultDirectory results(dir / "out", false);
  test::write(results.file("summary.json"), "mine");
  fs::create_directory(dir / "out");
  test::write(dir / "out/summary.json", "theirs");
  const auto error = test::error_of([&] { results.commit(); });
  REQUIRE(error);
  CHECK(error->fault() == Fault::run_failed);
  CHECK(test::slurp(dir / "out/summary.json") == "theirs");
  CHECK(test::slurp(dir / "out.partial/summary.json") == "mine");
}

TEST_CASE("a place where nothing can be created is named with its reason") {
  const auto error = test::error_of([] { ResultDirectory("/proc/orrery/out", false); });
  REQUIRE(error);
  CHECK(error->where().file == "/proc/orrery/out");
  CHECK(error->sentence().find("cannot be created: ") == 0);
  const test::TemporaryDirectory dir;
  test::write(dir / "file", "x");
  CHECK(message_of([&] { ResultDirectory(dir / "file/out", false); }) ==
        dir / "file/out" + ": cannot be created: Not a directory");
  CHECK(test::error_of([] { ResultDirectory("", false); }));
}
