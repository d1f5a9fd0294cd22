"""Arrows go down only: usage check_floors.py ROOT."""

import os
import re
import sys

from source_tree import FLOORS, files, finish, text

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)
# Pages show code as it stands on a floor: the template of a policy is one.
SHOWN = {"docs/policy_template.cpp": "sim/worlds/training/policies/policy_template.cpp"}
OURS = re.compile(r"^(models|workloads|traces|sim|calibrate)/")


def floor_of(path):
    """(floor, folder) of a path below one of the floors; None for calibrate and strangers."""
    best = None
    for number, floor in enumerate(FLOORS):
        for folder in (floor,) if isinstance(floor, str) else floor:
            if path.startswith(folder + "/") and (best is None or len(folder) > len(best[1])):
                best = (number, folder)
    return best


def faults_of(path, included, quoted):
    if included.startswith(("simgrid/", "xbt/", "smpi/")) and not path.startswith("sim/engine/"):
        yield "only sim/engine includes SimGrid"
    if not OURS.match(included):
        if quoted and not path.startswith("tests/"):
            yield "an include in quotes is rooted at the repository"
        return
    if not quoted:
        yield "our own headers are included in quotes"
    if path.startswith("tests/"):
        return
    if {path.split("/")[0], included.split("/")[0]} == {"calibrate", "sim"}:
        yield "calibrate and sim never include each other"
    mine, other = floor_of(path), floor_of(included)
    if path.startswith("calibrate/") or included.startswith("calibrate/"):
        return
    if mine is None or other is None:
        yield "stands on no known floor"
    elif other[0] > mine[0] or (other[0] == mine[0] and other[1] != mine[1]):
        yield f"{mine[1]} must not know {other[1]}"


def main():
    root = sys.argv[1]
    faults, count = [], 0
    for found in files(root, (".cpp", ".hpp", ".cu", ".cuh", ".h", ".cc")):
        path = SHOWN.get(found, found)
        # cmake/ holds what the build itself compiles.
        if not OURS.match(path) and not path.startswith(("tests/", "benchmarks/", "cmake/")):
            faults.append(f"{path}: a source file outside the house")
            continue
        content = text(root, found) or ""
        for quote, included in INCLUDE.findall(content):
            count += 1
            if path.startswith("benchmarks/"):
                continue
            for fault in faults_of(path, included, quote == '"'):
                faults.append(f"{path}: includes {included}: {fault}")
            if quote == '"' and OURS.match(included) and not os.path.exists(os.path.join(root, included)):
                faults.append(f"{path}: includes {included}, which does not exist")
    finish(faults, f"{count} includes looked at")


if __name__ == "__main__":
    main()
