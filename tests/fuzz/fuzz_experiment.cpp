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
    experiment::Expansion points(document);
    for (std::size_t i = 0; i < points.size(); ++i) {
      require(directories.insert(points[i].directory).second);
      const experiment::Experiment typed = experiment::read_experiment(points.document(i));
      require(typed.seed == points[i].seed);
    }
    require(!directories.empty());
  } catch (const base::Error& error) {
    require(!error.sentence().empty());
  }
  return 0;
}
