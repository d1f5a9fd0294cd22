// Fits of synthetic times: known coefficients come back, the form too, and errors are held out.
#include "calibrate/fit/linear_fit.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <span>
#include <stdexcept>
#include <utility>

#include "models/base/error.hpp"
#include "models/base/random.hpp"
#include "models/base/statistics.hpp"

using namespace orrery::calibrate;

namespace {

struct Synthetic {
  std::vector<LinearForm> forms;
  std::vector<double> seconds;
};

/// Times of start + bytes / rate, slower beyond a cache of 1 MB, with relative noise.
Synthetic synthetic(std::uint64_t seed, double noise, std::size_t points) {
  orrery::base::RandomStream random(seed, "linear");
  LinearTerm ones{"start_seconds", {}};
  LinearTerm bytes{"byte", {}};
  LinearTerm near{"near", {}};
  LinearTerm far{"far", {}};
  LinearTerm nothing{"nothing", {}};
  Synthetic made;
  for (std::size_t p = 0; p < points; ++p) {
    const double b = 1e4 * std::pow(1.5, static_cast<double>(p));
    const bool fits = b <= 1e6;
    ones.values.push_back(1);
    bytes.values.push_back(b);
    near.values.push_back(fits ? b : 0);
    far.values.push_back(fits ? 0 : b);
    nothing.values.push_back(random.uniform() * b);
    made.seconds.push_back((3e-6 + (fits ? b / 5e10 : b / 8e9)) * (1 + noise * random.normal()));
  }
  made.forms = {{"one rate", {ones, bytes}},
                {"two rates", {ones, near, far}},
                {"two rates and nothing", {ones, near, far, nothing}}};
  return made;
}

/// The spread of what a fit is off where a point was left out.
orrery::base::Spread held_out(const LinearFit& fit, const std::vector<double>& seconds) {
  std::vector<double> errors;
  for (std::size_t p = 0; p < seconds.size(); ++p)
    errors.push_back(std::abs(fit.left_out_seconds.at(p) / seconds[p] - 1));
  return *orrery::base::spread_of(std::move(errors));
}

}  // namespace

TEST_CASE("the coefficients that made the times come back") {
  const Synthetic exact = synthetic(1, 0, 24);
  const LinearFit fit = fit_linear(exact.forms, exact.seconds, 1);
  REQUIRE(fit.form == 1);
  CHECK(fit.coefficients.at(0) == doctest::Approx(3e-6).epsilon(1e-6));
  CHECK(1 / fit.coefficients.at(1) == doctest::Approx(5e10).epsilon(1e-6));
  CHECK(1 / fit.coefficients.at(2) == doctest::Approx(8e9).epsilon(1e-6));
  CHECK(held_out(fit, exact.seconds).p90 < 1e-6);
  CHECK(linear_seconds(exact.forms[1], fit.coefficients, 7) ==
        doctest::Approx(exact.seconds[7]).epsilon(1e-6));
}

TEST_CASE("noise of 3 % leaves held-out errors of that size, over seeds") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    const Synthetic noisy = synthetic(seed, 0.03, 30);
    const LinearFit fit = fit_linear(noisy.forms, noisy.seconds, seed);
    CHECK(fit.form >= 1);
    CHECK(1 / fit.coefficients.at(1) == doctest::Approx(5e10).epsilon(0.1));
    CHECK(1 / fit.coefficients.at(2) == doctest::Approx(8e9).epsilon(0.05));
    const auto errors = held_out(fit, noisy.seconds);
    CHECK(errors.median > 0.005);
    CHECK(errors.median < 0.06);
    CHECK(errors.p90 >= errors.median);
  }
}

TEST_CASE("a point that is held out is not seen: a term for each point alone explains nothing") {
  constexpr std::size_t kPoints = 16;
  LinearForm alone{"a term for each point", {}};
  std::vector<double> seconds;
  for (std::size_t t = 0; t < kPoints; ++t) {
    alone.terms.push_back({"t" + std::to_string(t), std::vector<double>(kPoints, 0)});
    alone.terms.back().values[t] = 1;
    seconds.push_back(1 + static_cast<double>(t));
  }
  const LinearFit fit = fit_linear(std::span(&alone, 1), seconds, 1);
  CHECK(held_out(fit, seconds).median == 1);
  CHECK(held_out(fit, seconds).p90 == 1);
  CHECK(fit.coefficients.at(3) == doctest::Approx(4));
}

TEST_CASE("held-out errors of pure noise stay large, however many terms there are") {
  orrery::base::RandomStream random(5, "pure noise");
  constexpr std::size_t kPoints = 12;
  LinearForm rich{"ten random terms", {}};
  for (int t = 0; t < 10; ++t) {
    LinearTerm term{"t" + std::to_string(t), {}};
    for (std::size_t p = 0; p < kPoints; ++p) term.values.push_back(random.uniform());
    rich.terms.push_back(term);
  }
  std::vector<double> seconds;
  for (std::size_t p = 0; p < kPoints; ++p) seconds.push_back(random.exponential(1) + 0.01);
  const std::vector<LinearForm> forms{rich};
  CHECK(held_out(fit_linear(forms, seconds, 1), seconds).median > 0.2);
}

TEST_CASE("the same points and seed give the same fit, and too few points are refused") {
  const Synthetic made = synthetic(3, 0.05, 20);
  const LinearFit a = fit_linear(made.forms, made.seconds, 9);
  const LinearFit b = fit_linear(made.forms, made.seconds, 9);
  CHECK(a.coefficients == b.coefficients);
  CHECK(a.left_out_seconds == b.left_out_seconds);
  const Synthetic few = synthetic(3, 0.05, kLeastPoints - 1);
  CHECK_THROWS_AS(fit_linear(few.forms, few.seconds, 1), orrery::base::Error);
  const Synthetic enough = synthetic(3, 0.05, kLeastPoints);
  CHECK_NOTHROW(fit_linear(enough.forms, enough.seconds, 1));
  Synthetic broken = synthetic(3, 0.05, 20);
  broken.forms[0].terms[0].values.pop_back();
  CHECK_THROWS_AS(fit_linear(broken.forms, broken.seconds, 1), std::invalid_argument);
  broken = synthetic(3, 0.05, 20);
  broken.seconds[4] = 0;
  CHECK_THROWS_AS(fit_linear(broken.forms, broken.seconds, 1), std::invalid_argument);
}
