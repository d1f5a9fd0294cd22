// Prints how far the estimator is from measured iteration times and memory, with the targets.
#include <fmt/format.h>

#include <string>

#include "models/base/error.hpp"
#include "tests/estimator/figures.hpp"
#include "tests/estimator/reports.hpp"

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    fmt::print(stderr,
               "usage: estimator_report FOLDER [COSTS.csv]\n"
               "FOLDER holds arena/, vtrain/ and megatron_published/; COSTS.csv is written: device "
               "costs fitted to all of arena/\n");
    return 2;
  }
  try {
    const std::string data = argv[1];
    orrery::estimator_report::report_arena(data, argc == 3 ? argv[2] : "");
    orrery::estimator_report::report_vtrain(data);
    orrery::estimator_report::report_megatron(data);
  } catch (const orrery::base::Error& error) {
    fmt::print(stderr, "estimator_report: {}\n", error.what());
    return 2;
  }
  return orrery::estimator_report::all_hold() ? 0 : 1;
}
