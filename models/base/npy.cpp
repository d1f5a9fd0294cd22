#include "models/base/npy.hpp"

#include <cctype>
#include <optional>
#include <utility>

#include "models/base/binary_file.hpp"
#include "models/base/error.hpp"

namespace orrery::base {

namespace {

// That of a plain array has some hundred bytes.
constexpr std::uint64_t kLongestNpyHeader = std::uint64_t{1} << 20;

struct Header {
  std::string type;  ///< as written: "<f4"
  bool fortran = false;
  std::vector<std::size_t> shape;
};

/// The header is a Python dictionary of three keys; this reads that and no more.
class HeaderParser {
 public:
  HeaderParser(const std::string& path, std::string_view text) : path_(path), text_(text) {}

  Header parse() {
    Header header;
    bool has_type = false;
    bool has_order = false;
    bool has_shape = false;
    expect('{');
    while (!take('}')) {
      const std::string key = string();
      expect(':');
      if (key == "descr" && !std::exchange(has_type, true))
        header.type = string();
      else if (key == "fortran_order" && !std::exchange(has_order, true))
        header.fortran = boolean();
      else if (key == "shape" && !std::exchange(has_shape, true))
        header.shape = shape();
      else
        fail();
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    skip_blanks();
    if (at_ != text_.size() || !has_type || !has_order || !has_shape) fail();
    return header;
  }

 private:
  [[noreturn]] void fail() const {
    throw Error({path_, 0, 0, ""},
                "has a header that is not understood, expected the keys descr, fortran_order and "
                "shape of a plain array");
  }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail();
  }
  bool take_word(std::string_view word) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  bool boolean() {
    if (take_word("True")) return true;
    if (!take_word("False")) fail();
    return false;
  }
  std::string string() {
    const char quote = take('\'') ? '\'' : '"';
    if (quote == '"') expect('"');
    const std::size_t end = text_.find(quote, at_);
    if (end == std::string_view::npos) fail();
    std::string value(text_.substr(at_, end - at_));
    at_ = end + 1;
    return value;
  }
  std::size_t size() {
    skip_blanks();
    std::size_t value = 0;
    const std::size_t begin = at_;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
      if (__builtin_mul_overflow(value, std::size_t{10}, &value) ||
          __builtin_add_overflow(value, static_cast<std::size_t>(text_[at_] - '0'), &value))
        throw Error({path_, 0, 0, ""}, "has a size in its shape that no machine can hold");
    }
    if (at_ == begin) fail();
    return value;
  }
  std::vector<std::size_t> shape() {
    std::vector<std::size_t> sizes;
    expect('(');
    while (!take(')')) {
      sizes.push_back(size());
      if (sizes.size() > kMostDimensions)
        throw Error({path_, 0, 0, ""}, "has more than 8 dimensions");
      if (!take(',')) {
        expect(')');
        break;
      }
    }
    return sizes;
  }

  const std::string& path_;
  std::string_view text_;
  std::size_t at_ = 0;
};

NumberType type_of(const std::string& path, const std::string& type) {
  if (type == "<f2") return NumberType::float16;
  if (type == "<f4") return NumberType::float32;
  if (type == "<f8") return NumberType::float64;
  std::string shown;
  for (const char c : type.substr(0, 16)) shown += c >= ' ' && c <= '~' ? c : '?';
  throw Error({path, 0, 0, ""}, "has the type '" + shown +
                                    "', expected '<f2', '<f4' or '<f8' (little-endian floats)");
}

/// Where the header begins and ends.
struct Extent {
  std::uint64_t begin;
  std::uint64_t length;
};

Extent header_of(BinaryFile& file) {
  constexpr std::uint64_t kFixed = 8;  // magic and version
  if (file.size_bytes() < kFixed || file.read(0, 6) != "\x93NUMPY")
    throw Error({file.path(), 0, 0, ""}, "is not a .npy file: it does not begin with \\x93NUMPY");
  const int version = static_cast<unsigned char>(file.read(6, 1)[0]);
  if (version < 1 || version > 3)
    throw Error({file.path(), 0, 0, ""},
                "has the .npy format version " + std::to_string(version) + ", expected 1 to 3");
  const std::uint64_t width = version == 1 ? 2 : 4;
  const std::string bytes = file.read(kFixed, width);
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < width; ++i)
    length |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  if (length > kLongestNpyHeader)
    throw Error({file.path(), 0, 0, ""},
                "has a header of " + std::to_string(length) + " bytes, expected at most 1 MiB");
  return {kFixed + width, length};
}

std::vector<float> in_c_order(const std::vector<float>& values,
                              const std::vector<std::size_t>& shape) {
  std::vector<float> ordered(values.size());
  std::vector<std::size_t> place(shape.size());
  for (const float value : values) {
    std::size_t index = 0;
    for (std::size_t d = 0; d < shape.size(); ++d) index = index * shape[d] + place[d];
    ordered[index] = value;
    for (std::size_t d = 0; d < shape.size() && ++place[d] == shape[d]; ++d) place[d] = 0;
  }
  return ordered;
}

}  // namespace

Tensor read_npy(const std::string& path) {
  BinaryFile file(path);
  const Extent extent = header_of(file);
  const std::string text = file.read(extent.begin, extent.length);
  Header header = HeaderParser(path, text).parse();
  const NumberType type = type_of(path, header.type);
  const auto count = element_count(header.shape);
  const std::uint64_t rest = file.size_bytes() - extent.begin - extent.length;
  const std::string shape = shape_text(header.shape);
  if (header.shape.empty() || count == 0)
    throw Error({path, 0, 0, ""}, "has the shape " + shape + ", which has no elements to read");
  if (!count || *count > rest / bytes_of(type))
    throw Error({path, 0, 0, ""}, "is truncated: " + std::to_string(rest) +
                                      " bytes follow the header, too few for the shape " + shape);
  if (*count * bytes_of(type) != rest)
    throw Error({path, 0, 0, ""}, "goes on behind its array: " + std::to_string(rest) +
                                      " bytes follow the header, too many for the shape " + shape);
  Tensor tensor{"", std::move(header.shape), std::vector<float>(*count)};
  const std::string bytes = file.read(extent.begin + extent.length, rest);
  if (const auto bad = decode(bytes, type, tensor.values.data())) {
    std::vector<std::size_t> sizes = tensor.shape;
    std::string index = index_text(*bad, sizes);
    if (header.fortran) {
      // The number of an element in Fortran order counts the first index fastest.
      std::size_t left = *bad;
      for (std::size_t& size : sizes) {
        const std::size_t whole = size;
        size = left % whole;
        left /= whole;
      }
      index = shape_text(sizes);
    }
    throw Error({path, 0, 0, ""}, "the element " + index + " is not a finite float");
  }
  if (header.fortran) tensor.values = in_c_order(tensor.values, tensor.shape);
  return tensor;
}

}  // namespace orrery::base
