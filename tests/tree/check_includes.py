"""Every file includes what it uses of the standard library and of fmt: usage check_includes.py ROOT.

Files of a folder are compiled a few at once, behind a precompiled header, so the compiler does not
see that one forgets an include which a neighbour has. What a file needs must come from its own
includes or from those of our headers that it reaches; what one header of the standard library
happens to include of another does not count.

Also: a file of tests that has cases is named test_*.cpp or *_test.cpp, because a build with
sanitizers finds the cases by these names (tests/CMakeLists.txt).
"""

import os
import re
import sys

from source_tree import files, finish, text

HEADERS = {
    "algorithm": "sort stable_sort partial_sort nth_element min max minmax clamp min_element max_element "
                 "minmax_element find find_if find_if_not all_of any_of none_of count count_if copy copy_if "
                 "fill fill_n generate transform remove remove_if unique reverse rotate shuffle partition "
                 "stable_partition lower_bound upper_bound equal_range binary_search merge includes equal "
                 "mismatch is_sorted push_heap pop_heap make_heap next_permutation for_each adjacent_find "
                 "replace lexicographical_compare",
    "array": "array to_array",
    "atomic": "atomic atomic_bool atomic_flag",
    "bit": "bit_cast popcount has_single_bit countr_zero countl_zero bit_width bit_floor bit_ceil",
    "charconv": "from_chars to_chars",
    "chrono": "chrono",
    "cmath": "sqrt pow exp exp2 log log2 log10 log1p expm1 floor ceil round lround llround trunc isfinite isnan "
             "isinf fmod hypot signbit nextafter ldexp frexp fma sin cos cbrt erf tgamma lgamma",
    "condition_variable": "condition_variable",
    "cstdint": "int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t uintptr_t intptr_t",
    "cstdio": "FILE fopen fclose fread fwrite fputs fflush printf fprintf snprintf rename fgets",
    "cstdlib": "getenv exit abort strtod strtol strtoll malloc free aligned_alloc",
    "cstring": "memcpy memset memcmp memmove memchr strcmp strncmp strlen strerror strchr",
    "deque": "deque",
    "filesystem": "filesystem",
    "fstream": "ifstream ofstream fstream",
    "functional": "function reference_wrapper ref cref greater hash invoke identity",
    "future": "future async promise packaged_task",
    "limits": "numeric_limits",
    "list": "list",
    "map": "map multimap",
    "memory": "unique_ptr shared_ptr weak_ptr make_unique make_shared enable_shared_from_this",
    "mutex": "mutex lock_guard unique_lock scoped_lock once_flag call_once",
    "numeric": "accumulate iota reduce gcd lcm inner_product partial_sum midpoint",
    "optional": "optional nullopt make_optional",
    "queue": "queue priority_queue",
    "random": "mt19937 mt19937_64 random_device uniform_int_distribution uniform_real_distribution "
              "normal_distribution exponential_distribution",
    "regex": "regex regex_match regex_search smatch",
    "set": "set multiset",
    "span": "span as_bytes",
    "sstream": "stringstream istringstream ostringstream",
    "stdexcept": "runtime_error logic_error invalid_argument out_of_range domain_error length_error",
    "string": "string to_string stoi stol stoll stod getline",
    "string_view": "string_view",
    "thread": "thread this_thread jthread",
    "tuple": "tuple tie make_tuple forward_as_tuple apply",
    "type_traits": "is_same_v is_void_v decay_t remove_cvref_t conditional_t enable_if_t is_enum_v underlying_type_t "
                   "is_integral_v is_floating_point_v is_arithmetic_v is_base_of_v is_convertible_v invoke_result_t",
    "unordered_map": "unordered_map unordered_multimap",
    "unordered_set": "unordered_set",
    "variant": "variant visit get_if holds_alternative monostate variant_size_v",
    "vector": "vector",
}
NEEDED = {f"std::{name}": header for header, names in HEADERS.items() for name in names.split()}
# What the standard promises of one header through another.
ALSO = {
    "string": ["string_view"], "fstream": ["string"], "sstream": ["string"], "regex": ["string"],
    "filesystem": ["string", "chrono"], "thread": ["chrono"], "future": ["chrono"],
    "condition_variable": ["mutex", "chrono"], "mutex": ["chrono"], "stdexcept": ["string"],
    "cstdint": ["stdint.h"], "iostream": ["string"],
}
USE = re.compile(r"\bstd::(?:ranges::)?(\w+)")
FMT = re.compile(r"\bfmt::(\w+)")
INCLUDE = re.compile(r'^\s*#\s*include\s*(<[^>]+>|"[^"]+")', re.MULTILINE)
ASIDE = re.compile(r'//[^\n]*|/\*.*?\*/|R"\w*\(.*?\)\w*"|"(?:[^"\\\n]|\\.)*"', re.DOTALL)
CASES = re.compile(r"^\s*TEST_CASE", re.MULTILINE)
NAMED = re.compile(r"(^|/)(test_[^/]*|[^/]*_test)\.cpp$")


class Includes:
    """The library headers that a file's own includes bring, through any of our headers."""

    def __init__(self, root):
        self.root, self.known = root, {}

    def of(self, path):
        if path in self.known:
            return self.known[path]
        self.known[path] = found = set()
        for name in INCLUDE.findall(text(self.root, path) or ""):
            if name.startswith("<"):
                found.add(name[1:-1])
                continue
            for place in (os.path.join(os.path.dirname(path), name[1:-1]), name[1:-1]):
                if os.path.isfile(os.path.join(self.root, place)):
                    found |= self.of(os.path.normpath(place))
                    break
        for header in list(found):
            found.update(ALSO.get(header, ()))
        return found


def faults_of(path, content, has):
    code = ASIDE.sub(lambda aside: "\n" * aside.group().count("\n"), content)
    missing = {}
    for number, line in enumerate(code.splitlines(), start=1):
        for name in USE.findall(line):
            header = NEEDED.get(f"std::{name}")
            if header and header not in has:
                missing.setdefault(f"<{header}>", (number, f"std::{name}"))
        if FMT.search(line) and not any(h.startswith("fmt/") for h in has):
            missing.setdefault("<fmt/format.h>", (number, "fmt"))
    for header, (number, name) in sorted(missing.items()):
        yield f"{path}:{number}: uses {name} and includes {header} neither itself nor through a header of ours"
    if path.startswith("tests/") and CASES.search(code) and not NAMED.search(path):
        yield f"{path}: has test cases, and is not named test_*.cpp or *_test.cpp"


def main():
    root = sys.argv[1]
    faults, count, includes = [], 0, Includes(root)
    for path in files(root, (".cpp", ".hpp")):
        count += 1
        faults += faults_of(path, text(root, path) or "", includes.of(path))
    finish(faults, f"{count} files looked at")


if __name__ == "__main__":
    main()
