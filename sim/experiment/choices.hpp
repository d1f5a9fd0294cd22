// What the worlds of a document may choose (policies), before one choice is made.
#pragma once

#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "sim/experiment/world_items.hpp"

namespace orrery::experiment {

class Choices {
 public:
  /// `wanted`: labels or names from the command line, empty for what the document says. Throws
  /// base::Error for a name that no world knows, and for more than `most` choices.
  Choices(base::Node document, const std::vector<std::string>& wanted, std::size_t most);

  std::size_t size() const { return size_; }
  /// The document with one choice made, the first world's changing slowest.
  base::Node document(std::size_t number) const;

 private:
  base::Node document_;                            ///< without the keys of its worlds
  std::vector<WorldItem> items_;                   ///< without the keys that are chosen
  std::vector<world::Alternatives> alternatives_;  ///< of each world
  std::size_t size_ = 1;
};

}  // namespace orrery::experiment
