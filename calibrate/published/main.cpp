// gemm_published_profile: writes the profile of a GPU that is not at hand from published times.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

#include "calibrate/published/published_profile.hpp"
#include "models/base/error.hpp"
#include "models/profile/profile_file.hpp"

namespace {

using namespace orrery;

int run(int argc, char** argv) {
  CLI::App app("Fits published times of matrix products and writes the device's profile.",
               "gemm_published_profile");
  std::string table;
  std::string device;
  std::string out = "profiles";
  calibrate::PublishedOptions options;
  app.add_option("TABLE", table, "CSV of published products (dense_vs_24_measured.csv.gz)")
      ->required();
  app.add_option("--device", device, "the GPU's name in experiments")
      ->required()
      ->check(CLI::IsMember(calibrate::published_devices()))
      ->type_name("NAME");
  app.add_option("--out", out, "where the profile goes")->type_name("DIR")->capture_default_str();
  app.add_option("--points", options.points, "shapes of each family to fit")
      ->check(CLI::Range(8, 1000))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "of the choice of shapes and of the fit")
      ->capture_default_str();
  app.footer("Exit codes: 0 done, 2 bad input.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const std::string name = std::filesystem::path(table).filename().string();
  options.source = "published by others: " + name + " (SlideSparse artifact), BF16";
  options.command = fmt::format("gemm_published_profile {} --device {} --points {} --seed {}", name,
                                device, options.points, options.seed);
  calibrate::PublishedProfile made =
      calibrate::published_profile(traces::read_gemm_measurements(table), device, options);
  std::error_code ignored;  // where it fails, writing says why
  std::filesystem::create_directories(out, ignored);
  models::write_profile(made.profile, made.raw_csv, out);
  for (const models::FittedCost& cost : made.profile.costs)
    fmt::print("{} {}: {} products fitted by {}; held out: median {:.1f} %, p90 {:.1f} %\n",
               cost.kernel, cost.variant, cost.points, cost.form, 100 * cost.held_out.median,
               100 * cost.held_out.p90);
  fmt::print("profile {}\n", (std::filesystem::path(out) / (device + ".yaml")).string());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const base::Error& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: a defect of this program: {}\n", error.what());
    return 1;
  }
}
