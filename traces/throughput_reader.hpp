// Readers of measured throughput tables: one file per format, each registering itself under the
// name used in experiments (`throughput: {table: {format: arena, path: ...}}`).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/declaration_info.hpp"
#include "models/base/document.hpp"
#include "models/throughput/throughput_table.hpp"

namespace orrery::traces {

/// One registered format of throughput tables.
struct ThroughputFormat {
  std::string name;
  std::string help;               ///< one line for `orrery list throughputs`
  std::string origin;             ///< where such files come from, what is read of them
  base::DeclarationInfo options;  ///< parameters beside `format` and `path`
  /// Reads the file or folder at `path`. Throws base::Error naming file, row and column for rows
  /// that are no measurements, stand twice or are negative.
  std::function<models::ThroughputTable(const std::string& path, const base::Node& options)> read;
  bool folder = false;  ///< `path` is a folder, not a file
};

/// All formats, sorted by name.
std::vector<const ThroughputFormat*> throughput_formats();
/// The format of that name, or nullptr.
const ThroughputFormat* find_throughput_format(std::string_view name);
/// The same; throws base::Error at `where`, with the nearest name, where there is none.
const ThroughputFormat& throughput_format_named(std::string_view name, const base::Where& where);

/// Registers a format at start-up; one static object per reader file. Throws std::logic_error where
/// the name is taken.
struct ThroughputFormatRegistration {
  explicit ThroughputFormatRegistration(ThroughputFormat format);
};

}  // namespace orrery::traces
