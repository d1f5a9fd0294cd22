// Format `philly-json`: the original job log of Microsoft's Philly clusters (Jeon et al., USENIX
// ATC 2019), one JSON array of jobs with their attempts, read as a stream.
//
// A job's GPUs are those of its first attempt that began with GPUs. Its duration is the time its
// attempts ran, so time between attempts is not counted. An attempt without a start never began,
// and counts nothing wherever it stands; one without an end or without GPUs adds no time. A job
// whose last attempt that began has no end was still running when the log was taken. Such jobs,
// and those that never ran on a GPU, are excluded and counted.
#include <nlohmann/json.hpp>

#include "models/base/byte_stream.hpp"
#include "traces/calendar_time.hpp"
#include "traces/fields.hpp"
#include "traces/reader_options.hpp"
#include "traces/trace_reader.hpp"
#include "traces/workload_builder.hpp"

namespace orrery::traces {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostAttempts = 100'000;

struct Attempt {
  std::string start;
  std::string end;
  std::int64_t gpus = 0;
};

struct LoggedJob {
  std::size_t line = 0;
  std::string id;
  std::string virtual_cluster, user;
  std::string submitted;
  std::vector<Attempt> attempts;
  std::string fault;  // what is wrong with its structure
};

bool is_no_time(std::string_view text) {
  return text.empty() || text == "None";
}

/// Turns logged jobs into jobs of the workload.
class JobSink {
 public:
  explicit JobSink(const ReadOptions& options) : path_(options.path), builder_(options) {
    builder_.note("times are naive local ones; daylight saving steps are not corrected");
  }

  void add(const LoggedJob& logged) {
    try {
      add_checked(logged);
    } catch (const base::Error& error) {
      builder_.bad_row(error);
    }
  }
  void bad_row(const base::Error& error) { builder_.bad_row(error); }
  workloads::TrainingWorkload finish() { return builder_.finish(Zero::earliest_date); }

 private:
  void add_checked(const LoggedJob& logged) {
    if (!logged.fault.empty()) throw base::Error(place(logged, ""), logged.fault);
    const Work work = work_of(logged);
    if (work.still_running)
      return builder_.exclude(LeftOut::still_running,
                              work.seconds * static_cast<double>(work.gpus) / 3600);
    if (!work.ran) return builder_.exclude(work.began ? LeftOut::no_gpu : LeftOut::never_started);
    workloads::TrainingJob job;
    job.line = static_cast<std::uint32_t>(logged.line);
    job.id = logged.id;
    job.submit_seconds = time(logged, logged.submitted, "submitted_time");
    job.duration_seconds = work.seconds;
    if (work.gpus > kMostGpus)
      fail_field(place(logged, "gpus"), std::to_string(work.gpus), "fewer GPUs");
    job.gpus = static_cast<std::int32_t>(work.gpus);
    job.virtual_cluster = builder_.name(logged.virtual_cluster, logged.line);
    job.user = builder_.name(logged.user, logged.line);
    builder_.add(std::move(job));
  }

  /// What all attempts of a job did together.
  struct Work {
    double seconds = 0;
    std::int64_t gpus = 0;
    bool began = false;  ///< an attempt began, on GPUs or not
    bool ran = false;    ///< an attempt with GPUs began and ended
    bool still_running = false;
  };

  Work work_of(const LoggedJob& logged) const {
    Work work;
    for (const Attempt& attempt : logged.attempts) {
      if (is_no_time(attempt.start)) continue;
      work.began = true;
      if (work.gpus == 0) work.gpus = attempt.gpus;
      work.still_running = is_no_time(attempt.end);
      if (work.still_running) continue;
      const double start = time(logged, attempt.start, "start_time");
      const double end = time(logged, attempt.end, "end_time");
      if (end < start)
        fail_field(place(logged, "end_time"), attempt.end, "an end after " + attempt.start);
      if (attempt.gpus == 0) continue;
      work.seconds += end - start;
      work.ran = true;
    }
    return work;
  }

  base::Where place(const LoggedJob& logged, std::string key) const {
    return {path_, static_cast<int>(logged.line), 0, std::move(key)};
  }
  double time(const LoggedJob& logged, const std::string& text, const char* key) const {
    const auto seconds = parse_calendar_time(text);
    if (!seconds) fail_field(place(logged, key), text, "a time like 2017-10-07 01:11:39");
    return static_cast<double>(*seconds);
  }

  std::string path_;
  WorkloadBuilder builder_;
};

/// Receives the events of the JSON parser. Depths: 1 the array, 2 a job, 3 its attempts, 4 an
/// attempt, 5 its detail, 6 a machine of it, 7 the machine's gpus.
class LogHandler : public nlohmann::json_sax<Json> {
 public:
  LogHandler(base::ByteStream& stream, JobSink& sink) : stream_(stream), sink_(sink) {}

  bool null() override { return scalar(""); }
  bool boolean(bool) override { return other_scalar(); }
  bool number_integer(number_integer_t) override { return other_scalar(); }
  bool number_unsigned(number_unsigned_t) override { return other_scalar(); }
  bool number_float(number_float_t, const string_t&) override { return other_scalar(); }
  bool binary(binary_t&) override { return other_scalar(); }
  bool string(string_t& text) override { return scalar(text); }

  bool key(string_t& name) override {
    frames_.back().key = name;
    return true;
  }
  bool start_object(std::size_t) override {
    if (frames_.empty()) fail("expected an array of jobs, found an object");
    push(false);
    if (frames_.size() == 2) {
      job_ = {};
      job_.line = stream_.line_number();
    } else if (frames_.size() == 4 && inside("attempts", 1)) {
      if (job_.attempts.size() == kMostAttempts) job_.attempts.pop_back();
      job_.attempts.emplace_back();
      if (job_.attempts.size() == kMostAttempts)
        job_.fault = "has " + std::to_string(kMostAttempts) + " attempts or more, expected fewer";
    }
    return true;
  }
  bool end_object() override {
    frames_.pop_back();
    if (frames_.size() > 1) return true;
    sink_.add(job_);
    stream_.begin_piece();
    return true;
  }
  bool start_array(std::size_t) override {
    if (frames_.size() == 1) bad_element();
    push(true);
    return true;
  }
  bool end_array() override {
    frames_.pop_back();
    return true;
  }
  bool parse_error(std::size_t, const std::string& token,
                   const nlohmann::detail::exception&) override {
    constexpr std::size_t kShown = 40;
    const std::string near = cleaned(std::string_view(token).substr(0, kShown));
    fail("is not valid JSON" + (near.empty() ? "" : " near '" + near + "'"));
  }

 private:
  struct Frame {
    bool is_array = false;
    std::string key;  // of an object: the one read last
  };

  [[noreturn]] void fail(const std::string& sentence) const {
    throw base::Error({stream_.path(), static_cast<int>(stream_.line_number()), 0, ""}, sentence);
  }
  void push(bool is_array) {
    constexpr std::size_t kDeepest = 64;
    if (frames_.size() >= kDeepest) fail("the JSON is nested deeper than 64 levels");
    frames_.push_back({is_array, {}});
  }
  bool inside(std::string_view key, std::size_t frame) const { return frames_[frame].key == key; }
  void bad_element() {
    stream_.begin_piece();
    sink_.bad_row(base::Error(
        {stream_.path(), static_cast<int>(stream_.line_number()), 0, ""},
        "found an element that is not a job, expected an object with jobid and attempts"));
  }

  bool other_scalar() {
    if (frames_.size() == 2 && !frames_[1].is_array) {
      const std::string& key = frames_[1].key;
      if (key == "jobid" || key == "vc" || key == "submitted_time" || key == "attempts")
        job_.fault = "the value of '" + key + "' has a wrong type";
      return true;
    }
    return scalar("");
  }

  bool scalar(std::string_view text) {
    if (frames_.empty()) fail("expected an array of jobs, found a single value");
    const Frame& frame = frames_.back();
    switch (frames_.size()) {
      case 1:
        bad_element();
        break;
      case 2:
        if (frame.key == "jobid") job_.id = text;
        if (frame.key == "vc") job_.virtual_cluster = text;
        if (frame.key == "user") job_.user = text;
        if (frame.key == "submitted_time") job_.submitted = text;
        break;
      case 4:
        if (job_.attempts.empty() || frame.is_array || !inside("attempts", 1)) break;
        if (frame.key == "start_time") job_.attempts.back().start = text;
        if (frame.key == "end_time") job_.attempts.back().end = text;
        break;
      case 7:
        if (!frame.is_array || job_.attempts.empty()) break;
        if (inside("attempts", 1) && inside("detail", 3) && inside("gpus", 5))
          ++job_.attempts.back().gpus;
        break;
      default:
        break;
    }
    return true;
  }

  base::ByteStream& stream_;
  JobSink& sink_;
  std::vector<Frame> frames_;
  LoggedJob job_;
};

class PhillyJsonReader : public TraceReader {
 public:
  workloads::TrainingWorkload read(const ReadOptions& options) const override {
    base::ByteStream stream(options.path);
    JobSink sink(options);
    LogHandler handler(stream, sink);
    Json::sax_parse(base::ByteIterator(stream), base::ByteIterator(), &handler);
    return sink.finish();
  }
};

const FormatRegistration philly_json_registration({
    .name = "philly-json",
    .help = "Microsoft Philly 2017, the original cluster_job_log: a JSON array of jobs",
    .origin = "msr-fiddle/philly-traces (CC-BY-4.0), trace-data.tar.gz. Read: jobid, vc, "
              "submitted_time and the attempts' times and GPUs.",
    .options = base::describe<NoOptions>(),
    .make =
        [](const base::Node& node) {
          read_options<NoOptions>(node);
          return std::make_unique<PhillyJsonReader>();
        },
    .matches = [](std::string_view line) { return line.starts_with('['); },
});

}  // namespace

}  // namespace orrery::traces
