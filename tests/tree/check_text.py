"""Length, machine paths and leftovers: usage check_text.py ROOT."""

import re
import sys

from source_tree import files, finish, text

CODE = (".cpp", ".hpp", ".cu", ".cuh", ".h", ".py", ".sh", ".js", ".mjs", ".cmake", "CMakeLists.txt")
LONGEST = 400
# Built from parts, so that this file passes its own check.
MACHINE_PATH = re.compile(r"(?<![\w.$}/-])/(?:wo" + r"rk|ho" + r"me|ro" + r"ot|Us" + r"ers)/[\w.]")
LEFTOVER = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b")
# Data and generated locks have lines of any number.
FREE = re.compile(r"(^|/)(package-lock\.json|LICENSE|NOTICE)$|^tests/.*(fixtures|corpus)/|^traces/samples/")


def faults_of(path, content):
    lines = content.splitlines()
    is_code = path.endswith(CODE) or content.startswith("#!")
    if is_code and len(lines) > LONGEST:
        yield f"{path}: {len(lines)} lines, at most {LONGEST} are wanted: split it by concept"
    for number, line in enumerate(lines, start=1):
        if MACHINE_PATH.search(line):
            yield f"{path}:{number}: a path of somebody's machine: {line.strip()}"
        if is_code and LEFTOVER.search(line):
            yield f"{path}:{number}: unfinished work: {line.strip()}"


def main():
    root = sys.argv[1]
    faults, count = [], 0
    for path in files(root):
        content = None if FREE.search(path) else text(root, path)
        if content is not None:
            count += 1
            faults += faults_of(path, content)
    finish(faults, f"{count} files looked at")


if __name__ == "__main__":
    main()
