// A kernel whose clock is a number: it takes the seconds that its points say, with a little wobble.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "calibrate/kernels/errors.hpp"
#include "calibrate/kernels/kernel.hpp"
#include "models/base/hash.hpp"

namespace orrery::calibrate::test {

/// Time that passes only where a fake kernel runs.
struct FakeTime {
  double now = 100;
  double start_seconds = 0.001;  ///< of making a point ready
  int runs = 0;
  int switch_every = 0;  ///< of a point's runs, so many lose their processor once; 0: none
};

class FakePoint : public PreparedPoint {
 public:
  FakePoint(FakeTime& time, double seconds, std::string id, std::map<std::string, int>& runs,
            bool wrong)
      : time_(time), seconds_(seconds), id_(std::move(id)), runs_(runs), wrong_(wrong) {}
  RunTime run_once() override {
    // The wobble is of the point and how often it ran, whoever ran it.
    const int number = runs_[id_]++;
    const std::string run = id_ + std::to_string(number);
    const double wobble = static_cast<double>(base::mix_hash(run) % 1000) / 1e5;
    const double seconds = seconds_ * (1 + wobble);
    time_.now += seconds;
    ++time_.runs;
    return {seconds, {time_.switch_every > 0 && number % time_.switch_every == 0 ? 1 : 0, 0}};
  }
  void check() override {
    if (wrong_)
      throw base::Error({}, "point " + id_ + " differs from the reference",
                        base::Fault::run_failed);
  }

 private:
  FakeTime& time_;
  double seconds_;
  std::string id_;
  std::map<std::string, int>& runs_;
  bool wrong_;
};

class FakeKernel : public Kernel {
 public:
  FakeKernel(std::string name, FakeTime& time, std::vector<CalibrationPoint> points)
      : name_(std::move(name)), time_(time), points_(std::move(points)) {}
  std::string_view name() const override { return name_; }
  Backend backend() const override { return Backend::cpu; }
  bool by_wall_clock() const override { return wall_clock; }
  std::vector<CalibrationPoint> points() const override { return points_; }
  std::unique_ptr<PreparedPoint> prepare(const CalibrationPoint& point) const override {
    if (too_large.count(point.id) > 0) throw OutOfMemory("point " + point.id + " is too large");
    time_.now += time_.start_seconds;
    const auto slower = slow.find(point.id);
    const double factor = slower == slow.end() ? 1 : slower->second;
    return std::make_unique<FakePoint>(time_, point.estimated_seconds * factor, point.id, runs,
                                       wrong.count(point.id) > 0);
  }
  std::vector<models::FittedCost> fit(std::span<const MeasuredPoint>,
                                      std::uint64_t) const override {
    return {};
  }

  bool wall_clock = false;
  std::set<std::string> too_large;
  std::set<std::string> wrong;
  std::map<std::string, double> slow;       ///< takes that many times its estimate
  mutable std::map<std::string, int> runs;  ///< of each point so far

 private:
  std::string name_;
  FakeTime& time_;
  std::vector<CalibrationPoint> points_;
};

/// Points `a`, `b`, ... of those seconds.
inline std::vector<CalibrationPoint> points_of(const std::vector<double>& seconds) {
  std::vector<CalibrationPoint> points;
  for (std::size_t p = 0; p < seconds.size(); ++p)
    points.push_back({std::string(1, static_cast<char>('a' + p)),
                      "copy",
                      {{"bytes", 1024.0 * static_cast<double>(p + 1)}},
                      seconds[p]});
  return points;
}

}  // namespace orrery::calibrate::test
