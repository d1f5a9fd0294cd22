#include "tests/traces/support.hpp"

#include <doctest/doctest.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "models/base/document.hpp"
#include "traces/trace_source.hpp"

namespace orrery::test {

TemporaryFile::TemporaryFile(std::string_view content) {
  path_ = (std::filesystem::temp_directory_path() / "orrery-trace-XXXXXX").string();
  const int descriptor = ::mkstemp(path_.data());
  if (descriptor < 0) throw std::runtime_error("no temporary file");
  const auto written = ::write(descriptor, content.data(), content.size());
  ::close(descriptor);
  if (written != static_cast<ssize_t>(content.size())) throw std::runtime_error("short write");
}

TemporaryFile::~TemporaryFile() {
  ::unlink(path_.c_str());
}

std::string gzipped(std::string_view content) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("no compressor");
  std::string out(deflateBound(&stream, content.size()) + 64, '\0');
  std::string in(content);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("not compressed");
  return out;
}

workloads::TrainingWorkload read_trace(const std::string& format, const std::string& path,
                                       traces::OnBadRow on_bad_row, const std::string& options) {
  base::Node node = base::parse_yaml(options.empty() ? "{}" : options, "options");
  const auto set = [&](const std::string& key, const std::string& value) {
    base::set_at(node, key, base::scalar_node(value), {});
  };
  set("format", format);
  set("path", path);
  set("on_bad_row", on_bad_row == traces::OnBadRow::skip ? "skip" : "fail");
  return traces::read_trace(traces::read_trace_source(node));
}

workloads::TrainingWorkload read_text(const std::string& format, std::string_view content,
                                      traces::OnBadRow on_bad_row, const std::string& options) {
  const TemporaryFile file(content);
  return read_trace(format, file.path(), on_bad_row, options);
}

base::Error error_of(const std::string& format, std::string_view content,
                     traces::OnBadRow on_bad_row, const std::string& options) {
  try {
    read_text(format, content, on_bad_row, options);
  } catch (const base::Error& error) {
    return error;
  }
  FAIL("no error for: " << content);
  throw std::logic_error("not reached");
}

std::string sample(const std::string& name) {
  return ORRERY_SOURCE_DIR "/traces/samples/" + name;
}

std::string gavel_options() {
  return "throughputs: " + sample("gavel-throughputs.json");
}

bool same_jobs(const workloads::TrainingWorkload& a, const workloads::TrainingWorkload& b) {
  CHECK(a.jobs.size() == b.jobs.size());
  if (a.jobs.size() != b.jobs.size()) return false;
  for (std::size_t i = 0; i < a.jobs.size(); ++i) {
    const workloads::TrainingJob& x = a.jobs[i];
    const workloads::TrainingJob& y = b.jobs[i];
    const bool same =
        x.id == y.id && x.submit_seconds == y.submit_seconds &&
        x.duration_seconds == y.duration_seconds && x.deadline_seconds == y.deadline_seconds &&
        x.iterations == y.iterations && x.batch_samples == y.batch_samples && x.gpus == y.gpus &&
        x.gpu_milli == y.gpu_milli && a.names.text(x.model) == b.names.text(y.model) &&
        a.names.text(x.virtual_cluster) == b.names.text(y.virtual_cluster) &&
        a.names.text(x.gpu_types) == b.names.text(y.gpu_types) &&
        a.names.text(x.pruning) == b.names.text(y.pruning);
    if (same) continue;
    CAPTURE(i);
    CHECK(x.id == y.id);
    return false;
  }
  return true;
}

}  // namespace orrery::test
