// The profiles that ship are whole: their measurements are those that were fitted.
#include <doctest/doctest.h>

#include <filesystem>

#include "models/profile/profile_file.hpp"

using namespace orrery::models;
namespace fs = std::filesystem;

TEST_CASE("every profile that ships reads back, under its device's name") {
  int read = 0;
  for (const auto& entry : fs::directory_iterator(ORRERY_SOURCE_DIR "/calibrate/profiles")) {
    if (entry.path().extension() != ".yaml") continue;
    CAPTURE(entry.path().string());
    const ProfileFile file = read_profile(entry.path().string());
    CHECK(file.profile.device == entry.path().stem().string());
    ++read;
  }
  MESSAGE(read << " profiles ship");
}
