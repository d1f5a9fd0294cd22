// Everything that can be checked of runs without simulating them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/experiment/expansion.hpp"
#include "sim/experiment/run_id.hpp"

namespace orrery::experiment {

/// Runs that differ in their policies only, as far as input goes.
struct CheckedInput {
  std::size_t runs = 0;
  std::string contents;  ///< of the worlds: `10 jobs`
  std::size_t nodes = 0;
  std::int32_t gpus = 0;
  std::string opened;  ///< files that no key names, see unnamed_files
};

/// Builds the platform and its worlds, once for all runs with the same input, and adds to their
/// run ids what they opened.
class InputChecks {
 public:
  explicit InputChecks(Expansion& points) : points_(points), checked_(points.size()) {}
  InputChecks(const InputChecks&) = delete;
  InputChecks& operator=(const InputChecks&) = delete;

  /// Checks a run, unless that was done. Throws base::Error as the run itself would.
  void check(std::size_t number);
  /// Checks runs in their order until `most` inputs have been built and another one comes.
  void check_first(std::size_t most);
  void check_all();

  const std::vector<CheckedInput>& inputs() const { return inputs_; }

 private:
  /// The number of a run's input; nothing where it would be more than `most`.
  std::optional<std::size_t> input_of(std::size_t number, std::size_t most);
  bool check_within(std::size_t number, std::size_t most);
  CheckedInput build(const base::Node& document);

  Expansion& points_;
  std::vector<bool> checked_;
  std::vector<CheckedInput> inputs_;
  std::unordered_map<std::string, std::size_t> known_;  ///< inputs by the hash of their texts
  FileHashes hashes_;
  // Runs of one choice read the same, where nothing is drawn.
  std::optional<std::size_t> choice_, input_;
};

/// What `orrery validate` prints.
std::string to_text(const Expansion& points, const std::vector<CheckedInput>& inputs);

}  // namespace orrery::experiment
