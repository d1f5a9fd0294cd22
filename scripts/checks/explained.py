"""The words of `orrery explain` on three jobs, checked against the events.

usage: explained.py ORRERY COMPARISON_DIRECTORY

explain tells what decisions.csv says. The events here are those of allocations.csv and jobs.csv:
each of their instants must be told, and no other but those at which its reason to wait changed. A
job told to be ahead must have been waiting then (the runs looked at have no failures).
"""

import csv
import os
import re
import subprocess
import sys

INSTANT = re.compile(r"(\d+(?:\.\d+)?(?:e[+-]?\d+)?) s \(day ")
# "from 17 s (day 0 00:00:17): job 12 was ahead of it" in a list of reasons.
AHEAD = re.compile(r"from (\S+) s \(day [^)]*\): job (\S+) was ahead of it")
# "from 17 s (day 0 00:00:17): ... while none was free" and its variants.
SHORTAGE = re.compile(r"from (\S+) s \(day [^)]*\): .*?(none|\d+) (?:was|were) free")


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def spans_of(run, job):
    """(start, end, ended_by) of each span of a job, in order; a span has a row for each node."""
    return sorted({
        (float(row["start_seconds"]), float(row["end_seconds"]), row["ended_by"])
        for row in rows(os.path.join(run, "allocations.csv")) if row["job_id"] == job
    })


def free_at(run, instant):
    """GPUs free once everything of an instant has happened, counted from who held which."""
    timeline = rows(os.path.join(run, "timeline.csv"))[0]
    total = sum(float(n) for name, n in timeline.items() if name.startswith("available_"))
    return total - sum(
        float(row["gpus"]) for row in rows(os.path.join(run, "allocations.csv"))
        if float(row["start_seconds"]) <= instant < float(row["end_seconds"])
    )


def chosen(results):
    """One job that waited without preemption, one preempted a few times, one that began at once."""
    fifo, srtf = os.path.join(results, "fifo", "1"), os.path.join(results, "srtf", "1")
    waited = max(rows(os.path.join(fifo, "jobs.csv")), key=lambda row: float(row["wait_seconds"]))
    jobs = rows(os.path.join(srtf, "jobs.csv"))
    preempted = max((row for row in jobs if int(row["preemptions"]) <= 3),
                    key=lambda row: (int(row["preemptions"]), float(row["wait_seconds"])))
    at_once = next(row for row in jobs if float(row["wait_seconds"]) == 0)
    return [("waited longest", fifo, waited), ("was preempted", srtf, preempted),
            ("started at once", srtf, at_once)]


def ended(job):
    """When a job finished; infinity where it did not."""
    return float(job["finish_seconds"] or "inf")


def faults_of(run, job, text):
    said = [float(match) for match in INSTANT.findall(text)]
    spans = spans_of(run, job["job_id"])
    events = [float(job["submit_seconds"])]
    free = float(job["submit_seconds"])
    for start, end, _ in spans:
        if start > free:  # a job that starts at once is told so, without the instant
            events.append(start)
        events.append(end)
        free = end
    ahead = AHEAD.findall(text)
    told_of = {name for _, name in ahead} | {job["job_id"]}
    decided = {float(row["time_seconds"]) for row in rows(os.path.join(run, "decisions.csv"))
               if row["job_id"] in told_of}
    for instant in events:
        if instant not in said:
            yield f"does not tell of second {instant:g}"
    for instant in said:
        if instant not in events and instant not in decided:
            yield f"tells of second {instant:g}, at which nothing happened to it"
    all_jobs = {row["job_id"]: row for row in rows(os.path.join(run, "jobs.csv"))}
    for instant, name in ahead:
        at = float(instant)
        held = any(start <= at < end for start, end, _ in spans_of(run, name))
        if held or not float(all_jobs[name]["submit_seconds"]) <= at < ended(all_jobs[name]):
            yield f"tells that job {name} was ahead at second {instant}, it was not waiting then"
    for instant, count in SHORTAGE.findall(text):
        free = free_at(run, float(instant))
        if free != (0 if count == "none" else int(count)):
            yield f"tells that {count} GPUs were free at second {instant}, {free:g} were"
    preemptions = sum(ended == "preempted" for _, _, ended in spans)
    if text.count("preempted") != preemptions:
        yield f"tells of {text.count('preempted')} preemptions, there were {preemptions}"
    if text.count("resumed") != len(spans) - 1:
        yield f"tells of {text.count('resumed')} resumptions, there were {len(spans) - 1}"
    if not re.search(rf"asked for {job['gpus']} GPU", text):
        yield f"does not tell that it asked for {job['gpus']} GPUs"


def main():
    orrery, results = sys.argv[1:3]
    missed = 0
    for what, run, job in chosen(results):
        done = subprocess.run([orrery, "explain", run, job["job_id"]],
                              capture_output=True, text=True, check=False)
        faults = list(faults_of(run, job, done.stdout)) if done.returncode == 0 else [done.stderr]
        for line in done.stdout.splitlines():
            print(f"  | {line}")
        for fault in faults:
            print(f"  {job['job_id']}: {fault}", file=sys.stderr)
        missed += bool(faults)
        print(f"cluster.report: explain of the job that {what} ({job['job_id']}): "
              f"{len(faults)} words against the events (0){' MISSED' if faults else ''}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
