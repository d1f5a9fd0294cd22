"""Runs of orrery and looks at folders, shared by the checks named safe.*."""

import hashlib
import os
import pathlib
import stat
import subprocess

ORRERY = os.environ["ORRERY"]
MARK = ".orrery-results"
# Files that tell what simulating cost.
NOT_THE_SAME_TWICE = ("performance.json", "report.html", "comparison.json")
TRACE = "job_id,submit_seconds,gpus,duration_seconds\n" + "".join(
    f"j{i},{10 * i},{1 + i % 4},{50 + 7 * i}\n" for i in range(20))


def experiment(name="small", policies=("fifo", "sjf"), extra=""):
    """A document that runs in a moment; it reads jobs.csv beside it."""
    chosen = f"policies: [{', '.join(policies)}]" if len(policies) > 1 else f"policy: {policies[0]}"
    if len(policies) == 1:
        chosen = f"policy: {{name: {policies[0]}}}"
    return (f"name: {name}\ncluster: {{nodes: [{{count: 2, gpu: t4, gpus_per_node: 4}}]}}\n"
            f"workload: {{trace: {{format: csv, path: jobs.csv}}}}\n{chosen}\n{extra}")


def orrery(arguments, folder, **options):
    """Runs the program in a folder; its exit code and what it said."""
    done = subprocess.run([ORRERY, *map(str, arguments)], cwd=folder, capture_output=True,
                          timeout=options.pop("timeout", 120), text=True, errors="replace",
                          **options)
    return done.returncode, done.stdout, done.stderr


def look(folder):
    """Everything below a folder, links not followed: kind, permissions and content by path."""
    found = {}
    for path in sorted(pathlib.Path(folder).rglob("*")):
        status = path.lstat()
        name = str(path.relative_to(folder))
        if stat.S_ISLNK(status.st_mode):
            found[name] = ("link", os.readlink(path))
        elif stat.S_ISREG(status.st_mode):
            found[name] = ("file", hashlib.sha256(path.read_bytes()).hexdigest())
        else:
            found[name] = (stat.filemode(status.st_mode), "")
    return found


def listed(folder):
    """What the marks below a folder list, as paths below it; they and their folders too."""
    names = set()
    for mark in pathlib.Path(folder).rglob(MARK):
        if not mark.is_file():
            continue
        at = mark.parent.relative_to(folder)
        names |= {str(at), str(at / MARK)}
        for line in mark.read_text(errors="replace").splitlines()[1:]:
            names.add(os.path.normpath(str(at / line)))
    return names


def write_generated(folder, experiments):
    """Experiments on generated jobs, long enough to be caught in the middle: policies by name."""
    for name, policies in experiments.items():
        (folder / f"{name}.yaml").write_text(experiment(name, policies).replace(
            "trace: {format: csv, path: jobs.csv}",
            "generate: {philly: {jobs: 2000, largest_gpus: 8}}"))


def strays(folder):
    """What a finished command must not leave: files that stand for a moment only."""
    return [str(path) for path in pathlib.Path(folder).rglob("*")
            if path.name.endswith((".partial", ".log")) or ".tmp-" in path.name
            or path.name.startswith((".orrery-tmp", ".old-"))]
