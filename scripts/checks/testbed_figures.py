"""Holds a comparison on the testbed trace against the testbed's own results.

Usage: testbed_figures.py COMPARISON reference_results.csv

Cluster throughput is the mean over the first 1,008 rounds of 20 s, which is what the published mean
is over: the samples that the logs' real rows say were processed until then give it within 1.5 %.
Completion times are of the jobs that finished within the run, as published. Prints a line for each
figure; exits 1 when one misses its target.
"""
import csv
import json
import pathlib
import sys

WINDOW_SECONDS = 1008 * 20.0
# Policy here, its name in the reference, and how far its mean completion time may be off.
POLICIES = (
    ("crius", "crius", 0.09),
    ("gavel", "gavel", 0.09),
    ("fcfs", "fcfs", 0.12),
    ("gandiva", "gandiva", 0.12),
    ("elasticflow-ls", "elasticflow-l", None),
)
THROUGHPUT_TARGET = 0.054


def mean_throughput(timeline):
    """Samples per second over the window; rows hold from their time to the next one's."""
    with open(timeline, newline="") as file:
        rows = [(float(r["time_seconds"]), float(r["samples_per_second"])) for r in csv.DictReader(file)]
    total = 0.0
    for (begin, rate), (end, _) in zip(rows, rows[1:] + [(WINDOW_SECONDS, 0.0)]):
        total += rate * max(0.0, min(end, WINDOW_SECONDS) - min(begin, WINDOW_SECONDS))
    return total / WINDOW_SECONDS


def references(path):
    with open(path, newline="") as file:
        return {(r["experiment"], r["policy"]): r for r in csv.DictReader(file)}


def main():
    comparison, reference = pathlib.Path(sys.argv[1]), references(sys.argv[2])
    missed = 0

    def figure(name, text, target, held):
        nonlocal missed
        missed += not held
        print(f"crius.testbed: {name}: {text} ({target}){'' if held else ' MISSED'}")

    for policy, theirs, jct_target in POLICIES:
        real = reference["testbed:rt", theirs]
        emulated = reference["testbed:rt_local", theirs]
        run = comparison / policy / "1"
        summary = json.loads((run / "summary.json").read_text())
        ours = mean_throughput(run / "timeline.csv")
        published = float(real["mean_cluster_thr_samples_per_s"])
        off = ours / published - 1
        figure(
            f"{policy} throughput",
            f"{ours:.1f} samples/s, {100 * off:+.1f} % of the real {published:.1f}",
            f"within {100 * THROUGHPUT_TARGET:.1f} %",
            abs(off) <= THROUGHPUT_TARGET,
        )
        mean = summary["jct_seconds"]["finished"]["mean"]
        published = float(real["mean_jct_s"])
        off = mean / published - 1
        text = (
            f"{mean:.0f} s, {100 * off:+.1f} % of the real {published:.0f} s"
            f" (the artifact's emulation {100 * (float(emulated['mean_jct_s']) / published - 1):+.1f} %);"
            f" {summary['jobs']['finished']} jobs finished, really {real['finished_jobs']}"
        )
        if jct_target is None:
            print(f"crius.testbed: {policy} mean completion time: {text} (not comparable)")
        else:
            figure(f"{policy} mean completion time", text, f"within {100 * jct_target:.0f} %",
                   abs(off) <= jct_target)
    sys.exit(1 if missed else 0)


main()
