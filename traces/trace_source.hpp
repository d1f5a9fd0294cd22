// A trace as an experiment or the command line names it: its file, its format and the format's
// options.
#pragma once

#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "models/base/parameters.hpp"
#include "traces/trace_reader.hpp"
#include "workloads/training_job.hpp"

namespace orrery::traces {

/// A trace file and how it is read.
struct TraceSource {
  const TraceFormat* format = nullptr;
  ReadOptions options;
  base::Node format_options;  ///< the keys beside format, path and on_bad_row
  base::Where where;
};

/// Reads a trace alone: the keys of `workload.trace`, `format: auto` finding the format out.
TraceSource read_trace_source(const base::Node& node);

/// A trace named on the command line; `options` are texts `key=value`.
TraceSource trace_file(const std::string& path, const std::string& format,
                       const std::vector<std::string>& options);

/// The jobs of the file. Throws base::Error for a bad trace.
workloads::TrainingWorkload read_trace(const TraceSource& source);

/// The keys of a trace, with the options of all formats.
base::DeclarationInfo trace_source_schema();

}  // namespace orrery::traces
