"""Runs a command on one processor: usage measure.py COMMAND... Prints wall seconds and peak bytes."""

import os
import resource
import subprocess
import sys
import time


def main():
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    begun = time.monotonic()
    done = subprocess.run(sys.argv[1:], stdout=sys.stderr, check=False)
    wall = time.monotonic() - begun
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    print(f"{wall:.3f} {peak}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
