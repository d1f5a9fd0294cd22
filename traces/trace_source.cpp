#include "traces/trace_source.hpp"

#include <algorithm>

#include "models/base/document_files.hpp"
#include "models/base/document_paths.hpp"

namespace orrery::traces {

namespace {

using base::Error;
using base::Node;

/// The keys of a trace in any format.
struct TraceKeys {
  std::string format;
  std::string path;
  OnBadRow on_bad_row = OnBadRow::fail;
};
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
  return d;
}

void append(base::DeclarationInfo& to, const base::DeclarationInfo& from) {
  to.parameters.insert(to.parameters.end(), from.parameters.begin(), from.parameters.end());
}

const TraceFormat& format_of(const Node& name, const std::string& path) {
  const std::string word = base::detail::read_text(name);
  if (word != "auto") return format_named(word, name.where);
  if (const TraceFormat* format = detect_format(path)) return *format;
  throw Error(name.where, "the first line of '" + path +
                              "' fits no known format; name one (orrery list traces)");
}

const Node& required(const Node& node, const std::string& key) {
  if (const Node* found = node.find(key)) return *found;
  throw Error(node.where, "the required key '" + key + "' is missing");
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
  source.options.on_bad_row = base::read<TraceKeys>(part(node, common)).on_bad_row;
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
    add(option.substr(0, equals), base::scalar_node(option.substr(equals + 1), where));
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
