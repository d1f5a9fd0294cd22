// What a person reads: the table, what was left out, and when the machine is called noisy.
#include "calibrate/app/summary.hpp"

#include <doctest/doctest.h>

#include "calibrate/app/options.hpp"
#include "calibrate/app/progress_bar.hpp"
#include "calibrate/device/device.hpp"

using namespace orrery::calibrate;
using namespace orrery::calibrate::app;

namespace {

std::string summary(double spread, double p90 = 0.11) {
  orrery::models::DeviceProfile profile;
  profile.device = "xeon";
  profile.device_name = "Xeon";
  profile.backend = "cpu";
  orrery::models::FittedCost cost;
  cost.kernel = "memory";
  cost.variant = "copy";
  cost.form = "start + bytes over a rate";
  cost.points = 12;
  cost.held_out = {0.0312, p90};
  cost.held_out_of_medians = {{0.05, 0.25}};
  cost.repeats = orrery::models::ErrorSpread{spread, 0.15};
  cost.neighbours = {{0.2, 0.45}};
  cost.repeats_measured = 400;
  cost.repeats_set_aside = 50;
  profile.costs.push_back(cost);
  SessionResult session;
  session.rows.resize(40);
  for (RawRow& row : session.rows) row.repeats = 3;
  for (std::size_t r = 0; r < 7; ++r) session.rows[r].disturbed = "switched";
  session.elapsed_seconds = 12.4;
  session.tallies = {{20, 12, 3, 5, "too large", 2}};
  const std::vector<std::string> kernels{"memory"};
  const std::vector<std::string> remarks{"kernel 'gemm' left out: no OpenBLAS"};
  return summary_text(profile, session, kernels, remarks);
}

}  // namespace

TEST_CASE("the summary says device, points, form, errors and what is missing") {
  const std::string text = summary(0.04);
  for (const char* part :
       {"xeon: Xeon, cpu\n40 repeats in 12 s, 7 of them set aside as disturbed\n",
        "memory: 12 of 20 points measured, 5 left out (give more --budget), 3 skipped (too "
        "large), 2 of the measured in no fit: nearly always disturbed\n",
        "kernel 'gemm' left out: no OpenBLAS\n",
        "memory     copy                       12     3.1 %   11.0 %     5.0 %   25.0 %     4.0 %  "
        " "
        "15.0 %    20.0 %   45.0 %    12.5 %  start + bytes over a rate\n"})
    CHECK_MESSAGE(text.find(part) != std::string::npos, part << " in\n" << text);
  CHECK(text.find("warning") == std::string::npos);
}

TEST_CASE("a noisy machine is warned of with the bounds") {
  CHECK(
      summary(0.12).find("warning: the machine was noisy: repeats of memory copy spread by 12.0 % "
                         "in the median and 15.0 % at p90 (noisy: above 10 % or 20 %, ours)") !=
      std::string::npos);
}

TEST_CASE("a fit that is off is warned of") {
  CHECK(summary(0.04, 0.35)
            .find("warning: the fit of memory copy is off by 3.1 % in the median and "
                  "35.0 % at p90 (wanted: 10 % and 20 %)") != std::string::npos);
}

TEST_CASE("the progress line says how far, how long, and what") {
  CHECK(progress_text({"memory", "copy-64KiB", 2, 30, 90}) ==
        "[######..................] 25 %, about 90 s left, memory copy-64KiB, round 2 of 3");
  CHECK(progress_text({"memory", "a", 1, 0, 0}).starts_with("[........................] 0 %"));
}

TEST_CASE("device names are made of what the system says, and checked") {
  CHECK(device_slug("NVIDIA A40") == "a40");
  CHECK(device_slug("NVIDIA H100 80GB HBM3") == "h100-80gb-hbm3");
  CHECK(device_slug("Intel(R) Xeon(R) Platinum 8480+ CPU @ 2.60GHz") == "intel-xeon-platinum-8480");
  CHECK(device_slug("  ") == "device");
  for (const char* good : {"a40", "intel-xeon", "a100-40g", "x.y"}) CHECK(is_device_name(good));
  for (const char* bad : {"", "A40", "a b", "../a", "-a", ".a", "a/b", "a\n"})
    CHECK_FALSE(is_device_name(bad));
}

TEST_CASE("this machine is described") {
  const DeviceDescription cpu = describe_cpu();
  CHECK_FALSE(cpu.name.empty());
  CHECK(*orrery::models::find_number(cpu.hardware, "threads") >= 1);
  CHECK(describe_host().find("Linux") == 0);
}
