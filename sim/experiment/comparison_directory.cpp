#include "sim/experiment/comparison_directory.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "models/base/document_paths.hpp"
#include "models/base/files.hpp"
#include "models/base/path_kind.hpp"
#include "models/base/result_mark.hpp"
#include "models/base/text_file.hpp"
#include "sim/experiment/run_id.hpp"
#include "sim/experiment/uncertainty_option.hpp"
#include "sim/report/run_summary.hpp"

namespace orrery::experiment {

namespace fs = std::filesystem;

namespace {

using base::Error;

constexpr const char* kExperiment = "experiment.yaml";
constexpr const char* kSummaries[] = {"comparison.json", "runs.csv", "report.html"};
constexpr std::size_t kLogLines = 8;

[[noreturn]] void refuse(const std::string& path, const std::string& sentence) {
  throw Error({path, 0, 0, ""}, sentence);
}

/// For what stands in the way of one run and not of others.
[[noreturn]] void refuse_now(const std::string& path, const std::string& sentence) {
  throw Error({path, 0, 0, ""}, sentence, base::Fault::run_failed);
}

bool exists(const std::string& path) {
  return base::path_kind(path) != base::PathKind::nothing;
}

/// An experiment's text without what no run depends on.
std::string text_of_runs(const std::string& text) {
  base::Node document = base::parse_yaml(text, kExperiment);
  if (document.is_mapping()) base::erase_key(document, kUncertaintyKey);
  return base::to_yaml(document);
}

/// The text of the experiment of which the directory holds runs; nothing where it is another one
/// than that of `text`.
std::optional<std::string> same_experiment(const base::ResultMark& mark, const std::string& text) {
  if (!mark.lists(kExperiment) || mark.lists("summary.json")) return std::nullopt;
  try {
    std::string there = base::read_text_file(mark.directory() + '/' + kExperiment);
    if (there == text || text_of_runs(there) == text_of_runs(text)) return there;
  } catch (const Error&) {
    return std::nullopt;  // damaged: no experiment of ours
  }
  return std::nullopt;
}

/// Throws while a single run is being written that would get the directory's name.
void check_no_run_begun(const std::string& path) {
  const std::string partial = path + ".partial";
  if (base::has_mark(partial)) base::ResultMark(partial).release();
}

/// Every folder that a run's directory lies in: `sweep/`, `sweep/policy/`, `sweep/policy/1/`.
std::vector<std::string> folders_of(const std::string& directory) {
  std::vector<std::string> folders;
  for (std::size_t end = 0; (end = directory.find('/', end)) != std::string::npos; ++end)
    folders.push_back(directory.substr(0, end + 1));
  folders.push_back(directory + '/');
  return folders;
}

}  // namespace

ComparisonDirectory::ComparisonDirectory(const std::string& path, const base::Node& document,
                                         const base::Replacing& replacing)
    : path_(base::result_path(path)) {
  std::error_code fault;
  const bool link = fs::is_symlink(path_, fault);
  if (exists(path_) && !fs::is_directory(path_, fault))
    refuse(path_,
           link ? "is a link that leads to no directory" : "already exists and is not a directory");
  if (link && replacing.allowed)
    refuse(path_, "is a link, through which nothing is replaced; name the directory itself");
  // Before the directory is made, which would be in the run's way, and again once it is there.
  check_no_run_begun(path_);
  fault.clear();
  const bool fresh = fs::create_directories(path_, fault);
  if (fault) refuse(path_, "cannot be created: " + fault.message());
  mark_.emplace(path_);
  try {
    check_no_run_begun(path_);
  } catch (const Error&) {
    if (fresh) mark_->remove_directory();
    throw;
  }
  take_up(document, replacing);
}

void ComparisonDirectory::take_up(const base::Node& document, const base::Replacing& replacing) {
  const std::string text = base::to_yaml(canonical(document));
  if (!mark_->empty()) {
    if (!replacing.allowed) {
      const auto there = same_experiment(*mark_, text);
      if (there && *there != text) write_summary(kExperiment, text);
      if (there) return;
      refuse(path_, std::string(mark_->lists("summary.json")
                                    ? "already exists and holds the results of a run"
                                    : "holds the comparison of another experiment") +
                        "; name a new directory, or use --force to replace its results");
    }
    base::check_replaceable(*mark_, replacing);
    remove_summaries();  // first: they describe what goes now
    mark_->remove_listed();
  }
  try {
    write_summary(kExperiment, text);
  } catch (const Error& error) {
    throw Error(error.where(), error.sentence());  // bad input: nothing was simulated
  }
}

bool ComparisonDirectory::may_have(const RunKey& point) const {
  return exists(run_path(point) + "/summary.json");
}

bool ComparisonDirectory::has(const RunKey& point) const {
  if (!may_have(point)) return false;
  try {
    // Figures and pages read the tables; a trace or a page may have been thrown away to save room.
    const std::vector<std::string> missing = base::missing_results(run_path(point));
    const auto is_table = [](const std::string& name) { return name.ends_with(".csv"); };
    if (std::ranges::any_of(missing, is_table)) return false;
    return report::read_run(run_path(point)).run_id == point.run_id;
  } catch (const Error&) {
    return false;  // damaged: it is made again
  }
}

void ComparisonDirectory::check_room(const RunKey& point) const {
  for (const std::string& folder : folders_of(point.directory)) {
    const std::string at = path_ + '/' + folder.substr(0, folder.size() - 1);
    if (exists(at) && base::path_kind(at) != base::PathKind::folder)
      refuse_now(at, "is not a folder of this comparison; move it away");
  }
  const std::string log = log_path(point);
  if (exists(log) &&
      !(mark_->lists(point.directory + ".log") && base::path_kind(log) == base::PathKind::file))
    refuse_now(log,
               "was not written by this program; move it away, because the run's log goes there");
  if (!base::has_mark(run_path(point))) return;
  const std::string stranger = base::ResultMark(run_path(point)).stranger();
  if (!stranger.empty())
    refuse_now(run_path(point), "holds " + stranger +
                                    ", which this program did not write, so its results are not "
                                    "made anew; move that away");
}

void ComparisonDirectory::prepare(const RunKey& point) {
  check_room(point);
  for (const std::string& folder : folders_of(point.directory)) mark_->add(folder);
  mark_->add(point.directory + ".partial/");
  mark_->add(point.directory + ".log");
  std::error_code fault;
  fs::create_directories(fs::path(run_path(point)).parent_path(), fault);
  if (fault) {
    throw Error({run_path(point), 0, 0, ""}, "cannot be created: " + fault.message(),
                base::Fault::run_failed);
  }
}

std::vector<std::string> ComparisonDirectory::log_tail(const RunKey& point) const {
  std::vector<std::string> lines;
  if (!exists(log_path(point))) return lines;
  try {
    base::LineReader reader(log_path(point));
    for (std::string_view line; reader.next(line);) {
      lines.emplace_back(line);
      if (lines.size() > kLogLines) lines.erase(lines.begin());
    }
  } catch (const Error& error) {
    lines.push_back(error.what());
  }
  return lines;
}

void ComparisonDirectory::remove_summaries() const {
  std::error_code ignored;
  for (const char* const name : kSummaries)
    if (mark_->lists(name)) fs::remove(path_ + '/' + name, ignored);
}

void ComparisonDirectory::write_summary(const char* name, const std::string& text) {
  const std::string path = path_ + '/' + name;
  if (!mark_->lists(name) && exists(path))
    throw Error({path, 0, 0, ""},
                "was not written by this program and is not replaced; move it away",
                base::Fault::run_failed);
  mark_->add(name);
  base::write_file_atomically(path, text);
}

void check_run_name(const RunKey& point, const base::Where& where) {
  const std::string first = point.directory.substr(0, point.directory.find('/'));
  bool taken = first == kExperiment || first == base::ResultMark::kName;
  for (const char* const name : kSummaries) taken = taken || first == name;
  if (taken)
    throw Error(where, "the run '" + point.directory + "' would lie in '" + first +
                           "', which is a file of the comparison; give its policy another 'label'");
}

}  // namespace orrery::experiment
