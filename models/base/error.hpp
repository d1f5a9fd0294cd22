// The one error type that reaches a user, and where in which input it arose.
#pragma once

#include <exception>
#include <string>

namespace orrery::base {

/// A place in an input. `line` and `column` count from 1; 0 means unknown. `key` is the full path
/// of the parameter (`cluster.nodes[0].gpu`) or the name of a column, empty where there is none.
struct Where {
  std::string file;
  int line = 0;
  int column = 0;
  std::string key;

  bool operator==(const Where&) const = default;
};

/// `file:line:column: key`, leaving out what is unknown.
std::string to_string(const Where& where);

/// What kind of failure: decides the exit code of the command line (2, 1, 130).
enum class Fault {
  bad_input,    ///< the user's input is wrong; nothing was simulated
  run_failed,   ///< the input is fine, yet what was asked could not be finished
  interrupted,  ///< the user stopped it
};

/// One sentence for the user: what was found and what was expected, with its place.
/// `what()` is `place: sentence`.
class Error : public std::exception {
 public:
  Error(Where where, std::string sentence, Fault fault = Fault::bad_input);

  const char* what() const noexcept override { return message_.c_str(); }
  const Where& where() const noexcept { return where_; }
  const std::string& sentence() const noexcept { return sentence_; }
  Fault fault() const noexcept { return fault_; }

 private:
  Where where_;
  std::string sentence_;
  std::string message_;
  Fault fault_;
};

}  // namespace orrery::base
