"""Runs the `$ command` lines of README.md's console blocks: usage readme_examples.py REPOSITORY."""

import os
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Of the machine and the moment, not of the run.
WALL_SECONDS = re.compile(r"took +\S+ s")


def examples(text):
    """(command, what it prints) in the order of the page."""
    for block in BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed


def main():
    root = sys.argv[1]
    with open(os.path.join(root, "README.md"), encoding="utf-8") as file:
        wanted = list(examples(file.read()))
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.join(root, "workloads"), os.path.join(folder, "workloads"))
        environment = dict(os.environ)
        environment["PATH"] = os.path.join(root, "build/release/bin") + ":" + environment["PATH"]
        for command, printed in wanted:
            done = subprocess.run(command.split(), cwd=folder, env=environment,
                                  capture_output=True, text=True, check=False)
            same = WALL_SECONDS.sub("took", done.stdout) == WALL_SECONDS.sub("took", printed)
            if done.returncode != 0 or not same:
                wrong += 1
                print(f"  $ {command}\n{done.stdout}{done.stderr}", file=sys.stderr)
    good = wrong == 0 and len(wanted) > 0
    print(f"readme.examples: {len(wanted) - wrong} of {len(wanted)} commands print what README.md "
          f"says (all){'' if good else ' MISSED'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
