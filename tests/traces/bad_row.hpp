// A row that a reader refuses, and what it says of it.
#pragma once

namespace orrery::test {

struct BadRow {
  const char* row;
  const char* key;       ///< the column named
  const char* sentence;  ///< part of the sentence
};

}  // namespace orrery::test
