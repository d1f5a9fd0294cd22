"""Nobody waits beside GPUs into which he fits and that the policy's rule lets him have; and nobody
runs whom the rule would have made wait.

Part of safe.invariants. Looks at every instant after which a policy has decided. The rules are those
of `orrery list policies` and docs/policies.md.
"""

from safe_invariants_easy import check_easy
from safe_invariants_fit import domains

SHARED_WITH_NOBODY = ("gavel", "sia", "elasticflow")


class Queue:
    """How a domain's waiting jobs are looked at."""

    def __init__(self, domain, speeds, works):
        self.domain, self.world, self.speeds, self.works = domain, domain.world, speeds, works
        options = self.world.policy_options
        self.rule = options.get("placement", "consolidated")
        self.behind = options.get("queue", "skipping" if self.world.policy == "las" else "blocking_per_type")

    def fits(self, room, job, blocked=()):
        return any(room.fits(job, kind, self.rule) for kind in self.speeds.kinds(job)
                   if kind not in blocked and room.nodes(kind))

    def set_aside(self, job, at):
        """It needs nodes that are down."""
        return self.domain.down_at(at) and not self.fits(self.domain.empty(at), job)

    def key(self, job, at):
        """Smaller goes first; where a policy goes by submission, all are the same."""
        if self.world.policy == "sjf":
            return self.works[job.id].left_at(at)
        return 0.0

    def ordered(self, jobs, at):
        return sorted(jobs, key=lambda job: (self.key(job, at), job.order))


def close(keys):
    """Whether two keys are too near to say which is smaller."""
    keys = sorted(keys)
    return any(0 < b - a <= 1e-6 * max(1.0, b) for a, b in zip(keys, keys[1:]))


def check_queue(queue, at, report):
    """fifo and sjf: nobody who is not blocked fits."""
    room = queue.domain.room(at)
    waiting = queue.domain.pending(at)
    if close([queue.key(job, at) for job in waiting]):
        return
    blocked = set()
    for job in queue.ordered(waiting, at):
        report.saw("nobody idle")
        if queue.fits(room, job, blocked):
            report.wrong("nobody idle", f"at {at} job {job.id} waits, though it fits and nobody blocks it")
            return
        if queue.set_aside(job, at):
            report.saw("set aside")
            continue
        if queue.behind == "blocking":
            return
        if queue.behind == "blocking_per_type":
            blocked |= set(queue.speeds.kinds(job))


def check_order(queue, report):
    """fifo and sjf: whoever starts passes nobody by who might have started in his place."""
    for job in queue.domain.jobs:
        for hold in job.holds:
            at = hold.start
            if at in queue.domain.instant and queue.behind != "blocking":
                continue
            if queue.world.cut and at >= queue.world.end:
                continue
            before = [other for other in queue.domain.pending(at)
                      if (queue.key(other, at), other.order) < (queue.key_before(job, hold), job.order)]
            if any(abs(queue.key(o, at) - queue.key_before(job, hold)) < 1e-6 for o in before
                   if queue.world.policy == "sjf" and queue.key(o, at) != queue.key_before(job, hold)):
                continue
            for other in before:
                report.saw("order")
                if queue.behind == "blocking" and not queue.set_aside(other, at):
                    report.wrong("order", f"job {job.id} starts at {at}, job {other.id} before it waits")
                if queue.behind == "skipping" and queue.fits(queue.domain.room(at).take(hold.shares, 1), other):
                    report.wrong("order", f"job {job.id} starts at {at}, job {other.id} before it would fit there")


class Picked:
    """A job that srtf or las picks: on which type it counted, and which were closed to it."""

    def __init__(self, job, kind, closed, moves):
        self.job, self.kind, self.closed, self.moves = job, kind, set(closed), moves


def quota(queue, at):
    """Thousandths of GPUs that are up and of which no other world holds the whole, by type."""
    left = {kind: 1000 * sum(queue.world.nodes[n].gpus for n in queue.domain.members
                             if queue.world.is_up(n, at) and queue.world.nodes[n].type == kind)
            for kind in queue.world.node_types}
    for hold in queue.world.others:
        if hold.start <= at < hold.end:
            left[hold.type] -= 1000 * sum(share.gpus for share in hold.shares if share.milli == 1000)
    return left


def pick(queue, at, keys, running, waiting):
    """srtf and las: who is picked, stays and stops, by counting GPUs in order of rank."""
    left, closed, failed = quota(queue, at), [], set()
    picks, stays, stops = [], set(), set()
    active = [job for job in queue.domain.jobs if job.id in running or job.id in waiting]
    over = False
    for job in sorted(active, key=lambda job: (keys[job.id], job.order)):
        need, kinds = job.gpus * job.milli, queue.speeds.kinds(job)
        demand = (job.gpus, job.milli, tuple(kinds))
        own = [running[job.id].type] if job.id in running else []
        if over or (not own and (demand in failed or queue.set_aside(job, at))):
            stops |= {job.id} if own else set()
            continue
        fitting = next((kind for kind in own + kinds if left[kind] >= need), None)
        if fitting is not None:
            left[fitting] -= need
            if own and fitting == own[0]:
                stays.add(job.id)
            else:
                picks.append(Picked(job, fitting, closed, bool(own)))
                stops |= {job.id} if own else set()
            continue
        stops |= {job.id} if own else set()
        if not own:
            failed.add(demand)
        if queue.behind == "blocking":
            over = True
        if queue.behind == "blocking_per_type":
            closed += own or kinds
            left.update({kind: 0 for kind in own or kinds})
    return picks, stays, stops


def rank(queue, at, running):
    """The key of each active job; None where it cannot be told from the files."""
    if queue.world.arena:
        return None
    keys = {}
    for job in queue.domain.jobs:
        if queue.world.policy == "srtf":
            if queue.world.shared and any(len(hold.shares) > 1 for hold in job.holds):
                return None
            keys[job.id] = queue.works[job.id].left_at(at)
            continue
        service = sum(hold.amount * (min(hold.end, at) - hold.start) for hold in job.holds if hold.start <= at)
        limits = queue.world.policy_options.get("limits_gpu_seconds", [3250, 7200])
        if any(abs(service - limit) < 5e-3 for limit in limits):
            return None
        keys[job.id] = sum(service >= limit for limit in limits) + (0 if job.id in running else 0.5)
    if queue.world.policy == "las" and queue.world.policy_options.get("promote", 0) > 0:
        return None
    return keys


def check_preemptive(queue, at, report):
    """What stops and starts at an instant is what counting picks among those that were there before."""
    holds = {job.id: job.holds for job in queue.domain.jobs}
    running = {name: hold for name in holds for hold in holds[name] if hold.start < at and (
        hold.end > at or (hold.end == at and hold.ended_by == "preempted"))}
    after = {job.id for job, _ in queue.domain.running(at)}
    started = {name for name in holds for hold in holds[name] if hold.start == at}
    waiting = ({job.id for job in queue.domain.pending(at)} | started) - set(running)
    keys = rank(queue, at, running)
    active = [keys[name] for name in list(running) + list(waiting)] if keys else []
    twice = at in queue.domain.instant or any(at in (hold.start, hold.end) for hold in queue.world.others)
    if keys is None or twice or (queue.world.policy == "srtf" and close(active)):
        report.saw("rank unknown")
        return
    picks, stays, stops = pick(queue, at, keys, running, waiting)
    report.saw("rank")
    stopped = {name for name, hold in running.items() if hold.end == at}
    if stopped != stops:
        report.wrong("rank", f"at {at} {sorted(stopped)} are preempted, by rank {sorted(stops)} are")
    wrong = started - {picked.job.id for picked in picks}
    if wrong:
        report.wrong("rank", f"at {at} {sorted(wrong)} start, though they do not rank high enough")
    check_placed(queue, at, picks, after, report)


def check_placed(queue, at, picks, after, report):
    """Whoever is picked and not placed does not fit."""
    room, blocked = queue.domain.room(at), set()
    for picked in picks:
        if picked.job.id in after:
            continue
        report.saw("nobody idle")
        shut = blocked | picked.closed
        if picked.moves:
            shut |= set(queue.world.node_types) - {picked.kind}
        if queue.fits(room, picked.job, shut):
            report.wrong("nobody idle", f"at {at} job {picked.job.id} waits, though it is picked and fits")
        if queue.behind == "blocking":
            return
        if queue.behind == "blocking_per_type":
            blocked |= set(queue.speeds.kinds(picked.job)) - shut


def sorted_file(world):
    submits = [job.submit for job in world.jobs.values()]
    return submits == sorted(submits)


def check_gandiva(queue, at, report):
    if queue.world.arena and not sorted_file(queue.world):
        return  # an arrival is tried behind all that wait, whatever the order of the file
    room, blocked = queue.domain.room(at), set()
    able = lambda job, kind: lambda locality: not queue.world.has_task(job) or (
        queue.speeds.iteration(job, kind, locality)[0] < float("inf"))
    for job in queue.domain.pending(at):
        report.saw("nobody idle")
        kinds = queue.speeds.kinds(job)
        if any(room.fits_wider(job, kind, able(job, kind)) for kind in kinds if kind not in blocked):
            report.wrong("nobody idle", f"at {at} job {job.id} waits, though it fits and nobody blocks its type")
            return
        empty = queue.domain.empty(at)
        if queue.domain.down_at(at) and not any(empty.fits_wider(job, kind, able(job, kind)) for kind in kinds):
            report.saw("set aside")
            continue
        blocked |= set(kinds)


def least(queue, job, kind):
    """The fewest GPUs of a type on which a policy may run a job; None: not on that type."""
    if not queue.world.has_task(job) or queue.world.policy == "gavel":
        counts = [job.gpus]
    else:
        counts = [1, 2, 4, 8, 16]
        counts = [c for c in counts if c <= queue.world.policy_options.get("largest_gpus", 16)]
    if not queue.world.has_task(job):
        return job.gpus if kind in queue.speeds.kinds(job) else None
    return next((c for c in counts if queue.speeds.at_best(job, kind, c) < float("inf")), None)


def last_told(world, job, at):
    """The reason to wait that was told last."""
    reason = ""
    for row in world.decisions:
        if float(row["time_seconds"]) <= at and row["job_id"] == job.id:
            reason = row["reason"] if row["kind"] == "waits" else ""
    return reason


def check_counted(queue, at, report):
    """gavel, sia, elasticflow give away what is left, type by type: a job alone in its claim to it
    runs."""
    options = queue.world.policy_options
    waiting = queue.domain.pending(at)
    active = len(waiting) + len(queue.domain.running(at))
    if options.get("mechanism") == "exclusive" and options.get("admission", "any") != "any":
        return
    if queue.world.policy == "sia" and 0 < options.get("partition", 200) < active:
        return
    if any(job.milli < 1000 for job in queue.domain.jobs):
        return  # a share counts as a whole GPU in these programs, and is placed as a share
    room = queue.domain.room(at)
    for kind in queue.world.node_types:
        nodes = room.nodes(kind)
        free = sum(room.whole(node) for node in nodes)
        claims = {job.id: least(queue, job, kind) for job in waiting if kind in queue.speeds.usable(job)}
        claims = {name: gpus for name, gpus in claims.items() if gpus is not None and gpus <= free}
        for job in waiting:
            if job.id not in claims:
                continue
            only = queue.speeds.usable(job) == [kind] or len(queue.world.node_types) == 1
            if queue.world.policy == "elasticflow" and not only:
                continue
            if last_told(queue.world, job, at) == "fragmented":
                continue  # the program's choice finds no room on the nodes
            report.saw("nobody idle")
            if sum(claims.values()) <= free and any(room.whole(node) >= claims[job.id] for node in nodes):
                report.wrong("nobody idle", f"at {at} job {job.id} waits for {claims[job.id]} {kind}, {free} are "
                             "free, and nobody else wants them")


def check_idle(world, speeds, works, report):
    for domain in domains(world):
        queue = Queue(domain, speeds, works)
        queue.key_before = lambda job, hold, q=queue: q.works[job.id].left[job.holds.index(hold)] \
            if q.world.policy == "sjf" else 0.0
        if world.policy in ("fifo", "sjf"):
            check_order(queue, report)
        if world.policy == "easy":
            check_easy(queue, report)
            continue
        look = {"fifo": check_queue, "sjf": check_queue, "srtf": check_preemptive, "las": check_preemptive,
                "gandiva": check_gandiva}.get(world.policy)
        if world.policy in SHARED_WITH_NOBODY and not world.arena:
            look = check_counted
        for at in domain.passes() if look else ():
            look(queue, at, report)
