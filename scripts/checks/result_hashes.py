"""Prints `hash path` of every result below a directory that must repeat.

Wall time, memory and decision latency belong to a machine and a moment: performance.json holds
them and is left out; comparison.json repeats them at each run and report.html in the tables'
`costs`, and these keys are taken out before hashing.
"""

import hashlib
import json
import os
import re
import sys

OF_THE_MACHINE = {
    "comparison.json": {"wall_seconds", "peak_rss_bytes", "decision_seconds"},
    "report.html": {"costs"},
}
DATA = re.compile(r'(<script[^>]*type="application/json"[^>]*>)(.*?)(</script>)', re.DOTALL)


def without(keys, value):
    if isinstance(value, dict):
        return {k: without(keys, v) for k, v in value.items() if k not in keys}
    if isinstance(value, list):
        return [without(keys, v) for v in value]
    return value


def content(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    keys = OF_THE_MACHINE.get(os.path.basename(path))
    if keys is None:
        return text
    if path.endswith(".json"):
        return json.dumps(without(keys, json.loads(text)))
    return DATA.sub(lambda m: m[1] + json.dumps(without(keys, json.loads(m[2]))) + m[3], text)


def main():
    root = sys.argv[1]
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            if name == "performance.json":
                continue
            path = os.path.join(folder, name)
            digest = hashlib.sha256(content(path).encode()).hexdigest()
            print(digest[:16], os.path.relpath(path, root))


if __name__ == "__main__":
    main()
