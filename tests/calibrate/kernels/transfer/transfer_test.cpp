// Messages arrive whole through both channels, a damaged one is refused, and fits find known rates.
#include "calibrate/kernels/transfer/transfer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <thread>

#include "calibrate/kernels/registry.hpp"
#include "calibrate/kernels/transfer/channel.hpp"
#include "calibrate/kernels/transfer/reference.hpp"
#include "models/base/error.hpp"
#include "models/base/random.hpp"

using namespace orrery::calibrate;
using namespace orrery::calibrate::transfer;
using orrery::models::find_number;

namespace {

std::unique_ptr<Kernel> kernel() {
  std::string absent;
  for (const RegisteredKernel& registered : registered_kernels())
    if (registered.name == "transfer" && registered.backend == Backend::cpu)
      return registered.make(absent);
  return nullptr;
}

void go_there_and_back(Channel channel, std::size_t bytes) {
  std::vector<std::byte> sent(bytes);
  std::vector<std::byte> echoed(bytes);
  std::vector<std::byte> received(bytes);
  fill_message(sent);
  std::thread other([&] {
    while (channel.there->receive(echoed) && channel.there->send(echoed)) {
    }
  });
  for (int i = 0; i < 3; ++i) {
    std::fill(received.begin(), received.end(), std::byte{0});
    CHECK(channel.here->send(sent));
    CHECK(channel.here->receive(received));
    CHECK_NOTHROW(require_arrived("test", received));
  }
  channel.here->close();
  other.join();
  CHECK_FALSE(channel.here->receive(received));
}

}  // namespace

TEST_CASE("messages of any size arrive as they were sent, and closing ends both ends") {
  // Less than a chunk, whole chunks, a byte more, more than the ring holds.
  for (const std::size_t bytes : {std::size_t{1}, std::size_t{256}, std::size_t{32768},
                                  std::size_t{32769}, std::size_t{524288}, std::size_t{1500001}}) {
    CAPTURE(bytes);
    go_there_and_back(shared_memory_channel(), bytes);
    std::string absent;
    Channel loopback = loopback_channel(absent);
    if (!loopback.here) {
      MESSAGE("skipped, loopback: " << absent);
      continue;
    }
    go_there_and_back(std::move(loopback), bytes);
  }
}

TEST_CASE("a byte that changed on its way is refused") {
  std::vector<std::byte> message(5000);
  fill_message(message);
  CHECK_NOTHROW(require_arrived("loopback", message));
  message[4999] ^= std::byte{1};
  CHECK_THROWS_WITH_AS(require_arrived("loopback", message),
                       "transfer loopback: byte 4999 of 5000 did not arrive as it was sent; "
                       "nothing is timed",
                       orrery::base::Error);
}

TEST_CASE("the kernel's points run and check") {
  const auto transfer = kernel();
  REQUIRE(transfer);
  std::set<std::string> ids;
  for (const CalibrationPoint& point : transfer->points()) {
    CHECK(ids.insert(point.id).second);
    if (*find_number(point.features, "bytes") > 3e5) continue;
    const auto prepared = transfer->prepare(point);
    CHECK_NOTHROW(prepared->check());
    CHECK(prepared->run_once().seconds > 0);
  }
}

TEST_CASE("start and rates that made the times come back, the edge too") {
  const std::vector<Guess> ways{{"loopback", 1e-5, 1e9}, {"shared-memory", 1e-6, 1e9}};
  orrery::base::RandomStream random(3, "transfer");
  std::vector<MeasuredPoint> points;
  for (const CalibrationPoint& point : make_points(message_sizes(256, 32 << 20), ways)) {
    const double bytes = *find_number(point.features, "bytes");
    double seconds = point.variant == "loopback" ? 18e-6 + bytes / 6e9
                                                 : 2e-7 + std::min(bytes, 32768.0) / 8e9 +
                                                       std::max(bytes - 32768, 0.0) / 18e9;
    seconds *= 1 + 0.01 * random.normal();
    points.push_back({point, seconds, seconds, 0.01, 9, 0});
  }
  const auto costs = fit_transfer(points, 1);
  REQUIRE(costs.size() == 2);
  CHECK(costs[0].variant == "loopback");
  CHECK(*find_number(costs[0].coefficients, "start_seconds") ==
        doctest::Approx(18e-6).epsilon(0.05));
  CHECK(*find_number(costs[0].coefficients, "bytes_per_second") ==
        doctest::Approx(6e9).epsilon(0.05));
  CHECK(costs[1].variant == "shared-memory");
  CHECK(*find_number(costs[1].coefficients, "bytes_per_second") ==
        doctest::Approx(18e9).epsilon(0.05));
  CHECK(*find_number(costs[1].constants, "first_bytes") == 32768);
  for (const auto& cost : costs) {
    CHECK(cost.held_out.median < 0.03);
    CHECK(cost.held_out.p90 < 0.06);
  }
  CHECK_THROWS_AS(fit_transfer({}, 1), orrery::base::Error);
}

TEST_CASE("two edges come back with the three rates around them") {
  const std::vector<Guess> ways{{"shared-memory", 1e-6, 1e9}};
  std::vector<MeasuredPoint> points;
  for (const CalibrationPoint& point : make_points(message_sizes(256, 32 << 20), ways)) {
    const double bytes = *find_number(point.features, "bytes");
    const double middle = std::clamp(bytes - 32768, 0.0, 524288.0 - 32768);
    const double seconds = 2e-7 + std::min(bytes, 32768.0) / 7e9 + middle / 20e9 +
                           std::max(bytes - 524288, 0.0) / 12e9;
    points.push_back({point, seconds, seconds, 0, 9, 0});
  }
  const auto cost = fit_transfer(points, 1).at(0);
  CHECK(*find_number(cost.constants, "first_bytes") == 32768);
  CHECK(*find_number(cost.constants, "second_bytes") == 524288);
  const auto& rates = cost.coefficients;
  CHECK(*find_number(rates, "first_bytes_per_second") == doctest::Approx(7e9).epsilon(1e-6));
  CHECK(*find_number(rates, "second_bytes_per_second") == doctest::Approx(20e9).epsilon(1e-6));
  CHECK(*find_number(rates, "bytes_per_second") == doctest::Approx(12e9).epsilon(1e-6));
  CHECK(cost.held_out.p90 < 1e-6);
}
