// Messages between two threads on two cores, there and back; a move is half of that. A run counts
// its fastest move, as STREAM counts its best pass (McCalpin): what else ran on the two cores can
// only lengthen one, and by far more than the move itself takes.
#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>

#include "calibrate/device/device.hpp"
#include "calibrate/device/threads.hpp"
#include "calibrate/kernels/errors.hpp"
#include "calibrate/kernels/registry.hpp"
#include "calibrate/kernels/transfer/channel.hpp"
#include "calibrate/kernels/transfer/reference.hpp"
#include "calibrate/kernels/transfer/transfer.hpp"

namespace orrery::calibrate::transfer {

namespace {

constexpr std::int64_t kLeastBytes = 256;
constexpr std::int64_t kMostBytes = 16 << 20;

/// Sends what it receives back until the channel closes.
void echo(End& end, std::span<std::byte> message) {
  while (end.receive(message) && end.send(message)) {
  }
}

class ChannelPoint : public PreparedPoint {
 public:
  ChannelPoint(std::string variant, Channel channel, std::size_t bytes)
      : variant_(std::move(variant)),
        channel_(std::move(channel)),
        moves_(moves_of(static_cast<std::int64_t>(bytes))),
        sent_(bytes),
        echoed_(bytes),
        received_(bytes),
        other_([this] {
          const OnProcessor there(processors_.second);
          echo(*channel_.there, echoed_);
        }) {
    fill_message(sent_);
  }
  ~ChannelPoint() override {
    channel_.here->close();
    other_.join();
  }

  double run_once() override {
    const OnProcessor here(processors_.first);
    double fastest = std::numeric_limits<double>::infinity();
    for (std::int64_t i = 0; i < moves_; ++i) {
      const auto begun = std::chrono::steady_clock::now();
      there_and_back();
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
      fastest = std::min(fastest, took.count() / 2);
    }
    return fastest;
  }

  void check() override {
    there_and_back();
    require_arrived(variant_, received_);
  }

 private:
  void there_and_back() {
    if (!channel_.here->send(sent_) || !channel_.here->receive(received_))
      throw DeviceLost("transfer " + variant_ + ": the channel broke");
  }

  std::string variant_;
  Channel channel_;
  std::int64_t moves_;
  std::pair<int, int> processors_ = two_processors();
  std::vector<std::byte> sent_;
  std::vector<std::byte> echoed_;
  std::vector<std::byte> received_;
  std::thread other_;  // the last: it uses all above
};

class TransferKernel : public Kernel {
 public:
  TransferKernel() {
    std::string absent;
    has_loopback_ = loopback_channel(absent).here != nullptr;
  }

  std::string_view name() const override { return "transfer"; }
  Backend backend() const override { return Backend::cpu; }

  /// Without sockets on this machine only shared memory is measured.
  std::vector<CalibrationPoint> plan() const override {
    // Low rates, there and back, so that few machines run over their budget.
    std::vector<Guess> ways{{"shared-memory", 3e-6, 3e9}};
    if (has_loopback_) ways.push_back({"loopback", 40e-6, 1e9});
    return plan_points(message_sizes(kLeastBytes, kMostBytes), ways);
  }

  std::unique_ptr<PreparedPoint> prepare(const CalibrationPoint& point) const override {
    const auto bytes = static_cast<std::int64_t>(*models::find_number(point.features, "bytes"));
    const std::int64_t free = free_memory_bytes();
    if (free > 0 && 3 * bytes > free / 2)
      throw OutOfMemory("three messages want more than half of the free memory");
    std::string absent;
    Channel channel =
        point.variant == "loopback" ? loopback_channel(absent) : shared_memory_channel();
    if (!channel.here) throw DeviceLost("transfer loopback: " + absent);
    return std::make_unique<ChannelPoint>(point.variant, std::move(channel),
                                          static_cast<std::size_t>(bytes));
  }

  std::vector<models::FittedCost> fit(std::span<const MeasuredPoint> points,
                                      std::uint64_t seed) const override {
    return fit_transfer(points, seed);
  }

 private:
  bool has_loopback_ = false;
};

const KernelRegistration registration("transfer", Backend::cpu, [](std::string&) {
  return std::unique_ptr<Kernel>(std::make_unique<TransferKernel>());
});

}  // namespace

}  // namespace orrery::calibrate::transfer
