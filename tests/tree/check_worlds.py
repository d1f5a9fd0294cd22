"""What is outside a world's folder does not name it: usage check_worlds.py ROOT.

A world's folder is sim/worlds/NAME. Looked at: all source of sim/ outside it, and the tests of the
floors below it. A file names a world where it includes a header of its folder, speaks of its
namespace, or writes the name under which its kind is registered.
"""

import os
import re
import sys

from source_tree import files, finish, text

SOURCE = (".cpp", ".hpp", ".js", ".html", ".css", "CMakeLists.txt")
# Floors that know no world, and their tests; tests of experiments and of the program use the worlds.
FLOORS = ("sim/engine/", "sim/platform/", "sim/world/", "sim/report/", "sim/experiment/", "sim/app/")
TESTS = tuple("tests/" + floor for floor in FLOORS[:4])
# A kind's registered name: `.name = "training-cluster"` beside its registration.
REGISTERED = re.compile(r"result_kinds\(\)\.add\(\{\s*\"([\w-]+)\"")


def worlds(root):
    """Folder of each world, with the names its kinds register."""
    found = {}
    for path in files(root, (".cpp",)):
        if not path.startswith("sim/worlds/"):
            continue
        folder = "/".join(path.split("/")[:3])
        found.setdefault(folder, set()).update(REGISTERED.findall(text(root, path) or ""))
    return found


def patterns(folder, kinds):
    name = os.path.basename(folder)
    yield re.compile(re.escape(folder) + "/"), "includes or names its folder"
    yield re.compile(r"(?<!models::)(?<!models/)\b" + re.escape(name) + "::"), "speaks of its namespace"
    for kind in kinds:
        yield re.compile(r"[\"'`]" + re.escape(kind) + r"[\"'`]"), f"writes the name of its kind, {kind}"


def main():
    root = sys.argv[1]
    faults, count = [], 0
    known = worlds(root)
    for folder, kinds in known.items():
        if not kinds:
            faults.append(f"{folder}/ registers no kind of results")
    for path in files(root, SOURCE):
        if not path.startswith(FLOORS + TESTS):
            continue
        count += 1
        content = text(root, path) or ""
        for folder, kinds in known.items():
            for pattern, what in patterns(folder, kinds):
                # A comment may say which world is meant for example.
                lines = [line for line in content.splitlines() if pattern.search(line.split("//")[0])]
                if lines:
                    faults.append(f"{path}: {what} ({folder}): {lines[0].strip()}")
    finish(faults, f"{count} files outside of {len(known)} worlds looked at")


if __name__ == "__main__":
    main()
