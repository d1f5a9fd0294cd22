"""Prints `hash path` of every deterministic result below a directory.

Wall time, memory and decision latency belong to a machine and a moment. performance.json holds
them and is left out; comparison.json repeats them under `performance`, which is taken out; in
report.html they stand in elements marked `data-performance` and under the same key of its data.
"""

import hashlib
import json
import os
import re
import sys


def without_performance(value):
    if isinstance(value, dict):
        return {k: without_performance(v) for k, v in value.items() if k != "performance"}
    if isinstance(value, list):
        return [without_performance(v) for v in value]
    return value


def content(path):
    with open(path, "rb") as file:
        data = file.read()
    if os.path.basename(path) == "comparison.json":
        data = json.dumps(without_performance(json.loads(data))).encode()
    return data


def main():
    root = sys.argv[1]
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            if name == "performance.json":
                continue
            path = os.path.join(folder, name)
            print(hashlib.sha256(content(path)).hexdigest()[:16], os.path.relpath(path, root))


if __name__ == "__main__":
    main()
