"""Jobs under the arena's rules: when they count as submitted, and how they progress round by round.

Part of safe.invariants; after docs/systems/crius.md ("Arrivals and rounds", "Progress", "Restart
charge") and the switches of docs/experiments.md.
"""

import math

from safe_invariants_case import number, trace_rows


def check_arena(world, speeds, works, report):
    if not world.arena:
        return
    check_submissions(world, report)
    for job in world.jobs.values():
        for hold in job.holds:
            report.saw("arena's rounds")
            if any(when % world.round for when in (hold.start, hold.end) if when != world.end or not world.cut):
                report.wrong("arena's rounds", f"job {job.id} holds GPUs from {hold.start} to {hold.end}, rounds "
                             f"take {world.round} s")
        if job.holds:
            check_progress(world, speeds, works[job.id], report)


def check_submissions(world, report):
    trace = world.options["workload"]["trace"]
    rows, _, _ = trace_rows(world.texts[trace["path"]], trace["format"])
    rows = [row for row in rows if row.id in world.jobs]
    number_of_round = 0
    for row in rows:
        report.saw("arena's rounds")
        told = world.jobs[row.id].submit
        number_of_round = max(number_of_round, math.ceil((row.submit - rows[0].submit) / world.round) - 1)
        early = world.quirks.get("early_arrivals", True)
        expected = number_of_round * world.round if early else row.submit
        if told != expected:
            report.wrong("arena's rounds", f"job {row.id} counts as submitted at {told}, not at {expected}")


class Progress:
    """Iterations of one job, by the switches of the rules."""

    def __init__(self, world, iterations):
        on = lambda quirk: world.quirks.get(quirk, True)
        self.revalued, self.twice = on("revalued_progress"), on("suspended_time_counts_twice")
        self.free, self.round = on("free_restarts"), world.round
        self.left, self.banked, self.elapsed, self.debt, self.charge = iterations, 0.0, 0.0, 0.0, None

    def done(self, seconds):
        if self.revalued:
            quotient = (self.elapsed - math.fmod(self.elapsed, seconds)) / seconds
            return math.floor(quotient) + (quotient - math.floor(quotient) > 0.5)
        return self.banked + self.elapsed / seconds

    def remaining(self, seconds):
        return max(0.0, self.left - self.done(seconds))

    def settle(self):
        """After the decisions of a round: what a restart costs."""
        if self.charge is not None:
            self.debt = 0.0 if self.free and self.charge <= self.round else self.charge
            self.charge = None
        if self.free and self.debt > 0:
            self.debt = self.debt - self.round if self.debt > self.round else 0.0
            return self.debt == 0.0 and False
        return False

    def advance(self, skipped):
        """At the start of the next round."""
        if self.free:
            self.elapsed += 0.0 if skipped else self.round
            return
        paid = min(self.debt, self.round)
        self.debt -= paid
        self.elapsed += self.round - paid

    def end(self, seconds, suspended):
        if suspended:
            self.left = self.remaining(seconds)
            self.debt = 0.0
        if not self.revalued:
            self.banked, self.elapsed = self.done(seconds), 0.0
        if suspended and not self.twice:
            self.banked = self.elapsed = 0.0


def check_progress(world, speeds, work, report):
    job = work.job
    progress = Progress(world, job.iterations)
    for index, hold in enumerate(job.holds):
        seconds = speeds.iteration(job, hold.type, hold.locality)[0]
        # A change that gives no new GPU is not charged; its value is what was owed.
        charged = hold.begun["kind"] != "changed" or has_new_gpu(job.holds[index - 1], hold)
        if charged:
            first = hold.begun["kind"] == "started"
            progress.charge = work.costs[index][0] if first else number(hold.begun["value"])
        rounds = round((hold.end - hold.start) / world.round)
        for passed in range(rounds):
            progress.settle()
            progress.advance(progress.free and progress.debt > 0)
            report.saw("work conserved")
            over = progress.remaining(seconds) <= 0
            last = passed + 1 == rounds
            if over and not (last and hold.ended_by in ("finished", "horizon")):
                report.wrong("work conserved", f"job {job.id} has done its iterations in round {passed + 1} of the "
                             f"hold from {hold.start} and goes on")
                return
            if last and hold.ended_by == "finished" and not over:
                report.wrong("work conserved", f"job {job.id} finishes at {hold.end} with "
                             f"{progress.remaining(seconds)} of {job.iterations} iterations left")
        progress.end(seconds, hold.ended_by == "preempted")


def has_new_gpu(before, hold):
    held = {(share.node, slot) for share in before.shares for slot in share.slots}
    return any((share.node, slot) not in held for share in hold.shares for slot in share.slots)
