"""Runs cases through `orrery run` and through the reference, and compares every job.

usage: oracle_cases.py ORRERY PHILLY_CSV

Cases: each Philly virtual cluster of some size on nodes shrunk until jobs wait, and random cases
full of ties, under every policy, queue and placement.
"""

import csv
import json
import math
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from oracle_reference import PLACEMENTS, POLICIES, QUEUES, Job, read_philly, simulate

TIME_TOLERANCE = 1e-6
MEAN_TOLERANCE = 0.01
LARGEST_CASE = 12000  # jobs; more of the same virtual cluster shows nothing new
RANDOM_SEEDS = 40

EXPERIMENT = """\
name: {name}
kind: training-cluster
cluster:
  network: isolated
  nodes:
    - {{count: {nodes}, gpu: v100-32g, gpus_per_node: {size}}}
workload:
  trace: {{format: csv, path: case.csv}}
policy: {{name: {policy}, queue: {queue}, placement: {placement}}}
seed: 1
"""


@dataclass
class Case:
    name: str
    jobs: list
    nodes: int
    size: int


@dataclass
class Outcome:
    case: str
    group: str
    jobs: int = 0
    time_deviation: float = 0.0
    mean_deviation: float = 0.0
    waited: bool = False
    fault: str = ""


def nodes_wanted(jobs, headroom):
    span = max(job.submit for job in jobs) - min(job.submit for job in jobs)
    demand = sum(job.gpus * job.duration for job in jobs) / max(span, 1.0)
    return max(math.ceil(max(job.gpus for job in jobs) / 8), math.ceil(demand * headroom / 8))


def philly_cases(path):
    for cluster, jobs in read_philly(path).items():
        if len(jobs) < 100:
            continue
        jobs = jobs[:LARGEST_CASE]
        for headroom in (1.2, 1.8):
            yield Case(f"philly-{cluster}-{headroom}", jobs, nodes_wanted(jobs, headroom), 8)


def random_cases():
    """Few distinct times and sizes, so that almost every event shares its instant with others."""
    for seed in range(RANDOM_SEEDS):
        draw = random.Random(seed)
        nodes, size = draw.randint(1, 6), draw.choice((1, 2, 4, 8))
        shortest = 0 if seed % 4 == 0 else 1
        jobs = [
            Job(
                f"r{number}",
                float(draw.randint(0, 40)),
                min(draw.choice((1, 1, 2, 3, 4, 8, 8, 12, 16)), nodes * size),
                draw.randint(shortest, 12) * draw.choice((0.25, 1.0, 1.0)),
            )
            for number in range(draw.randint(20, 150))
        ]
        if seed % 2 == 0:
            jobs.sort(key=lambda job: job.submit)  # else file order is not that of arrival
        yield Case(f"random-{seed}", jobs, nodes, size)


def write_case(folder, case, policy, queue, placement):
    with open(os.path.join(folder, "case.csv"), "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["job_id", "submit_seconds", "gpus", "duration_seconds"])
        rows.writerows([job.name, repr(job.submit), job.gpus, repr(job.duration)] for job in case.jobs)
    experiment = os.path.join(folder, "case.yaml")
    with open(experiment, "w") as file:
        file.write(
            EXPERIMENT.format(
                name=case.name, nodes=case.nodes, size=case.size,
                policy=policy, queue=queue, placement=placement,
            )
        )
    return experiment


def compare(case, folder, start, finish, outcome):
    with open(os.path.join(folder, "out", "jobs.csv"), newline="") as file:
        ours = {row["job_id"]: row for row in csv.DictReader(file)}
    with open(os.path.join(folder, "out", "summary.json")) as file:
        summary = json.load(file)
    if len(ours) != len(case.jobs) or summary["jobs"]["finished"] != len(case.jobs):
        outcome.fault = f"{summary['jobs']} of {len(case.jobs)} jobs"
        return
    for number, job in enumerate(case.jobs):
        row = ours[job.name]
        deviation = max(
            abs(float(row["submit_seconds"]) - job.submit),
            abs(float(row["start_seconds"]) - start[number]),
            abs(float(row["finish_seconds"]) - finish[number]),
        )
        if not deviation <= TIME_TOLERANCE and not outcome.fault:
            outcome.fault = (
                f"job {job.name} started {row['start_seconds']} and finished "
                f"{row['finish_seconds']}, the reference says {start[number]} and {finish[number]}"
            )
        outcome.time_deviation = max(outcome.time_deviation, deviation)
    count = len(case.jobs)
    jct = sum(finish[n] - job.submit for n, job in enumerate(case.jobs)) / count
    wait = sum(finish[n] - job.submit - job.duration for n, job in enumerate(case.jobs)) / count
    first = sum(start[n] - job.submit for n, job in enumerate(case.jobs)) / count
    outcome.waited = wait > 0
    for key, mean in (("jct_seconds", jct), ("wait_seconds", wait), ("first_start_wait_seconds", first)):
        for kind in ("finished", "exhaustion"):
            outcome.mean_deviation = max(
                outcome.mean_deviation, abs(summary[key][kind]["mean"] - mean)
            )
    if not outcome.mean_deviation < MEAN_TOLERANCE and not outcome.fault:
        outcome.fault = f"a mean deviates by {outcome.mean_deviation} s"


def run_case(task):
    orrery, case, policy, queue, placement = task
    outcome = Outcome(f"{case.name} {policy} {queue} {placement}", case.name.split("-")[0])
    outcome.jobs = len(case.jobs)
    start, finish = simulate(case.jobs, case.nodes, case.size, policy, queue, placement)
    with tempfile.TemporaryDirectory() as folder:
        experiment = write_case(folder, case, policy, queue, placement)
        command = [orrery, "run", experiment, "--out", os.path.join(folder, "out"),
                   "--no-trace", "--no-report"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            outcome.fault = f"exit code {done.returncode}: {done.stderr.strip()}"
        else:
            compare(case, folder, start, finish, outcome)
    return outcome


def main():
    orrery, philly = sys.argv[1:3]
    cases = list(random_cases())
    if os.path.exists(philly):
        cases += philly_cases(philly)
    else:
        print(f"no Philly trace at {philly}: set ORRERY_DATA", file=sys.stderr)
        return 1
    tasks = [
        (orrery, case, policy, queue, placement)
        for case in cases for policy in POLICIES for queue in QUEUES for placement in PLACEMENTS
    ]
    with multiprocessing.Pool() as pool:
        outcomes = list(pool.imap_unordered(run_case, tasks, chunksize=4))
    faults = sorted(f"{o.case}: {o.fault}" for o in outcomes if o.fault)
    for fault in faults[:20]:
        print(f"  {fault}", file=sys.stderr)
    for group, where in (("philly", "on Philly's virtual clusters"), ("random", "full of ties")):
        mine = [o for o in outcomes if o.group == group]
        good = [o for o in mine if not o.fault]
        print(
            f"cluster.oracle: {len(good)} of {len(mine)} cases {where} agree, "
            f"{sum(o.jobs for o in good)} of {sum(o.jobs for o in mine)} jobs, jobs wait in "
            f"{sum(o.waited for o in mine)}; largest deviation of a start or finish "
            f"{max(o.time_deviation for o in mine):g} s, of a mean "
            f"{max(o.mean_deviation for o in mine):.2g} s "
            f"(all; {TIME_TOLERANCE:g} s; {MEAN_TOLERANCE:g} s)"
        )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
