#include "models/base/document.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "models/base/document_quote.hpp"
#include "models/base/document_text.hpp"
#include "models/base/text_file.hpp"

namespace orrery::base {

namespace {

constexpr std::size_t kMostValues = 1'000'000;
// Texts, keys and paths together: an alias to a long text is short, and what it stands for is not.
constexpr std::size_t kMostBytes = std::size_t{256} << 20;
constexpr std::size_t kLargestText = std::size_t{16} << 20;
// YAML allows 1,024 characters for `key:`; escapes take up to four for one byte.
constexpr std::size_t kLongestKey = 200;

constexpr std::string_view kStandardTag = "tag:yaml.org,2002:";

/// Builds the tree from the parser's events.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const std::string& name) : name_(name) {}

  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) {
      throw Error(at(mark, ""), "found a second document, expected one document in a file");
    }
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (expects_key()) fail_key(mark, "an empty key or null");
    finish(open_value(mark, Node::Kind::null), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open_collection(mark, tag, "seq", anchor, Node::Kind::sequence);
  }
  void OnSequenceEnd() override { close_collection(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open_collection(mark, tag, "map", anchor, Node::Kind::mapping);
  }
  void OnMapEnd() override { close_collection(); }

 private:
  /// A collection whose end has not been seen.
  struct Open {
    Node node;
    YAML::anchor_t anchor = 0;
    std::size_t values_before = 0;
    std::set<std::string> keys;
    bool has_key = false;  // of a mapping: the last entry awaits its value
  };
  /// What an alias stands for.
  struct Anchored {
    Node node;
    std::size_t values = 0;
    std::size_t depth = 0;
  };

  Where at(const YAML::Mark& mark, std::string key) const {
    return {name_, mark.line + 1, mark.column + 1, std::move(key)};
  }
  bool expects_key() const {
    return !open_.empty() && open_.back().node.is_mapping() && !open_.back().has_key;
  }
  [[noreturn]] void fail_key(const YAML::Mark& mark, const std::string& found) const {
    throw Error(at(mark, open_.back().node.where.key), "found " + found +
                                                           " as the key of a mapping, expected a "
                                                           "word");
  }

  std::string path_of_next() const;
  void count(const YAML::Mark& mark, std::size_t values, std::size_t bytes);
  Node open_value(const YAML::Mark& mark, Node::Kind kind);
  void add_key(const YAML::Mark& mark, const std::string& key);
  void open_collection(const YAML::Mark& mark, const std::string& tag, std::string_view expected,
                       YAML::anchor_t anchor, Node::Kind kind);
  void close_collection();
  void finish(Node node, YAML::anchor_t anchor, std::size_t values = 1);
  void attach(Node node);

  const std::string& name_;
  int documents_ = 0;
  std::size_t values_ = 0;
  std::size_t bytes_ = 0;
  std::size_t anchored_values_ = 0;
  std::size_t anchored_bytes_ = 0;
  Node root_;
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, Anchored> anchored_;
};

std::string TreeBuilder::path_of_next() const {
  if (open_.empty()) return "";
  const Node& parent = open_.back().node;
  if (parent.is_mapping()) return detail::child_path(parent.where.key, parent.entries.back().key);
  return detail::child_path(parent.where.key, parent.items.size());
}

void TreeBuilder::count(const YAML::Mark& mark, std::size_t values, std::size_t bytes) {
  values_ += values;
  bytes_ += bytes;
  if (values_ > kMostValues) {
    throw Error(at(mark, ""), "the document has more than 1,000,000 values, aliases included");
  }
  if (bytes_ > kMostBytes) {
    throw Error(at(mark, ""), "the document is larger than 256 MiB, aliases included");
  }
}

Node TreeBuilder::open_value(const YAML::Mark& mark, Node::Kind kind) {
  Node node;
  node.kind = kind;
  node.where = at(mark, path_of_next());
  count(mark, 1, node.where.key.size());
  return node;
}

void TreeBuilder::add_key(const YAML::Mark& mark, const std::string& key) {
  Open& open = open_.back();
  if (key.size() > kLongestKey) {
    fail_key(mark, "a text of " + std::to_string(key.size()) + " bytes");
  }
  Entry entry{key, at(mark, detail::child_path(open.node.where.key, key)), {}};
  if (key == "<<") throw Error(entry.where, "merge keys (<<) are not supported; use `extends`");
  if (!open.keys.insert(key).second) {
    const auto first = std::find_if(open.node.entries.begin(), open.node.entries.end(),
                                    [&](const Entry& other) { return other.key == key; });
    throw Error(entry.where, "the key '" + key + "' appears twice, first in line " +
                                 std::to_string(first->where.line));
  }
  open.node.entries.push_back(std::move(entry));
  open.has_key = true;
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  // The input was checked, but escapes make characters too, and the library gives \N as a lone
  // byte of Latin-1.
  if (!detail::is_text(value)) {
    throw Error(at(mark, ""), "found an escape for a control character, expected readable text");
  }
  // `?` is a plain scalar and `!` a quoted one, by the parser's convention.
  bool quoted = tag == "!";
  bool null = false;
  if (tag.starts_with(kStandardTag)) {
    const std::string_view kind = std::string_view(tag).substr(kStandardTag.size());
    quoted = kind == "str";
    null = kind == "null";
    if (!quoted && !null && kind != "int" && kind != "float" && kind != "bool") {
      throw Error(at(mark, ""), "found a text tagged !!" + std::string(kind));
    }
  } else if (tag != "?" && tag != "!") {
    throw Error(at(mark, ""), "the tag '" + tag + "' is not known; leave it out");
  }
  if (null && !value.empty() && !detail::is_null_word(value)) {
    throw Error(at(mark, ""), "found '" + value + "' tagged !!null, expected nothing");
  }
  if (expects_key()) {
    if (null) fail_key(mark, "null");
    count(mark, 0, value.size());
    add_key(mark, value);
    if (anchor != 0) {
      anchored_[anchor] = {scalar_node(value, at(mark, "")), 1, 0};
      anchored_[anchor].node.quoted = quoted;
    }
    return;
  }
  Node node = open_value(mark, null ? Node::Kind::null : Node::Kind::scalar);
  if (!null) {
    count(mark, 0, value.size());
    node.text = value;
    node.quoted = quoted;
  }
  finish(std::move(node), anchor);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto found = anchored_.find(anchor);
  if (found == anchored_.end()) {
    throw Error(at(mark, ""), "the alias stands inside the value that it names");
  }
  const Anchored& source = found->second;
  if (expects_key()) {
    if (source.node.kind != Node::Kind::scalar) fail_key(mark, "an alias to a non-scalar value");
    add_key(mark, source.node.text);
    return;
  }
  if (open_.size() + source.depth > detail::kDeepest) {
    throw Error(at(mark, ""), "values are nested deeper than 64 levels");
  }
  // What the copy will hold is counted before it is made: copies of copies grow exponentially.
  const std::string path = path_of_next();
  count(mark, source.values, 0);
  count(mark, 0, detail::bytes_at(source.node, path.size(), kMostBytes));
  Node node = source.node;
  detail::set_path(node, path);
  attach(std::move(node));
}

void TreeBuilder::open_collection(const YAML::Mark& mark, const std::string& tag,
                                  std::string_view expected, YAML::anchor_t anchor,
                                  Node::Kind kind) {
  const bool standard = tag.starts_with(kStandardTag) &&
                        std::string_view(tag).substr(kStandardTag.size()) == expected;
  if (!tag.empty() && tag != "?" && tag != "!" && !standard) {
    throw Error(at(mark, ""), "the tag '" + tag + "' is not known here; leave it out");
  }
  if (expects_key()) fail_key(mark, kind == Node::Kind::mapping ? "a mapping" : "a list");
  if (open_.size() >= detail::kDeepest) {
    throw Error(at(mark, ""), "values are nested deeper than 64 levels");
  }
  Open open;
  open.values_before = values_;
  open.node = open_value(mark, kind);
  open.anchor = anchor;
  open_.push_back(std::move(open));
}

void TreeBuilder::close_collection() {
  Open open = std::move(open_.back());
  open_.pop_back();
  finish(std::move(open.node), open.anchor, values_ - open.values_before);
}

void TreeBuilder::finish(Node node, YAML::anchor_t anchor, std::size_t values) {
  if (anchor != 0) {
    // The copies kept for aliases are memory too, and anchors may be nested.
    anchored_values_ += values;
    anchored_bytes_ += detail::bytes_at(node, 0, kMostBytes);
    if (anchored_values_ > kMostValues || anchored_bytes_ > kMostBytes) {
      throw Error(node.where, "the anchors of the document name too many values");
    }
    anchored_[anchor] = {node, values, detail::depth_of(node)};
  }
  attach(std::move(node));
}

void TreeBuilder::attach(Node node) {
  if (open_.empty()) {
    root_ = std::move(node);
  } else if (Open& open = open_.back(); open.node.is_mapping()) {
    open.node.entries.back().value = std::move(node);
    open.has_key = false;
  } else {
    open.node.items.push_back(std::move(node));
  }
}

/// Sends the document's events to the builder; where its syntax is bad, what the library says.
std::optional<YAML::Exception> fault_of(std::string_view text, TreeBuilder& builder) {
  std::istringstream stream{std::string(text)};
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& fault) {
    return fault;
  }
  return std::nullopt;
}

/// The column, from 0, of a tab in the indentation for which the document is refused. The library
/// often calls such a tab a wrong map value. A tab is to blame if blanks in its place change the
/// fault: between brackets tabs are allowed.
std::optional<std::size_t> guilty_tab(std::string_view text, const YAML::Exception& fault,
                                      const std::string& name) {
  const auto [begin, size] = detail::indentation_of(text, fault.mark.line);
  const std::size_t tab = text.substr(begin, size).find('\t');
  if (tab == std::string_view::npos) return std::nullopt;
  std::string repaired(text);
  const auto first = repaired.begin() + static_cast<std::ptrdiff_t>(begin);
  std::replace(first, first + static_cast<std::ptrdiff_t>(size), '\t', ' ');
  try {
    TreeBuilder builder(name);
    const auto other = fault_of(repaired, builder);
    if (other && other->msg == fault.msg && other->mark.line == fault.mark.line &&
        other->mark.column == fault.mark.column)
      return std::nullopt;
  } catch (const Error&) {  // the reader came further than before
  }
  return tab;
}

}  // namespace

Node parse_yaml(std::string_view text, const std::string& name) {
  if (text.size() > kLargestText) {
    throw Error({name, 0, 0, ""}, "is larger than 16 MiB, too large for a YAML document");
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  detail::check_characters(text, name);
  TreeBuilder builder(name);
  const auto fault = fault_of(text, builder);
  if (const auto quote = detail::unclosed_quote(text, name))
    throw Error(*quote, quote->line > 0 ? "the quote that begins here is never closed"
                                        : "a quote in it is never closed");
  if (fault) {
    // The library counts from 0 and says -1 where it has no place.
    const int line = fault->mark.line + 1;
    if (const auto tab = guilty_tab(text, *fault, name)) {
      throw Error({name, line, static_cast<int>(*tab) + 1, ""},
                  "found a tab in the indentation, expected blanks");
    }
    throw Error({name, line, fault->mark.column + 1, ""}, "is not valid YAML: " + fault->msg);
  }
  Node root = builder.take();
  root.where.file = name;
  return root;
}

Node load_yaml(const std::string& path) {
  return parse_yaml(read_text_file(path, kLargestText), path);
}

}  // namespace orrery::base
