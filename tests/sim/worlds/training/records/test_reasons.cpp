#include <doctest/doctest.h>

#include <fmt/format.h>

#include <stdexcept>
#include <string>

#include "sim/worlds/training/reason.hpp"
#include "tests/sim/report/temporary_directory.hpp"

using namespace orrery;
using namespace orrery::training;

TEST_CASE("every reason is found by its word, told of a deed or of a wait, and documented") {
  const std::string page = report::testing::read_text(ORRERY_SOURCE_DIR "/docs/results.md");
  CHECK(all_reasons().size() >= 17);
  for (const Reason reason : all_reasons()) {
    const ReasonText& text = reason.text();
    CAPTURE(text.name);
    CHECK_FALSE(reason.is_none());
    CHECK(reason.word() == text.name);
    CHECK(find_reason(text.name) == reason);
    // What interrupts a job is told by the node that failed.
    if (reason != Reason::node_failure) CHECK_FALSE((text.done.empty() && text.waits.empty()));
    CHECK(page.find(fmt::format("`{}`", text.name)) != std::string::npos);
  }
}

TEST_CASE("a word that no reason has finds none, which tells nothing") {
  for (const char* word : {"none", "", "queue_ordr"}) CHECK(find_reason(word).is_none());
  CHECK(find_reason("queue_ordr") == Reason::none);
  CHECK(Reason::none.word().empty());
  CHECK(Reason::none.text().done.empty());
  CHECK(Reason::none.text().waits.empty());
  CHECK(Reason::none.text().blocks.empty());
}

TEST_CASE("a reason's word is taken once") {
  CHECK_THROWS_AS(add_reason({.name = "behind", .waits = "it is shy"}), std::logic_error);
  CHECK_THROWS_AS(add_reason({.name = "", .waits = "it is shy"}), std::logic_error);
}
