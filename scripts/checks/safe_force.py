"""A table of directories that hold more than results: what goes is what orrery wrote.

Each case makes a folder, runs one command there and says how it ends. `refused`: a sentence, exit
code 1 or 2, and nothing differs afterwards. `done`: exit code 0, and all that no mark listed before
stands as it was.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

import safe_force_foreign  # noqa: F401  registers its cases
import safe_force_named  # noqa: F401  registers its cases
import safe_force_results  # noqa: F401  registers its cases
from safe_force_ground import CASES, put
from safe_runs import MARK, TRACE, experiment, listed, look, orrery, strays


def unmount_below(folder):
    for line in open("/proc/mounts").read().splitlines()[::-1]:
        if line.split()[1].startswith(str(folder)):
            subprocess.run(["umount", line.split()[1]], check=True)


def prepare_all(folder):
    put(folder / "jobs.csv", TRACE)
    put(folder / "one.yaml", experiment(policies=("fifo",)))
    put(folder / "two.yaml", experiment())
    put(folder / "other.yaml", experiment("other", extra="seeds: [1, 2]\n"))
    put(folder / "long.yaml",
        "name: long\ncluster: {nodes: [{count: 4, gpu: t4, gpus_per_node: 8}]}\n"
        "workload: {generate: {philly: {jobs: 400000, largest_gpus: 8}}}\npolicy: {name: fifo}\n")
    put(folder / "worlds.yaml",
        "name: worlds\nplatform: {nodes: [{count: 4, gpu: t4, gpus_per_node: 4}]}\nworlds:\n"
        "  - {name: a, workload: {trace: {format: csv, path: jobs.csv}}, policy: {name: fifo}}\n"
        "  - {name: b, workload: {trace: {format: csv, path: jobs.csv}}, policy: {name: sjf}}\n")


def faults_of(expected, code, err, before, after, written):
    """What is wrong with how a command ended, in words."""
    summaries = {"out/comparison.json", "out/report.html", "out/" + MARK}
    # An empty folder is what a run leaves that was killed at its very first step.
    empty = {n for n in before if n.endswith(".partial") and not any(
        m.startswith(n + "/") for m in before) and before[n][0].startswith("d")}
    gone = [name for name in before
            if after.get(name) != before[name] and name not in written | empty]
    if gone:
        yield f"{gone} not as before, and not what orrery wrote"
    if expected == "refused":
        changed = [n for n in {*before, *after} if before.get(n) != after.get(n)]
        if [name for name in changed if name not in summaries]:
            yield f"{changed} changed by a refusal"
        if code not in (1, 2):
            yield f"exit code {code}"
        if "error: " not in err:
            yield f"no sentence: {err!r}"
    elif code != 0:
        yield f"exit code {code}: {err}"


def run_case(name, expected, command, at, prepare):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="orrery-safe-")).resolve()
    try:
        prepare_all(folder)
        prepare(folder)
        before, written = look(folder), listed(folder)
        code, _, err = orrery(command, folder / at)
        after = look(folder)
        faults = list(faults_of(expected, code, err, before, after, written))
        if expected == "done" and strays(folder):
            faults.append(f"left {strays(folder)}")
        return faults, err.strip()
    finally:
        unmount_below(folder)
        shutil.rmtree(folder)


def main():
    wrong = 0
    for name, expected, command, at, prepare in CASES:
        faults, err = run_case(name, expected, command, at, prepare)
        if "-v" in sys.argv:
            print(f"  {name}: {expected}: {err}")
        for fault in faults:
            print(f"safe.force:   {name}: {fault}")
        wrong += bool(faults)
    print(f"safe.force: {len(CASES)} directories, {wrong} wrong (0)")
    sys.exit(wrong > 0)


main()
