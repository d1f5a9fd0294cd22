#include "calibrate/app/options.hpp"

namespace orrery::calibrate::app {

bool is_device_name(const std::string& name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (name.empty() || name.size() > 100 || !letter(name.front())) return false;
  for (const char c : name)
    if (!letter(c) && c != '.' && c != '-') return false;
  return true;
}

}  // namespace orrery::calibrate::app
