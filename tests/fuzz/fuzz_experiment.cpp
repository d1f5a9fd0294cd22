// Any bytes are an experiment, with runs that can be told apart and read again, or an Error.

#include <set>

#include "models/base/error.hpp"
#include "sim/experiment/expansion.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/experiment/experiment_document.hpp"
#include "tests/fuzz/input_file.hpp"

using orrery::fuzz::require;
using namespace orrery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::InputFile file(data, size);
  try {
    const base::Node document = experiment::load_document(file.path());
    std::set<std::string> directories;
    for (const experiment::RunPoint& point : experiment::expand(document)) {
      require(directories.insert(point.directory).second);
      const experiment::Experiment typed = experiment::read_experiment(point.document);
      require(typed.seed == point.seed);
    }
    require(!directories.empty());
  } catch (const base::Error& error) {
    require(!error.sentence().empty());
  }
  return 0;
}
