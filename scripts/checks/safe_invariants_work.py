"""The work of each job is conserved, what failures lose is as recorded, and starts cost what they say.

Part of safe.invariants, for this project's own rules (those of the arena: safe_invariants_arena.py).
After docs/experiments.md: a job advances on its GPUs once its restart is over, alternates computing
with writing checkpoints, keeps what it did when a policy stops it, and loses to a failure what it did
after the last checkpoint of the run in hand.
"""

import math

from safe_invariants_case import number, seconds
from safe_invariants_speeds import Speeds, StartCosts, transfer_bounds


def near(a, b, scale=1.0):
    return abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b), scale)


class Work:
    """The life of one job, hold by hold."""

    def __init__(self, world, speeds, job):
        self.world, self.speeds, self.job = world, speeds, job
        checkpoint = world.options.get("checkpoint")
        self.every = seconds(checkpoint["every"]) if checkpoint else math.inf
        self.write = seconds(checkpoint["write"]) if checkpoint else 0.0
        self.total = speeds.work(job)
        self.left = []  # at the beginning of each hold
        self.costs = []
        self._replay()

    def computed(self, wall):
        """Seconds of computing in `wall` seconds after the restart, and those that are safe."""
        wall = max(0.0, wall)
        if math.isinf(self.every):
            return wall, 0.0
        cycle = self.every + self.write
        whole = math.floor(wall / cycle * (1 + 1e-15))
        return whole * self.every + min(max(0.0, wall - whole * cycle), self.every), whole * self.every

    def wall(self, work, speed):
        """Seconds from the end of the restart to the end of that much work."""
        computing = work / speed
        if math.isinf(self.every) or computing <= 0:
            return computing
        return computing + (math.ceil(computing / self.every * (1 - 1e-12)) - 1) * self.write

    def _replay(self):
        left, starts = self.total, StartCosts(self.world, self.job)
        for hold in self.job.holds:
            self.left.append(left)
            first = hold.begun is not None and hold.begun["kind"] == "started"
            rule = starts.next(hold, first)
            told = number(hold.begun["value"]) if hold.begun is not None else None
            cost = rule if first or told is None else told
            self.costs.append((rule, told, cost))
            done, safe = self.computed(hold.end - hold.start - cost)
            if hold.ended_by in ("interrupted", "failed"):
                done = safe
            left -= done * self.speeds.of(self.job, hold)
        self.rest = left

    def left_at(self, at):
        """Work that is left at an instant; a failure at it has happened."""
        left = self.total
        for index, hold in enumerate(self.job.holds):
            if hold.start > at:
                break
            left = self.left[index]
            if hold.end <= at:
                left = self.left[index + 1] if index + 1 < len(self.left) else self.rest
            else:
                done, _ = self.computed(at - hold.start - self.costs[index][2])
                left -= done * self.speeds.of(self.job, hold)
        return max(0.0, left)

    def end_of(self, index):
        """When the hold would end by itself."""
        hold = self.job.holds[index]
        speed = self.speeds.of(self.job, hold)
        return hold.start + self.costs[index][2] + self.wall(self.left[index], speed)


def slowed(world, job):
    """Whether neighbours may have slowed it down: it worked on several nodes of a shared fabric."""
    return world.shared and any(len(hold.shares) > 1 for hold in job.holds)


def check_conserved(world, work, report):
    job, state = work.job, world.state(work.job)
    if not job.holds:
        return
    if slowed(world, job):
        check_shared(world, work, report)
        return
    report.saw("work conserved")
    if state == "finished" and not near(work.rest, 0, work.total + job.holds[-1].end):
        report.wrong("work conserved", f"job {job.id} finished with {work.rest} of {work.total} s left")
    if state != "finished" and work.rest < -1e-9 * max(1.0, work.total, job.holds[-1].end):
        report.wrong("work conserved", f"job {job.id} is {state} and did {-work.rest} s too many")


def check_shared(world, work, report):
    """What sharing.csv says the work takes alone stands for the time on several nodes."""
    job = work.job
    rows = [row for row in world.tables["sharing.csv"] if row["job_id"] == job.id]
    alone = sum(float(row["alone_seconds"]) for row in rows)
    multi = [(i, hold) for i, hold in enumerate(job.holds) if len(hold.shares) > 1]
    walls = sum(max(0.0, hold.end - hold.start - work.costs[i][2]) for i, hold in multi)
    told = sum(float(row["multi_node_seconds"]) for row in rows)
    report.saw("work conserved")
    if not near(walls, told, job.holds[-1].end):
        report.wrong("work conserved", f"job {job.id} worked {walls} s on several nodes, sharing.csv says {told}")
    speeds = {work.speeds.of(job, hold) for _, hold in multi}
    if len(speeds) > 1 or not math.isinf(work.every) or world.state(job) != "finished":
        return
    single = sum(work.computed(hold.end - hold.start - work.costs[i][2])[0] * work.speeds.of(job, hold)
                 for i, hold in enumerate(job.holds) if len(hold.shares) == 1)
    lost = float(job.row["lost_work_seconds"])
    done = single + alone * speeds.pop() - lost
    if not near(done, work.total, 100 * job.holds[-1].end):
        report.wrong("work conserved", f"job {job.id} did {done} s of {work.total} on a shared fabric")


def check_lost(world, work, report):
    job = work.job
    rows = [row for row in world.decisions
            if row["job_id"] == job.id and row["kind"] in ("interrupted", "failed")]
    stops = [i for i, hold in enumerate(job.holds) if hold.ended_by in ("interrupted", "failed")]
    if len(rows) != len(stops):
        report.wrong("lost work", f"job {job.id}: {len(stops)} holds ended by failures, {len(rows)} decisions")
        return
    for index, row in zip(stops, rows):
        hold = job.holds[index]
        if world.shared and len(hold.shares) > 1:
            continue
        report.saw("lost work")
        done, safe = work.computed(hold.end - hold.start - work.costs[index][2])
        lost = (done - safe) * work.speeds.of(job, hold)
        if not near(lost, float(row["value"]), hold.end):
            report.wrong("lost work", f"job {job.id} at {hold.end}: lost {row['value']}, computed {lost} since "
                         "its last checkpoint")


def check_costs(world, work, report):
    for index, hold in enumerate(work.job.holds):
        if hold.begun is None or hold.begun["kind"] == "started":
            continue
        rule, told, _ = work.costs[index]
        report.saw("restart cost")
        least, most = transfer_bounds(world, work.job.holds[index - 1], hold)
        if told is None:
            report.wrong("restart cost", f"job {work.job.id} at {hold.start}: no cost is recorded")
        elif world.shared and most > 0:
            if told < min(rule, hold.end - hold.start) * (1 - 1e-9) - 1e-9:
                report.wrong("restart cost", f"job {work.job.id} at {hold.start}: {told} s, at least {rule}")
        elif not rule + least * (1 - 1e-9) - 1e-9 <= told <= rule + most * (1 + 1e-9) + 1e-9:
            report.wrong("restart cost", f"job {work.job.id} at {hold.start}: {told} s, the rules say {rule} "
                         f"and {least} to {most} of travel")


def check_work(world, report):
    """Also the works by job, for those who need what is left of a job."""
    speeds = Speeds(world)
    works = {}
    for job in world.jobs.values():
        works[job.id] = Work(world, speeds, job)
        if not world.arena:
            check_conserved(world, works[job.id], report)
            check_lost(world, works[job.id], report)
            check_costs(world, works[job.id], report)
    return speeds, works
