"""clang-tidy over every C++ file that the release build compiles: tidy.py JOBS.

A file is looked at only when something it reads has changed since clang-tidy last found nothing:
build/tidy/clean holds the hash of the file, of every header of ours that it includes, directly or
not, of the system's headers that the compiler read for it (ninja's record), of its flags and of the
checks.

Most of clang-tidy's time goes into headers, which it reads anew for every file. Files that can
stand in one translation unit are therefore looked at together: their names at namespace scope must
differ. Where such a batch has a finding, or does not compile, its halves are looked at, down to
single files, so that what is reported never depends on the company a file was in.
"""

import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = os.getcwd()
BUILD = os.path.join(ROOT, "build", "release")
OUT = os.path.join(ROOT, "build", "tidy")
CLEAN = os.path.join(OUT, "clean")
# Lines of own code in a batch: enough to share the headers, few enough that two processors and a
# finding's second look stay balanced.
BATCH_LINES = 4000
# How many states the analyzer explores of a function before it leaves it. Its usual 225,000 takes
# six times as long over this code; scripts/reproduce build.analyzer goes that far.
NODES = os.environ.get("ORRERY_TIDY_NODES", "8000")
# The dearest check of all where doctest's macros stand, about something that tests need not save.
NOT_FOR_TESTS = "-performance-unnecessary-value-param"
# Half of clang-tidy's memory lives to its end: large pages, seldom asked for, save a tenth.
ALLOCATOR = "glibc.malloc.hugetlb=1:glibc.malloc.top_pad=67108864"
# A file that cannot stand beside others: it configures a header.
ALONE = re.compile(r"^#define (?!k[A-Z])", re.MULTILINE)


def is_test(path):
    return path.startswith(os.path.join(ROOT, "tests") + os.sep)


def words_of(entry):
    """(flags that change what a file means, what all files may share, object) of a compilation."""
    words = shlex.split(entry["command"])
    flags, shared, target = [], [], None
    for i, word in enumerate(words):
        if word == "-o":
            target = words[i + 1]
        elif word == "-isystem":
            shared.append(("-isystem", words[i + 1]))
        elif word.startswith("-DORRERY_"):
            shared.append((word,))
        elif word.startswith(("-D", "-I", "-std=", "-m", "-f")):
            flags.append(word)
    return tuple(flags), shared, target


def compile_entries():
    """{file: (flags, object)} of our files, each found in the unit that compiles it. All get
    the libraries and the ORRERY_ macros of any, so that files of different folders can be looked at
    together."""
    entries, common = {}, set()
    with open(os.path.join(BUILD, "compile_commands.json"), encoding="utf-8") as stream:
        for entry in json.load(stream):
            path = os.path.normpath(os.path.join(entry["directory"], entry["file"]))
            if path.endswith(".cu"):  # clang-tidy cannot read nvcc's flags
                continue
            members = [path]
            if re.search(r"/Unity/unity_\w+\.cxx$", path):
                with open(path, encoding="utf-8") as unit:
                    members = re.findall(r'^#include "(.+)"$', unit.read(), re.MULTILINE)
            for member in members:
                if member.startswith(ROOT + os.sep) and not member.startswith(BUILD + os.sep):
                    flags, shared, target = words_of(entry)
                    common.update(shared)
                    entries.setdefault(member, (flags, target))
    for_all = tuple(word for words in sorted(common) for word in words)
    return {path: (flags + for_all, target) for path, (flags, target) in entries.items()}


def system_headers():
    """{object: the files outside this tree that its compilation read}, as ninja recorded them."""
    listing = subprocess.run(["ninja", "-C", BUILD, "-t", "deps"], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    read, target = {}, None
    for line in listing.splitlines():
        if line.startswith("    "):
            path = os.path.normpath(os.path.join(BUILD, line.strip()))
            if not path.startswith(ROOT + os.sep):
                read[target].append(path)
        elif line:
            target = line.split(": #deps", 1)[0]
            read[target] = []
    return read


class Includes:
    """Which headers of ours a file includes, directly or not."""

    def __init__(self):
        self.direct = {}

    def of_file(self, path):
        if path not in self.direct:
            with open(path, encoding="utf-8") as stream:
                named = re.findall(r'^\s*#\s*include "(.+)"', stream.read(), re.MULTILINE)
            places = [[os.path.join(folder, name) for folder in (os.path.dirname(path), ROOT)]
                      for name in named]
            self.direct[path] = {os.path.normpath(place) for beside in places
                                 for place in beside if os.path.exists(place)}
        return self.direct[path]

    def of(self, path):
        reached, open_ends = set(), [path]
        while open_ends:
            for header in self.of_file(open_ends.pop()) - reached:
                reached.add(header)
                open_ends.append(header)
        return sorted(reached)


class Hashes:
    """Content hashes, each file read once."""

    def __init__(self):
        self.known = {}

    def of(self, path):
        if path not in self.known:
            try:
                with open(path, "rb") as stream:
                    self.known[path] = hashlib.sha256(stream.read()).hexdigest()
            except OSError:
                self.known[path] = "gone"
        return self.known[path]


def names_of(text):
    """Names that a file declares at namespace scope, each with its namespace. clang-format puts
    such a declaration, and nothing else, at the beginning of a line."""
    names, spaces = set(), []
    for line in text.splitlines():
        opened = re.match(r"namespace ?([\w:]*) ?\{", line)
        if opened:
            spaces.append(opened.group(1))
            continue
        if re.match(r"\}\s*// namespace", line) and spaces:
            spaces.pop()
            continue
        where = "::".join(space for space in spaces if space)
        kind = re.match(r"(?:struct|class|union|enum|enum class) (\w+)", line)
        if kind:
            names.add((where, kind.group(1)))
            continue
        if not re.match(r"[A-Za-z\[]", line) or line.startswith(
                ("using namespace", "TEST_", "template", "int main(")):
            continue
        while re.search(r"<[^<>]*>", line):
            line = re.sub(r"<[^<>]*>", "", line)
        name = re.match(r"(?:\[\[\w+\]\] )?[\w:*&\s]*?(?<![\w:])(\w+)\s*(?:[(={;\[]|$)", line)
        if name and name.group(1) != "declare":  # overloaded by what it declares
            names.add((where, name.group(1)))
    return names


class Batch:
    """Files that can stand in one translation unit."""

    def __init__(self, flags):
        self.flags, self.lines, self.files = flags, 0, []
        self.names, self.plain_names, self.imports = set(), set(), False

    def takes(self, flags, lines, names, imports):
        """Whether one more fits. Where a file imports a namespace at its top, names must differ
        whatever namespace they are of."""
        if self.flags != flags or self.lines + lines > BATCH_LINES or self.names & names:
            return False
        return not ((self.imports or imports) and self.plain_names & {name for _, name in names})

    def add(self, path, lines, names, imports):
        self.files.append(path)
        self.lines += lines
        self.names |= names
        self.plain_names |= {name for _, name in names}
        self.imports = self.imports or imports


def batches_of(files):
    """Lists of files, each list to be looked at as one translation unit; the longest first."""
    batches = []
    for path, flags in files:
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        if ALONE.search(text):
            flags = path
        elif is_test(path):
            flags = (flags, "tests")
        imports = re.search(r"^using namespace", text, re.MULTILINE) is not None
        found = (text.count("\n"), names_of(text), imports)
        for batch in batches:
            if batch.takes(flags, *found):
                break
        else:
            batch = Batch(flags)
            batches.append(batch)
        batch.add(path, *found)
    return [batch.files for batch in sorted(batches, key=lambda batch: -batch.lines)]


def text_for_batch(path):
    """The file's text, its includes of files beside it by their whole path."""
    folder = os.path.dirname(path)

    def placed(include):
        beside = os.path.join(folder, include.group(1))
        return f'#include "{beside}"' if os.path.exists(beside) else include.group(0)

    with open(path, encoding="utf-8") as stream:
        return re.sub(r'^#include "([^"]+)"', placed, stream.read(), flags=re.MULTILINE)


def clang_tidy(path, flags, checks):
    """clang-tidy's verdict on one translation unit: (found nothing, what it said). The checks are
    those of .clang-tidy, changed as the third argument says."""
    # GCC has warnings to switch off that clang has never heard of.
    done = subprocess.run(
        ["clang-tidy", "-quiet", f"--checks={checks}", f"--header-filter=^{re.escape(ROOT)}/",
         path, "--", *flags, "-Wno-unknown-warning-option", f"-I{ROOT}",
         "-Xclang", "-analyzer-config", "-Xclang", f"max-nodes={NODES}"],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
        env=os.environ | {"GLIBC_TUNABLES": ALLOCATOR})
    return done.returncode == 0, done.stdout


def look_at(batch, entries):
    """Looks at a batch, and at its halves where that found anything: {file: finding}. What is
    reported of a file, it was alone for."""
    checks = NOT_FOR_TESTS if is_test(batch[0]) else ""
    if len(batch) == 1:
        clean, said = clang_tidy(batch[0], entries[batch[0]][0], checks)
        return {batch[0]: "" if clean else said or "clang-tidy failed"}
    handle, unit = tempfile.mkstemp(prefix="batch-", suffix=".cpp", dir=OUT)
    with open(handle, "w", encoding="utf-8") as stream:
        for i, path in enumerate(batch):
            # Copied, not included: the analyzer walks the main file's functions. Several may have
            # a main().
            stream.write(f'#undef main\n#define main main_{i}\n')
            stream.write(f'#line 1 "{path}"\n{text_for_batch(path)}\n')
    clean, _ = clang_tidy(unit, entries[batch[0]][0], checks)
    os.remove(unit)
    if clean:
        return {path: "" for path in batch}
    half = len(batch) // 2
    return look_at(batch[:half], entries) | look_at(batch[half:], entries)


def main():
    jobs = int(sys.argv[1])
    os.makedirs(CLEAN, exist_ok=True)
    entries, system, includes, hashes = compile_entries(), system_headers(), Includes(), Hashes()
    with open(os.path.join(ROOT, ".clang-tidy"), encoding="utf-8") as stream:
        common = stream.read()
    version = subprocess.run(["clang-tidy", "--version"], check=True, text=True,
                             stdout=subprocess.PIPE)
    common += NODES + NOT_FOR_TESTS + version.stdout
    # What came from the precompiled header, no file's own record names.
    common += "".join(f"{header} {hashes.of(header)}\n" for target in sorted(system)
                      if target.endswith(".gch") for header in system[target])
    keys = {}
    for path, (flags, target) in sorted(entries.items()):
        key = hashlib.sha256(f"{common}\n{path}\n{flags}\n{hashes.of(path)}".encode())
        for header in includes.of(path) + system.get(target, []):
            key.update(f"{header} {hashes.of(header)}\n".encode())
        keys[path] = os.path.join(CLEAN, key.hexdigest()[:32])
    unseen = [path for path in sorted(entries) if not os.path.exists(keys[path])]
    batches = batches_of([(path, entries[path][0]) for path in unseen])
    failed = False
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        looks = [pool.submit(look_at, batch, entries) for batch in batches]
        for look in concurrent.futures.as_completed(looks):
            for path, finding in look.result().items():
                if finding:
                    failed = True
                    sys.stdout.write(finding)
                else:
                    open(keys[path], "w", encoding="utf-8").close()
    print(f"clang-tidy: {len(unseen)} of {len(entries)} files looked at in {len(batches)} batches")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
