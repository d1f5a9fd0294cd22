// Any experiment with its trace, table and outages is a run whose results read back and explain
// themselves, or an Error. Runs are cut after some thousand events.
//
// An input is one text: the experiment, then the files beside it behind lines `=== jobs.csv`,
// `=== table.csv`, `=== outages.csv`. Experiments that are merely large are turned away.
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

#include "models/base/csv.hpp"
#include "models/base/error.hpp"
#include "models/base/numbers.hpp"
#include "sim/experiment/experiment_document.hpp"
#include "sim/experiment/explanation.hpp"
#include "sim/experiment/run.hpp"
#include "sim/experiment/schema.hpp"
#include "sim/experiment/validation.hpp"
#include "sim/report/report_data.hpp"
#include "tests/fuzz/input_file.hpp"
#include "tests/fuzz/sections.hpp"
#include "tests/fuzz/text_mutations.hpp"

using namespace orrery;
using base::Node;
using fuzz::require;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

constexpr std::uint64_t kMostEvents = 10'000;
constexpr double kMostItems = 16;

/// The run has had its share of events.
struct LongEnough {};

/// A key whose number makes a run large, and the most of it.
struct Bound {
  std::string_view key;
  double most;
};
constexpr std::array<Bound, 8> kBounds{{{"count", 32},
                                        {"gpus_per_node", 16},
                                        {"jobs", 60},
                                        {"limit", 1000},
                                        {"virtual_clusters", 16},
                                        {"cores", 4096},
                                        {"seeds", 3},
                                        {"policies", 3}}};

bool leads_elsewhere(const std::string& text) {
  return text.starts_with("/") || text.starts_with("$") || text.find("..") != std::string::npos;
}

/// Whether the document stands for little work on the files beside it.
bool is_small(const Node& node, std::string_view key) {
  const auto bound = std::ranges::find(kBounds, key, &Bound::key);
  const double most = bound == kBounds.end() ? 1e300 : bound->most;
  if (key == "extends" || leads_elsewhere(node.text)) return false;
  if (const auto number = base::parse_double(node.text); number && *number > most) return false;
  if (static_cast<double>(node.items.size()) > std::min(kMostItems, most)) return false;
  if (key == "sweep" && node.entries.size() > 2) return false;
  for (const Node& item : node.items)
    if (!is_small(item, key)) return false;
  for (const base::Entry& entry : node.entries)
    if (!is_small(entry.value, key == "sweep"
                                   ? std::string_view(entry.key).substr(entry.key.rfind('.') + 1)
                                   : entry.key))
      return false;
  return true;
}

/// The folder of the files, gone at the end.
class WorkFolder {
 public:
  WorkFolder() : path_((std::filesystem::temp_directory_path() / "orrery-fuzz-XXXXXX").string()) {
    require(::mkdtemp(path_.data()) != nullptr);
  }
  ~WorkFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

const std::string& folder() {
  static const WorkFolder work;
  return work.path();
}

/// The story of the first job in the file.
void explain_first(const std::string& out) {
  const std::string path = out + "/jobs.csv";
  if (!std::filesystem::exists(path)) return;
  base::CsvReader jobs(path);
  if (jobs.next()) require(!experiment::explain(out, std::string(jobs[0])).empty());
}

void run_all(const Node& document) {
  experiment::Expansion points(document);
  experiment::InputChecks checks(points);
  experiment::RunOptions options;
  options.out = folder() + "/out";
  options.force = true;
  options.report = options.progress = false;
  options.on_progress = [](double, std::uint64_t events) {
    if (events > kMostEvents) throw LongEnough{};
  };
  for (std::size_t i = 0; i < points.size(); ++i) {
    checks.check(i);
    const auto result = experiment::run_point(points.point(i), options);
    require(result.summary.run_id == points[i].run_id);
    require(!report::report_data(options.out).empty());
    explain_first(options.out);
  }
}

void run_once(const Node& document) {
  try {
    run_all(document);
  } catch (const LongEnough&) {
  } catch (const base::Error& error) {
    require(!error.sentence().empty());
  }
}

/// SimGrid is one per process: who needs it runs in a process of its own.
void run_apart(const Node& document) {
  const pid_t child = ::fork();
  require(child >= 0);
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    run_once(document);
    ::_exit(0);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
  }
  require(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

bool shares_fabric(const Node& node) {
  return node.text == "shared" || std::ranges::any_of(node.items, shares_fabric) ||
         std::ranges::any_of(node.entries,
                             [](const base::Entry& entry) { return shares_fabric(entry.value); });
}

void add_words(std::vector<std::string>& words, const base::DeclarationInfo& info) {
  for (const base::ParameterInfo& parameter : info.parameters) {
    words.push_back(parameter.key);
    words.insert(words.end(), parameter.choices.begin(), parameter.choices.end());
    if (parameter.members) add_words(words, *parameter.members);
  }
}

/// Keys, choices and names that an experiment may hold.
const std::vector<std::string>& words() {
  static const std::vector<std::string> list = [] {
    std::vector<std::string> all{"t4",         "a40", "v100-32g", "k80",  "fern__1B",
                                 "bert__1.3B", "csv", "shared",   "true", "false",
                                 "null",       "1 s", "5 min",    "2 h",  "1 GB"};
    add_words(all, experiment::schema());
    for (const world::WorldKind* kind : world::kinds().all())
      for (const world::PolicyInfo& policy : kind->policies()) all.push_back(policy.name);
    return all;
  }();
  return list;
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  if (seed % 4 == 0) return LLVMFuzzerMutate(data, size, most);
  std::string text(reinterpret_cast<const char*>(data), size);
  for (unsigned change = 0; change <= seed / 4 % 3; ++change)
    text = fuzz::mutated(text, words(), seed + change);
  const std::size_t kept = std::min(text.size(), most);
  std::memcpy(data, text.data(), kept);
  return kept;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  fuzz::write_sections(folder(), fuzz::sections_of(text),
                       {"experiment.yaml", "jobs.csv", "table.csv", "outages.csv"});
  std::optional<Node> document;
  try {
    document = experiment::load_document(folder() + "/experiment.yaml");
  } catch (const base::Error& error) {
    require(!error.sentence().empty());
    return 0;
  }
  if (!is_small(*document, "")) return 0;
  if (shares_fabric(*document))
    run_apart(*document);
  else
    run_once(*document);
  return 0;
}
