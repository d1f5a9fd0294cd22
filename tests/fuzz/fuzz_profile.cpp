// Any bytes are a profile or an Error; a profile survives being written and read again. Only the
// YAML is read: the measurements beside it are compared byte by byte.
#include "models/base/error.hpp"
#include "models/profile/profile_difference.hpp"
#include "models/profile/profile_file.hpp"
#include "models/profile/profile_warnings.hpp"
#include "tests/fuzz/input_file.hpp"

using namespace orrery;
using orrery::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  models::DeviceProfile profile;
  try {
    profile = models::parse_profile({reinterpret_cast<const char*>(data), size}, "input");
  } catch (const base::Error& error) {
    require(!error.sentence().empty());
    return 0;
  }
  require(!profile.costs.empty());
  const std::string text = models::profile_yaml(profile);
  if (text.size() > (std::size_t{1} << 20)) return 0;  // aliases expanded: slow, nothing new
  const models::DeviceProfile again = models::parse_profile(text, "written");
  require(models::profile_yaml(again) == text);
  require(models::profile_differences(profile, again).empty());
  require(models::profile_warnings(again) == models::profile_warnings(profile));
  return 0;
}
