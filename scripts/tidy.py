"""clang-tidy over every C++ file that the release build compiles: tidy.py JOBS.

A file is looked at only when something it reads has changed since clang-tidy last found nothing:
build/tidy/clean holds the hash of the file, of every header the compiler read for it (ninja's own
record), of its flags and of the checks.

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
BATCH_LINES = 2500
# A file that cannot be included by another: it configures a header or holds main().
ALONE = re.compile(r"^#define (?!k[A-Z])|^int main\(", re.MULTILINE)


def compile_entries():
    """{file: (flags, object)} of our files, without the precompiled header, which clang cannot read."""
    entries = {}
    with open(os.path.join(BUILD, "compile_commands.json"), encoding="utf-8") as stream:
        for entry in json.load(stream):
            path = os.path.normpath(os.path.join(entry["directory"], entry["file"]))
            ours = path.startswith(ROOT + os.sep) and not path.startswith(os.path.join(ROOT, "build"))
            if not ours or path.endswith(".cu"):  # clang-tidy cannot read nvcc's flags
                continue
            words = shlex.split(entry["command"])
            flags, target, i = [], None, 0
            while words[i].startswith(("ccache", "env", "CCACHE_")) or "/ccache" in words[i]:
                i += 1
            i += 1  # the compiler
            while i < len(words):
                if words[i] == "-o":
                    target = words[i + 1]
                    i += 2
                elif words[i] == "-include":
                    i += 2
                elif words[i] in ("-c", "-Winvalid-pch") or words[i] == entry["file"]:
                    i += 1
                else:
                    flags.append(words[i])
                    i += 1
            entries.setdefault(path, (tuple(flags), target))
    return entries


def headers_read():
    """{object: files its compilation read}, as ninja recorded them."""
    listing = subprocess.run(["ninja", "-C", BUILD, "-t", "deps"], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    read, target = {}, None
    for line in listing.splitlines():
        if line.startswith("    "):
            read[target].append(line.strip())
        elif "#deps" in line and "(VALID)" in line:
            target = line.split(":", 1)[0]
            read[target] = []
        elif line and target:
            target = line
            read[target] = []
    return read


class Hashes:
    """Content hashes, each file read once."""

    def __init__(self):
        self.known = {}

    def of(self, path):
        path = os.path.normpath(os.path.join(BUILD, path))
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
        if not re.match(r"[A-Za-z\[]", line) or line.startswith(("using namespace", "TEST_", "template")):
            continue
        while re.search(r"<[^<>]*>", line):
            line = re.sub(r"<[^<>]*>", "", line)
        name = re.match(r"(?:\[\[\w+\]\] )?[\w:*&\s]*?(?<![\w:])(\w+)\s*(?:[(={;\[]|$)", line)
        if name:
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


def clang_tidy(path, flags):
    """clang-tidy's verdict on one translation unit: (found nothing, what it said)."""
    # GCC has warnings to switch off that clang has never heard of.
    done = subprocess.run(
        ["clang-tidy", "-quiet", f"--header-filter=^{re.escape(ROOT)}/", path, "--", *flags,
         "-Wno-unknown-warning-option", f"-I{ROOT}"],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return done.returncode == 0, done.stdout


def look_at(batch, entries):
    """Looks at a batch, and at its halves where that found anything: {file: finding}. What is
    reported of a file, it was alone for."""
    if len(batch) == 1:
        clean, said = clang_tidy(batch[0], entries[batch[0]][0])
        return {batch[0]: "" if clean else said or "clang-tidy failed"}
    handle, unit = tempfile.mkstemp(prefix="batch-", suffix=".cpp", dir=OUT)
    with open(handle, "w", encoding="utf-8") as stream:
        for path in batch:  # copied, not included: the analyzer walks the main file's functions
            stream.write(f'#line 1 "{path}"\n{text_for_batch(path)}\n')
    clean, _ = clang_tidy(unit, entries[batch[0]][0])
    os.remove(unit)
    if clean:
        return {path: "" for path in batch}
    half = len(batch) // 2
    return look_at(batch[:half], entries) | look_at(batch[half:], entries)


def main():
    jobs = int(sys.argv[1])
    os.makedirs(CLEAN, exist_ok=True)
    entries, read, hashes = compile_entries(), headers_read(), Hashes()
    with open(os.path.join(ROOT, ".clang-tidy"), encoding="utf-8") as stream:
        common = stream.read()
    common += subprocess.run(["clang-tidy", "--version"], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    # What came from the precompiled header, no file's own record names.
    for target in sorted(read):
        if target.endswith(".gch"):
            common += "".join(f"{header} {hashes.of(header)}\n" for header in read[target])
    keys = {}
    for path, (flags, target) in sorted(entries.items()):
        key = hashlib.sha256(f"{common}\n{path}\n{flags}\n{hashes.of(path)}".encode())
        for header in read.get(target, []):
            if not header.endswith(".gch"):
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
