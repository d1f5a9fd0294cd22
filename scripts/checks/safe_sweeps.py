"""Memory of validate and compare, and seconds to the first run: usage safe_sweeps.py [POINTS].

Each kind of sweep has POINTS runs (10,000). All kinds are validated, and compared until their first
run is done; one of them, the one with most tables and charts, is compared to its end.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from safe_runs import ORRERY, TRACE

MOST_MEGABYTES = 500
MOST_SECONDS = 2
# A list that is longer than any comparison: refused, and not in minutes.
TOO_MANY_SEEDS = 900_000
CLUSTER = "cluster: {nodes: [{count: 2, gpu: t4, gpus_per_node: 4}]}\n"
WORKLOAD = "workload: {trace: {format: csv, path: jobs.csv}}\n"


def listed(words):
    return "[" + ", ".join(map(str, words)) + "]"


def documents(points):
    """Experiments with as many runs, by what they vary."""
    side = round(points ** 0.5)
    plain = "name: many\n" + CLUSTER + WORKLOAD
    fifo = plain + "policy: {name: fifo}\n"
    labels = [f"{{name: fifo, label: p{i}}}" for i in range(points)]
    drawn = plain.replace(WORKLOAD, "workload: {generate: {philly: {jobs: 20, largest_gpus: 4}}}\n")
    return {
        "one key": fifo + f"sweep: {{round: {listed(f'{i + 1} s' for i in range(points))}}}\n",
        "nodes": fifo + f"sweep: {{round: {listed(f'{i + 1} s' for i in range(side))}, "
                        f"\"cluster.nodes[0].count\": {listed(range(2, side + 2))}}}\n",
        "two keys": fifo + f"sweep: {{round: {listed(f'{i + 1} s' for i in range(side))}, "
                           f"workload.limit: {listed(range(1, side + 1))}}}\n",
        "policies": plain + f"policies: {listed(labels)}\n",
        "policies and a key": plain + f"policies: {listed(labels[:side])}\nsweep: {{round: "
                              + listed(f"{i + 1} s" for i in range(side)) + "}\n",
        "seeds": fifo + f"seeds: {listed(range(points))}\n",
        "seeds of drawn jobs": drawn + f"policy: {{name: fifo}}\nseeds: {listed(range(points))}\n",
    }


def measured(words, folder, stop=None):
    """Runs the command; peak megabytes, seconds, those of processors, exit code. `stop` says when it
    is ended early."""
    begun = time.monotonic()
    with open(folder / "said", "wb") as said:
        process = subprocess.Popen([ORRERY, *words], cwd=folder, stdout=said, stderr=said,
                                   start_new_session=True)
    seconds = None
    while stop and process.poll() is None and not stop():
        time.sleep(0.005)
    if stop:
        seconds = time.monotonic() - begun
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return (usage.ru_maxrss / 1024, seconds or time.monotonic() - begun,
            usage.ru_utime + usage.ru_stime, process.returncode)


def begun_run(out):
    """Whether a run has begun to write below a folder of results."""
    return lambda: any(path.name == "experiment.yaml" for path in out.glob("*/*/*")) or any(
        path.name == "experiment.yaml" for path in out.glob("*/*/*/*"))


def main():
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    faults = 0

    def figure(text, fine):
        nonlocal faults
        faults += not fine
        print(f"safe.sweeps: {text}{'' if fine else ' -- MISSED'}", flush=True)

    folder = pathlib.Path(tempfile.mkdtemp(prefix="orrery-sweeps-"))
    try:
        (folder / "jobs.csv").write_text(TRACE)
        for number, (kind, text) in enumerate(documents(points).items()):
            (folder / "e.yaml").write_text(text)
            peak, seconds, _, code = measured(["validate", "e.yaml"], folder)
            figure(f"{points} points ({kind}): validate {peak:.0f} MB (at most {MOST_MEGABYTES}), "
                   f"{seconds:.1f} s", code == 0 and peak <= MOST_MEGABYTES)
            out = folder / f"out{number}"
            peak, seconds, work, code = measured(
                ["compare", "e.yaml", "--out", str(out), "--no-trace"], folder, begun_run(out))
            figure(f"{points} points ({kind}): compare's first run after {seconds:.2f} s (at most "
                   f"{MOST_SECONDS}; {work:.2f} s of processors), {peak:.0f} MB until then",
                   code == 130 and seconds <= MOST_SECONDS and peak <= MOST_MEGABYTES)
            shutil.rmtree(out)
        (folder / "e.yaml").write_text(documents(1)["seeds"].replace(
            "[0]", listed(range(TOO_MANY_SEEDS))))
        peak, seconds, _, code = measured(["validate", "e.yaml"], folder)
        figure(f"{TOO_MANY_SEEDS} seeds are refused with {peak:.0f} MB after {seconds:.1f} s",
               code == 2 and peak <= MOST_MEGABYTES)
        (folder / "e.yaml").write_text(documents(points)["two keys"])
        peak, seconds, _, code = measured(
            ["compare", "e.yaml", "--out", "out", "--no-trace"], folder)
        out = folder / "out"
        sizes = ", ".join(f"{name} {(out / name).stat().st_size / 2**20:.0f} MB"
                          for name in ("comparison.json", "report.html") if (out / name).exists())
        figure(f"{points} points (two keys): compare to its end {peak:.0f} MB (at most "
               f"{MOST_MEGABYTES}), {seconds:.0f} s, {sizes}",
               code == 0 and peak <= MOST_MEGABYTES)
        peak, seconds, _, code = measured(["report", "out"], folder)
        figure(f"report of these {peak:.0f} MB (at most {MOST_MEGABYTES}), {seconds:.1f} s",
               code == 0 and peak <= MOST_MEGABYTES)
    finally:
        shutil.rmtree(folder)
    sys.exit(faults > 0)


main()
