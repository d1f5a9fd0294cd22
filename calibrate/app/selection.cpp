#include "calibrate/app/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/base/error.hpp"
#include "models/base/parameters.hpp"

namespace orrery::calibrate::app {

namespace {

base::Where option(const char* name) {
  return {.file = "command line", .line = 0, .column = 0, .key = name};
}

/// The registered kernel of that name and backend; throws where there is none.
const RegisteredKernel& find_kernel(const std::string& name, Backend backend,
                                    const std::vector<RegisteredKernel>& registered) {
  std::vector<std::string> known{"all"};
  bool elsewhere = false;
  for (const RegisteredKernel& kernel : registered) {
    if (kernel.name == name && kernel.backend == backend) return kernel;
    elsewhere = elsewhere || kernel.name == name;
    if (kernel.backend == backend) known.push_back(kernel.name);
  }
  if (elsewhere)
    throw base::Error(option("--kernel"), fmt::format("kernel '{}' has no backend {} in this "
                                                      "program (see --list)",
                                                      name, to_string(backend)));
  const std::string near = base::nearest(name, known);
  throw base::Error(
      option("--kernel"),
      fmt::format("there is no kernel '{}'{}; expected one of {}", name,
                  near.empty() ? "" : ", did you mean '" + near + "'?", fmt::join(known, ", ")));
}

}  // namespace

Selection select_kernels(const std::vector<std::string>& names, Backend backend,
                         const std::vector<RegisteredKernel>& registered) {
  std::set<std::string> named;
  bool all = false;
  for (const std::string& name : names) {
    if (name == "all")
      all = true;
    else
      named.insert(find_kernel(name, backend, registered).name);
  }
  Selection selection;
  std::string absent;
  for (const RegisteredKernel& kernel : registered) {
    const bool wanted = named.count(kernel.name) > 0;
    if (kernel.backend != backend || (!all && !wanted)) continue;
    auto made = kernel.make(absent);
    if (made) {
      selection.kernels.push_back(std::move(made));
    } else if (wanted) {
      throw base::Error(option("--kernel"),
                        fmt::format("kernel '{}' cannot run here: {}", kernel.name, absent),
                        base::Fault::run_failed);
    } else {
      selection.absent.push_back(fmt::format("kernel '{}' left out: {}", kernel.name, absent));
    }
  }
  if (selection.kernels.empty())
    throw base::Error(option("--backend"),
                      fmt::format("no kernel can run on {} here{}", to_string(backend),
                                  absent.empty() ? "" : ": " + absent),
                      base::Fault::run_failed);
  return selection;
}

std::string list_kernels(const std::vector<RegisteredKernel>& registered) {
  std::string lines = fmt::format("{:<12} {:<8} {}\n", "kernel", "backend", "points here");
  for (const RegisteredKernel& kernel : registered) {
    std::string absent;
    const auto made = kernel.make(absent);
    lines += fmt::format("{:<12} {:<8} {}\n", kernel.name, to_string(kernel.backend),
                         made ? fmt::format("{}", made->points().size()) : "none: " + absent);
  }
  return lines;
}

}  // namespace orrery::calibrate::app
