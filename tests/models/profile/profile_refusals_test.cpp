// What is not a profile: one sentence each, naming file, line, key, what was found and expected.
#include <doctest/doctest.h>

#include "models/base/error.hpp"
#include "models/base/files.hpp"
#include "models/base/hash.hpp"
#include "models/base/text_file.hpp"
#include "models/profile/profile_file.hpp"
#include "tests/models/profile/support.hpp"

using namespace orrery;
using namespace orrery::models;
using namespace orrery::tests;

namespace {

std::string good_yaml() {
  DeviceProfile p = small_profile();
  p.raw = {"cpu-small.csv", base::sha256_hex(small_csv()), 3};
  return profile_yaml(p);
}

std::string refusal_of(const std::string& yaml) {
  try {
    parse_profile(yaml, "p.yaml");
  } catch (const base::Error& error) {
    return error.what();
  }
  return "(accepted)";
}

/// The answer to the good profile with one text replaced.
std::string refusal(const std::string& old, const std::string& with) {
  return refusal_of(edited(good_yaml(), old, with));
}

/// The answer to a folder that holds the good profile, one text replaced, and `csv`.
std::string refusal_with_csv(const std::string& old, const std::string& with,
                             const std::string& csv) {
  const Folder folder;
  base::write_file_atomically(folder.file("p.yaml"), edited(good_yaml(), old, with));
  if (!csv.empty()) base::write_file_atomically(folder.file("cpu-small.csv"), csv);
  std::string said = "(accepted)";
  try {
    read_profile(folder.file("p.yaml"));
  } catch (const base::Error& error) {
    said = error.what();
  }
  // The folder's name differs from run to run.
  for (std::size_t at = 0; (at = said.find(folder.path())) != std::string::npos;)
    said.replace(at, folder.path().size(), "DIR");
  return said;
}

}  // namespace

TEST_CASE("the good profile is accepted") {
  CHECK(refusal_of(good_yaml()) == "(accepted)");
  CHECK(refusal_with_csv("points: 48", "points: 47", small_csv()) == "(accepted)");
}

TEST_CASE("a profile of another version is refused before its keys are read") {
  CHECK(refusal("schema_version: 1", "schema_version: 2\nnew_key: 3") ==
        "p.yaml:1:17: schema_version: written by a later version: found 2, this orrery reads up to "
        "1");
  CHECK(refusal("schema_version: 1", "schema_version: 0") ==
        "p.yaml:1:17: schema_version: found 0, expected at least 1");
  CHECK(refusal("schema_version: 1", "schema_version: one") ==
        "p.yaml:1:17: schema_version: expected a whole number, found 'one'");
  CHECK(refusal("schema_version: 1\n", "") ==
        "p.yaml:1:1: the required key 'schema_version' is missing");
  CHECK(refusal_of("") == "p.yaml: expected a mapping (key: value), found nothing");
  CHECK(refusal_of("- a\n") == "p.yaml:1:1: expected a mapping (key: value), found a list");
}

TEST_CASE("unknown, missing and doubled keys are named") {
  CHECK(refusal("clocks:", "clock:") ==
        "p.yaml:14:3: provenance.clock: unknown key 'clock'; did you mean 'clocks'?");
  CHECK(refusal("backend: cpu\n", "") == "p.yaml:1:1: the required key 'backend' is missing");
  CHECK(refusal("    points: 48\n", "") ==
        "p.yaml:19:5: costs[0]: the required key 'points' is missing");
  CHECK(refusal("      p90: 0.094\n", "") ==
        "p.yaml:30:7: costs[0].held_out: the required key 'p90' is missing");
  CHECK(refusal("  rows: 3\n", "") == "p.yaml:47:3: raw: the required key 'rows' is missing");
  CHECK(refusal("backend: cpu\n", "backend: cpu\nbackend: cpu\n") ==
        "p.yaml:5:1: backend: the key 'backend' appears twice, first in line 4");
  CHECK(refusal("variant: copy", "variant: copy\n    warm: true") ==
        "p.yaml:37:5: costs[1].warm: unknown key 'warm', expected one of kernel, variant, form, "
        "constants, "
        "coefficients, points, held_out, held_out_of_medians, repeats, neighbours, "
        "repeats_measured, repeats_set_aside");
  CHECK(refusal("    points: 48\n",
                "    points: 48\n    repeats_measured: 9\n    repeats_set_aside: 10\n")
            .find("repeats_set_aside: found 10, expected at most repeats_measured, 9") !=
        std::string::npos);
}

TEST_CASE("numbers are finite, in range and plain") {
  CHECK(refusal("points: 48", "points: 0") ==
        "p.yaml:28:13: costs[0].points: found 0, expected at least 1");
  CHECK(refusal("points: 48", "points: 4.8") ==
        "p.yaml:28:13: costs[0].points: expected a whole number, found '4.8'");
  CHECK(refusal("median: 0.031", "median: -0.031") ==
        "p.yaml:30:15: costs[0].held_out.median: found -0.031, expected at least 0");
  CHECK(refusal("p90: 0.094", "p90: 0.03") ==
        "p.yaml:31:12: costs[0].held_out.p90: found 0.03, expected at least the median, 0.031");
  CHECK(refusal("median: 0.012", "median: 0.12") ==
        "p.yaml:34:12: costs[0].repeats.p90: found 0.05, expected at least the median, 0.12");
  CHECK(refusal("start_seconds: 2.5e-06", "start_seconds: .nan") ==
        "p.yaml:26:22: costs[0].coefficients.start_seconds: expected a number, found '.nan'");
  CHECK(refusal("start_seconds: 2.5e-06", "start_seconds: inf") ==
        "p.yaml:26:22: costs[0].coefficients.start_seconds: expected a number, found 'inf'");
  CHECK(refusal("start_seconds: 2.5e-06", "start_seconds: 1e999") ==
        "p.yaml:26:22: costs[0].coefficients.start_seconds: expected a number, found '1e999'");
  CHECK(
      refusal("start_seconds: 2.5e-06", "start_seconds: 2.5 us") ==
      "p.yaml:26:22: costs[0].coefficients.start_seconds: expected a plain number without a unit, "
      "found '2.5 us'");
  CHECK(
      refusal("start_seconds: 2.5e-06", "start_seconds: \"2.5\"") ==
      "p.yaml:26:22: costs[0].coefficients.start_seconds: expected a number without quotes, found "
      "'2.5'");
  CHECK(refusal("threads: 2", "threads: -2") ==
        "p.yaml:6:12: hardware.threads: found -2, expected at least 0");
  CHECK(refusal("bytes_per_second: 1", "bytes_per_second: -1")
            .ends_with("found -11234567890.123, "
                       "expected more than 0"));
  CHECK(refusal("constants: {}", "constants: 3") ==
        "p.yaml:38:16: costs[1].constants: expected a mapping (key: value), found '3'");
}

TEST_CASE("texts are words of the format or filled") {
  CHECK(refusal("backend: cpu", "backend: gpu") ==
        "p.yaml:4:10: backend: expected one of cpu, cuda, found 'gpu'; did you mean 'cpu'?");
  CHECK(refusal("measured_by: us", "measured_by: them") ==
        "p.yaml:9:16: provenance.measured_by: expected one of us, others, found 'them'");
  CHECK(refusal("device: cpu-small", "device: \"\"") ==
        "p.yaml:2:9: device: expected a text, found an empty one");
  CHECK(refusal("variant: dense", "variant:") ==
        "p.yaml:21:5: costs[0].variant: expected a text, found nothing");
  CHECK(refusal("variant: dense", "variant: dense.held_out") ==
        "p.yaml:20:14: costs[0].variant: found 'dense.held_out', expected letters, digits, '-' and "
        "'_'");
  CHECK(refusal("    orrery: \"0.1.0\"", "    \"\": 0.1.0") ==
        "p.yaml:16:5: provenance.libraries.: found an empty key, expected a name");
  CHECK(refusal("    OpenBLAS: \"0.3.21\"", "    OpenBLAS: [0, 3]") ==
        "p.yaml:17:15: provenance.libraries.OpenBLAS: expected a text, found a list");
}

TEST_CASE("a cost stands once and has a coefficient") {
  std::string yaml = edited(good_yaml(), "kernel: memory", "kernel: gemm");
  yaml = edited(yaml, "variant: copy", "variant: dense");
  CHECK(refusal_of(yaml) ==
        "p.yaml:35:5: costs[1]: the cost of kernel 'gemm', variant 'dense' stands twice, expected "
        "it once");
  yaml = good_yaml();
  const std::size_t from = yaml.find("costs:");
  const std::size_t to = yaml.find("raw:");
  CHECK(refusal_of(yaml.substr(0, from) + "costs: []\n" + yaml.substr(to)) ==
        "p.yaml:18:8: costs: found no cost, expected at least one");
  yaml = edited(good_yaml(), "    coefficients:\n      start_seconds: 2.5e-06\n",
                "    coefficients: {}\n    ignored:\n");
  CHECK(
      refusal_of(edited(yaml, "    ignored:\n      flops_per_second: 33333333333.333332\n", "")) ==
      "p.yaml:25:19: costs[0].coefficients: found no coefficient, expected at least one");
}

TEST_CASE("the measurements are named without a folder") {
  for (const std::string name :
       {"../cpu-small.csv", "a/b.csv", "/etc/passwd", "..", ".", ".csv", "a\\\\b.csv", "a b.csv"}) {
    CAPTURE(name);
    const std::string said = refusal("file: cpu-small.csv", "file: \"" + name + "\"");
    CHECK(said.starts_with("p.yaml:47:9: raw.file: found '"));
    CHECK(said.ends_with(
        "expected a name without a folder: letters, digits, '-', '_' and '.', which does not stand "
        "first"));
  }
  CHECK(refusal("sha256: ", "sha256: A").starts_with("p.yaml:48:11: raw.sha256: found 'A"));
  CHECK(refusal("rows: 3", "rows: 0") == "p.yaml:49:9: raw.rows: found 0, expected at least 1");
}

TEST_CASE("the measurements are those that the profile names") {
  const std::string hash = base::sha256_hex(small_csv());
  CHECK(refusal_with_csv("rows: 3", "rows: 3", "") ==
        "DIR/p.yaml:47:9: raw.file: found no file 'DIR/cpu-small.csv', expected the raw "
        "measurements beside the profile");
  const std::string changed = edited(small_csv(), "0.25", "0.26");
  CHECK(refusal_with_csv("rows: 3", "rows: 3", changed) ==
        "DIR/p.yaml:48:11: raw.sha256: 'DIR/cpu-small.csv' was changed: found the hash " +
            base::sha256_hex(changed) + ", expected " + hash);
  CHECK(refusal_with_csv("rows: 3", "rows: 4", small_csv()) ==
        "DIR/p.yaml:49:9: raw.rows: 'DIR/cpu-small.csv' has another length: found 3 rows, expected "
        "4");
  CHECK(refusal_with_csv("file: cpu-small.csv", "file: p.yaml", small_csv())
            .starts_with("DIR/p.yaml:48:11: raw.sha256: 'DIR/p.yaml' was changed"));
}

TEST_CASE("a profile that cannot be read is named") {
  CHECK_THROWS_WITH_AS(read_profile("/no/such/p.yaml"),
                       "/no/such/p.yaml: cannot be read: No such file or directory", base::Error);
  const Folder folder;
  CHECK_THROWS_WITH_AS(read_profile(folder.path()),
                       (folder.path() + ": is a directory, expected a file").c_str(), base::Error);
  CHECK(refusal_of("a: [b\n").starts_with("p.yaml:"));
}

TEST_CASE("a profile cut short anywhere is refused") {
  const std::string yaml = good_yaml();
  // Without its last line end it is still whole.
  for (std::size_t length = 0; length + 2 < yaml.size(); ++length) {
    CAPTURE(length);
    CHECK(refusal_of(yaml.substr(0, length)) != "(accepted)");
  }
}
