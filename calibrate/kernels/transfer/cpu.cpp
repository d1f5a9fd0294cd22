// Messages between two threads on two cores. Up to 64 KiB a move is half of there and back; a
// longer one is timed one way, by the clock that both threads read: less of it is disturbed. A run
// counts the median of its moves: the few that others lengthen do not show, nor do the few that are
// fast because the other thread happened not to sleep yet.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "calibrate/device/clocks.hpp"
#include "calibrate/device/device.hpp"
#include "calibrate/device/threads.hpp"
#include "calibrate/kernels/errors.hpp"
#include "calibrate/kernels/registry.hpp"
#include "calibrate/kernels/transfer/channel.hpp"
#include "calibrate/kernels/transfer/reference.hpp"
#include "calibrate/kernels/transfer/transfer.hpp"
#include "models/base/statistics.hpp"

namespace orrery::calibrate::transfer {

namespace {

constexpr std::int64_t kLeastBytes = 256;
constexpr std::int64_t kMostBytes = 16 << 20;

constexpr std::size_t kLongest = 64 << 10;  // that goes there and back while it is timed
constexpr std::size_t kReplyBytes = 64;     // to a longer message
/// Before a run of long messages: the system then owes both threads their processors.
constexpr std::chrono::milliseconds kRest{1};
/// Waking up, which is part of a message that slept, is not a wait for others.
constexpr double kSecondsToWake = 10e-6;

/// What the other thread is to do next, and what came of it. One run at a time.
struct Turn {
  std::atomic<std::int64_t> asked = 0;  // of `begun` and `done`, the number of the run
  std::atomic<std::int64_t> begun = 0;
  std::atomic<std::int64_t> done = 0;
  std::atomic<bool> ended = false;
  std::int64_t moves = 0;
  std::size_t reply_bytes = 0;
  bool stamped = false;                 // whether the time of a message's arrival is wanted
  std::atomic<double> received_at = 0;  // the latest message, by wall_seconds
  SharingSigns lost;                    // of the other thread during the run
};

/// Looks until `holds`, and sleeps in between where that takes some tenths of a millisecond: a
/// thread that looks on uses up the time that the system owes it.
template <class Condition>
void look_for(const Condition& holds) {
  constexpr int kLooks = 200'000;
  for (int looks = 0; !holds(); ++looks)
    if (looks >= kLooks) std::this_thread::sleep_for(std::chrono::microseconds(50));
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
        other_([this] { serve(); }) {
    fill_message(sent_);
  }
  ~ChannelPoint() override {
    turn_.ended = true;
    channel_.here->close();
    other_.join();
  }

  RunTime run_once() override {
    const bool one_way = sent_.size() > kLongest;
    const OnProcessor here(processors_.first);
    if (one_way) std::this_thread::sleep_for(kRest);
    begin(moves_, one_way);
    const SharingSigns before = thread_signs();
    std::vector<double> moves;
    for (std::int64_t i = 0; i < moves_; ++i) {
      const double begun = wall_seconds();
      there_and_back();
      moves.push_back(one_way ? turn_.received_at - begun : (wall_seconds() - begun) / 2);
    }
    SharingSigns lost = thread_signs() - before;
    end();
    lost = lost + turn_.lost;
    const double waking = 2 * kSecondsToWake * static_cast<double>(moves_);
    lost.waited_seconds = std::max(0.0, lost.waited_seconds - waking);
    return {base::median(std::move(moves)), lost};
  }

  void check() override {
    begin(1, false);
    there_and_back();
    end();
    require_arrived(variant_, received_);
  }

 private:
  /// The other thread: in each turn it replies to as many messages.
  void serve() {
    const OnProcessor there(processors_.second);
    for (std::int64_t run = 1;; ++run) {
      look_for([&] { return turn_.asked >= run || turn_.ended; });
      if (turn_.ended) return;
      turn_.begun = run;
      const SharingSigns before = thread_signs();
      for (std::int64_t i = 0; i < turn_.moves; ++i) {
        if (!channel_.there->receive(echoed_)) return;
        if (turn_.stamped) turn_.received_at = wall_seconds();
        if (!channel_.there->send(std::span(echoed_).first(turn_.reply_bytes))) return;
      }
      turn_.lost = thread_signs() - before;
      turn_.done = run;
    }
  }

  /// Both threads have a processor when this returns.
  void begin(std::int64_t moves, bool one_way) {
    turn_.moves = moves;
    turn_.reply_bytes = one_way ? std::min(kReplyBytes, sent_.size()) : sent_.size();
    turn_.stamped = one_way;
    const std::int64_t run = ++turn_.asked;
    look_for([&] { return turn_.begun >= run; });
  }

  void end() {
    look_for([&] { return turn_.done >= turn_.asked; });
  }

  void there_and_back() {
    const std::span<std::byte> reply = std::span(received_).first(turn_.reply_bytes);
    if (!channel_.here->send(sent_) || !channel_.here->receive(reply))
      throw DeviceLost("transfer " + variant_ + ": the channel broke");
  }

  std::string variant_;
  Channel channel_;
  std::int64_t moves_;
  std::pair<int, int> processors_ = two_processors();
  std::vector<std::byte> sent_;
  std::vector<std::byte> echoed_;
  std::vector<std::byte> received_;
  Turn turn_;
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
  bool by_wall_clock() const override { return true; }

  /// Without sockets on this machine only shared memory is measured.
  std::vector<CalibrationPoint> points() const override {
    // Low rates, there and back, so that few machines run over their budget.
    std::vector<Guess> ways{{"shared-memory", 3e-6, 3e9}};
    if (has_loopback_) ways.push_back({"loopback", 40e-6, 1e9});
    return make_points(message_sizes(kLeastBytes, kMostBytes), ways);
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

const KernelRegistration transfer_cpu_registration("transfer", Backend::cpu, [](std::string&) {
  return std::unique_ptr<Kernel>(std::make_unique<TransferKernel>());
});

}  // namespace

}  // namespace orrery::calibrate::transfer
