// Which policy of one world is best at one sweep point, and how sure that is.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sim/report/policy_group.hpp"

namespace orrery::report {

/// The mean of a set of samples over the runs of a group, figure number `figure` of the world. Its
/// interval goes over seeds; where one run stands for all seeds, and where the experiment asks for
/// it, over blocks of arrivals.
std::optional<Estimate> sample_mean(const PolicyGroup& group, std::size_t world,
                                    const world::Samples& samples, std::size_t figure);

/// Any figure of a world, of its costs, or of what worlds share: the mean of samples as above, all
/// others over the seeds.
std::optional<Estimate> estimate_of(const PolicyGroup& group, const FigureList& list,
                                    std::size_t figure);

/// Which end of a figure is best where runs stand side by side: neither of what runs have of
/// different subjects or seeds, nor of samples of too few.
world::Best best_of(const PolicyGroup& group, const FigureList& list, std::size_t figure);

/// How much larger that mean is than the one of `base`: paired by seed, or by blocks of the same
/// subjects. Both groups have runs of the same seeds.
std::optional<Estimate> sample_difference(const PolicyGroup& group, const PolicyGroup& base,
                                          std::size_t world, const world::Samples& samples,
                                          std::size_t figure);

/// What policies of a world are ranked by.
struct Ranking {
  const world::Samples* samples = nullptr;  ///< null: it does not rank them
  std::size_t figure = 0;                   ///< number of their mean
  const CommonSubjects* common = nullptr;
  bool ranks = false;                          ///< whether they can be
  std::vector<std::optional<Estimate>> means;  ///< by policy
  std::vector<std::optional<Estimate>>
      over_base;  ///< difference to the first policy; its own: none
  /// Policies that nothing tells from the best one, with it: the interval of their difference
  /// holds 0, or they print the same. Empty where they are not ranked.
  std::vector<std::size_t> best;
  std::optional<Estimate> nearest;  ///< difference of the next policy behind `best` to the best one
};

/// Of the policies of one sweep point.
Ranking ranking(const std::vector<PolicyGroup>& policies, std::size_t world);

/// `577 of 986 jobs that are finished in every run`.
std::string size_text(const CommonSubjects& common);

/// Over what the samples of each world go: `JCT, wait: over the 577 of 986 jobs ...`, behind the
/// name of the world where there are several. None for worlds without samples, and of a single run.
std::vector<std::string> common_sentences(const Comparison& comparison);

/// What `±` in the tables of these groups means; empty where no mean has an interval.
std::string interval_sentence(const std::vector<PolicyGroup>& groups);

}  // namespace orrery::report
