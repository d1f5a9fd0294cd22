// Profiles written and read back: the same numbers, the same bytes.
#include "models/profile/profile_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "models/base/error.hpp"
#include "models/base/files.hpp"
#include "models/base/hash.hpp"
#include "models/base/random.hpp"
#include "models/base/text_file.hpp"
#include "tests/models/profile/support.hpp"

using namespace orrery;
using namespace orrery::models;
using namespace orrery::tests;

namespace {

bool same_bits(const NamedNumbers& a, const NamedNumbers& b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](const auto& x, const auto& y) {
           return x.first == y.first &&
                  std::bit_cast<std::uint64_t>(x.second) == std::bit_cast<std::uint64_t>(y.second);
         });
}

}  // namespace

TEST_CASE("a profile reads back as it was written") {
  const Folder folder;
  DeviceProfile written = small_profile();
  write_profile(written, small_csv(), folder.path());
  CHECK(written.raw.file == "cpu-small.csv");
  CHECK(written.raw.rows == 3);
  CHECK(written.raw.sha256 == base::sha256_hex(small_csv()));
  CHECK(base::read_text_file(folder.file("cpu-small.csv")) == small_csv());

  const ProfileFile file = read_profile(folder.file("cpu-small.yaml"));
  const DeviceProfile& p = file.profile;
  CHECK(file.path == folder.file("cpu-small.yaml"));
  CHECK(file.sha256 == base::sha256_hex(base::read_text_file(file.path)));
  CHECK(p.device == written.device);
  CHECK(p.device_name == written.device_name);
  CHECK(p.backend == "cpu");
  CHECK(same_bits(p.hardware, written.hardware));
  CHECK(p.provenance.measured_by == MeasuredBy::us);
  CHECK(p.provenance.date == written.provenance.date);
  CHECK(p.provenance.command == written.provenance.command);
  CHECK(p.provenance.host == written.provenance.host);
  CHECK(p.provenance.driver.empty());
  CHECK(p.provenance.clocks == written.provenance.clocks);
  CHECK(p.provenance.libraries == written.provenance.libraries);
  REQUIRE(p.costs.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(p.costs[i].form == written.costs[i].form);
    CHECK(same_bits(p.costs[i].constants, written.costs[i].constants));
    CHECK(same_bits(p.costs[i].coefficients, written.costs[i].coefficients));
    CHECK(p.costs[i].points == written.costs[i].points);
    CHECK(p.costs[i].held_out.median == written.costs[i].held_out.median);
    CHECK(p.costs[i].held_out.p90 == written.costs[i].held_out.p90);
  }
  REQUIRE(p.costs[0].repeats);
  CHECK(p.costs[0].repeats->p90 == 0.05);
  CHECK_FALSE(p.costs[1].repeats);
  CHECK(p.find("memory", "copy") == &p.costs[1]);
  CHECK(p.find("memory", "dense") == nullptr);
  CHECK(profile_yaml(p) == profile_yaml(written));
}

TEST_CASE("what neighbours add and what was set aside comes back; earlier profiles lack it") {
  DeviceProfile profile = small_profile();
  CHECK_FALSE(profile.costs[0].neighbours);
  CHECK(profile_yaml(profile).find("neighbours") == std::string::npos);
  FittedCost& cost = profile.costs[0];
  cost.held_out.n = 48;
  cost.held_out_of_medians = ErrorSpread{0.05, 0.2, 48};
  cost.neighbours = ErrorSpread{0.1, 0.4, 48};
  cost.repeats_measured = 4000;
  cost.repeats_set_aside = 1200;
  profile.raw = {"measurements.csv", std::string(64, 'a'), 3};
  const std::string yaml = profile_yaml(profile);
  const FittedCost read = parse_profile(yaml, "p.yaml").costs[0];
  CHECK(read.held_out == cost.held_out);
  CHECK(read.held_out_of_medians == cost.held_out_of_medians);
  CHECK(read.neighbours == cost.neighbours);
  CHECK(*read.repeats_measured == 4000);
  CHECK(*read.repeats_set_aside == 1200);
  CHECK(profile_yaml(parse_profile(yaml, "p.yaml")) == yaml);
}

TEST_CASE("published times have no spread of repeats and say whose they are") {
  const Folder folder;
  DeviceProfile written = small_profile();
  written.provenance.measured_by = MeasuredBy::others;
  written.backend = "cuda";
  written.provenance.driver = "550.54";
  write_profile(written, small_csv(), folder.path());
  const DeviceProfile p = read_profile(folder.file("cpu-small.yaml")).profile;
  CHECK(p.provenance.measured_by == MeasuredBy::others);
  CHECK(p.backend == "cuda");
  CHECK(p.provenance.driver == "550.54");
}

TEST_CASE("every number up to the largest and awkward text reads back exactly") {
  DeviceProfile written = small_profile();
  written.raw = {"cpu-small.csv", std::string(64, 'a'), 3};
  for (const char* text : {"null", "~", "true", "1e5", "0x10", "", " padded ", "- a", "a: b # c",
                           "quote \" and \\", "two\nlines", "Umlaut \xC3\xBC", "[x]", "*y"}) {
    written.provenance.libraries.emplace_back(
        "library " + std::to_string(written.provenance.libraries.size()), text);
  }
  written.costs[0].coefficients = {{"tiny", std::numeric_limits<double>::denorm_min()},
                                   {"small", std::numeric_limits<double>::min()},
                                   {"large", 1e30},
                                   {"third", 1.0 / 3},
                                   {"minus zero", -0.0}};
  constexpr std::uint64_t kSeed = 7;
  CAPTURE(kSeed);
  base::RandomStream random(kSeed, "profile numbers");
  while (written.costs[0].coefficients.size() < 2000) {
    const auto value = std::bit_cast<double>(random.next());
    if (!(std::abs(value) <= 1e30)) continue;
    written.costs[0].coefficients.emplace_back(
        "n" + std::to_string(written.costs[0].coefficients.size()), value);
  }
  const std::string yaml = profile_yaml(written);
  const DeviceProfile read = parse_profile(yaml, "written");
  CHECK(same_bits(read.costs[0].coefficients, written.costs[0].coefficients));
  CHECK(read.provenance.libraries == written.provenance.libraries);
  CHECK(profile_yaml(read) == yaml);
}

TEST_CASE("the document is laid out for people") {
  DeviceProfile p = small_profile();
  p.raw = {"cpu-small.csv", std::string(64, 'a'), 3};
  p.costs.pop_back();
  CHECK(profile_yaml(p) == R"(schema_version: 1
device: cpu-small
device_name: "A processor of this test: 2 cores, \"quick\" ones"
backend: cpu
hardware:
  threads: 2
  memory_bytes: 8589934592
provenance:
  measured_by: us
  date: "2026-01-02T03:04:05Z"
  command: orrery-calibrate --backend cpu --budget 120
  host: "Linux 6.1 x86_64, 2 threads"
  driver: ""
  clocks: 2.1 GHz to 3.4 GHz as found
  libraries:
    orrery: "0.1.0"
    OpenBLAS: "0.3.21"
costs:
  - kernel: gemm
    variant: dense
    form: slots of tiles over compute and memory
    constants:
      cache_bytes: 3.2e+07
      depth_step: 256
    coefficients:
      start_seconds: 2.5e-06
      flops_per_second: 33333333333.333332
    points: 48
    held_out:
      median: 0.031
      p90: 0.094
    repeats:
      median: 0.012
      p90: 0.05
raw:
  file: cpu-small.csv
  sha256: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
  rows: 3
)");
}

TEST_CASE("nothing is written where it could not be read") {
  const auto refused = [](DeviceProfile profile, const std::string& csv = small_csv()) {
    const Folder folder;
    std::string said;
    try {
      write_profile(profile, csv, folder.path());
    } catch (const base::Error& error) {
      said = error.what();
    }
    CHECK(std::filesystem::is_empty(folder.path()));
    return said;
  };
  DeviceProfile p = small_profile();
  p.costs[1].held_out.p90 = std::nan("");
  CHECK(refused(p) == "costs[1].held_out.p90: found nan, expected a finite number");
  p = small_profile();
  p.costs[0].coefficients[1].second = -std::numeric_limits<double>::infinity();
  CHECK(
      refused(p) ==
      "costs[0].coefficients.flops_per_second: found an infinite number, expected a finite number");
  p = small_profile();
  p.device = "../elsewhere";
  CHECK(refused(p).find("device: found '../elsewhere', expected a name without a folder") !=
        std::string::npos);
  p = small_profile();
  p.costs[1] = p.costs[0];
  CHECK(refused(p).find("stands twice") != std::string::npos);
  p = small_profile();
  p.hardware.emplace_back("threads", 4);
  CHECK(refused(p).find("the key 'threads' appears twice") != std::string::npos);
  p = small_profile();
  p.provenance.command = "a\x01 b";
  CHECK(refused(p).find("expected readable text") != std::string::npos);
  CHECK(
      refused(small_profile(), "only,a,header\n").find("raw.rows: found 0, expected at least 1") !=
      std::string::npos);
}

TEST_CASE("a last row without its end is a row") {
  const Folder folder;
  DeviceProfile p = small_profile();
  write_profile(p, "a,b\n1,2\n3,4", folder.path());
  CHECK(p.raw.rows == 2);
  CHECK(read_profile(folder.file("cpu-small.yaml")).profile.raw.rows == 2);
}

TEST_CASE("measurements written over without a profile are not a profile") {
  const Folder folder;
  DeviceProfile p = small_profile();
  write_profile(p, small_csv(), folder.path());
  // What an interruption between the two files leaves behind.
  base::write_file_atomically(folder.file("cpu-small.csv"), small_csv() + "memory,copy,2,2\n");
  CHECK_THROWS_AS(read_profile(folder.file("cpu-small.yaml")), base::Error);
  std::filesystem::remove(folder.file("cpu-small.yaml"));
  CHECK_THROWS_AS(read_profile(folder.file("cpu-small.yaml")), base::Error);
}

TEST_CASE("a folder that is not there is named") {
  DeviceProfile p = small_profile();
  CHECK_THROWS_WITH_AS(
      write_profile(p, small_csv(), "/no/such/folder"),
      "/no/such/folder/cpu-small.csv: cannot be created: No such file or directory", base::Error);
}
