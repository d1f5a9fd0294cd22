#include "models/base/error.hpp"

#include <utility>

namespace orrery::base {

std::string to_string(const Where& where) {
  std::string text = where.file;
  if (where.line > 0) {
    text += text.empty() ? "line " : ":";
    text += std::to_string(where.line);
    if (where.column > 0) text += ':' + std::to_string(where.column);
  }
  if (!where.key.empty()) {
    if (!text.empty()) text += ": ";
    text += where.key;
  }
  return text;
}

Error::Error(Where where, std::string sentence, Fault fault)
    : where_(std::move(where)), sentence_(std::move(sentence)), fault_(fault) {
  message_ = to_string(where_);
  if (!message_.empty()) message_ += ": ";
  message_ += sentence_;
}

}  // namespace orrery::base
