#include "models/base/quantity.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "tests/models/base/support.hpp"

using namespace orrery::base;

namespace {

constexpr Dimension kAll[] = {Dimension::none,
                              Dimension::time,
                              Dimension::bytes,
                              Dimension::bytes_per_second,
                              Dimension::flops_per_second,
                              Dimension::hertz,
                              Dimension::watts};

double value_of(std::string_view text, Dimension dimension) {
  const auto result = parse_quantity(text, dimension);
  CAPTURE(text);
  CHECK(!result.fault);
  return result.value;
}

}  // namespace

TEST_CASE("every unit is worth what the standards say") {
  CHECK(value_of("1.4 ms", Dimension::time) == 0.0014);
  CHECK(value_of("30 min", Dimension::time) == 1800);
  CHECK(value_of("1 h", Dimension::time) == 3600);
  CHECK(value_of("2d", Dimension::time) == 172800);
  CHECK(value_of("5 us", Dimension::time) == 5e-6);
  CHECK(value_of("5 ns", Dimension::time) == 5e-9);
  CHECK(value_of("7 s", Dimension::time) == 7);
  CHECK(value_of("80 GiB", Dimension::bytes) == 80.0 * 1073741824);
  CHECK(value_of("80 GB", Dimension::bytes) == 80e9);
  CHECK(value_of("1 KiB", Dimension::bytes) == 1024);
  CHECK(value_of("1 kB", Dimension::bytes) == 1000);
  CHECK(value_of("1 PiB", Dimension::bytes) == 1125899906842624.0);
  CHECK(value_of("100 Gbit/s", Dimension::bytes_per_second) == 12.5e9);
  CHECK(value_of("12.5 GB/s", Dimension::bytes_per_second) == 12.5e9);
  CHECK(value_of("1 MiB/s", Dimension::bytes_per_second) == 1048576);
  CHECK(value_of("312 TFLOP/s", Dimension::flops_per_second) == 312e12);
  CHECK(value_of("1.4 GHz", Dimension::hertz) == 1.4e9);
  CHECK(value_of("250 mW", Dimension::watts) == 0.25);
  CHECK(value_of("2 MW", Dimension::watts) == 2e6);
  CHECK(value_of("42", Dimension::none) == 42);
  CHECK(value_of("-1.5 s", Dimension::time) == -1.5);
  CHECK(value_of("1e3   s", Dimension::time) == 1000);
}

TEST_CASE("what is wrong with a quantity is told apart") {
  const auto fault = [](std::string_view text, Dimension dimension) {
    return parse_quantity(text, dimension).fault;
  };
  for (const char* text : {"", " ", "s", "abc", "nan s", "inf s", ".inf s", "- 1 s", "1e400 s",
                           "1e308 PB", " 1 s", "--1 s"}) {
    CAPTURE(text);
    CHECK(fault(text, Dimension::bytes) == QuantityFault::not_a_number);
  }
  CHECK(fault("30", Dimension::time) == QuantityFault::missing_unit);
  CHECK(fault("0", Dimension::time) == QuantityFault::missing_unit);
  CHECK(fault("30 ", Dimension::time) == QuantityFault::missing_unit);
  for (const char* text : {"30 S", "30 sec", "30 MIN", "30 GB", "30 s s", "30s.", "0x10 s", "30 s ",
                           "1 2 s", "30\ts"}) {
    CAPTURE(text);
    CHECK(fault(text, Dimension::time) == QuantityFault::unknown_unit);
  }
  CHECK(fault("1 gib", Dimension::bytes) == QuantityFault::unknown_unit);
  CHECK(fault("1 Gb", Dimension::bytes) == QuantityFault::unknown_unit);
  CHECK(fault("30 s", Dimension::none) == QuantityFault::unknown_unit);
  CHECK(fault("30 ", Dimension::none) == QuantityFault::not_a_number);
}

TEST_CASE("quantities are written as people write them") {
  CHECK(format_quantity(1800, Dimension::time) == "30 min");
  CHECK(format_quantity(86400, Dimension::time) == "1 d");
  CHECK(format_quantity(90, Dimension::time) == "90 s");
  CHECK(format_quantity(5400, Dimension::time) == "1.5 h");
  CHECK(format_quantity(0.0014, Dimension::time) == "1.4 ms");
  CHECK(format_quantity(0, Dimension::time) == "0 s");
  CHECK(format_quantity(80.0 * 1073741824, Dimension::bytes) == "80 GiB");
  CHECK(format_quantity(1.5e9, Dimension::bytes) == "1.5 GB");
  CHECK(format_quantity(12.5e9, Dimension::bytes_per_second) == "12.5 GB/s");
  CHECK(format_quantity(312e12, Dimension::flops_per_second) == "312 TFLOP/s");
  CHECK(format_quantity(400, Dimension::watts) == "400 W");
  CHECK(format_quantity(0.5, Dimension::none) == "0.5");
}

TEST_CASE("a written quantity reads back as the same bits") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    test::TestNumbers numbers(seed);
    for (int i = 0; i < 300; ++i) {
      // From 1e-12 to 1e18, and often round numbers.
      const double exponent = static_cast<double>(numbers.below(30)) - 12;
      const double digits = static_cast<double>(numbers.below(i % 2 == 0 ? 100 : 1u << 30));
      const double value = digits * std::pow(10.0, exponent);
      for (const Dimension dimension : kAll) {
        const std::string text = format_quantity(value, dimension);
        CAPTURE(seed);
        CAPTURE(text);
        const auto read = parse_quantity(text, dimension);
        REQUIRE(!read.fault);
        CHECK(std::bit_cast<std::uint64_t>(read.value) == std::bit_cast<std::uint64_t>(value));
      }
    }
  }
}

TEST_CASE("every dimension but none has units, each named once") {
  for (const Dimension dimension : kAll) {
    auto units = units_of(dimension);
    CHECK(units.empty() == (dimension == Dimension::none));
    CHECK(base_unit(dimension).empty() == (dimension == Dimension::none));
    for (const auto unit : units) CHECK(value_of("1 " + std::string(unit), dimension) > 0);
    std::sort(units.begin(), units.end());
    CHECK(std::adjacent_find(units.begin(), units.end()) == units.end());
  }
}
