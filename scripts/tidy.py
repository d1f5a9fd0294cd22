"""clang-tidy over every C++ file that the release build compiles: tidy.py JOBS.

A file is looked at only when something it reads has changed since clang-tidy last found nothing:
build/tidy/clean holds the hash of the file, of every header the compiler read for it (ninja's own
record), of its flags and of the checks.

Most of clang-tidy's time goes into headers, which it reads anew for every file. Files that can
stand in one translation unit are therefore looked at together: their names at namespace scope must
differ. Where such a batch has a finding, or does not compile, its files are looked at one by one,
so that what is reported never depends on the company a file was in.
"""

import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys

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


def batches_of(files):
    """Lists of files, each list to be looked at as one translation unit."""
    open_batches = []  # [flags, lines, names, files]
    for path, flags in files:
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        lines, names = text.count("\n"), names_of(text)
        if ALONE.search(text):
            open_batches.append([None, lines, names, [path]])
            continue
        for batch in open_batches:
            if batch[0] == flags and batch[1] + lines <= BATCH_LINES and not batch[2] & names:
                batch[1] += lines
                batch[2] |= names
                batch[3].append(path)
                break
        else:
            open_batches.append([flags, lines, set(names), [path]])
    return [batch[3] for batch in sorted(open_batches, key=lambda batch: -batch[1])]


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


def look_at(number, batch, entries):
    """Looks at a batch, then at each of its files where that found anything: {file: finding}."""
    if len(batch) > 1:
        unit = os.path.join(OUT, f"batch-{number}.cpp")
        with open(unit, "w", encoding="utf-8") as stream:
            for path in batch:  # copied, not included: the analyzer walks the main file's functions
                stream.write(f'#line 1 "{path}"\n{text_for_batch(path)}\n')
        clean, said = clang_tidy(unit, entries[batch[0]][0])
        if clean:
            return {path: "" for path in batch}
        if os.environ.get("ORRERY_TIDY_VERBOSE"):
            sys.stdout.write(f"batch {number} taken apart: {said[:2000]}\n")
    findings = {}
    for path in batch:
        clean, said = clang_tidy(path, entries[path][0])
        findings[path] = "" if clean else said
    return findings


def main():
    jobs = int(sys.argv[1])
    os.makedirs(CLEAN, exist_ok=True)
    entries, read, hashes = compile_entries(), headers_read(), Hashes()
    with open(os.path.join(ROOT, ".clang-tidy"), encoding="utf-8") as stream:
        common = stream.read()
    common += subprocess.run(["clang-tidy", "--version"], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
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
        looks = [pool.submit(look_at, i, batch, entries) for i, batch in enumerate(batches)]
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
