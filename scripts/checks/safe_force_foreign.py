"""Cases of safe.force: names, links, marks, mounts, unfinished runs and files that are read."""

import os
import shutil
import subprocess

from safe_force_ground import (COMPARE, COMPARE_FORCE, FORCE, RUN, case, comparison, killed, make,
                               mount, put, results)
from safe_runs import MARK, experiment


@case("slashes at the end", "done", "run", "one.yaml", "--out", "out///", "--force")
def _(f): results(f)


@case("a dot at the end", "done", "run", "one.yaml", "--out", "out/.", "--force")
def _(f): results(f)


@case("two dots at the end", "done", "run", "one.yaml", "--out", "out/a/..", "--force")
def _(f): make(f, "run", "worlds.yaml", "--out", "out")


@case("results of several worlds", "done", *FORCE)
def _(f): make(f, "run", "worlds.yaml", "--out", "out")


@case("a note in the folder of a world", "refused", *FORCE)
def _(f):
    make(f, "run", "worlds.yaml", "--out", "out")
    put(f / "out" / "a" / "notes.txt")


for command in (RUN, FORCE, COMPARE_FORCE):
    @case(f"a link to results, {' '.join(command)}", "refused", *command)
    def _(f):
        results(f, "real")
        (f / "out").symlink_to("real")


@case("a link to nothing", "refused", *COMPARE)
def _(f): (f / "out").symlink_to("nothing")


@case("a link to an empty folder, compare", "done", *COMPARE)
def _(f):
    (f / "real").mkdir()
    (f / "out").symlink_to("real")


@case("a parent that is a link", "done", "run", "one.yaml", "--out", "link/out", "--force")
def _(f):
    (f / "real").mkdir()
    (f / "link").symlink_to("real")
    results(f, "link/out")


@case("a file where unfinished files go", "refused", *RUN)
def _(f): put(f / "out.partial")


@case("a folder of one's own where unfinished files go", "refused", *RUN)
def _(f): put(f / "out.partial" / "thesis.txt")


@case("a link where unfinished files go", "refused", *RUN)
def _(f):
    put(f / "real" / "thesis.txt")
    (f / "out.partial").symlink_to("real")


@case("an empty folder where unfinished files go", "done", *RUN)
def _(f): (f / "out.partial").mkdir()


@case("the partial of another run", "done", *RUN)
def _(f): killed(f, "run", "long.yaml", "--out", "out")


@case("the partial of another run with a note", "refused", *RUN)
def _(f):
    killed(f, "run", "long.yaml", "--out", "out")
    put(f / "out.partial" / "notes.txt")


@case("a killed comparison", "done", *COMPARE_FORCE)
def _(f): killed(f, "compare", "long.yaml", "--out", "out")


@case("a policy's folder that is a link", "refused", *COMPARE)
def _(f):
    comparison(f)
    for policy in ("fifo", "sjf"):
        shutil.rmtree(f / "out" / policy)
        put(f / "real" / policy / "1.partial" / "thesis.txt")
        (f / "out" / policy).symlink_to(f / "real" / policy)
    for name in ("comparison.json", "report.html"):
        (f / "out" / name).unlink()


@case("a run's folder that is a link", "refused", *COMPARE_FORCE)
def _(f):
    comparison(f)
    os.rename(f / "out" / "fifo" / "1", f / "real")
    (f / "out" / "fifo" / "1").symlink_to(f / "real")


@case("a log that is a link", "refused", *COMPARE_FORCE)
def _(f):
    comparison(f)
    put(f / "precious")
    (f / "out" / "fifo" / "1.log").symlink_to(f / "precious")


@case("results of an earlier version, without a mark", "refused", *FORCE)
def _(f):
    results(f)
    (f / "out" / MARK).unlink()


@case("a mark that names a file outside", "refused", *FORCE)
def _(f):
    results(f)
    put(f / "precious")
    with open(f / "out" / MARK, "a") as mark:
        mark.write("../precious\n")


@case("a mark that names a whole path", "refused", *FORCE)
def _(f):
    results(f)
    with open(f / "out" / MARK, "a") as mark:
        mark.write(f"{f}/one.yaml\n")


@case("a mark that is a link", "refused", *FORCE)
def _(f):
    results(f)
    os.rename(f / "out" / MARK, f / "mark")
    (f / "out" / MARK).symlink_to("../mark")


@case("a mark of bytes", "refused", *FORCE)
def _(f):
    results(f)
    (f / "out" / MARK).write_bytes(bytes(range(256)))


@case("an empty mark among files", "refused", *FORCE)
def _(f):
    put(f / "out" / MARK, "")
    put(f / "out" / "thesis.txt")


@case("a link for a listed file", "refused", *FORCE)
def _(f):
    results(f)
    put(f / "precious")
    (f / "out" / "summary.json").unlink()
    (f / "out" / "summary.json").symlink_to("../precious")


@case("a folder for a listed file", "refused", *FORCE)
def _(f):
    results(f)
    (f / "out" / "summary.json").unlink()
    put(f / "out" / "summary.json" / "thesis.txt")


@case("a listed file with another name elsewhere", "done", *FORCE)
def _(f):
    results(f)
    os.link(f / "out" / "summary.json", f / "kept.json")


@case("the input among the results", "refused", "run", "out/experiment.yaml", "--out", "out",
      "--force")
def _(f):
    results(f)
    shutil.copy(f / "jobs.csv", f / "out" / "jobs.csv")


@case("an input laid over a file among the results", "refused", "run", "over.yaml", "--out", "out",
      "--force")
def _(f):
    results(f)
    put(f / "over.yaml", "extends: out/experiment.yaml\nworkload: {trace: {path: jobs.csv}}\n")


@case("a trace among the results", "refused", "run", "over.yaml", "--out", "out", "--force")
def _(f):
    results(f)
    put(f / "over.yaml", experiment(policies=("fifo",)).replace("jobs.csv", "out/jobs.csv"))
    shutil.copy(f / "jobs.csv", f / "out" / "jobs.csv")


for kind in ("file", "fifo", "device"):
    @case(f"a {kind} for a directory", "refused", *FORCE)
    def _(f, kind=kind):
        if kind == "file":
            put(f / "out")
        elif kind == "fifo":
            os.mkfifo(f / "out")
        else:
            (f / "out").symlink_to("/dev/null")


@case("a name of blanks, quotes and other letters", "done", "run", "one.yaml", "--out",
      "ein \"Ergebnis\" für 'mich'", "--force")
def _(f): results(f, "ein \"Ergebnis\" für 'mich'")


@case("a mount point with results", "refused", *FORCE)
def _(f):
    mount(f / "out")
    results(f, "out/x")
    for entry in (f / "out" / "x").iterdir():
        os.rename(entry, f / "out" / entry.name)
    (f / "out" / "x").rmdir()


@case("an empty mount point, compare", "done", *COMPARE)
def _(f): mount(f / "out")


@case("a directory in a mount", "done", "run", "one.yaml", "--out", "out/x", "--force")
def _(f):
    mount(f / "out")
    results(f, "out/x")


@case("a read-only mount", "refused", "run", "one.yaml", "--out", "out/x", "--force")
def _(f):
    mount(f / "out")
    results(f, "out/x")
    subprocess.run(["mount", "-o", "remount,ro", f / "out"], check=True)


@case("report.html of one's own", "refused", "report", "out")
def _(f):
    results(f, "out", "--no-report")
    put(f / "out" / "report.html")


@case("a report that was written", "done", "report", "out")
def _(f): results(f)


@case("a report over a file that is read", "refused", "report", "out", "--out", "out/summary.json")
def _(f): results(f)


@case("a report through a device", "done", "report", "out", "--out", "device")
def _(f):
    results(f)
    # By a link, so that a mistake costs the link and not the machine's device.
    (f / "device").symlink_to("/dev/null")


@case("a trace over itself", "refused", "trace", "convert", "jobs.csv", "--format", "csv", "--out",
      "jobs.csv")
def _(f): pass


@case("a trace over itself by a link", "refused", "trace", "convert", "jobs.csv", "--format", "csv",
      "--out", "link.csv")
def _(f): (f / "link.csv").symlink_to("jobs.csv")
