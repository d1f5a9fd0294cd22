// Strong indices into flat arrays: a JobId can never be passed where a NodeId is meant.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>

namespace orrery::base {

/// An index into one flat array, told apart by `Tag`. Default-constructed it is `none`.
template <class Tag>
class Id {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  constexpr Id() = default;
  explicit constexpr Id(std::size_t index) : value_(static_cast<std::uint32_t>(index)) {}

  constexpr std::size_t index() const { return value_; }
  constexpr bool is_none() const { return value_ == kNone; }
  constexpr auto operator<=>(const Id&) const = default;

 private:
  std::uint32_t value_ = kNone;
};

}  // namespace orrery::base

template <class Tag>
struct std::hash<orrery::base::Id<Tag>> {
  std::size_t operator()(orrery::base::Id<Tag> id) const noexcept { return id.index(); }
};
