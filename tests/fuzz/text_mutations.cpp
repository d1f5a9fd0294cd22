#include "tests/fuzz/text_mutations.hpp"

#include <algorithm>
#include <random>
#include <string_view>
#include <utility>

namespace orrery::fuzz {

namespace {

constexpr std::string_view kWordLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-+";

const std::vector<std::string>& numbers() {
  static const std::vector<std::string> list{"0",     "1",          "2",
                                             "3",     "4",          "5",
                                             "7",     "8",          "9",
                                             "16",    "-1",         "0.5",
                                             "1.5",   "0.1",        "1e-9",
                                             "10",    "100",        "1000",
                                             "86400", "1e6",        "1e9",
                                             "1e15",  "1e18",       "1e300",
                                             "nan",   "2147483647", "9007199254740993",
                                             "1e308", "0.25",       "1e-5",
                                             "99999", "60",         "12",
                                             "6",     "",           "9223372036854775807"};
  return list;
}

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t most) {
  return most == 0 ? 0 : random() % most;
}

struct Span {
  std::size_t begin = 0, size = 0;
};

std::vector<Span> spans(const std::string& text, bool lines) {
  std::vector<Span> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = lines ? at : text.find_first_of(kWordLetters, at);
    if (begin == std::string::npos) break;
    const std::size_t stop =
        lines ? text.find('\n', begin) : text.find_first_not_of(kWordLetters, begin);
    const std::size_t end = std::min(stop, text.size() - (lines ? 1 : 0)) + (lines ? 1 : 0);
    out.push_back({begin, end - begin});
    at = std::max(end, begin + 1);
  }
  return out;
}

std::string of(const std::string& text, const Span& span) {
  return text.substr(span.begin, span.size);
}

std::string other_word(const std::string& word, const std::vector<std::string>& words,
                       Random& random) {
  const bool number = word.find_first_not_of("0123456789.-+e") == std::string::npos;
  if (number == (below(random, 8) != 0)) return numbers()[below(random, numbers().size())];
  return words.empty() ? word : words[below(random, words.size())];
}

}  // namespace

std::string mutated(const std::string& text, const std::vector<std::string>& words,
                    std::uint64_t seed) {
  Random random(seed);
  const std::vector<Span> tokens = spans(text, false);
  const std::vector<Span> lines = spans(text, true);
  if (tokens.empty() || lines.empty()) return text;
  const Span token = tokens[below(random, tokens.size())];
  const Span line = lines[below(random, lines.size())];
  const Span other = lines[below(random, lines.size())];
  std::string out = text;
  switch (below(random, 8)) {
    case 0:  // a line twice
      return out.insert(other.begin, of(text, line));
    case 1:
      return out.erase(line.begin, line.size);
    case 2: {  // a word of elsewhere
      const Span source = tokens[below(random, tokens.size())];
      return out.replace(token.begin, token.size, of(text, source));
    }
    case 3: {  // a key of its own line
      const std::string word = words.empty() ? "x" : words[below(random, words.size())];
      const std::string value = numbers()[below(random, numbers().size())];
      return out.insert(line.begin, word + ": " + value + "\n");
    }
    default:
      return out.replace(token.begin, token.size, other_word(of(text, token), words, random));
  }
}

}  // namespace orrery::fuzz
