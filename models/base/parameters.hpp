// Declared parameters: a parameter of a struct is declared once, with its name, unit, default,
// range and one line of help; parsing, schemas and documentation follow from the declaration.
//
//   struct FifoOptions { Queue queue = Queue::blocking; };
//   Declaration<FifoOptions> declare(const FifoOptions*) {
//     Declaration<FifoOptions> d("First in, first out.");
//     d.choice("queue", &FifoOptions::queue, {{"blocking", Queue::blocking}, ...}, "what ...");
//     return d;
//   }
//   FifoOptions options = read<FifoOptions>(node);
//
// Every number has a largest value: that of its dimension or integer type (quantity.hpp) where the
// declaration names none.
//
// `declare` is found by argument-dependent lookup, beside the struct. A header that only declares
// it includes declaration_fwd.hpp; this one is for the files that define or read.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "models/base/declaration_fwd.hpp"
#include "models/base/declaration_info.hpp"
#include "models/base/document.hpp"
#include "models/base/error.hpp"
#include "models/base/nearest.hpp"
#include "models/base/numbers.hpp"
#include "models/base/quantity.hpp"

namespace orrery::base {

namespace detail {

[[noreturn]] void fail(const Node& node, const std::string& sentence);
double read_number(const Node& node, const ParameterInfo& info);
std::int64_t read_integer(const Node& node, const ParameterInfo& info);
bool read_boolean(const Node& node);
std::string read_text(const Node& node);
std::size_t read_choice(const Node& node, const ParameterInfo& info);
void check_mapping(const Node& node);
void check_sequence(const Node& node);
/// Throws for the first key of `node` that is in none of `known`, naming the nearest one.
void check_keys(const Node& node, const std::vector<ParameterInfo>& known);
/// A limit as errors and schemas show it; whole numbers are written out.
std::string limit_text(double limit, Dimension dimension);
std::string default_text(double value, Dimension dimension);

}  // namespace detail

/// Reads a mapping into a T by T's declaration. Throws Error for an unknown key, a wrong type, a
/// missing unit, a value out of range or a missing required parameter.
template <class T>
T read(const Node& node);

/// The schema of T.
template <class T>
DeclarationInfo describe() {
  return declare(static_cast<const T*>(nullptr)).info();
}

/// The declaration of T: an ordered list of its parameters.
template <class T>
class Declaration {
 public:
  explicit Declaration(std::string help) { info_.help = std::move(help); }

  /// Refinements of the parameter declared last.
  Declaration& required() {
    last().required = true;
    last().default_text.clear();
    return *this;
  }
  Declaration& at_least(double minimum) {
    last().minimum = minimum;
    return *this;
  }
  Declaration& more_than(double minimum) {
    last().minimum = minimum;
    last().exclusive_minimum = true;
    return *this;
  }
  Declaration& at_most(double maximum) {
    last().maximum = maximum;
    return *this;
  }

  /// A number; with a dimension it needs a unit in the document and is held in the base unit.
  Declaration& number(std::string key, double T::*member, Dimension dimension, std::string help) {
    auto& p = add(std::move(key), "number", std::move(help));
    limit_to(p, dimension);
    p.default_text = detail::default_text(defaults_.*member, dimension);
    return reader([member](T& out, const Node& node, const ParameterInfo& info) {
      out.*member = detail::read_number(node, info);
    });
  }
  Declaration& number(std::string key, std::optional<double> T::*member, Dimension dimension,
                      std::string help) {
    limit_to(add(std::move(key), "number", std::move(help)), dimension);
    return reader([member](T& out, const Node& node, const ParameterInfo& info) {
      out.*member = detail::read_number(node, info);
    });
  }
  template <class Int>
  requires std::is_integral_v<Int> &&
      (!std::is_same_v<Int, bool>)Declaration& integer(std::string key, Int T::*member,
                                                       std::string help) {
    auto& p = add(std::move(key), "integer", std::move(help));
    p.default_text = std::to_string(defaults_.*member);
    limit_to<Int>(p);
    return reader([member](T& out, const Node& node, const ParameterInfo& info) {
      out.*member = static_cast<Int>(detail::read_integer(node, info));
    });
  }
  template <class Int>
  Declaration& integer(std::string key, std::optional<Int> T::*member, std::string help) {
    limit_to<Int>(add(std::move(key), "integer", std::move(help)));
    return reader([member](T& out, const Node& node, const ParameterInfo& info) {
      out.*member = static_cast<Int>(detail::read_integer(node, info));
    });
  }
  Declaration& boolean(std::string key, bool T::*member, std::string help) {
    add(std::move(key), "boolean", std::move(help)).default_text =
        defaults_.*member ? "true" : "false";
    return reader([member](T& out, const Node& node, const ParameterInfo&) {
      out.*member = detail::read_boolean(node);
    });
  }
  Declaration& text(std::string key, std::string T::*member, std::string help) {
    add(std::move(key), "text", std::move(help)).default_text = defaults_.*member;
    return reader([member](T& out, const Node& node, const ParameterInfo&) {
      out.*member = detail::read_text(node);
    });
  }
  Declaration& texts(std::string key, std::vector<std::string> T::*member, std::string help) {
    add(std::move(key), "list of text", std::move(help));
    return reader([member](T& out, const Node& node, const ParameterInfo&) {
      detail::check_sequence(node);
      (out.*member).clear();
      for (const Node& item : node.items) (out.*member).push_back(detail::read_text(item));
    });
  }
  template <class Int>
  Declaration& integers(std::string key, std::vector<Int> T::*member, std::string help) {
    limit_to<Int>(add(std::move(key), "list of integer", std::move(help)));
    return reader([member](T& out, const Node& node, const ParameterInfo& info) {
      detail::check_sequence(node);
      (out.*member).clear();
      for (const Node& item : node.items)
        (out.*member).push_back(static_cast<Int>(detail::read_integer(item, info)));
    });
  }
  Declaration& numbers(std::string key, std::vector<double> T::*member, Dimension dimension,
                       std::string help) {
    limit_to(add(std::move(key), "list of number", std::move(help)), dimension);
    return reader([member](T& out, const Node& node, const ParameterInfo& info) {
      detail::check_sequence(node);
      (out.*member).clear();
      for (const Node& item : node.items) (out.*member).push_back(detail::read_number(item, info));
    });
  }
  /// One of a few words.
  template <class Enum>
  Declaration& choice(std::string key, Enum T::*member,
                      std::vector<std::pair<std::string, Enum>> choices, std::string help) {
    auto& p = add(std::move(key), "choice", std::move(help));
    std::vector<Enum> values;
    for (auto& [word, value] : choices) {
      p.choices.push_back(word);
      values.push_back(value);
      if (value == defaults_.*member) p.default_text = word;
    }
    return reader(
        [member, values = std::move(values)](T& out, const Node& node, const ParameterInfo& info) {
          out.*member = values[detail::read_choice(node, info)];
        });
  }
  /// A nested struct with a declaration of its own.
  template <class U>
  Declaration& mapping(std::string key, U T::*member, std::string help) {
    add(std::move(key), "mapping", std::move(help)).members =
        std::make_shared<DeclarationInfo>(describe<U>());
    return reader([member](T& out, const Node& node, const ParameterInfo&) {
      out.*member = base::read<U>(node);
    });
  }
  template <class U>
  Declaration& mapping(std::string key, std::optional<U> T::*member, std::string help) {
    add(std::move(key), "mapping", std::move(help)).members =
        std::make_shared<DeclarationInfo>(describe<U>());
    return reader([member](T& out, const Node& node, const ParameterInfo&) {
      out.*member = base::read<U>(node);
    });
  }
  template <class U>
  Declaration& mappings(std::string key, std::vector<U> T::*member, std::string help) {
    add(std::move(key), "list of mapping", std::move(help)).members =
        std::make_shared<DeclarationInfo>(describe<U>());
    return reader([member](T& out, const Node& node, const ParameterInfo&) {
      detail::check_sequence(node);
      (out.*member).clear();
      for (const Node& item : node.items) (out.*member).push_back(base::read<U>(item));
    });
  }
  /// A parameter with a reader of its own; `type` is what the schema calls it.
  Declaration& custom(std::string key, std::string type,
                      std::function<void(T&, const Node&)> read_it, std::string help,
                      const std::string& default_text = "") {
    add(std::move(key), std::move(type), std::move(help)).default_text = default_text;
    return reader([read_it = std::move(read_it)](T& out, const Node& node, const ParameterInfo&) {
      read_it(out, node);
    });
  }
  /// The schema of a custom parameter's members.
  Declaration& members(DeclarationInfo info) {
    last().members = std::make_shared<DeclarationInfo>(std::move(info));
    return *this;
  }

  const DeclarationInfo& info() const { return info_; }

  T read(const Node& node) const {
    detail::check_mapping(node);
    detail::check_keys(node, info_.parameters);
    T out{};
    for (std::size_t i = 0; i < readers_.size(); ++i) {
      const ParameterInfo& p = info_.parameters[i];
      if (const Node* value = node.find(p.key)) {
        readers_[i](out, *value, p);
      } else if (p.required) {
        detail::fail(node, "the required key '" + p.key + "' is missing");
      }
    }
    return out;
  }

 private:
  using Reader = std::function<void(T&, const Node&, const ParameterInfo&)>;

  ParameterInfo& last() { return info_.parameters.back(); }
  ParameterInfo& add(std::string key, std::string type, std::string help) {
    ParameterInfo& p = info_.parameters.emplace_back();
    p.key = std::move(key);
    p.type = std::move(type);
    p.help = std::move(help);
    return p;
  }
  // Every parameter has a least and a largest value, whether or not its declaration names any.
  static void limit_to(ParameterInfo& p, Dimension dimension) {
    p.dimension = dimension;
    p.maximum = largest(dimension);
    p.minimum = -p.maximum;
  }
  template <class Int>
  static void limit_to(ParameterInfo& p) {
    p.minimum = std::max(static_cast<double>(std::numeric_limits<Int>::min()), -kLargestCount);
    p.maximum = std::min(static_cast<double>(std::numeric_limits<Int>::max()), kLargestCount);
  }
  Declaration& reader(Reader r) {
    readers_.push_back(std::move(r));
    return *this;
  }

  T defaults_{};
  DeclarationInfo info_;
  std::vector<Reader> readers_;
};

template <class T>
T read(const Node& node) {
  // Made once: ten thousand points of a sweep are read by it.
  static const auto declaration = declare(static_cast<const T*>(nullptr));
  return declaration.read(node);
}

}  // namespace orrery::base
