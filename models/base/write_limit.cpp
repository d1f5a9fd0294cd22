#include "models/base/write_limit.hpp"

#include <utility>

#include "models/base/error.hpp"
#include "models/base/quantity.hpp"

namespace orrery::base {

namespace {

// The one that counts, of this thread; writers lie too deep for it to be handed down to each.
thread_local WriteLimit* innermost_limit = nullptr;

}  // namespace

WriteLimit::WriteLimit(double bytes, std::string advice)
    : limit_(bytes), left_(bytes), advice_(std::move(advice)), outer_(innermost_limit) {
  innermost_limit = this;
}

WriteLimit::~WriteLimit() {
  innermost_limit = outer_;
}

void WriteLimit::count(const std::string& path, std::size_t bytes) {
  WriteLimit* limit = innermost_limit;
  if (limit == nullptr) return;
  limit->left_ -= static_cast<double>(bytes);
  if (limit->left_ >= 0) return;
  throw Error({path, 0, 0, ""},
              "with this file all that is written would be larger than " +
                  format_quantity(limit->limit_, Dimension::bytes) + "; " + limit->advice_,
              Fault::run_failed);
}

}  // namespace orrery::base
