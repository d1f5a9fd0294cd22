// orrery profile, from outside: what show, diff and check say, and with which exit code.
#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "models/profile/profile_file.hpp"
#include "tests/sim/app/command.hpp"

using nlohmann::json;
using orrery::app::test::Folder;
using orrery::app::test::Outcome;
using namespace orrery::models;

namespace {

/// A profile of made-up numbers without a doubt.
DeviceProfile sound_profile(const std::string& device) {
  DeviceProfile p;
  p.device = device;
  p.device_name = "A device of this test";
  p.backend = "cuda";
  p.hardware = {{"multiprocessors", 4}, {"memory_bytes", 8.0 * 1024 * 1024 * 1024}};
  p.provenance.date = "2026-01-02T03:04:05Z";
  p.provenance.command = "orrery-calibrate --backend cuda";
  p.provenance.host = "Linux 6.1 x86_64";
  p.provenance.driver = "550.54";
  p.provenance.clocks = "1.2 GHz as found";
  p.provenance.libraries = {{"orrery", "0.1.0"}};
  FittedCost gemm;
  gemm.kernel = "gemm";
  gemm.variant = "dense";
  gemm.form = "slots of tiles";
  gemm.constants = {{"depth_step", 32}};
  gemm.coefficients = {{"start_seconds", 2.5e-6}, {"flops_per_second", 1.25e14}};
  gemm.points = 24;
  gemm.held_out = {0.031, 0.094};
  gemm.repeats = {{0.01, 0.02}};
  FittedCost copy;
  copy.kernel = "memory";
  copy.variant = "copy";
  copy.form = "start + bytes / rate";
  copy.coefficients = {{"start_seconds", 0}, {"bytes_per_second", 1.1e12}};
  copy.points = 12;
  copy.held_out = {0.02, 0.04};
  copy.repeats = {{0.01, 0.03}};
  p.costs = {gemm, copy};
  return p;
}

std::string write(const Folder& folder, DeviceProfile profile) {
  write_profile(profile, "kernel,point,seconds\ngemm,1,0.5\n", folder.path());
  return profile.device + ".yaml";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("profile show tells the device, the costs with their errors and units, and the hashes") {
  const Folder folder;
  const std::string file = write(folder, sound_profile("small"));
  const Outcome shown = folder.orrery({"profile", "show", file});
  CHECK(shown.code == 0);
  CHECK(shown.err.empty());
  CHECK(has(shown.out, "small: A device of this test\n"));
  CHECK(has(shown.out, "cuda, measured by orrery-calibrate, 2026-01-02T03:04:05Z\n"));
  CHECK(has(shown.out, "memory_bytes 8 GiB"));
  CHECK(has(shown.out, "driver       550.54\n"));
  CHECK(has(shown.out,
            "gemm    dense        24            3.1 %    9.4 %            1.0 %    2.0 %"
            "  slots of tiles\n"));
  CHECK(has(shown.out, "    start_seconds     2.5 us\n    flops_per_second  125 TFLOP/s\n"));
  CHECK(has(shown.out, "    start_seconds     0 s\n    bytes_per_second  1.1 TB/s\n"));
  const ProfileFile read = read_profile(folder.path() + "/" + file);
  CHECK(has(shown.out, "small.yaml, sha256 " + read.sha256 + "\n"));
  CHECK(has(shown.out, "small.csv, 1 row, sha256 " + read.profile.raw.sha256 + "\n"));
  CHECK_FALSE(has(shown.out, "warning"));
}

TEST_CASE("profile show --json has every number as it is in the file") {
  const Folder folder;
  DeviceProfile profile = sound_profile("small");
  profile.costs[1].coefficients[1].second = 1e12 / 3;
  profile.costs[1].repeats.reset();
  const std::string file = write(folder, profile);
  const Outcome shown = folder.orrery({"profile", "show", file, "--json"});
  REQUIRE(shown.code == 0);
  const json answer = json::parse(shown.out);
  const ProfileFile read = read_profile(folder.path() + "/" + file);
  CHECK(answer["schema_version"] == 1);
  CHECK(answer["sha256"] == read.sha256);
  CHECK(answer["raw"]["sha256"] == read.profile.raw.sha256);
  CHECK(answer["device"] == "small");
  CHECK(answer["provenance"]["measured_by"] == "us");
  CHECK(answer["hardware"]["multiprocessors"] == 4);
  REQUIRE(answer["costs"].size() == 2);
  CHECK(answer["costs"][0]["held_out"]["p90"] == 0.094);
  CHECK(answer["costs"][1]["coefficients"]["bytes_per_second"] == 1e12 / 3);
  CHECK(answer["costs"][1]["repeats"].is_null());
  CHECK(answer["warnings"].size() == 1);
}

TEST_CASE("profile show and diff say what neighbours did to a measurement, where it is known") {
  const Folder folder;
  const DeviceProfile quiet = sound_profile("quiet");
  DeviceProfile shared = quiet;
  shared.costs[0].held_out_of_medians = {0.12, 0.45, 48};
  shared.costs[0].neighbours = {0.03, 0.6, 48};
  shared.costs[0].repeats_measured = 700;
  shared.costs[0].repeats_set_aside = 21;
  const std::string before = write(folder, quiet);
  shared.device = "shared";
  const std::string file = write(folder, shared);
  const Outcome shown = folder.orrery({"profile", "show", file});
  CHECK(has(shown.out,
            "  disturbance\n"
            "    held-out, medians  12.0 % in the median, 45.0 % at p90\n"
            "    neighbours add     3.0 % in the median, 60.0 % at p90\n"
            "    repeats            21 of 700 set aside\n"));
  CHECK(shown.out.find("disturbance") == shown.out.rfind("disturbance"));
  const json answer = json::parse(folder.orrery({"profile", "show", file, "--json"}).out);
  CHECK(answer["costs"][0]["neighbours"]["p90"] == 0.6);
  CHECK(answer["costs"][0]["held_out_of_medians"]["median"] == 0.12);
  CHECK(answer["costs"][0]["repeats_set_aside"] == 21);
  CHECK(answer["costs"][1]["repeats_measured"].is_null());
  const Outcome differing = folder.orrery({"profile", "diff", before, file});
  CHECK(has(differing.out, "costs.gemm.dense.neighbours.p90: (none) -> 60.0 %\n"));
  CHECK(has(differing.out, "costs.gemm.dense.repeats_set_aside: (none) -> 21\n"));
}

TEST_CASE("profile diff answers as diff does: 0 the same, 1 different, 2 in trouble") {
  const Folder folder;
  const DeviceProfile profile = sound_profile("before");
  const std::string before = write(folder, profile);
  const Outcome same = folder.orrery({"profile", "diff", before, before});
  CHECK(same.code == 0);
  CHECK(same.out == "the profiles say the same\n");

  DeviceProfile later = profile;
  later.device = "after";
  later.costs[0].coefficients[0].second = 3e-6;
  later.costs[0].coefficients[1].second = std::nextafter(1.25e14, 1e15);
  later.costs[1].coefficients[0].second = 1e-6;
  later.costs[1].repeats.reset();
  later.provenance.driver.clear();
  const std::string after = write(folder, later);
  const Outcome differing = folder.orrery({"profile", "diff", before, after});
  CHECK(differing.code == 1);
  CHECK(differing.err.empty());
  CHECK(differing.out ==
        "device: before -> after\n"
        "provenance.driver: 550.54 -> (empty)\n"
        "costs.gemm.dense.coefficients.start_seconds: 2.5 us -> 3 us (+20.0 %)\n"
        "costs.gemm.dense.coefficients.flops_per_second: 1.25e+14 -> 125000000000000.02 "
        "(+2.2e-14 %)\n"
        "costs.memory.copy.coefficients.start_seconds: 0 s -> 1 us\n"
        "costs.memory.copy.repeats.median: 1.0 % -> (none)\n"
        "costs.memory.copy.repeats.p90: 3.0 % -> (none)\n"
        "raw.file: before.csv -> after.csv\n");
  const Outcome absent = folder.orrery({"profile", "diff", before, "nowhere.yaml"});
  CHECK(absent.code == 2);
  CHECK(absent.out.empty());
  CHECK(absent.err == "error: nowhere.yaml: cannot be read: No such file or directory\n");
}

TEST_CASE("profile check looks at every file and warns without refusing") {
  const Folder folder;
  DeviceProfile noisy = sound_profile("noisy");
  noisy.costs[1].held_out.p90 = 0.25;
  const std::string doubtful = write(folder, noisy);
  const std::string good = write(folder, sound_profile("good"));
  const Outcome checked = folder.orrery({"profile", "check", doubtful, good});
  CHECK(checked.code == 0);
  CHECK(has(checked.out, "noisy.yaml: noisy, 2 costs, 1 row, sha256 "));
  CHECK(has(checked.out,
            "\n  warning: memory copy: the held-out error has a 90th percentile of "
            "25.0 %, above 20 %\ngood.yaml: good, 2 costs"));

  folder.write("noisy.csv", "kernel,point,seconds\ngemm,1,0.6\n");
  const Outcome refused = folder.orrery({"profile", "check", doubtful, "nowhere.yaml", good});
  CHECK(refused.code == 2);
  CHECK(has(refused.out, "good.yaml: good"));
  CHECK(has(refused.err, "raw.sha256: 'noisy.csv' was changed: found the hash "));
  CHECK(has(refused.err, "; nowhere.yaml: cannot be read: No such file or directory\n"));
}
