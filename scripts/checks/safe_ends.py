"""Runs all cases of safe.ends. Usage: safe_ends.py SOURCE_ROOT [-v] [PART OF A NAME ...]"""

import pathlib
import shutil
import sys
import tempfile

import safe_ends_endless  # noqa: F401  registers its cases
import safe_ends_files  # noqa: F401
import safe_ends_numbers  # noqa: F401
import safe_ends_streams  # noqa: F401
import safe_ends_texts  # noqa: F401
from safe_ends_ground import CASES, run_case


def main():
    wanted = [word for word in sys.argv[2:] if word != "-v"]
    chosen = [each for each in CASES if not wanted or any(word in each.name for word in wanted)]
    wrong = faults = 0
    slowest = largest = (0, "")
    for each in chosen:
        folder = pathlib.Path(tempfile.mkdtemp(prefix="orrery-ends-")).resolve()
        try:
            found, seconds, megabytes = run_case(each, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        slowest = max(slowest, (seconds, each.name))
        largest = max(largest, (megabytes, each.name))
        if "-v" in sys.argv:
            print(f"  {each.name}: {seconds:.1f} s, {megabytes:.0f} MB", flush=True)
        for fault in found:
            print(f"safe.ends:   {each.name}: {fault}", flush=True)
        wrong += bool(found)
        faults += len(found)
    print(f"safe.ends: {len(chosen)} cases, {wrong} wrong (0), {faults} faults; slowest {slowest[0]:.1f} s "
          f"({slowest[1]}); most memory {largest[0]:.0f} MB ({largest[1]})")
    sys.exit(wrong > 0)


main()
