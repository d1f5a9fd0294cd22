#include "models/base/placed_document.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <vector>

namespace orrery::base {

namespace {

using Json = nlohmann::json;

/// Files are named once: a place refers to them by number.
class Writer {
 public:
  std::string text(const Node& node) {
    Json root = value(node);
    return Json{{"files", files_}, {"root", std::move(root)}}.dump(-1, ' ', false,
                                                                   Json::error_handler_t::strict);
  }

 private:
  Json place(const Where& where) {
    const auto [at, fresh] = numbers_.try_emplace(where.file, files_.size());
    if (fresh) files_.push_back(where.file);
    return Json::array({at->second, where.line, where.column, where.key});
  }
  Json value(const Node& node) {
    Json out = Json::array({static_cast<int>(node.kind), place(node.where)});
    if (node.kind == Node::Kind::scalar) {
      out.push_back(node.text);
      out.push_back(node.quoted);
    }
    for (const Node& item : node.items) out.push_back(value(item));
    for (const Entry& entry : node.entries)
      out.push_back(Json::array({entry.key, place(entry.where), value(entry.value)}));
    return out;
  }

  std::vector<std::string> files_;
  std::map<std::string, std::size_t> numbers_;
};

class Reader {
 public:
  explicit Reader(const Json& root) : files_(root.at("files").get<std::vector<std::string>>()) {}

  Node value(const Json& json) const {
    Node node;
    node.kind = static_cast<Node::Kind>(json.at(0).get<int>());
    node.where = place(json.at(1));
    if (node.kind == Node::Kind::scalar) {
      node.text = json.at(2).get<std::string>();
      node.quoted = json.at(3).get<bool>();
      return node;
    }
    for (std::size_t i = 2; i < json.size(); ++i) {
      const Json& part = json.at(i);
      if (node.kind == Node::Kind::mapping)
        node.entries.push_back(
            {part.at(0).get<std::string>(), place(part.at(1)), value(part.at(2))});
      else
        node.items.push_back(value(part));
    }
    return node;
  }

 private:
  Where place(const Json& json) const {
    Where where;
    where.file = files_.at(json.at(0).get<std::size_t>());
    where.line = json.at(1).get<int>();
    where.column = json.at(2).get<int>();
    where.key = json.at(3).get<std::string>();
    return where;
  }

  std::vector<std::string> files_;
};

}  // namespace

std::string to_placed_text(const Node& node) {
  return Writer().text(node);
}

Node parse_placed_text(std::string_view text, const std::string& name) {
  try {
    const Json root = Json::parse(text);
    return Reader(root).value(root.at("root"));
  } catch (const std::exception& fault) {
    throw Error(
        {name, 0, 0, ""},
        std::string("expected a document with its places, found something else: ") + fault.what());
  }
}

}  // namespace orrery::base
