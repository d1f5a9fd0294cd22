#include "traces/trace_source.hpp"

#include <algorithm>
#include <utility>

#include "models/base/document_files.hpp"
#include "models/base/document_paths.hpp"
#include "traces/fields.hpp"
#include "traces/first_line.hpp"
#include "traces/sacct_shape.hpp"

namespace orrery::traces {

namespace {

using base::Error;
using base::Node;

/// The keys of a trace in any format.
struct TraceKeys {
  std::string format;
  std::string path;
  OnBadRow on_bad_row = OnBadRow::fail;
  std::vector<std::pair<std::string, std::string>> gpu_names = {};
};

void read_gpu_names(TraceKeys& out, const Node& node) {
  if (!node.is_mapping() || node.entries.empty())
    throw Error(node.where,
                "expected a mapping of the trace's GPU types to ours such as "
                "{a100: a100-80g}");
  for (const base::Entry& entry : node.entries) {
    const std::string ours = base::detail::read_text(entry.value);
    if (ours.empty() || !is_clean_text(ours) || !is_clean_text(entry.key))
      throw Error(entry.value.where, "expected a GPU type, or several joined by '|'");
    out.gpu_names.emplace_back(entry.key, ours);
  }
}

base::Declaration<TraceKeys> declare(const TraceKeys*) {
  base::Declaration<TraceKeys> d("A trace of jobs.");
  d.text("format", &TraceKeys::format,
         "layout of the file (orrery list traces), or auto: found out by its first line")
      .required();
  d.text("path", &TraceKeys::path,
         "the file, plain or gzip, relative to the experiment's; may begin with ${ORRERY_DATA}")
      .required();
  d.choice("on_bad_row", &TraceKeys::on_bad_row,
           {{"fail", OnBadRow::fail}, {"skip", OnBadRow::skip}},
           "a row that is not a valid job stops the run, or is left out and counted");
  d.custom("gpu_names", "mapping of text", read_gpu_names,
           "what the trace's GPU types are called here: {a100: a100-80g}; several joined by '|'");
  return d;
}

void append(base::DeclarationInfo& to, const base::DeclarationInfo& from) {
  to.parameters.insert(to.parameters.end(), from.parameters.begin(), from.parameters.end());
}

const TraceFormat& format_of(const Node& name, const std::string& path) {
  const std::string word = base::detail::read_text(name);
  if (word != "auto") return format_named(word, name.where);
  if (const TraceFormat* format = detect_format(path)) return *format;
  // A table of Slurm's that is nearly right: its reader says what is wrong with it.
  if (!other_sacct_shape(first_line(path)).empty()) return format_named("sacct", name.where);
  throw Error(name.where, "the first line of '" + path +
                              "' fits no known format; name one (orrery list traces)");
}

const Node& required(const Node& node, const std::string& key) {
  if (const Node* found = node.find(key)) return *found;
  throw Error(node.where, "the required key '" + key + "' is missing");
}

/// A value given on the command line: text, or a mapping or list as YAML writes it in one line.
Node option_value(const std::string& text, const base::Where& where) {
  if (!text.starts_with('{') && !text.starts_with('[')) return base::scalar_node(text, where);
  Node value = base::parse_yaml(text, where.file);
  for (base::Entry& entry : value.entries) entry.value.where = where;
  value.where = where;
  return value;
}

}  // namespace

base::DeclarationInfo trace_source_schema() {
  base::DeclarationInfo info = base::describe<TraceKeys>();
  for (const TraceFormat* format : formats()) {
    for (base::ParameterInfo option : format->options.parameters) {
      option.help += "; for " + format->name;
      option.required = false;
      const auto same =
          std::find_if(info.parameters.begin(), info.parameters.end(),
                       [&](const base::ParameterInfo& known) { return known.key == option.key; });
      if (same == info.parameters.end())
        info.parameters.push_back(std::move(option));
      else
        same->help += ", " + format->name;
    }
  }
  return info;
}

TraceSource read_trace_source(const Node& node) {
  base::detail::check_mapping(node);
  const Node& format = required(node, "format");
  // A misspelt key is named before a key is missed.
  if (node.find("path") == nullptr)
    base::detail::check_keys(node, trace_source_schema().parameters);
  const Node& path = required(node, "path");
  base::detail::read_text(path);
  TraceSource source;
  source.where = node.where;
  if (format.text != "auto") format_of(format, "");
  source.options.path = resolve_existing_file(path);
  source.format = &format_of(format, source.options.path);

  const base::DeclarationInfo common = base::describe<TraceKeys>();
  base::DeclarationInfo known = common;
  append(known, source.format->options);
  base::detail::check_keys(node, known.parameters);
  TraceKeys keys = base::read<TraceKeys>(part(node, common));
  source.options.on_bad_row = keys.on_bad_row;
  source.options.gpu_names = std::move(keys.gpu_names);
  source.format_options = part(node, source.format->options);
  source.format->make(source.format_options);
  return source;
}

TraceSource trace_file(const std::string& path, const std::string& format,
                       const std::vector<std::string>& options) {
  Node node = base::empty_mapping({});
  const auto add = [&](const std::string& key, Node value) {
    const base::Where where = value.where;
    base::set_at(node, key, std::move(value), where);
  };
  add("format", base::scalar_node(format, {"--format " + format, 0, 0, ""}));
  for (const std::string& option : options) {
    const base::Where where{"--option " + option, 0, 0, ""};
    const std::size_t equals = option.find('=');
    if (equals == std::string::npos || equals == 0)
      throw Error(where, "expected KEY=VALUE such as on_bad_row=skip");
    add(option.substr(0, equals), option_value(option.substr(equals + 1), where));
  }
  add("path", base::scalar_node(path));
  // What was given on the command line is named by its option, not by a key.
  for (base::Entry& entry : node.entries) entry.value.where.key.clear();
  return read_trace_source(node);
}

workloads::TrainingWorkload read_trace(const TraceSource& source) {
  return source.format->make(source.format_options)->read(source.options);
}

}  // namespace orrery::traces
