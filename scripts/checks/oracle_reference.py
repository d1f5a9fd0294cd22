"""An independent reference for the simple policies: plain loops, nothing shared with the product.

Semantics. At one instant: departures, then arrivals, then one scheduling pass. FIFO in order
of submission (those of one instant as the file has them), SJF by duration, SRTF by remaining time,
both sorted stably from that order. `blocking`
stops at the first job that does not fit, `skipping` goes on. SRTF re-picks among all active jobs
at every event: in its order, a job whose GPUs fit in what is left of all GPUs is picked; running
jobs that are not picked are preempted and keep their progress; picked jobs that run stay where
they are; the others are placed in order.
"""

import csv
import datetime
import gzip
import heapq
from dataclasses import dataclass

POLICIES = ("fifo", "sjf", "srtf")
QUEUES = ("blocking", "skipping")
PLACEMENTS = ("consolidated", "first_fit", "pooled")


@dataclass(frozen=True)
class Job:
    name: str
    submit: float
    gpus: int
    duration: float


def read_philly(path):
    """Jobs of every virtual cluster, in file order; times are naive local ones, from the first."""
    clusters, zero = {}, None
    with gzip.open(path, "rt", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            time = datetime.datetime.strptime(row["submit_time"], "%Y-%m-%d %H:%M:%S")
            zero = time if zero is None else zero
            submit = (time - zero).total_seconds()
            job = Job(f"p{number}", submit, int(row["gpus"]), float(row["duration_s"]))
            clusters.setdefault(row["vc"], []).append(job)
    return clusters


class Nodes:
    """GPUs free on each node, and the three placement rules."""

    def __init__(self, count, gpus_per_node, rule):
        self.size, self.rule = gpus_per_node, rule
        self.free = [gpus_per_node] * count
        self.total = count * gpus_per_node

    def place(self, gpus):
        """Takes GPUs and returns [(node, gpus)], or None when the job does not fit."""
        taken = self._pooled(gpus) if self.rule == "pooled" else self._on_nodes(gpus)
        for node, amount in taken or ():
            self.free[node] -= amount
        return taken

    def give_back(self, taken):
        for node, amount in taken:
            self.free[node] += amount

    def _pooled(self, gpus):
        if sum(self.free) < gpus:
            return None
        taken = []
        for node, free in enumerate(self.free):
            amount = min(free, gpus)
            if amount:
                taken.append((node, amount))
                gpus -= amount
        return taken

    def _on_nodes(self, gpus):
        whole, rest = divmod(gpus, self.size)
        chosen = [node for node, free in enumerate(self.free) if free == self.size][:whole]
        if len(chosen) < whole:
            return None
        taken = [(node, self.size) for node in chosen]
        if rest:
            best = None
            for node, free in enumerate(self.free):
                if node in chosen or free < rest:
                    continue
                if best is None or (self.rule == "consolidated" and free < self.free[best]):
                    best = node
            if best is None:
                return None
            taken.append((best, rest))
        return taken


class Simulation:
    def __init__(self, jobs, nodes, gpus_per_node, policy, queue, placement):
        self.jobs, self.policy, self.blocking = jobs, policy, queue == "blocking"
        self.nodes = Nodes(nodes, gpus_per_node, placement)
        count = len(jobs)
        self.start = [None] * count  # the first start
        self.finish = [None] * count
        self.left = [job.duration for job in jobs]  # at the last (re)start or preemption
        self.since = [0.0] * count
        self.where = {}  # running jobs
        self.pending = set()
        self.ends = []  # (time, job, since), stale when the job was preempted meanwhile
        self.now = 0.0

    def run(self):
        arrivals = sorted(range(len(self.jobs)), key=lambda j: (self.jobs[j].submit, j))
        arrived = 0
        while True:
            self._drop_stale_ends()
            times = [self.ends[0][0]] if self.ends else []
            if arrived < len(arrivals):
                times.append(self.jobs[arrivals[arrived]].submit)
            if not times:
                return self.start, self.finish
            self.now = min(times)
            self._depart()
            while arrived < len(arrivals) and self.jobs[arrivals[arrived]].submit <= self.now:
                self.pending.add(arrivals[arrived])
                arrived += 1
            if self.policy == "srtf":
                self._pass_srtf()
            else:
                self._pass_queue()

    def _drop_stale_ends(self):
        while self.ends and not self._is_current(self.ends[0]):
            heapq.heappop(self.ends)

    def _is_current(self, end):
        return end[1] in self.where and self.since[end[1]] == end[2]

    def _depart(self):
        while self.ends and self.ends[0][0] <= self.now:
            end = heapq.heappop(self.ends)
            if self._is_current(end):
                job = end[1]
                self.nodes.give_back(self.where.pop(job))
                self.finish[job] = self.now

    def _begin(self, job, taken):
        self.pending.remove(job)
        self.where[job] = taken
        self.since[job] = self.now
        if self.start[job] is None:
            self.start[job] = self.now
        heapq.heappush(self.ends, (self.now + self.left[job], job, self.now))

    def _preempt(self, job):
        self.left[job] -= self.now - self.since[job]
        self.nodes.give_back(self.where.pop(job))
        self.pending.add(job)

    def _place_in_order(self, order):
        hopeless = set()  # within a pass GPUs are only taken: what did not fit will not
        for job in order:
            gpus = self.jobs[job].gpus
            taken = None if gpus in hopeless else self.nodes.place(gpus)
            if taken is not None:
                self._begin(job, taken)
            elif self.blocking:
                return
            else:
                hopeless.add(gpus)

    def _by_submission(self, jobs):
        return sorted(jobs, key=lambda j: (self.jobs[j].submit, j))

    def _pass_queue(self):
        order = self._by_submission(self.pending)
        if self.policy == "sjf":
            order.sort(key=lambda j: self.jobs[j].duration)
        self._place_in_order(order)

    def _remaining(self, job):
        ran = self.now - self.since[job] if job in self.where else 0.0
        return self.left[job] - ran

    def _pass_srtf(self):
        active = self._by_submission(self.pending | set(self.where))
        active.sort(key=self._remaining)
        quota, picked = self.nodes.total, []
        for job in active:
            if self.jobs[job].gpus <= quota:
                quota -= self.jobs[job].gpus
                picked.append(job)
            elif self.blocking:
                break
        for job in self._by_submission(set(self.where) - set(picked)):
            self._preempt(job)
        self._place_in_order([job for job in picked if job not in self.where])


def simulate(jobs, nodes, gpus_per_node, policy, queue, placement):
    """Start and finish of every job, in file order."""
    return Simulation(jobs, nodes, gpus_per_node, policy, queue, placement).run()
