// fmt as an archive of our own, because Debian ships only the shared library and orrery-calibrate
// must run where that is absent: the functions that fmt's header declares for a library to define,
// and the templates that it declares for a library to instantiate.
#include <fmt/format-inl.h>

namespace fmt {

namespace detail {

template auto dragonbox::to_decimal(float) noexcept -> dragonbox::decimal_fp<float>;
template auto dragonbox::to_decimal(double) noexcept -> dragonbox::decimal_fp<double>;
template auto locale_ref::get<std::locale>() const -> std::locale;
template auto thousands_sep_impl(locale_ref) -> thousands_sep_result<char>;
template auto decimal_point_impl(locale_ref) -> char;

}  // namespace detail

}  // namespace fmt
