#include "calibrate/app/partial.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "models/base/error.hpp"
#include "models/base/files.hpp"
#include "models/base/text_file.hpp"

namespace orrery::calibrate::app {

namespace fs = std::filesystem;

namespace {

constexpr const char* kTitle = "orrery-calibrate: a measurement that is not finished";

base::Where at(const std::string& path) {
  return {.file = path, .line = 0, .column = 0, .key = {}};
}

std::string identity_text(const Identity& identity) {
  std::string text(kTitle);
  text += '\n';
  for (const auto& [name, value] : identity) text += fmt::format("{}: {}\n", name, value);
  return text;
}

/// The rows up to the last visit that is whole.
void drop_torn_visit(std::vector<RawRow>& rows) {
  while (!rows.empty() && rows.back().repeat != rows.back().repeats) rows.pop_back();
}

}  // namespace

Partial::Partial(const std::string& directory, const std::string& device, const Identity& identity,
                 bool force)
    : path_((fs::path(directory) / (device + ".partial")).string()) {
  std::error_code failed;
  fs::create_directories(path_, failed);
  if (failed) throw base::Error(at(path_), "cannot be made: " + failed.message());
  mark_.emplace(path_);
  if (const std::string stranger = mark_->stranger(); !stranger.empty())
    throw base::Error(at(path_), "holds " + stranger +
                                     ", which this program did not write; move it away, because "
                                     "unfinished measurements go there");
  const std::string known = path_ + "/calibration.txt";
  if (!force && fs::exists(known) && fs::exists(path_ + "/rows.csv")) {
    require_same(identity);
    read_rows();
    return;
  }
  mark_->add("rows.csv");
  mark_->add("calibration.txt");
  base::write_file_atomically(path_ + "/rows.csv", raw_header());
  base::write_file_atomically(known, identity_text(identity));
}

void Partial::require_same(const Identity& identity) const {
  const std::string path = path_ + "/calibration.txt";
  base::LineReader lines(path);
  std::string_view line;
  if (!lines.next(line) || line != kTitle)
    throw base::Error(at(path), "is not a measurement of this program; --force begins anew");
  for (const auto& [name, value] : identity) {
    const std::string expected = fmt::format("{}: {}", name, value);
    if (!lines.next(line))
      throw base::Error(at(path), "ends before '" + name + "'; --force begins anew");
    if (line == expected) continue;
    const std::size_t colon = line.find(": ");
    throw base::Error(
        {.file = path, .line = static_cast<int>(lines.line_number()), .column = 0, .key = name},
        fmt::format("the measurement was begun with '{}', this one has '{}'; repeat its command to "
                    "go on, or --force begins anew",
                    colon == std::string_view::npos ? line : line.substr(colon + 2), value));
  }
}

void Partial::read_rows() {
  const std::string path = path_ + "/rows.csv";
  std::string text = base::read_text_file(path);
  // A line without its end was being written when the process ended.
  text.resize(text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1);
  if (text.empty()) text = raw_header();
  base::write_file_atomically(path, text);
  try {
    rows_ = read_raw_rows(path);
  } catch (const base::Error& error) {
    throw base::Error(error.where(), error.sentence() + "; --force begins anew");
  }
  drop_torn_visit(rows_);
  base::write_file_atomically(path, raw_header() + raw_lines(rows_));
}

void Partial::append(std::span<const RawRow> rows) {
  const std::string path = path_ + "/rows.csv";
  const std::string text = raw_lines(rows);
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  const bool written =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::fdatasync(file) == 0;
  const int reason = errno;
  if (file >= 0) ::close(file);
  if (!written)
    throw base::Error(at(path), std::string("cannot be written: ") + std::strerror(reason),
                      base::Fault::run_failed);
}

void Partial::remove() {
  mark_->remove_directory();
}

}  // namespace orrery::calibrate::app
