#include <doctest/doctest.h>

#include <string>

#include "sim/worlds/training/reasons.hpp"
#include "tests/sim/report/temporary_directory.hpp"

using namespace orrery;
using namespace orrery::training;

TEST_CASE("every reason has a word, is found by it, and is told of a deed or of a wait") {
  const std::string page = report::testing::read_text(ORRERY_SOURCE_DIR "/docs/results.md");
  for (int number = 1; number <= static_cast<int>(Reason::nodes_down); ++number) {
    const auto reason = static_cast<Reason>(number);
    const ReasonText& text = text_of(reason);
    CHECK(text.reason == reason);
    CHECK(to_string(reason) == text.word);
    CHECK(find_reason(text.word) == &text);
    // What interrupts a job is told by the node that failed.
    if (reason != Reason::node_failure) CHECK_FALSE((text.done.empty() && text.waits.empty()));
    CHECK_MESSAGE(page.find("`" + std::string(text.word) + "`") != std::string::npos, text.word);
  }
  CHECK(find_reason("none") == nullptr);
  CHECK(find_reason("") == nullptr);
  CHECK(find_reason("queue_ordr") == nullptr);
}
