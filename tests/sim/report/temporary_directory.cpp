#include "tests/sim/report/temporary_directory.hpp"

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "models/base/files.hpp"
#include "models/base/text_file.hpp"

namespace orrery::report::testing {

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "orrery-report-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void write_text(const std::string& path, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  base::write_file_atomically(path, text);
}

std::string read_text(const std::string& path) {
  return base::read_text_file(path);
}

}  // namespace orrery::report::testing
