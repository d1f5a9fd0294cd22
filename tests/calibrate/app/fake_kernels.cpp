// Kernels for the command under test: their times are computed, so that a run is short and its fit
// the same on any machine, and some of them fail as devices do.
#include <chrono>
#include <thread>
#include <utility>

#include "calibrate/fit/by_variant.hpp"
#include "calibrate/fit/linear_fit.hpp"
#include "calibrate/kernels/errors.hpp"
#include "calibrate/kernels/registry.hpp"
#include "models/base/hash.hpp"

namespace orrery::calibrate {

namespace {

enum class Behaviour { steady, lost, wrong, large, noisy };

double bytes_of(const CalibrationPoint& point) {
  return *models::find_number(point.features, "bytes");
}

class FakePoint : public PreparedPoint {
 public:
  FakePoint(const CalibrationPoint& point, Behaviour behaviour)
      : point_(point), behaviour_(behaviour) {}

  RunTime run_once() override {
    if (behaviour_ == Behaviour::lost && point_.id == "p7")
      throw DeviceLost("running p7: the GPU failed or is gone (unspecified launch failure)");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const auto draw =
        static_cast<double>(base::mix_hash(point_.id + std::to_string(runs_++)) % 1000) / 1000;
    const double width = behaviour_ == Behaviour::noisy ? 1.0 : 0.01;
    return {(1e-5 + bytes_of(point_) / 1e9) * (1 + width * draw), {}};
  }

  void check() override {
    if (behaviour_ == Behaviour::wrong && point_.id == "p3")
      throw base::Error({}, "p3 differs from the reference; nothing is timed",
                        base::Fault::run_failed);
  }

 private:
  CalibrationPoint point_;
  Behaviour behaviour_;
  int runs_ = 0;
};

template <Behaviour behaviour>
class FakeKernel : public Kernel {
 public:
  explicit FakeKernel(std::string_view name) : name_(name) {}
  std::string_view name() const override { return name_; }
  Backend backend() const override { return Backend::cpu; }
  models::NamedTexts libraries() const override { return {{"fakelib", "1.0"}}; }

  std::vector<CalibrationPoint> points() const override {
    std::vector<CalibrationPoint> points;
    for (int i = 0; i < 12; ++i)
      points.push_back({"p" + std::to_string(i), "move", {{"bytes", 1024.0 * (1 << i)}}, 0.001});
    return points;
  }

  std::unique_ptr<PreparedPoint> prepare(const CalibrationPoint& point) const override {
    if (behaviour == Behaviour::large && (point.id == "p10" || point.id == "p11"))
      throw OutOfMemory(point.id + " wants more memory than is free");
    return std::make_unique<FakePoint>(point, behaviour);
  }

  std::vector<models::FittedCost> fit(std::span<const MeasuredPoint> points,
                                      std::uint64_t seed) const override {
    LinearForm form{"start + bytes over a rate", {{"start_seconds", {}}, {"byte_seconds", {}}}};
    for (const MeasuredPoint& point : points) {
      form.terms[0].values.push_back(1);
      form.terms[1].values.push_back(bytes_of(point.point));
    }
    LinearFit fit = fit_linear(std::span(&form, 1), seconds_of(points), seed);
    const VariantFit fitted = linear_cost(name_, "move", std::span(&form, 1), std::move(fit));
    return {with_errors(fitted, points)};
  }

 private:
  std::string name_;
};

template <Behaviour behaviour>
KernelRegistration registration(std::string_view name) {
  static const std::string kept(name);
  return {name, Backend::cpu, [](std::string&) {
            return std::unique_ptr<Kernel>(std::make_unique<FakeKernel<behaviour>>(kept));
          }};
}

const KernelRegistration steady = registration<Behaviour::steady>("steady");
const KernelRegistration lost = registration<Behaviour::lost>("lost");
const KernelRegistration wrong = registration<Behaviour::wrong>("wrong");
const KernelRegistration large = registration<Behaviour::large>("large");
const KernelRegistration noisy = registration<Behaviour::noisy>("noisy");

}  // namespace

}  // namespace orrery::calibrate
