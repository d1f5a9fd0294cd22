"""Every figure of summary.json, and the columns of jobs.csv, from the other files.

Part of safe.invariants; after docs/metrics.md and docs/results.md.
"""

import math

from safe_invariants_case import number


def same(told, found):
    """Two figures, either of which may be absent."""
    if told is None or found is None:
        return told is None and found is None
    return abs(told - found) <= 1e-9 * max(1.0, abs(told), abs(found))


def distribution(values):
    if not values:
        return None
    values = sorted(values)

    def at(p):
        rank = p * (len(values) - 1)
        low = math.floor(rank)
        high = min(low + 1, len(values) - 1)
        return values[low] + (rank - low) * (values[high] - values[low])

    return {"mean": math.fsum(values) / len(values), "p50": at(0.5), "p95": at(0.95), "p99": at(0.99)}


class Figures:
    def __init__(self, world, speeds, works, report):
        self.world, self.speeds, self.works, self.report = world, speeds, works, report
        self.rows = world.listed
        self.states = [row["state"] for row in self.rows]

    def tell(self, key, found):
        told = self.world.summary
        for part in key.split("."):
            told = told.get(part) if told is not None else None
        self.report.saw("figures")
        if not same(told, found):
            self.report.wrong("figures", f"{key} is {told}, the files give {found}")

    def check(self):
        self.counts()
        self.times()
        self.window()
        self.throughput()
        self.sharing()
        self.restarts()
        self.origins()
        self.clock()

    def counts(self):
        self.tell("jobs.submitted", sum(state != "not_submitted" for state in self.states))
        for key in ("finished", "rejected", "failed"):
            self.tell(f"jobs.{key}", self.states.count(key))
        self.tell("jobs.unfinished", sum(state in ("running", "pending") for state in self.states))
        self.tell("skipped_rows", self.world.bad_rows)
        self.tell("excluded_rows", self.world.excluded_rows)

    def times(self):
        done = [row for row in self.rows if row["state"] == "finished"]
        complete = not self.world.cut and all(s in ("finished", "rejected", "failed") for s in self.states)
        columns = {"jct_seconds": "finish_seconds", "first_start_wait_seconds": "start_seconds"}
        for key in ("jct_seconds", "wait_seconds", "first_start_wait_seconds"):
            values = [float(row[columns[key]]) - float(row["submit_seconds"]) if key in columns
                      else float(row["wait_seconds"]) for row in done]
            found = distribution(values)
            for name, present in (("finished", found), ("exhaustion", found if complete else None)):
                for part in ("mean", "p50", "p95", "p99"):
                    self.tell(f"{key}.{name}.{part}", present[part] if present else None)
        submits = [float(row["submit_seconds"]) for row in self.rows
                   if row["state"] not in ("not_submitted", "rejected")]
        last = max((float(row["finish_seconds"]) for row in done), default=None)
        self.tell("makespan_seconds", None if last is None else last - min(submits))

    def window(self):
        """From the first submission to the last finish or failure, or to the horizon."""
        submits = [float(row["submit_seconds"]) for row in self.rows
                   if row["state"] not in ("not_submitted", "rejected") or self._ran(row)]
        ends = [hold.end for hold in self.world.holds if hold.ended_by in ("finished", "failed")]
        if self.world.cut:
            ends = [self.world.end]
        self.span = (min(submits), max(ends)) if submits and ends else None
        if self.span is None or self.span[0] >= self.span[1]:
            self.tell("gpu_utilization", None)
            self.span = None
            return
        begin, end = self.span
        available = 0.0
        for index, node in enumerate(self.world.nodes):
            up = end - begin
            for down, back in self.world.down.get(index, []):
                up -= max(0.0, min(back, end) - max(down, begin))
            available += node.gpus * up
        used = math.fsum(h.amount * max(0.0, min(h.end, end) - max(h.start, begin)) for h in self.world.holds)
        self.tell("gpu_utilization", used / available if available > 0 else None)

    def _ran(self, row):
        return row["start_seconds"] != ""

    def throughput(self):
        """By the steps of timeline.csv; and these by the runs, where no neighbour slows them."""
        if "samples_per_second" not in (self.world.tables["timeline.csv"] or [{}])[0] or self.span is None:
            self.tell("cluster_throughput.mean", None)
            self.tell("cluster_throughput.peak", None)
            return
        rows = self.world.tables["timeline.csv"]
        times = [float(row["time_seconds"]) for row in rows] + [math.inf]
        total, peak = 0.0, 0.0
        last = max(self.world.end, self.span[1])
        for at, row in enumerate(rows):
            rate = float(row["samples_per_second"])
            until = min(times[at + 1], last)
            if until > times[at]:
                peak = max(peak, rate)
            total += rate * max(0.0, min(until, self.span[1]) - max(times[at], self.span[0]))
        self.tell("cluster_throughput.mean", total / (self.span[1] - self.span[0]))
        self.tell("cluster_throughput.peak", peak)
        if not (self.world.shared and any(len(hold.shares) > 1 for hold in self.world.holds)):
            self.by_runs(peak)

    def by_runs(self, peak):
        steps = []
        for job in self.world.jobs.values():
            for index, hold in enumerate(job.holds):
                begin = hold.start + self.works[job.id].costs[index][2]
                if begin < hold.end:
                    rate = self.speeds.samples(job, hold)
                    steps += [(begin, rate), (hold.end, -rate)]
        most = rate = 0.0
        steps.sort()
        for at, (when, step) in enumerate(steps):
            rate += step
            if at + 1 == len(steps) or steps[at + 1][0] > when + 1e-9 * max(1.0, when):
                most = max(most, rate)
        self.report.saw("figures")
        if abs(most - peak) > 1e-6 * max(1.0, most):
            self.report.wrong("figures", f"peak throughput {peak}, the runs give {most}")

    def sharing(self):
        rows = self.world.tables.get("sharing.csv")
        if rows is None:
            self.tell("sharing", None)
            return
        slow = [float(row["multi_node_seconds"]) / float(row["alone_seconds"]) for row in rows]
        self.tell("sharing.jobs", len(rows))
        self.tell("sharing.mean_slowdown", math.fsum(slow) / len(slow) if slow else 1)
        self.tell("sharing.worst_slowdown", max(slow, default=1))
        self.tell("sharing.speed_changes", sum(int(row["speed_changes"]) for row in rows))

    def restarts(self):
        self.tell("restarts", sum(row["kind"] in ("resumed", "changed") for row in self.world.decisions))
        paid = [min(self.works[job.id].costs[i][2], hold.end - hold.start) * hold.amount
                for job in self.world.jobs.values() for i, hold in enumerate(job.holds)]
        self.tell("restart_gpu_seconds", math.fsum(paid))
        lost = 0.0
        for row in self.world.decisions:
            if row["kind"] in ("interrupted", "failed"):
                job = self.world.jobs[row["job_id"]]
                lost += float(row["value"]) * job.gpus * job.milli / 1000
        self.tell("lost_work_gpu_seconds", lost)

    def origins(self):
        counts = {"measured": 0, "derived": 0}
        for job in self.world.jobs.values():
            for hold in job.holds:
                if self.world.has_task(job):
                    exact = self.speeds.iteration(job, hold.type, hold.locality)[1]
                    counts["measured" if exact else "derived"] += 1
        present = self.world.summary.get("throughput") is not None
        for key, count in counts.items():
            self.tell(f"throughput.{key}", count if present or count else None)

    def clock(self):
        """The run is as long as its records, and cut where jobs are left at a horizon."""
        stop = self.world.horizon()
        left = any(state in ("running", "pending", "not_submitted") for state in self.states)
        latest = max([hold.end for hold in self.world.holds]
                     + [float(row["time_seconds"]) for row in self.world.decisions], default=0.0)
        self.report.saw("figures")
        if self.world.end < latest or (self.world.cut and self.world.end != stop):
            self.report.wrong("figures", f"simulated_seconds is {self.world.end}, the last record {latest}")
        if not self.world.several and self.world.cut != (left and stop < math.inf):
            self.report.wrong("figures", f"horizon_cut is {self.world.cut}, jobs are {self.states}")
        undone = not self.world.cut and left
        if undone != ("left_undone" in self.world.summary):
            self.report.wrong("figures", f"left_undone: {self.world.summary.get('left_undone')}")


def check_rows(world, report):
    """Columns of jobs.csv against allocations.csv and decisions.csv."""
    if [row["job_id"] for row in world.listed] != [job.id for job in world.jobs.values()]:
        report.wrong("jobs.csv", "other jobs than in the trace, or in another order")
        return
    for job in world.jobs.values():
        report.saw("jobs.csv")
        row, holds = job.row, job.holds
        done = bool(holds) and holds[-1].ended_by == "finished"
        dropped = any(r["job_id"] == job.id and r["kind"] == "dropped" for r in world.decisions)
        wait, since = 0.0, job.submit
        for hold in holds:
            wait += hold.start - since if hold.begun and hold.begun["kind"] != "changed" else 0.0
            since = hold.end
        if row["state"] == "pending":
            wait += world.end - since
        expected = {
            "submit_seconds": job.submit,
            "start_seconds": holds[0].start if holds else None,
            "finish_seconds": holds[-1].end if done else None,
            "wait_seconds": None if row["state"] in ("rejected", "not_submitted") else wait,
            "gpus": job.gpus * job.milli / 1000,
            "restarts": max(0, len(holds) - 1),
            "preemptions": sum(hold.ended_by == "preempted" for hold in holds),
            "interruptions": sum(hold.ended_by in ("interrupted", "failed") for hold in holds),
            "service_gpu_seconds": math.fsum((hold.end - hold.start) * hold.amount for hold in holds),
            "lost_work_seconds": math.fsum(float(r["value"]) for r in world.decisions if r["job_id"] == job.id
                                           and r["kind"] in ("interrupted", "failed")),
        }
        for key, value in expected.items():
            if not same(number(row[key]), value):
                report.wrong("jobs.csv", f"job {job.id}: {key} is {row[key]}, the files give {value}")
        kinds = {share.type for hold in holds for share in hold.shares}
        if set(filter(None, row["gpu_types"].split("|"))) != kinds:
            report.wrong("jobs.csv", f"job {job.id}: gpu_types is {row['gpu_types']}, it ran on {kinds}")
        if done != (row["state"] == "finished") or (dropped and row["state"] != "rejected"):
            report.wrong("jobs.csv", f"job {job.id} is {row['state']}, its last hold ended {holds[-1:]}")


def check_shared_figures(worlds, whole, report):
    """gpus_held of each world, from the first instant at which any held a GPU to the last."""
    holds = [hold for world in worlds for hold in world.holds]
    spans = [hold for hold in holds if hold.end > hold.start]
    begin, end = min((h.start for h in holds), default=0), max((h.end for h in holds), default=0)
    available = 0.0
    for index, node in enumerate(worlds[0].nodes):
        down = {}
        for world in worlds:
            for first, last in world.down.get(index, []):
                down[first] = min(last, down.get(first, math.inf))
        lost = sum(max(0.0, min(last, end) - max(first, begin)) for first, last in down.items())
        available += node.gpus * (end - begin - lost)
    for world in worlds:
        report.saw("gpus_held")
        told = (whole.get("gpus_held") or {}).get(world.name)
        held = math.fsum(h.amount * (h.end - h.start) for h in spans if h in world.holds)
        if not same(told, held / available if available > 0 else None):
            report.wrong("gpus_held", f"world {world.name} is said to have held {told}, the files give "
                         f"{held} of {available}")
