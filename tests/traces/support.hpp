// Files and reads shared by the tests of trace readers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models/base/error.hpp"
#include "traces/trace_reader.hpp"

namespace orrery::test {

/// A file with this content that vanishes with the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view content);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The bytes as gzip.
std::string gzipped(std::string_view content);

/// Reads a file; `options` is YAML.
workloads::TrainingWorkload read_trace(const std::string& format, const std::string& path,
                                       traces::OnBadRow on_bad_row = traces::OnBadRow::fail,
                                       const std::string& options = "");
/// The same from text.
workloads::TrainingWorkload read_text(const std::string& format, std::string_view content,
                                      traces::OnBadRow on_bad_row = traces::OnBadRow::fail,
                                      const std::string& options = "");

/// The Error that reading this text throws; fails the test where it throws none.
base::Error error_of(const std::string& format, std::string_view content,
                     traces::OnBadRow on_bad_row = traces::OnBadRow::fail,
                     const std::string& options = "");

/// A sample of the project.
std::string sample(const std::string& name);
/// The options with which the samples of `gavel` are read.
std::string gavel_options();

/// Whether two workloads describe the same jobs in the same order: every field but lines, names by
/// their text. The first difference is reported.
bool same_jobs(const workloads::TrainingWorkload& a, const workloads::TrainingWorkload& b);

}  // namespace orrery::test
