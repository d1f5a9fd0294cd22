// Files of weights: what is read, and how what is wrong with them is said.
#include <doctest/doctest.h>

#include <cstring>
#include <filesystem>
#include <limits>
#include <string>

#include "models/base/error.hpp"
#include "models/base/files.hpp"
#include "models/base/npy.hpp"
#include "models/base/safetensors.hpp"
#include "models/sparsity/weights.hpp"

using namespace orrery::base;
using namespace orrery::models::sparsity;

namespace {

/// A file that is gone with the object.
class Written {
 public:
  Written(const std::string& name, const std::string& bytes)
      : path_((std::filesystem::temp_directory_path() / ("orrery-weights-" + name)).string()) {
    write_file_atomically(path_, bytes);
  }
  ~Written() { std::filesystem::remove(path_); }
  Written(const Written&) = delete;
  Written& operator=(const Written&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

template <class Number>
std::string bytes_of_all(std::initializer_list<Number> numbers) {
  std::string bytes;
  for (const Number number : numbers) {
    char raw[sizeof(Number)];
    std::memcpy(raw, &number, sizeof(Number));
    bytes.append(raw, sizeof(Number));
  }
  return bytes;
}

std::string npy(const std::string& type, const std::string& order, const std::string& shape,
                const std::string& data) {
  const std::string header =
      "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) + '\0' + header +
         data;
}

std::string safetensors(const std::string& header, const std::string& data) {
  return bytes_of_all({static_cast<std::uint64_t>(header.size())}) + header + data;
}

std::string sentence_of_npy(const std::string& bytes) {
  const Written file("bad.npy", bytes);
  try {
    read_npy(file.path());
  } catch (const Error& error) {
    return error.sentence();
  }
  return "";
}

std::string sentence_of_safetensors(const std::string& bytes) {
  const Written file("bad.safetensors", bytes);
  try {
    SafetensorsFile opened(file.path());
    for (const TensorEntry& entry : opened.entries()) opened.read(entry);
  } catch (const Error& error) {
    return error.sentence();
  }
  return "";
}

std::string entry(const std::string& type, const std::string& shape, const std::string& offsets) {
  return R"({"w":{"dtype":")" + type + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets +
         "}}";
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("npy arrays of all float types and both orders are read in C order") {
  const std::vector<float> expected = {1, 2, 3, 4, 5, -6};
  const auto values_of = [](const std::string& bytes) {
    const Written file("good.npy", bytes);
    const Tensor tensor = read_npy(file.path());
    CHECK(tensor.shape == std::vector<std::size_t>{2, 3});
    return tensor.values;
  };
  CHECK(values_of(npy("<f4", "False", "(2, 3)", bytes_of_all<float>({1, 2, 3, 4, 5, -6}))) ==
        expected);
  CHECK(values_of(npy("<f8", "True", "(2, 3)", bytes_of_all<double>({1, 4, 2, 5, 3, -6}))) ==
        expected);
  CHECK(values_of(npy("<f2", "False", "(2, 3)",
                      bytes_of_all<std::uint16_t>(
                          {0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0xc600}))) == expected);
}

TEST_CASE("npy files with something wrong are told by one sentence") {
  const std::string two = bytes_of_all<float>({1, 2});
  CHECK(holds(sentence_of_npy("hello, this is text"), "not a .npy file"));
  CHECK(holds(sentence_of_npy(std::string("\x93NUMPY\x07\x00", 8)), "version 7"));
  CHECK(holds(sentence_of_npy(npy("<f4", "False", "(2, 2)", two)), "truncated"));
  CHECK(holds(sentence_of_npy(npy("<f4", "False", "(2, 1)", two).substr(0, 40)), "truncated"));
  CHECK(holds(sentence_of_npy(npy("<f4", "False", "(1, 1)", two)), "goes on"));
  CHECK(holds(sentence_of_npy(npy("<i8", "False", "(1, 1)", two)), "type '<i8'"));
  CHECK(holds(sentence_of_npy(npy("<f4", "Maybe", "(1, 1)", two)), "not understood"));
  CHECK(holds(sentence_of_npy(npy("<f4", "False", "(0, 2)", "")), "no elements"));
  CHECK(holds(sentence_of_npy(npy("<f4", "False", "(4294967296, 4294967296)", two)), "truncated"));
  CHECK(holds(sentence_of_npy(npy("<f4", "False", "(99999999999999999999, 1)", two)),
              "no machine can hold"));
  const std::string bad =
      bytes_of_all<float>({1, 2, std::numeric_limits<float>::quiet_NaN(), 4, 5, 6});
  CHECK(sentence_of_npy(npy("<f4", "False", "(2, 3)", bad)) ==
        "the element (0, 2) is not a finite float");
  CHECK(sentence_of_npy(npy("<f4", "True", "(2, 3)", bad)) ==
        "the element (0, 1) is not a finite float");
  CHECK(holds(sentence_of_npy(npy("<f8", "False", "(1, 1)", bytes_of_all({1e300}))), "(0, 0)"));
}

TEST_CASE("safetensors are listed and read") {
  const std::string header =
      R"({"__metadata__":{"a":"b"},"b":{"dtype":"BF16","shape":[1,2],"data_offsets":[8,12]},)"
      R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  const Written file("good.safetensors",
                     safetensors(header, bytes_of_all<float>({1, 2}) +
                                             bytes_of_all<std::uint16_t>({0x3f80, 0xc000})));
  SafetensorsFile opened(file.path());
  REQUIRE(opened.entries().size() == 2);
  CHECK(opened.entries()[1].name == "b");
  CHECK(opened.read(opened.entries()[0]).values == std::vector<float>{1, 2});
  CHECK(opened.read(opened.entries()[1]).values == std::vector<float>{1, -2});
}

TEST_CASE("safetensors with something wrong are told by one sentence") {
  const std::string data = bytes_of_all<float>({1, 2});
  const auto sentence = [&](const std::string& header) {
    return sentence_of_safetensors(safetensors(header, data));
  };
  CHECK(sentence(entry("F32", "[2,1]", "[0,8]")).empty());
  CHECK(holds(sentence_of_safetensors("abc"), "truncated"));
  CHECK(holds(sentence_of_safetensors(bytes_of_all({std::uint64_t{1} << 62})), "longer than"));
  CHECK(holds(sentence_of_safetensors(bytes_of_all({std::uint64_t{9}}) + "{}"), "longer than"));
  CHECK(holds(sentence("[1]"), "not a JSON object"));
  CHECK(holds(sentence(entry("F32", "[2,1]", "[0,800]")), "truncated"));
  CHECK(holds(sentence(entry("F32", "[2,1]", "[8,0]")), "data_offsets"));
  CHECK(holds(sentence(entry("F32", "[2,-1]", "[0,8]")), "shape"));
  CHECK(holds(sentence(entry("F32", "[3,1]", "[0,8]")), "needs"));
  CHECK(holds(sentence(entry("F32", "[4294967296,4294967296]", "[0,8]")), "needs"));
  CHECK(holds(sentence(entry("I64", "[1,1]", "[0,8]")), "expected F16"));
  CHECK(holds(sentence(entry("Q4", "[1,1]", "[0,8]")), "the format lacks"));
  CHECK(holds(sentence(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                       R"("b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})"),
              "shares bytes"));
  CHECK(holds(sentence_of_safetensors(
                  safetensors(entry("F32", "[2,1]", "[0,8]"),
                              bytes_of_all<float>({1, std::numeric_limits<float>::infinity()}))),
              "(1, 0)"));
}

TEST_CASE("headers of weight files have a bound in length, values and levels") {
  const std::string long_header(std::size_t{2} << 20, ' ');
  CHECK(sentence_of_npy(std::string("\x93NUMPY\x02\x00", 8) +
                        bytes_of_all({static_cast<std::uint32_t>(long_header.size())}) +
                        long_header) == "has a header of 2097152 bytes, expected at most 1 MiB");
  CHECK(sentence_of_safetensors(safetensors(std::string(100'000, '['), "")) ==
        "has a header of more than 4,000,000 values or 16 levels, expected the tensors by name");
  std::string many = "{\"a\": [0";
  for (int i = 0; i < 4'000'000; ++i) many += ",0";
  CHECK(sentence_of_safetensors(safetensors(many + "]}", "")) ==
        "has a header of more than 4,000,000 values or 16 levels, expected the tensors by name");
}

TEST_CASE("weights become K x N scores in both layouts, convolutions lowered") {
  const Tensor matrix{"m", {2, 3}, {1, -2, 3, 4, 5, -6}};
  const Scores kn = magnitudes(matrix, WeightLayout::inputs_first, "f");
  CHECK((kn.rows == 2 && kn.columns == 3));
  CHECK(kn.values == std::vector<float>{1, 2, 3, 4, 5, 6});
  const Scores nk = magnitudes(matrix, WeightLayout::outputs_first, "f");
  CHECK((nk.rows == 3 && nk.columns == 2));
  CHECK(nk.values == std::vector<float>{1, 4, 2, 5, 3, 6});
  // (Cout 1, Cin 2, 1, 3): the channel becomes the fastest part of the row.
  const Scores convolution =
      magnitudes({"c", {1, 2, 1, 3}, {1, 2, 3, 4, 5, 6}}, WeightLayout::outputs_first, "f");
  CHECK(convolution.values == std::vector<float>{1, 4, 2, 5, 3, 6});
  CHECK(convolution.rows == convolution_shape("c", 1, 3, 2, 1).rows);
  CHECK_THROWS_AS(magnitudes({"v", {3}, {1, 2, 3}}, WeightLayout::inputs_first, "f"), Error);
  CHECK_THROWS_AS(magnitudes({"e", {0, 3}, {}}, WeightLayout::inputs_first, "f"), Error);
}
