#include "models/base/hash.hpp"

#include <doctest/doctest.h>

using namespace orrery::base;

TEST_CASE("SHA-256 agrees with the vectors of FIPS 180-4") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex(std::string(1000000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("SplitMix64 agrees with the published sequence from seed 0") {
  CHECK(split_mix(0) == 0xe220a8397b1dcdafu);
  CHECK(split_mix(0x9e3779b97f4a7c15u) == 0x6e789e6aa1b965f4u);
  CHECK(split_mix(2 * 0x9e3779b97f4a7c15u) == 0x06c45d188009454fu);
}

TEST_CASE("the mixing hash starts from FNV-1a and tells close names apart") {
  // FNV-1a of "a" is published as af63dc4c8601ec8c.
  CHECK(mix_hash("a") == split_mix(0xaf63dc4c8601ec8cu));
  CHECK(mix_hash("") == split_mix(0xcbf29ce484222325u));
  CHECK(mix_hash("node1") != mix_hash("node2"));
  CHECK(mix_hash(std::string_view("a\0", 2)) != mix_hash("a"));
}
