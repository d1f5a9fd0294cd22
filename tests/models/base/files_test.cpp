#include "models/base/files.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/models/base/support.hpp"

namespace fs = std::filesystem;
using namespace orrery::base;
using test::files_in;
using test::message_of;

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

TEST_CASE("what is not a regular file is written through, and a link keeps leading to its file") {
  const test::TemporaryDirectory dir;
  // By a link, so that a mistake costs the link and not the machine's device.
  fs::create_symlink("/dev/full", dir / "full");
  CHECK(message_of([&] { write_file_atomically(dir / "full", "x"); }) ==
        dir / "full" + ": cannot be written: No space left on device");
  CHECK(fs::is_symlink(dir / "full"));

  test::write(dir / "target", "old");
  fs::create_symlink("target", dir / "link");
  write_file_atomically(dir / "link", "new");
  CHECK(fs::is_symlink(dir / "link"));
  CHECK(test::slurp(dir / "target") == "new");
  fs::create_symlink("later", dir / "dangling");
  write_file_atomically(dir / "dangling", "made");
  CHECK(test::slurp(dir / "later") == "made");

  REQUIRE(::mkfifo((dir / "pipe").c_str(), 0600) == 0);
  const int reader = ::open((dir / "pipe").c_str(), O_RDONLY | O_NONBLOCK);
  write_file_atomically(dir / "pipe", "through");
  char got[16] = {};
  CHECK(::read(reader, got, sizeof got) == 7);
  CHECK(std::string(got) == "through");
  ::close(reader);
  CHECK(fs::is_fifo(dir / "pipe"));
  CHECK(files_in(dir.path()) == 6);
}

TEST_CASE("a replaced file keeps its permissions") {
  const test::TemporaryDirectory dir;
  test::write(dir / "a", "old");
  fs::permissions(dir / "a", fs::perms::owner_read | fs::perms::owner_write);
  write_file_atomically(dir / "a", "new");
  CHECK(fs::status(dir / "a").permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}
