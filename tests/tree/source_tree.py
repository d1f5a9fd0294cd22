"""The files of the repository, as these checks look at them."""

import os
import subprocess
import sys

# Floors of the house, lowest first (README, "Layout"). A file includes only its own floor or those
# before it; calibrate is not a floor of the simulator's: the two meet in a profile file.
FLOORS = (
    "models/base",
    "models",
    "workloads",
    "traces",
    "sim/engine",
    "sim/platform",
    "sim/world",
    "sim/report",
    "sim/worlds/training",
    "sim/worlds/training/policies",
    "sim/experiment",
    "sim/app",
)


def files(root, suffixes=()):
    """Paths, relative to the root, of what is in the repository or about to be."""
    listed = subprocess.run(
        ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True, text=True, check=False,
    )
    if listed.returncode == 0:
        paths = [path for path in listed.stdout.split("\0") if path]
    else:  # an unpacked archive
        paths = []
        for folder, folders, names in os.walk(root):
            folders[:] = [f for f in folders if f not in ("build", ".git", "node_modules")]
            paths += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    kept = [p for p in paths if p.endswith(tuple(suffixes) or "") and os.path.isfile(os.path.join(root, p))]
    return sorted(kept)


def text(root, path):
    """The text of a file, or None for a binary one."""
    with open(os.path.join(root, path), "rb") as file:
        data = file.read()
    return None if b"\0" in data[:8000] else data.decode("utf-8", errors="replace")


def finish(faults, figure):
    """Prints the faults and ends the check."""
    for fault in faults:
        print(fault)
    print(f"{figure}; {len(faults)} faults")
    sys.exit(1 if faults else 0)
