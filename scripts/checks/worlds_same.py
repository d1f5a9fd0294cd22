"""Runs experiments with two programs and compares what they leave behind.

usage: worlds_same.py BEFORE AFTER EXPERIMENTS FOLDER

Prints lines `text|target|ok or missed`, or `text||` for what is only said.
"""

import csv
import glob
import json
import os
import random
import re
import subprocess
import sys

RECORDS = ("jobs.csv", "allocations.csv", "decisions.csv")


def shared_migration(text):
    return "migration:" in text and "network: shared" in text


# What may differ, with its reason: (file, whether this experiment may differ, reason).
MOVED = (
    ("decisions.csv", shared_migration,
     "the seconds of a resume after a migration over a shared fabric are recorded"),
    *((name, lambda text: "failures:" in text,
       "jobs that need nodes that are down are set aside, told so, and block nobody; the outages of a "
       "node go by its place in its group")
      for name in ("decisions.csv", "jobs.csv", "allocations.csv", "summary.json")),
    *((name, lambda text: "migration:" in text and "network: shared" not in text,
       "a migration on an isolated fabric takes its latency, and its own transfers share links")
      for name in ("decisions.csv", "jobs.csv", "allocations.csv", "summary.json")),
    *((name, shared_migration,
       "state that travels over a shared fabric and jobs that communicate slow each other down")
      for name in ("jobs.csv", "allocations.csv", "summary.json")),
)
RETOLD = "a reason to wait is told anew once the job has run meanwhile"
RESERVED = "the start that EASY reserves counts what starting and checkpoints cost others"
REJECTED = "jobs whose throughput is known nowhere are rejected, not left pending"
MOVES_ON = "a job that SRTF or LAS takes off one GPU type goes on beside a free one of another"
TOLD_RIGHT = ("a job behind one that blocks says behind whom, not that its place is fragmented; free GPUs "
              "are those of a job's virtual cluster")
RANDOM_EXPERIMENTS = 50
POLICIES = ["fifo", "easy", "sjf", "srtf", "las", "gandiva"]


def random_experiment(number):
    """The text of a small experiment drawn from a seed of this number."""
    draw = random.Random(number)
    nodes = [
        f"    - {{count: {draw.randint(1, 8)}, gpu: {gpu}, gpus_per_node: {draw.choice([2, 4, 8])}}}"
        for gpu in draw.sample(["v100-32g", "p100", "a100-40g"], draw.randint(1, 3))
    ]
    lines = [f"name: random-{number}", "kind: training-cluster", "cluster:"]
    lines.append(f"  network: {draw.choice(['isolated', 'shared'])}")
    lines += ["  nodes:"] + nodes
    if draw.random() < 0.5:
        lines.append(f"  fabric: {{topology: fat_tree, nodes_per_rack: {draw.randint(2, 4)}, "
                     f"oversubscription: {draw.choice([1, 2, 8])}}}")
    if draw.random() < 0.3:
        lines.append(f"  failures: {{mtbf: {draw.randint(5, 30)} d, mttr: {draw.randint(1, 30)} h}}")
        if draw.random() < 0.5:
            lines.append(f"  job_retries: {draw.randint(0, 2)}")
    lines.append("workload:")
    lines.append(f"  generate: {{philly: {{jobs: {draw.randint(50, 400)}, largest_gpus: 8}}}}")
    lines.append("on_oversized_job: reject")
    if draw.random() < 0.6:
        lines.append("restart_seconds: {1: 7, 8: 30, more: 60}")
    if draw.random() < 0.3:
        lines.append("checkpoint: {every: 30 min, write: 20 s}")
    if draw.random() < 0.3:
        lines.append("migration: {state_per_gpu: 4 GB}")
    if draw.random() < 0.3:
        lines.append(f"round: {draw.choice([60, 300, 360])} s")
    if draw.random() < 0.3:
        lines.append(f"stop: {{seconds: {draw.randint(100000, 2000000)}}}")
    lines.append(f"policies: [{', '.join(draw.sample(POLICIES, 3))}]")
    lines.append(f"seed: {number}")
    return "\n".join(lines) + "\n"


def leaves(value, path=""):
    """Dotted keys and values of a JSON document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{number}]")
    else:
        yield path, value


def read(path):
    with open(path, "rb") as file:
        return file.read()


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def told_once(decisions, left_out=(), reserved=True):
    """Rows of decisions.csv without their numbers and without a wait for the reason told last; jobs
    and reserved starts may be left out."""
    last, kept = {}, []
    for row in decisions:
        row = {key: value for key, value in row.items() if key != "sequence"}
        if row["kind"] == "waits":
            reason = (row["reason"], row["because_of"], row["value"])
            if last.get(row["job_id"]) == reason:
                continue
            last[row["job_id"]] = reason
        if row["job_id"] in left_out or (not reserved and row["reason"] == "reserved"):
            continue
        kept.append(row)
    return kept


def without_reasons_of_arrivals(decisions):
    """Rows of decisions.csv without what is told of free GPUs, and of jobs that came and stayed behind."""
    kept = []
    for row in decisions:
        row = {**row, "free_gpus": ""}
        if row["kind"] == "waits" and row["reason"] in ("fragmented", "not_enough_gpus", "behind"):
            row["reason"] = row["because_of"] = ""
        kept.append(row)
    return kept


def newly_rejected(before, after, run):
    """Jobs that were pending to the end and are rejected now; None where more than that differs in
    jobs.csv."""
    jobs = set()
    for old, new in zip(*(rows(os.path.join(side, run, "jobs.csv")) for side in (before, after))):
        if old == new:
            continue
        waited = {"state": "pending", "wait_seconds": old["wait_seconds"]}
        if {**new, **waited} != old or new["state"] != "rejected" or new["wait_seconds"]:
            return None
        jobs.add(new["job_id"])
    return jobs


def why_differs(name, before, after, run, key=None, values=None):
    """The reason for which a file, or a figure of summary.json, may differ; None: there is none."""
    rejected = newly_rejected(before, after, run)
    if name == "jobs.csv":
        return REJECTED if rejected else None
    if name == "decisions.csv":
        old, new = (rows(os.path.join(side, run, name)) for side in (before, after))
        if told_once(old) == told_once(new):
            return RETOLD
        bare = [without_reasons_of_arrivals(side) for side in (old, new)]
        if bare[0] == bare[1] or told_once(bare[0]) == told_once(bare[1]):
            return TOLD_RIGHT
        if "/easy/" in f"/{run}/" and told_once(old, (), False) == told_once(new, (), False):
            return RESERVED
        if rejected and told_once(old, rejected) == told_once(new, rejected):
            return REJECTED
    if name == "summary.json" and rejected:
        moved = {"jobs.rejected": len(rejected), "jobs.unfinished": -len(rejected)}
        if key in moved and values[1] - values[0] == moved[key]:
            return REJECTED
        # Its integral has fewer steps.
        if key == "cluster_throughput.mean" and abs(values[1] / values[0] - 1) < 1e-12:
            return REJECTED
    return None


def why_moves(run, text):
    """The reason for which anything of a run of SRTF or LAS on several GPU types may differ."""
    preempts = any(f"/{policy}/" in f"/{run}/" for policy in ("srtf", "las"))
    return MOVES_ON if preempts and len(set(re.findall(r"gpu: ([^,}\s]+)", text))) > 1 else None


def run_both(programs, experiment, folder):
    """The result directories of both; None where a program refused the experiment."""
    made = []
    for name, program in zip(("before", "after"), programs):
        out = os.path.join(folder, name)
        told = subprocess.run([program, "compare", experiment, "--out", out, "--no-trace", "--jobs", "2"],
                              capture_output=True, text=True, check=False)
        made.append((out, told.returncode, told.stderr))
    return made


def compare(before, after, text, moved):
    """Faults, and how many files and figures were compared."""
    faults, files, figures = [], 0, 0
    runs = sorted(os.path.relpath(os.path.dirname(path), before)
                  for path in glob.glob(before + "/**/summary.json", recursive=True))
    for run in runs:
        for name in RECORDS:
            old = os.path.join(before, run, name)
            if not os.path.exists(old):
                continue
            new = os.path.join(after, run, name)
            files += 1
            if os.path.exists(new) and read(old) == read(new):
                continue
            reason = next((why for what, may, why in MOVED if what == name and may(text)), None)
            if os.path.exists(new):
                reason = why_differs(name, before, after, run) or reason or why_moves(run, text)
            if reason and os.path.exists(new):
                moved[(name, reason)] = moved.get((name, reason), 0) + 1
            else:
                faults.append(f"{run}/{name} differs")
        old = dict(leaves(json.loads(read(os.path.join(before, run, "summary.json")))))
        path = os.path.join(after, run, "summary.json")
        new = dict(leaves(json.loads(read(path)))) if os.path.exists(path) else {}
        for key, value in old.items():
            if key == "run_id" or key.startswith("notes["):
                continue
            figures += 1
            if new.get(key, "absent") == value:
                continue
            reason = next((why for what, may, why in MOVED if what == "summary.json" and may(text)), None)
            if key in new:
                reason = why_differs("summary.json", before, after, run, key,
                                     (value, new[key])) or reason or why_moves(run, text)
            if reason and key in new:
                moved[("figures", reason)] = moved.get(("figures", reason), 0) + 1
            else:
                faults.append(f"{run}/summary.json: {key} was {value}, is {new.get(key, 'absent')}")
    return faults, files, figures


def main():
    before, after, experiments, folder = sys.argv[1:5]
    os.makedirs(folder)
    work = [(os.path.basename(path), path) for path in sorted(glob.glob(experiments + "/*.yaml"))]
    for number in range(RANDOM_EXPERIMENTS):
        path = os.path.join(folder, f"random-{number}.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(random_experiment(number))
        work.append((f"random-{number}", path))
    faults, files, figures, done, left_out, moved = [], 0, 0, 0, [], {}
    for name, path in work:
        place = os.path.join(folder, name + ".results")
        os.makedirs(place)
        (old, old_code, _), (new, new_code, said) = run_both((before, after), path, place)
        if old_code == 2:
            left_out.append(name)
            continue
        if new_code != old_code:
            faults.append(f"{name}: exit code {old_code}, now {new_code}: {said.strip()[-200:]}")
            continue
        with open(path, encoding="utf-8") as file:
            found, some_files, some_figures = compare(old, new, file.read(), moved)
        faults += [f"{name}: {fault}" for fault in found]
        files, figures, done = files + some_files, figures + some_figures, done + 1
        subprocess.run(["rm", "-rf", place], check=False)
    for fault in faults[:40]:
        print(f"{fault}||")
    for (name, reason), count in moved.items():
        print(f"{count} {name} differ because {reason}||")
    if left_out:
        print(f"left out, their data is not here: {', '.join(left_out)}||")
    print(f"{done} experiments ({RANDOM_EXPERIMENTS} of them random), {files} files of records and {figures} "
          f"figures compared: {len(faults)} differ|0 of at least {RANDOM_EXPERIMENTS}|"
          f"{'ok' if not faults and done >= RANDOM_EXPERIMENTS else 'missed'}")


if __name__ == "__main__":
    main()
