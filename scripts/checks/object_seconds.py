"""Seconds that compiling and linking took, by folder: object_seconds.py BUILD_DIRECTORY.

They are elapsed seconds of each command in ninja's log, summed: on a machine that has nothing else
to do, the processor seconds of the build.
"""

import collections
import os
import sys


def folder_of(output):
    """`sim/worlds/training` of its objects, `link` of programs, `other` of the rest."""
    if output.endswith(".gch"):
        return "precompiled header"
    if output.startswith("bin/"):
        return "link"
    if not output.endswith(".o"):
        return "other"
    source = output.split(".dir/", 1)
    return os.path.join(source[0].rsplit("/CMakeFiles", 1)[0], os.path.dirname(source[1])).rstrip("/")


def main():
    seconds = {}
    with open(os.path.join(sys.argv[1], ".ninja_log"), encoding="utf-8") as stream:
        for line in stream:
            fields = line.rstrip("\n").split("\t")
            if len(fields) == 5:
                seconds[fields[3]] = (int(fields[1]) - int(fields[0])) / 1000
    total, count = collections.Counter(), collections.Counter()
    for output, took in seconds.items():
        total[folder_of(output)] += took
        count[folder_of(output)] += 1
    for folder, took in total.most_common():
        print(f"{took:7.1f} s {count[folder]:4d}  {folder}")
    print(f"{sum(total.values()):7.1f} s {sum(count.values()):4d}  together")


if __name__ == "__main__":
    main()
