"""Every file in sim/worlds/training/policies is a policy that the command lists, and every listed one has a file.

usage: check_policies.py ROOT ORRERY
"""

import os
import re
import subprocess
import sys

from source_tree import files, finish


def main():
    root, orrery = sys.argv[1:3]
    listed = subprocess.run([orrery, "list", "policies"], capture_output=True, text=True, check=True)
    # A policy's line begins with its name. A file spells a name's hyphens as underscores.
    names = {
        match.group(1).replace("-", "_")
        for line in listed.stdout.splitlines()
        if (match := re.match(r"\s{0,2}([a-z][a-z0-9_-]*)\b", line))
    }
    written = {
        os.path.splitext(os.path.basename(path))[0]
        for path in files(root, (".cpp",))
        if re.match(r"sim/worlds/training/policies/[^/]+\.cpp$", path)
    }
    faults = [f"sim/worlds/training/policies/{name}.cpp is not listed by 'orrery list policies'" for name in sorted(written - names)]
    if not written:
        faults.append("no policy found in sim/worlds/training/policies")
    finish(faults, f"{len(written)} policies looked for in {len(names)} listed")


if __name__ == "__main__":
    main()
