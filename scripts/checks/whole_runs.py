"""Whole runs beside a peer and a floor: usage whole_runs.py ORRERY SCRATCH_FOLDER.

Peer: the reference loop in Python, which does the same schedule from memory and writes nothing.
Floor: reading the trace's bytes and writing those of the results, with no thought in between.
"""

import gzip
import os
import shutil
import statistics
import subprocess
import sys
import time

from oracle_cases import LARGEST_CASE, Case, nodes_wanted, write_case
from oracle_reference import read_philly, simulate

ROUNDS = 5
EXPERIMENT = """\
name: whole-run
kind: training-cluster
cluster:
  network: isolated
  nodes:
    - {{count: {nodes}, gpu: v100-32g, gpus_per_node: 8}}
workload:
  trace: {{format: {form}, path: "{path}"}}
policy: {{name: {policy}}}
seed: 1
"""


def timed(function, *arguments):
    begun = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - begun


def run(orrery, experiment, out):
    shutil.rmtree(out, ignore_errors=True)
    subprocess.run([orrery, "run", experiment, "--out", out, "--no-trace"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def copy_bytes(trace, out, target):
    """Reads the trace and writes again what a run wrote."""
    opened = gzip.open(trace, "rb") if trace.endswith(".gz") else open(trace, "rb")
    with opened as file:
        while file.read(1 << 20):
            pass
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(out, target)


def report(name, ours, others):
    """Prints medians of interleaved rounds and the ratios of the others to ours."""
    mine = statistics.median(ours)
    print(f"{name}: {mine:.3f} s (median of {len(ours)})")
    for label, times in others:
        other = statistics.median(times)
        print(f"  {label}: {other:.3f} s, that is {other / mine:.3f} of ours")


def whole_trace(orrery, folder, name, nodes, form, path, policy):
    experiment, out = os.path.join(folder, "whole.yaml"), os.path.join(folder, "whole")
    with open(experiment, "w", encoding="utf-8") as file:
        file.write(EXPERIMENT.format(nodes=nodes, form=form, path=path, policy=policy))
    ours, floor = [], []
    for _ in range(ROUNDS):
        ours.append(timed(run, orrery, experiment, out))
        floor.append(timed(copy_bytes, path, out, os.path.join(folder, "copied")))
    report(name, ours, [("floor, bytes read and written", floor)])


def against_python(orrery, folder, philly):
    jobs = read_philly(philly)["b436b2"][:LARGEST_CASE]
    case = Case("b436b2", jobs, nodes_wanted(jobs, 1.2), 8)
    for policy in ("fifo", "srtf"):
        experiment = write_case(folder, case, policy, "blocking", "consolidated")
        ours, peer = [], []
        for _ in range(ROUNDS):
            ours.append(timed(run, orrery, experiment, os.path.join(folder, "peer")))
            peer.append(timed(simulate, jobs, case.nodes, 8, policy, "blocking", "consolidated"))
        report(f"Philly {case.name}, {len(jobs)} jobs, {policy} on {case.nodes} nodes", ours,
               [("peer, the reference loop in Python, no files", peer)])


def main():
    orrery, folder = sys.argv[1:3]
    data = os.path.join(os.environ["ORRERY_DATA"], "traces")
    philly = os.path.join(data, "philly", "philly_jobs.csv.gz")
    helios = os.path.join(data, "helios_venus", "venus_gpu_jobs_before_sept.csv.gz")
    if not os.path.exists(philly) or not os.path.exists(helios):
        print("whole runs are left out: no Philly and Helios traces under ORRERY_DATA")
        return
    whole_trace(orrery, folder, "Philly, FIFO on 32 nodes of 8", 32, "philly", philly, "fifo")
    whole_trace(orrery, folder, "Helios, SRTF on 70 nodes of 8", 70, "helios", helios, "srtf")
    against_python(orrery, folder, philly)


if __name__ == "__main__":
    main()
