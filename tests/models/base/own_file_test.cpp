// Which files a command may write anew.
#include "models/base/own_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "models/base/files.hpp"
#include "models/base/opened_files.hpp"
#include "models/base/result_mark.hpp"
#include "tests/models/base/support.hpp"

namespace fs = std::filesystem;
using namespace orrery::base;

namespace {

/// What is said of a file where one's own begin with `own`.
std::string check_of(const std::string& path) {
  return test::message_of(
      [&] { check_own_file(path, [](std::string_view text) { return text.starts_with("own"); }); });
}

constexpr const char* kNoObjection = "(no error)";
constexpr const char* kForeignFile =
    "holds something that this command did not write, so it is not replaced; name another file or "
    "remove it";

}  // namespace

TEST_CASE("only an empty file and one's own may be written anew") {
  const test::TemporaryDirectory dir;
  CHECK(check_of(dir / "absent") == kNoObjection);
  write_file_atomically(dir / "own", "own and more");
  write_file_atomically(dir / "empty", "");
  write_file_atomically(dir / "foreign", "mine");
  CHECK(check_of(dir / "own") == kNoObjection);
  CHECK(check_of(dir / "empty") == kNoObjection);
  CHECK(check_of(dir / "foreign") == dir / "foreign" + ": " + kForeignFile);
}

TEST_CASE("links are followed to the file that would be replaced") {
  const test::TemporaryDirectory dir;
  write_file_atomically(dir / "own", "own");
  write_file_atomically(dir / "foreign", "mine");
  for (const char* const name : {"own", "foreign", "absent"})
    fs::create_symlink(name, dir / ("to-" + std::string(name)));
  fs::create_hard_link(dir / "foreign", dir / "hard");
  CHECK(check_of(dir / "to-own") == kNoObjection);
  CHECK(check_of(dir / "to-absent") == kNoObjection);
  CHECK(check_of(dir / "to-foreign") == dir / "to-foreign" + ": leads to " +
                                            fs::canonical(dir / "foreign").string() + ", which " +
                                            kForeignFile);
  CHECK(check_of(dir / "hard") == dir / "hard" + ": " + kForeignFile);
}

TEST_CASE("what is no file is neither read nor refused") {
  const test::TemporaryDirectory dir;
  REQUIRE(::mkfifo((dir / "pipe").c_str(), 0600) == 0);
  for (const std::string& path : {dir / "pipe", dir.path(), std::string("/dev/null")})
    CHECK(check_of(path) == kNoObjection);
}

TEST_CASE("looking at a file's beginning does not count as reading it") {
  const test::TemporaryDirectory dir;
  write_file_atomically(dir / "own", "own" + std::string(200'000, 'x'));
  const OpenedFiles opened;
  std::size_t given = 0;
  check_own_file(dir / "own", [&](std::string_view text) { return (given = text.size()) > 0; });
  CHECK(given == 65'536);
  CHECK(opened.paths().empty());
}

TEST_CASE("results are found from every folder in them") {
  const test::TemporaryDirectory dir;
  fs::create_directory(dir / "marked");
  const ResultMark mark(dir / "marked");
  fs::create_directory(dir / "marked/below");
  fs::create_directory_symlink("marked", dir / "link");
  const auto refusal = [&](const std::string& directory) -> std::string {
    try {
      check_outside_results(directory, {directory, 0, 0, "--out"});
    } catch (const Error& error) {
      return error.sentence();
    }
    return {};
  };
  const std::string marked = '(' + fs::canonical(dir / "marked").string() + ')';
  for (const char* const name : {"marked", "marked/below", "marked/absent/too", "link", "link/x"})
    CHECK_MESSAGE(refusal(dir / name).find(marked) != std::string::npos, name);
  CHECK(refusal(dir.path()).empty());
  CHECK(refusal(dir / "beside").empty());
}
