#include "models/network/contention.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace orrery::models {

std::vector<double> duty_iteration_seconds(std::span<const JobTraffic* const> jobs,
                                           std::span<const double> capacity,
                                           std::span<const double> mm, int variant, int* rounds) {
  const std::size_t J = jobs.size();
  std::vector<double> r(mm.begin(), mm.end()), d(J), T(J);
  const auto duty = [&](std::size_t j) {
    const double c = jobs[j]->phases[0].bytes / r[j];
    T[j] = jobs[j]->compute_seconds + c;
    d[j] = c / T[j];
  };
  for (std::size_t j = 0; j < J; ++j) duty(j);
  // who crosses link
  struct Use { std::size_t j; double n; };
  std::vector<std::vector<Use>> at(capacity.size());
  for (std::size_t j = 0; j < J; ++j)
    for (const Crossing& c : jobs[j]->phases[0].crossings) at[c.link].push_back({j, double(c.times)});
  *rounds = 0;
  std::vector<std::vector<double>> share(J);  // per job per crossing
  for (std::size_t j = 0; j < J; ++j) share[j].assign(jobs[j]->phases[0].crossings.size(), 1e300);
  for (int it = 0; it < 500; ++it) {
    double change = 0;
    std::vector<double> nr(J);
    // elsewhere limit of k at link: min over other links of share
    std::vector<double> least(J, 1e300), second(J, 1e300);
    std::vector<std::uint32_t> leastl(J, 0);
    for (std::size_t j = 0; j < J; ++j) {
      const auto& cr = jobs[j]->phases[0].crossings;
      for (std::size_t i = 0; i < cr.size(); ++i) {
        if (share[j][i] < least[j]) { second[j] = least[j]; least[j] = share[j][i]; leastl[j] = cr[i].link; }
        else if (share[j][i] < second[j]) second[j] = share[j][i];
      }
    }
    for (std::size_t j = 0; j < J; ++j) {
      double best = 1e300;
      const auto& cr = jobs[j]->phases[0].crossings;
      for (std::size_t i = 0; i < cr.size(); ++i) {
        const std::uint32_t l = cr[i].link;
        double s;
        if (variant == 0) {
          double w = cr[i].times;
          for (const Use& u : at[l]) if (u.j != j) w += d[u.j] * u.n;
          s = capacity[l] / w;
        } else {
          std::vector<std::pair<double,double>> lim;  // limit, weight
          double w = cr[i].times;
          for (const Use& u : at[l]) if (u.j != j) {
            lim.push_back({leastl[u.j] == l ? second[u.j] : least[u.j], d[u.j] * u.n});
            w += d[u.j] * u.n;
          }
          std::sort(lim.begin(), lim.end());
          double left = capacity[l];
          s = left / w;
          for (auto& [e, ww] : lim) {
            if (e >= s) break;
            left -= e * ww; w -= ww; s = left / w;
          }
        }
        share[j][i] = s;
        best = std::min(best, s);
      }
      nr[j] = best;
    }
    for (std::size_t j = 0; j < J; ++j) {
      const double v = it < 5 ? nr[j] : std::sqrt(nr[j] * r[j]);
      change = std::max(change, std::abs(v / r[j] - 1));
      r[j] = v;
      duty(j);
    }
    ++*rounds;
    if (change < 1e-10) break;
  }
  return T;
}

}  // namespace orrery::models
