"""Which test programs need not run again: usage unchanged_tests.py BUILD [--passed].

Prints a regular expression for `ctest -E` that matches the tests of every program for which nothing
changed since all tests passed. A program's tests are those whose names begin with its own. What
counts is its own bytes, those of the programs of the product where it runs them, every file that is
not compiled in the folders that tests read, ORRERY_DATA, and the installed packages. Tests of
scripts, whose inputs nobody lists, always run. With --passed, what the last call without it looked
at is kept as passed.
"""

import hashlib
import json
import os
import re
import subprocess
import sys

# Test programs read samples, experiments, profiles and pages of the documentation.
FOLDERS = ["calibrate", "docs", "models", "sim", "tests", "traces", "workloads"]
COMPILED = re.compile(r"^(?!docs/).*\.(cpp|hpp|cu)$")
# A test that runs programs finds them by one of these words.
RUNS_PROGRAMS = (b"ORRERY_BINARY", b"/bin/orrery-calibrate")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def files_in(folders):
    """Files that belong to the tree: those git does not ignore, all where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders],
        capture_output=True, check=False)
    if listed.returncode == 0:
        return sorted(set(listed.stdout.decode().split("\0")))
    return sorted(os.path.join(path, name) for folder in folders
                  for path, _, names in os.walk(folder) if "__pycache__" not in path
                  for name in names)


def surroundings():
    """A digest of what every test may read."""
    digest = hashlib.sha256()
    for name in files_in(FOLDERS):
        if name and not COMPILED.match(name) and os.path.isfile(name):
            digest.update(name.encode() + b"\0" + hashlib.sha256(read(name)).digest())
    data = os.environ.get("ORRERY_DATA", "")
    digest.update(f"{data} {os.path.isdir(data)}".encode())
    packages = "/var/lib/dpkg/status"
    if os.path.exists(packages):
        digest.update(read(packages))
    return digest.digest()


def keys_of(build):
    """A key for each test program of the build."""
    folder = os.path.join(build, "bin")
    names = sorted(os.listdir(folder))
    around = surroundings()
    product = hashlib.sha256()
    for name in names:
        if not name.startswith("test_"):
            product.update(name.encode() + hashlib.sha256(read(os.path.join(folder, name))).digest())
    keys = {}
    for name in names:
        if name.startswith("test_"):
            content = read(os.path.join(folder, name))
            key = hashlib.sha256(around + content)
            if any(word in content for word in RUNS_PROGRAMS):
                key.update(product.digest())
            keys[name.removeprefix("test_")] = key.hexdigest()
    return keys


def main():
    build = sys.argv[1]
    passed = os.path.join(build, "tests_passed.json")
    looked_at = os.path.join(build, "tests_looked_at.json")
    if "--passed" in sys.argv[2:]:
        os.replace(looked_at, passed)
        return
    known = {}
    if os.path.exists(passed):
        known = json.loads(read(passed))
    keys = keys_of(build)
    with open(looked_at, "w", encoding="utf-8") as file:
        json.dump(keys, file)
    same = [name for name, key in keys.items() if known.get(name) == key]
    # Discovered cases are called `program:case`, tests of whole programs `program: what`.
    print("^(" + "|".join(same) + "):" if same else "^$")
    if same:
        print(f"{len(same)} of {len(keys)} test programs did not change since they passed; "
              "scripts/test --again runs them all the same", file=sys.stderr)


if __name__ == "__main__":
    main()
