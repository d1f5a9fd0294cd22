"""EASY: the head's promise is the earliest start that known run times allow, it is kept, and whoever
would not delay it is let go.

Part of safe.invariants. Left out: failures and neighbours on a shared fabric, which no promise knows
of, and clusters whose GPUs other worlds take.
"""

import math


def check_easy(queue, report):
    domain, world = queue.domain, queue.world
    check_promises(queue, report)
    for at in domain.passes():
        check_heads(queue, at, report)
    if not disturbed(queue):
        for at in domain.passes():
            check_backfilled(queue, at, report)


def disturbed(queue):
    world = queue.world
    slowed = world.shared and any(len(hold.shares) > 1 for hold in world.holds)
    return slowed or bool(world.down) or world.several


def head_of(queue, at):
    """The first waiting job that is not set aside; and those behind it."""
    waiting = queue.domain.pending(at)
    for index, job in enumerate(waiting):
        if not queue.set_aside(job, at):
            return job, waiting[index + 1:]
    return None, []


def check_heads(queue, at, report):
    """Those before and at the head do not fit."""
    room = queue.domain.room(at)
    for job in queue.domain.pending(at):
        report.saw("nobody idle")
        if queue.fits(room, job):
            report.wrong("nobody idle", f"at {at} job {job.id} is first in the queue and waits, though it fits")
            return
        if not queue.set_aside(job, at):
            return


def ends(queue, at, backfilled_too):
    """When running jobs give their GPUs back by themselves, in order, with what they hold."""
    found = []
    for job, hold in queue.domain.running(at):
        late = hold.begun["reason"] == "backfilled" and hold.start == at
        if backfilled_too or not late:
            work = queue.works[job.id]
            known = hold.ended_by == "finished"
            found.append((hold.end if known else work.end_of(job.holds.index(hold)), hold))
    return sorted(found, key=lambda pair: pair[0])


def reservation(queue, at, head, backfilled_too=False):
    """The earliest time at which the head fits if nobody else starts, and what is free then."""
    room = queue.domain.room(at)
    if not backfilled_too:
        for _, hold in queue.domain.running(at):
            if hold.begun["reason"] == "backfilled" and hold.start == at:
                room = room.take(hold.shares, 1)
    order = ends(queue, at, backfilled_too)
    for index, (when, hold) in enumerate(order):
        room = room.take(hold.shares, 1)
        if index + 1 < len(order) and order[index + 1][0] <= when * (1 + 1e-12):
            continue
        if queue.fits(room, head):
            return when, room
    return None, None


def check_promises(queue, report):
    world = queue.world
    submits = [job.submit for job in world.jobs.values()]
    if disturbed(queue) or submits != sorted(submits):
        return  # under the arena's rules one who comes later may stand before the head
    for row in world.decisions:
        job = world.jobs.get(row["job_id"])
        if row["kind"] != "waits" or row["reason"] != "reserved" or job not in queue.domain.jobs:
            continue
        at, promised = float(row["time_seconds"]), float(row["value"])
        report.saw("EASY's promise")
        by = math.ceil(promised / world.round * (1 - 1e-12)) * world.round if world.round > 0 else promised
        start = job.holds[0].start if job.holds else math.inf
        if start > by * (1 + 1e-9) + 1e-9 and not (world.cut and by >= world.end):
            report.wrong("EASY's promise", f"job {job.id} was promised {promised} at {at} and started at {start}")
        unknown = world.arena and any(hold.ended_by == "horizon" for _, hold in queue.domain.running(at))
        if at in queue.domain.instant or unknown:
            continue
        earliest, _ = reservation(queue, at, job)
        if earliest is None or abs(earliest - promised) > 1e-9 * max(1.0, promised):
            report.wrong("EASY's promise", f"job {job.id} was promised {promised} at {at}, known run times give "
                         f"{earliest}")


def check_backfilled(queue, at, report):
    """Whoever fits and would be gone by the reserved start, or leaves room for it wherever he goes, is
    let go."""
    head, behind = head_of(queue, at)
    if head is None or queue.world.policy_options.get("depth", 1000) < 1000 or at in queue.domain.instant:
        return
    when, then = reservation(queue, at, head, True)
    if when is None:
        return
    room = queue.domain.room(at)
    for job in behind:
        if not queue.fits(room, job) or job.milli < 1000 or queue.world.has_task(job):
            continue
        report.saw("nobody idle")
        work = queue.works[job.id]
        if at + work.wall(work.total, 1.0) <= when * (1 - 1e-9):
            report.wrong("nobody idle", f"at {at} job {job.id} waits, though it fits and ends before {when}, when "
                         f"job {head.id} starts")
            continue
        kinds = [kind for kind in queue.speeds.kinds(job) if room.nodes(kind)]
        if len(kinds) > 1 or queue.rule not in ("consolidated", "first_fit"):
            continue
        nodes = [node for node in room.nodes(kinds[0]) if room.whole(node) >= job.gpus]
        if nodes and all(queue.fits(then.without(node, job.gpus), head) for node in nodes):
            report.wrong("nobody idle", f"at {at} job {job.id} waits, though job {head.id} fits at {when} beside it")
