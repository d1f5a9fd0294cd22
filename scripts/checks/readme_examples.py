"""Runs the `$ command` lines of README.md's console blocks: usage readme_examples.py REPOSITORY."""

import os
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Of the machine and the moment, not of the run.
WALL_SECONDS = re.compile(r"took +\S+ s")
DATA = re.compile(r"\$\{ORRERY_DATA\}([^\s\"']*)")


def examples(text):
    """(command, what it prints) in the order of the page."""
    for block in BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed


def lacks_data(command, root):
    """Whether an experiment of a command reads a file under ORRERY_DATA that is not there."""
    for word in command.split():
        path = os.path.join(root, word)
        if not word.endswith(".yaml") or not os.path.isfile(path):
            continue
        with open(path, encoding="utf-8") as file:
            if any(not os.path.exists(os.environ.get("ORRERY_DATA", "") + name)
                   for name in DATA.findall(file.read())):
                return True
    return False


def main():
    root = sys.argv[1]
    with open(os.path.join(root, "README.md"), encoding="utf-8") as file:
        wanted = list(examples(file.read()))
    wrong, skipped = 0, []
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.join(root, "workloads"), os.path.join(folder, "workloads"))
        environment = dict(os.environ)
        wanted_here = len(wanted)
        environment["PATH"] = os.path.join(root, "build/release/bin") + ":" + environment["PATH"]
        for command, printed in wanted:
            words = command.split()
            if lacks_data(command, root) or any(word.startswith(out) for out in skipped for word in words):
                skipped += [words[words.index("--out") + 1]] if "--out" in words else []
                print(f"  skipped, its data is not here: {command}")
                wanted_here -= 1
                continue
            done = subprocess.run(command.split(), cwd=folder, env=environment,
                                  capture_output=True, text=True, check=False)
            same = WALL_SECONDS.sub("took", done.stdout) == WALL_SECONDS.sub("took", printed)
            if done.returncode != 0 or not same:
                wrong += 1
                print(f"  $ {command}\n{done.stdout}{done.stderr}", file=sys.stderr)
    good = wrong == 0 and wanted_here > 0
    print(f"readme.examples: {wanted_here - wrong} of {wanted_here} commands print what README.md "
          f"says (all){'' if good else ' MISSED'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
