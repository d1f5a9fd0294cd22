#include "traces/sacct_rows.hpp"

#include <algorithm>
#include <utility>

#include "traces/fields.hpp"
#include "traces/sacct_shape.hpp"

namespace orrery::traces {

using workloads::LeftOut;

namespace {

bool is_unknown_text(std::string_view text) {
  return text.empty() || text == "Unknown" || text == "None" || text == "N/A";
}

/// What Slurm writes for a count that it does not have: NO_VAL and INFINITE of 32 bits.
bool is_no_count(std::string_view text) {
  return text == "4294967294" || text == "4294967295";
}

/// Reasons for waiting that the simulator has itself, or that are none.
bool is_modelled(std::string_view reason) {
  constexpr std::string_view kModelled[] = {"None", "Priority", "Resources", "Unknown",
                                            "InvalidReason"};
  return reason.empty() ||
         std::find(std::begin(kModelled), std::end(kModelled), reason) != std::end(kModelled);
}

}  // namespace

SacctRows::SacctRows(const std::string& path, const SacctOptions& options)
    : options_(options), table_(open_sacct_table(path)) {
  const auto raw_id = table_.find_column("JobIDRaw");
  id_ = raw_id && !table_.find_column("JobID") ? *raw_id : table_.column("JobID");
  submit_ = table_.column("Submit");
  cluster_ = table_.find_column("Cluster");
  state_ = table_.find_column("State");
  start_ = table_.find_column("Start");
  end_ = table_.find_column("End");
  elapsed_ = table_.find_column("Elapsed");
  elapsed_raw_ = table_.find_column("ElapsedRaw");
  eligible_ = table_.find_column("Eligible");
  reason_ = table_.find_column("Reason");
  user_ = table_.find_column("User");
  account_ = table_.find_column("Account");
  for (const char* name : {"NNodes", "AllocNodes", "ReqNodes"})
    if (!nodes_) nodes_ = table_.find_column(name);
  if (!elapsed_ && !elapsed_raw_ && !(start_ && end_))
    throw base::Error({path, 1, 0, ""}, "has neither the column Elapsed nor both Start and End");
  for (const char* name : {"AllocTRES", "AllocGRES"})
    if (const auto column = table_.find_column(name)) allocated_.push_back(*column);
  for (const char* name : {"ReqTRES", "ReqGRES"})
    if (const auto column = table_.find_column(name)) requested_.push_back(*column);
  if (allocated_.empty() && requested_.empty())
    throw base::Error({path, 1, 0, ""},
                      "has none of the columns AllocTRES, ReqTRES, AllocGRES and ReqGRES, which "
                      "say how many GPUs a job has");
  switch (options.virtual_cluster) {
    case SacctColumn::partition:
      virtual_cluster_ = table_.find_column("Partition");
      break;
    case SacctColumn::account:
      virtual_cluster_ = account_;
      break;
    case SacctColumn::cluster:
      virtual_cluster_ = cluster_;
      break;
    case SacctColumn::none:
      break;
  }
}

std::string_view SacctRows::text(std::optional<std::size_t> column) const {
  return column ? table_[*column] : std::string_view{};
}

bool SacctRows::is_unknown(std::optional<std::size_t> column) const {
  return column && is_unknown_text(table_[*column]);
}

double SacctRows::read_time(std::size_t column) {
  const auto time = parse_written_time(table_[column]);
  if (!time)
    fail_field(table_.where(column), table_[column],
               "a time like 2017-10-07T01:11:39, with or without an offset such as +02:00, or "
               "seconds since 1970");
  if (absolute_times_.value_or(time->absolute) != time->absolute)
    fail_field(table_.where(column), table_[column],
               *absolute_times_ ? "a time with an offset or in seconds, as above"
                                : "a time without an offset, as above");
  absolute_times_ = time->absolute;
  return static_cast<double>(time->seconds);
}

double SacctRows::read_submit(SacctRow& row) {
  const double submitted = read_time(submit_);
  if (!eligible_ || is_unknown(eligible_)) return submitted;
  const double eligible = read_time(*eligible_);
  if (eligible <= submitted) return submitted;
  if (options_.eligible) return eligible;
  row.eligible_later = true;
  return submitted;
}

std::optional<double> SacctRows::read_elapsed() {
  // INVALID stands for a time below zero.
  if (elapsed_ && !is_unknown(elapsed_) && table_[*elapsed_] != "INVALID") {
    const auto seconds = parse_slurm_duration(table_[*elapsed_]);
    if (!seconds)
      fail_field(table_.where(*elapsed_), table_[*elapsed_], "a duration like 1-02:03:04");
    return seconds;
  }
  if (elapsed_raw_ && !is_unknown(elapsed_raw_) && !is_no_count(table_[*elapsed_raw_]))
    return read_seconds(table_, *elapsed_raw_);
  if (!start_ || !end_ || is_unknown(start_) || is_unknown(end_)) return std::nullopt;
  const double start = read_time(*start_);
  const double end = read_time(*end_);
  if (end < start) fail_field(table_.where(*end_), table_[*end_], "an end after the start");
  return end - start;
}

/// What the first column that names GPUs says; types that it leaves out, from the next that has
/// them.
SlurmGpus SacctRows::read_gpus() const {
  const auto nodes = base::parse_integer(text(nodes_)).value_or(1);
  SlurmGpus found;
  const auto look = [&](std::size_t column, std::int64_t of_each_node) {
    auto gpus = parse_slurm_gpus(table_[column], options_.shares(),
                                 std::clamp<std::int64_t>(of_each_node, 1, kMostGpus));
    if (!gpus || gpus->count > kMostGpus)
      fail_field(table_.where(column), table_[column], "a count of GPUs like gres/gpu=4");
    if (!found.any()) {
      found = std::move(*gpus);
    } else if (found.types.empty()) {
      found.types = std::move(gpus->types);
    }
  };
  for (const std::size_t column : allocated_) look(column, nodes);
  for (const std::size_t column : requested_) look(column, nodes);
  return found;
}

/// Whether the columns of what was allocated are there and say nothing.
bool SacctRows::never_allocated() const {
  return std::ranges::all_of(allocated_,
                             [&](std::size_t column) { return table_[column].empty(); });
}

/// What kept the job waiting and is not modelled. The limit of an array stands with the tasks that
/// still wait, whose row is left out, and held those that ran, too: it is counted all the same.
void SacctRows::read_waits(SacctRow& row) {
  if (reason_ && !is_modelled(table_[*reason_])) row.waited_for = table_[*reason_];
  if (table_[id_].find('%') == std::string_view::npos) return;
  std::string array(row.id.job.substr(0, row.id.job.find('_')));
  counts_.throttled_arrays.insert(std::move(array) + '@' + std::string(row.cluster));
}

/// Suspended time is not in Elapsed, so that a run may be shorter than from its start to its end.
bool SacctRows::has_contradictory_times(const SacctRow& row) {
  if (!row.start_seconds) return false;
  const bool before_submitted = *row.start_seconds < read_time(submit_);
  const bool longer =
      end_ && !is_unknown(end_) &&
      row.duration_seconds > read_time(*end_) - *row.start_seconds + kSacctRoundingSeconds;
  return before_submitted || longer;
}

bool SacctRows::says_nothing_of_resources() const {
  return never_allocated() && std::ranges::all_of(requested_, [&](std::size_t column) {
           return table_[column].empty();
         });
}

/// Whether the row is the header once more.
bool SacctRows::is_header() const {
  const auto& header = table_.header();
  for (std::size_t i = 0; i < header.size(); ++i)
    if (table_[i] != header[i]) return false;
  return true;
}

/// The reason, with the hours that the run held; fills in what is known of it.
std::optional<LeftOut> SacctRows::why_left_out(SacctRow& row) {
  const SlurmRun run = state_ ? parse_slurm_state(table_[*state_]) : SlurmRun::ended;
  const bool unstarted = run == SlurmRun::waiting || is_unknown(start_);
  // Before it starts a job has no allocation, and the file may not say what it asked for.
  const bool no_gpu =
      !row.gpus.any() && !(unstarted && !allocated_.empty() && says_nothing_of_resources());
  // A part without GPUs counts for the length of its job.
  if (no_gpu && (unstarted || !row.id.part)) return LeftOut::no_gpu;
  read_waits(row);
  if (unstarted) return LeftOut::never_started;

  row.began = true;
  const std::optional<double> seconds = read_elapsed();
  row.duration_seconds = seconds.value_or(0);
  row.submit_seconds = read_submit(row);
  if (start_) row.start_seconds = read_time(*start_);
  row.gpu_hours =
      row.duration_seconds * static_cast<double>(row.gpus.count) * row.gpus.milli / 1000 / 3600;
  if (run == SlurmRun::in_progress || (!state_ && is_unknown(end_))) return LeftOut::still_running;
  if (no_gpu) return LeftOut::no_gpu;
  const bool withdrawn = run == SlurmRun::withdrawn || !state_ || table_[*state_].empty();
  if (row.duration_seconds == 0 && never_allocated() && (withdrawn || !allocated_.empty()))
    return LeftOut::never_started;
  if (!seconds) return LeftOut::unknown_work;
  if (row.gpus.unknown_share) return LeftOut::unknown_share;
  return std::nullopt;
}

std::optional<SacctRow> SacctRows::read() {
  if (is_header()) return std::nullopt;
  if (table_[id_] == "JobID" || table_[submit_] == "Submit") other_header_ = table_.line_number();
  if (other_header_ > 0)
    throw base::Error(table_.where(), "stands at or below another header (line " +
                                          std::to_string(other_header_) +
                                          "), expected the columns of the first line; read the "
                                          "parts of the file one by one");
  SacctRow row;
  row.id = parse_slurm_job_id(table_[id_]);
  row.cluster = text(cluster_);
  row.virtual_cluster = text(virtual_cluster_);
  row.user = text(user_);
  row.account = text(account_);
  if (row.id.step) {
    row.left_out = LeftOut::step;
    return row;
  }
  row.gpus = read_gpus();
  row.left_out = why_left_out(row);
  if (row.left_out) return row;
  if (!*absolute_times_) ++counts_.naive_times;
  row.contradictory_times = has_contradictory_times(row);
  return row;
}

}  // namespace orrery::traces
