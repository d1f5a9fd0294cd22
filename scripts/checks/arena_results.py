"""What the Crius (Arena) artifact published, and what a run of ours wrote."""

import csv
import json
import os
import statistics

DATA = os.path.join(os.environ.get("ORRERY_DATA", ""), "throughputs", "arena")
ROUND_SECONDS = 300


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Published:
    """The arrays of the artifact: `jct[trace, policy]` in order of completion, and so on."""

    def __init__(self):
        self.jct, self.rounds, self.means = {}, {}, {}
        for row in table(os.path.join(DATA, "reference_jct.csv")):
            self.jct.setdefault((row["trace"], row["policy"]), []).append(float(row["jct_s"]))
        for row in table(os.path.join(DATA, "reference_cluster_throughput.csv")):
            key = (row["trace"], row["policy"])
            self.rounds.setdefault(key, []).append(float(row["samples_per_s"]))
        for row in table(os.path.join(DATA, "reference_results.csv")):
            if row["experiment"].startswith("sim:"):
                self.means[row["experiment"][4:], row["policy"]] = row


class Run:
    """The directory of one run."""

    def __init__(self, path):
        self.path = path
        with open(os.path.join(path, "summary.json"), encoding="utf-8") as file:
            self.summary = json.load(file)
        with open(os.path.join(path, "performance.json"), encoding="utf-8") as file:
            self.wall_seconds = json.load(file)["wall_seconds"]
        self.jobs = {row["job_id"]: row for row in table(os.path.join(path, "jobs.csv"))}

    def jct(self):
        """Seconds from submission to completion by job, in order of completion."""
        out = {}
        for row in table(os.path.join(self.path, "allocations.csv")):
            if row["ended_by"] == "finished" and row["job_id"] not in out:
                submit = float(self.jobs[row["job_id"]]["submit_seconds"])
                out[row["job_id"]] = float(row["end_seconds"]) - submit
        return out

    def rounds(self):
        """Samples per second of every round, of a run under arena rules."""
        rows = table(os.path.join(self.path, "rounds.csv"))
        return [float(row["samples_per_second"]) for row in rows]

    def finished(self):
        return self.summary["jobs"]["finished"]

    def mean_jct(self):
        times = self.summary["jct_seconds"]["finished"]
        return times["mean"] if times else float("nan")

    def mean_wait(self, of_finished_only):
        """Seconds pending, of finished jobs or of all that came."""
        states = ("finished",) if of_finished_only else ("finished", "running", "pending")
        waits = [float(row["wait_seconds"]) for row in self.jobs.values() if row["state"] in states]
        return statistics.fmean(waits)

    def mean_throughput(self, rounds):
        """Samples per second over the time of so many rounds, also where all ended before."""
        whole = rounds * ROUND_SECONDS
        passed = whole if self.summary["horizon_cut"] else self.summary["makespan_seconds"]
        return self.summary["cluster_throughput"]["mean"] * passed / whole

    def restarts_per_job(self):
        return self.summary["restarts"] / self.summary["jobs"]["submitted"]


def equal_positions(ours, theirs):
    return sum(a == b for a, b in zip(ours, theirs))
