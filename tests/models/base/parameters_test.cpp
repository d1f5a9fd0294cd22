#include "models/base/parameters.hpp"

#include <doctest/doctest.h>

#include "tests/models/base/support.hpp"

using namespace orrery::base;
using test::message_of;

namespace parameters_test {

enum class Queue { blocking, skipping };

struct Inner {
  int count = 1;
  std::string gpu;
};

Declaration<Inner> declare(const Inner*) {
  Declaration<Inner> d("One group of nodes.");
  d.integer("count", &Inner::count, "how many").at_least(1);
  d.text("gpu", &Inner::gpu, "which").required();
  return d;
}

struct Outer {
  double period = 60;
  double share = 0.5;
  std::optional<double> horizon;
  int small = 4;
  std::uint32_t seed = 1;
  std::int64_t big = 0;
  std::optional<int> maybe;
  bool flag = false;
  std::string name = "x";
  std::vector<std::string> words;
  std::vector<int> seeds;
  std::vector<double> times;
  Queue queue = Queue::blocking;
  Inner inner;
  std::optional<Inner> other;
  std::vector<Inner> nodes;
  std::string own;
};

Declaration<Outer> declare(const Outer*) {
  Declaration<Outer> d("All kinds.");
  d.number("period", &Outer::period, Dimension::time, "how often").more_than(0).at_most(86400);
  d.number("share", &Outer::share, Dimension::none, "what part").at_least(0).at_most(1);
  d.number("horizon", &Outer::horizon, Dimension::time, "when to stop").at_least(0);
  d.integer("small", &Outer::small, "an int");
  d.integer("seed", &Outer::seed, "a seed");
  d.integer("big", &Outer::big, "a long one");
  d.integer("maybe", &Outer::maybe, "perhaps");
  d.boolean("flag", &Outer::flag, "yes or no");
  d.text("name", &Outer::name, "a name");
  d.texts("words", &Outer::words, "some words");
  d.integers("seeds", &Outer::seeds, "some seeds");
  d.numbers("times", &Outer::times, Dimension::time, "some times").at_least(0);
  d.choice("queue", &Outer::queue, {{"blocking", Queue::blocking}, {"skipping", Queue::skipping}},
           "what happens behind a job that does not fit");
  d.mapping("inner", &Outer::inner, "one");
  d.mapping("other", &Outer::other, "another");
  d.mappings("nodes", &Outer::nodes, "many");
  d.custom(
      "own", "text or list",
      [](Outer& out, const Node& node) {
        out.own = node.kind == Node::Kind::sequence ? "list" : node.text;
      },
      "either");
  return d;
}

Outer outer(std::string_view text) {
  return read<Outer>(parse_yaml(text, "e.yaml"));
}

std::string error(std::string_view text) {
  return message_of([&] { outer(text); });
}

TEST_CASE("every kind of parameter is read") {
  const Outer o = outer(
      "period: 30 min\nshare: 0.25\nhorizon: '2 h'\nsmall: -3\nseed: 4294967295\n"
      "big: -1000000000000000\nmaybe: 7\nflag: true\nname: 3.10\nwords: [a, \"b\"]\n"
      "seeds: [1, 2]\ntimes: [1 s, 2 min]\nqueue: skipping\ninner: {gpu: v100}\n"
      "other: {count: 2, gpu: a100}\nnodes:\n- {gpu: t4}\n- {gpu: k80, count: 3}\nown: [1]\n");
  CHECK(o.period == 1800);
  CHECK(o.share == 0.25);
  CHECK(o.horizon == 7200.0);
  CHECK(o.small == -3);
  CHECK(o.seed == 4294967295u);
  CHECK(o.big == -1'000'000'000'000'000);
  CHECK(o.maybe == 7);
  CHECK(o.flag);
  CHECK(o.name == "3.10");
  CHECK(o.words == std::vector<std::string>{"a", "b"});
  CHECK(o.seeds == std::vector<int>{1, 2});
  CHECK(o.times == std::vector<double>{1, 120});
  CHECK(o.queue == Queue::skipping);
  CHECK(o.inner.gpu == "v100");
  CHECK(o.inner.count == 1);
  REQUIRE(o.other);
  CHECK(o.other->count == 2);
  REQUIRE(o.nodes.size() == 2);
  CHECK(o.nodes[1].count == 3);
  CHECK(o.own == "list");
}

TEST_CASE("what is not said keeps its default") {
  const Outer o = outer("{}");
  CHECK(o.period == 60);
  CHECK(!o.horizon);
  CHECK(!o.maybe);
  CHECK(!o.other);
  CHECK(o.name == "x");
}

TEST_CASE("an unknown key names the nearest known one, or all") {
  CHECK(error("quue: blocking") == "e.yaml:1:1: quue: unknown key 'quue'; did you mean 'queue'?");
  CHECK(error("flag: true\n  \nSeed: 3") ==
        "e.yaml:3:1: Seed: unknown key 'Seed'; did you mean 'seed'?");
  CHECK(error("inner: {cuont: 3}") ==
        "e.yaml:1:9: inner.cuont: unknown key 'cuont'; did you mean 'count'?");
  CHECK(error("inner: {zzzzzz: 3}") ==
        "e.yaml:1:9: inner.zzzzzz: unknown key 'zzzzzz', expected one of count, gpu");
}

TEST_CASE("numbers and quantities of the wrong form say what was expected") {
  CHECK(error("small: abc") == "e.yaml:1:8: small: expected a whole number, found 'abc'");
  CHECK(error("small: 1.5") == "e.yaml:1:8: small: expected a whole number, found '1.5'");
  CHECK(error("small: '3'") ==
        "e.yaml:1:8: small: expected a whole number without quotes, found '3'");
  CHECK(error("small:") == "e.yaml:1:1: small: expected a whole number, found nothing");
  CHECK(error("small: [1]") == "e.yaml:1:8: small: expected a whole number, found a list");
  CHECK(error("small: {}") == "e.yaml:1:8: small: expected a whole number, found a mapping");
  CHECK(error("share: .nan") == "e.yaml:1:8: share: expected a number, found '.nan'");
  CHECK(error("share: inf") == "e.yaml:1:8: share: expected a number, found 'inf'");
  CHECK(error("share: \"0.5\"") ==
        "e.yaml:1:8: share: expected a number without quotes, found '0.5'");
  CHECK(error("share: 3 s") ==
        "e.yaml:1:8: share: expected a plain number without a unit, found '3 s'");
  CHECK(error("period: 30") ==
        "e.yaml:1:9: period: expected a quantity of time such as '30 min', found '30': the unit is "
        "missing (ns, us, ms, s, min, h, d)");
  CHECK(error("period: 30 sec") ==
        "e.yaml:1:9: period: expected a quantity of time such as '30 min', found '30 sec': the "
        "unit is not known (ns, us, ms, s, min, h, d)");
  CHECK(error("period: soon") ==
        "e.yaml:1:9: period: expected a quantity of time such as '30 min', found 'soon'");
  CHECK(error("times: [1 s, 2]").starts_with("e.yaml:1:14: times[1]: expected a quantity"));
  CHECK(error("times: 1 s") == "e.yaml:1:8: times: expected a list ([a, b]), found '1 s'");
}

TEST_CASE("values out of range are refused with the limit") {
  CHECK(error("share: -3") == "e.yaml:1:8: share: found -3, expected at least 0");
  CHECK(error("share: 1.5") == "e.yaml:1:8: share: found 1.5, expected at most 1");
  CHECK(error("period: 0 s") == "e.yaml:1:9: period: found 0 s, expected more than 0 s");
  CHECK(error("period: 2 d") == "e.yaml:1:9: period: found 2 d, expected at most 1 d");
  CHECK(error("small: 5000000000") ==
        "e.yaml:1:8: small: found 5000000000, expected at most 2147483647");
  CHECK(error("seed: -1") == "e.yaml:1:7: seed: found -1, expected at least 0");
  CHECK(error("big: 9223372036854775808") ==
        "e.yaml:1:6: big: expected a whole number, found '9223372036854775808'");
  CHECK(error("inner: {gpu: a, count: 0}") ==
        "e.yaml:1:24: inner.count: found 0, expected at least 1");
  CHECK(error("times: [-1 s]") == "e.yaml:1:9: times[0]: found -1 s, expected at least 0 s");
}

TEST_CASE("every number has a largest value, whether or not its declaration names one") {
  CHECK(error("horizon: 1e13 s") == "e.yaml:1:10: horizon: found 1e13 s, expected at most 1e+12 s");
  CHECK(error("horizon: 1e308 d").find("expected a quantity of time") != std::string::npos);
  CHECK(error("times: [1 s, 2e12 s]") ==
        "e.yaml:1:14: times[1]: found 2e12 s, expected at most 1e+12 s");
  CHECK(error("big: 1000000000000001") ==
        "e.yaml:1:6: big: found 1000000000000001, expected at most 1000000000000000");
  CHECK(error("big: -1000000000000001") ==
        "e.yaml:1:6: big: found -1000000000000001, expected at least -1000000000000000");
  CHECK(outer("horizon: 1e12 s").horizon == 1e12);
  CHECK(outer("big: 1000000000000000").big == 1'000'000'000'000'000);
  for (const Dimension dimension :
       {Dimension::none, Dimension::time, Dimension::bytes, Dimension::bytes_per_second,
        Dimension::flops_per_second, Dimension::hertz, Dimension::watts})
    CHECK(largest(dimension) >= 1e12);
}

TEST_CASE("words that are not true or false are refused as booleans") {
  for (const char* word : {"yes", "no", "on", "off", "True", "1", "'true'", "[]"}) {
    CAPTURE(word);
    CHECK(error(std::string("flag: ") + word).find("expected true or false") != std::string::npos);
  }
}

TEST_CASE("choices are listed and the nearest is proposed") {
  CHECK(error("queue: skiping") ==
        "e.yaml:1:8: queue: expected one of blocking, skipping, found 'skiping'; did you mean "
        "'skipping'?");
  CHECK(error("queue: lifo") ==
        "e.yaml:1:8: queue: expected one of blocking, skipping, found 'lifo'");
}

TEST_CASE("a required key must be there, and structure must be structure") {
  CHECK(error("inner: {count: 2}") == "e.yaml:1:8: inner: the required key 'gpu' is missing");
  CHECK(error("inner: 3") == "e.yaml:1:8: inner: expected a mapping (key: value), found '3'");
  CHECK(error("nodes: {gpu: a}") == "e.yaml:1:8: nodes: expected a list ([a, b]), found a mapping");
  CHECK(error("nodes: [3]") == "e.yaml:1:9: nodes[0]: expected a mapping (key: value), found '3'");
  CHECK(error("[1]") == "e.yaml:1:1: expected a mapping (key: value), found a list");
  CHECK(error("") == "e.yaml: expected a mapping (key: value), found nothing");
  CHECK(error("name: [a]") == "e.yaml:1:7: name: expected a text, found a list");
}

TEST_CASE("the nearest word is near or there is none") {
  const std::vector<std::string> known = {"policy", "placement", "seed", "gpus_per_node"};
  CHECK(nearest("polcy", known) == "policy");
  CHECK(nearest("polciy", known) == "policy");
  CHECK(nearest("POLICY", known) == "policy");
  CHECK(nearest("gpus-per-node", known) == "gpus_per_node");
  CHECK(nearest("seeds", known) == "seed");
  CHECK(nearest("xyzzy", known).empty());
  CHECK(nearest("", known).empty());
  CHECK(nearest(std::string(1000, 'x'), known).empty());
  CHECK(nearest("policy", {}).empty());
}

}  // namespace parameters_test
