"""Checks the syntax of every file that a build would compile: compile_alone.py BUILD JOBS."""

import concurrent.futures
import json
import os
import shlex
import subprocess
import sys


def check(entry):
    """(the file, what the compiler said where it failed)."""
    words = shlex.split(entry["command"])
    at = words.index("-o")
    command = words[:at] + words[at + 2:] + ["-fsyntax-only"]
    done = subprocess.run(command, cwd=entry["directory"], capture_output=True, text=True, check=False)
    return entry["file"], "" if done.returncode == 0 else done.stderr or "the compiler failed"


def main():
    build, jobs = sys.argv[1], int(sys.argv[2])
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as stream:
        entries = {e["file"]: e for e in json.load(stream) if not e["file"].endswith(".cu")}
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for path, said in pool.map(check, entries.values()):
            if said:
                failed += 1
                print(f"build.alone: {os.path.relpath(path)}: {said.splitlines()[0]}", flush=True)
    print(f"build.alone: {failed} of {len(entries)} files do not compile alone (0)")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
