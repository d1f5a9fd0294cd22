// docs/results.md holds the figures that the program declares, no more and no fewer.
#include <doctest/doctest.h>

#include <string>

#include "sim/report/figure_docs.hpp"
#include "sim/worlds/training/results.hpp"
#include "tests/sim/report/temporary_directory.hpp"

using namespace orrery;

TEST_CASE("docs/results.md has the declared figures, with their help") {
  // One text: GCC 12 takes a sum of a path and a name for a copy past its end.
  const std::string page = report::testing::read_text(ORRERY_SOURCE_DIR "/docs/results.md");
  const std::string declared = report::figures_markdown(training::declared_results());
  const std::size_t found = page.find(declared);
  CHECK_MESSAGE(found != std::string::npos, "docs/results.md is to hold\n\n", declared);
  // Nothing before or behind it goes on with one of its tables.
  REQUIRE(found != std::string::npos);
  CHECK(page.substr(0, found).ends_with("\n\n"));
  CHECK(page.substr(found + declared.size()).starts_with("\n"));
}

TEST_CASE("every declared figure says what it is") {
  const world::Section section = training::declared_results();
  for (const auto* figures : {&section.figures, &section.costs})
    for (const world::Figure& figure : *figures) {
      CHECK_MESSAGE(!figure.help.empty(), figure.key);
      CHECK_MESSAGE(figure.help.ends_with("."), figure.key);
      CHECK_MESSAGE(!figure.label.empty(), figure.key);
      CHECK_MESSAGE(!figure.group.empty(), figure.key);
    }
}
