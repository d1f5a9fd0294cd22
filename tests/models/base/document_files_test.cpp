// Where paths of a document lead.
#include "models/base/document_files.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <functional>

using namespace orrery::base;

namespace {

/// Sets an environment variable, and what it was at the end.
class Setting {
 public:
  Setting(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    if (value != nullptr)
      ::setenv(name, value, 1);
    else
      ::unsetenv(name);
  }
  ~Setting() {
    if (before_.empty())
      ::unsetenv(name_);
    else
      ::setenv(name_, before_.c_str(), 1);
  }
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;

 private:
  const char* name_;
  std::string before_;
};

std::string sentence_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.sentence();
  }
  return "";
}

}  // namespace

TEST_CASE("paths are taken from the file that names them") {
  const auto path = [](const std::string& text, const std::string& file) {
    return resolve_path(scalar_node(text, {file, 3, 4, "workload.trace.path"}));
  };
  CHECK(path("jobs.csv", "folder/e.yaml") == "folder/jobs.csv");
  CHECK(path("../jobs.csv", "folder/e.yaml") == "jobs.csv");
  CHECK(path("jobs.csv", "e.yaml") == "jobs.csv");
  CHECK(path("/data/jobs.csv", "folder/e.yaml") == "/data/jobs.csv");
  CHECK(path("a/jobs.csv", "--set workload.trace.path=a/jobs.csv") == "a/jobs.csv");
  {
    const Setting data("ORRERY_DATA", "/somewhere");
    CHECK(path("${ORRERY_DATA}/jobs.csv", "folder/e.yaml") == "/somewhere/jobs.csv");
  }
  const Setting none("ORRERY_DATA", nullptr);
  CHECK(sentence_of([&] {
          path("${ORRERY_DATA}/jobs.csv", "e.yaml");
        }).find("ORRERY_DATA is not set") != std::string::npos);
  CHECK(sentence_of([&] { path("${HOME}/jobs.csv", "e.yaml"); }).find("only variable") !=
        std::string::npos);
}
