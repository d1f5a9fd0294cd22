// A YAML document as a plain tree in which every value knows where it was written.
//
// Experiments are merged from several files (`extends`) and the command line (`--set`), so a
// value's place cannot be asked of the YAML library afterwards: it travels with the value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/base/error.hpp"

namespace orrery::base {

struct Entry;

/// One value of a document: null, scalar, sequence or mapping. Mappings keep their order.
struct Node {
  enum class Kind { null, scalar, sequence, mapping };

  Kind kind = Kind::null;
  std::string text;            ///< of a scalar, as written, without quotes
  bool quoted = false;         ///< a quoted scalar is always a string
  std::vector<Node> items;     ///< of a sequence
  std::vector<Entry> entries;  ///< of a mapping
  Where where;                 ///< `key` is the full path of this value

  bool is_mapping() const { return kind == Kind::mapping; }
  /// The value under `key`, or nullptr. Only for mappings.
  const Node* find(std::string_view key) const;
  Node* find(std::string_view key);
};

struct Entry {
  std::string key;
  Where where;  ///< of the key itself
  Node value;
};

/// Reads one YAML document. Throws Error on bad syntax, a duplicate key, more than one document,
/// nesting deeper than 64, or more than a million values (aliases included).
Node parse_yaml(std::string_view text, const std::string& name);

/// The same from a file; an unreadable file is an Error.
Node load_yaml(const std::string& path);

/// `over` laid over `base`: mappings merge key by key, anything else is replaced whole.
Node merge(Node base, const Node& over);

/// Sets the value at a dotted path (`policy.name`, `cluster.nodes[0].count`), creating mappings
/// on the way. Throws Error (named `where`) when the path runs through a scalar or past a list.
void set_at(Node& root, std::string_view dotted_path, Node value, const Where& where);

/// The document as YAML text: same tree, same bytes. Places are not written. Texts, quoted scalars
/// and keys are written so that readers of YAML 1.1 and 1.2 see them as texts. What is plain and
/// true, false or a decimal number stays as it is: only a declaration tells whether it is a text
/// and how to spell it (canonical.hpp).
std::string to_yaml(const Node& node);

/// Plain nodes for code that builds documents.
Node scalar_node(std::string text, Where where = {});

/// A finite number in its shortest form that every YAML reader takes for that number: readers of
/// YAML 1.1 want a point before an exponent (`1.0e+22`).
Node number_node(double value, Where where = {});

}  // namespace orrery::base
