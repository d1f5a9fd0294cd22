// Readers of public cluster traces: one file per format, each registering itself under the name
// used in experiments (`workload: {trace: {format: philly, path: ...}}`).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/base/declaration_info.hpp"
#include "models/base/document.hpp"
#include "workloads/training_job.hpp"

namespace orrery::traces {

/// What to do with a row that is not a valid job.
enum class OnBadRow { fail, skip };

/// What every format is told.
struct ReadOptions {
  std::string path;  ///< resolved: relative paths were taken from the experiment's folder
  OnBadRow on_bad_row = OnBadRow::fail;
  /// What the trace's GPU types are called here: a name of the trace, in any letter case, and ours,
  /// several joined by '|'.
  std::vector<std::pair<std::string, std::string>> gpu_names = {};
};

/// Reads one format as a stream. Throws base::Error naming file, row and column.
class TraceReader {
 public:
  virtual ~TraceReader() = default;
  virtual workloads::TrainingWorkload read(const ReadOptions& options) const = 0;
};

/// One registered format.
struct TraceFormat {
  std::string name;
  std::string help;               ///< one line for `orrery list traces`
  std::string origin;             ///< where such files come from, what is read of them
  base::DeclarationInfo options;  ///< parameters beside `format`, `path`, `on_bad_row`
  /// A reader configured from the keys beside those three; `where` is the place of the mapping.
  std::function<std::unique_ptr<TraceReader>(const base::Node& options)> make;
  /// Whether a file whose first line that is not blank is this one has the format's layout (the
  /// first 64 KiB of it where it is longer).
  std::function<bool(std::string_view first_line)> matches;
};

/// All formats, sorted by name.
std::vector<const TraceFormat*> formats();
/// The format of that name, or nullptr.
const TraceFormat* find_format(std::string_view name);
/// The same; throws base::Error at `where`, with the nearest name, where there is none.
const TraceFormat& format_named(std::string_view name, const base::Where& where);
/// The format whose layout a file shows (by its header or first bytes), or nullptr.
const TraceFormat* detect_format(const std::string& path);

/// Registers a format at start-up; one static object per reader file. Throws std::logic_error where
/// the name is taken.
struct FormatRegistration {
  explicit FormatRegistration(TraceFormat format);
};

/// Writes a workload in the native CSV format (what format `csv` reads).
std::string to_native_csv(const workloads::TrainingWorkload& workload);
/// Whether a text begins with a header that `to_native_csv` may write.
bool is_native_csv(std::string_view text);

}  // namespace orrery::traces
