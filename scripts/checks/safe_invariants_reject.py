"""Who is rejected can never start, who can never start is rejected, and nobody is left pending for
ever without a reason.

Part of safe.invariants; after docs/experiments.md (`on_oversized_job`).
"""

import math

from safe_invariants_fit import domains
from safe_invariants_case import seconds
from safe_invariants_speeds import best_locality, by_count

BY_RULE = ("fifo", "easy", "sjf", "srtf", "las")
DEADLINES = ("elasticflow", "crius")


def counts(world, job):
    """GPU counts that the policy may give a job."""
    adapts = world.has_task(job) and world.policy in ("elasticflow", "elasticflow-ls", "sia", "sia-arena", "crius")
    if not adapts:
        return [job.gpus]
    most = world.policy_options.get("largest_gpus", 16)
    return [job.gpus] + [count for count in (1, 2, 4, 8, 16) if count <= most]


def can_surely(domain, speeds, job):
    """It fits into the idle cluster as it asks, the way that any policy would place it."""
    world, idle = domain.world, domain.idle()
    kinds = [kind for kind in speeds.kinds(job) if idle.nodes(kind)]
    if world.policy in BY_RULE:
        return any(idle.fits(job, kind, world.policy_options.get("placement", "consolidated")) for kind in kinds)
    if job.milli < 1000:
        return bool(kinds)
    if world.policy in ("gavel-arena", "sia-arena"):
        # Their programs choose a type by counts, before anything is placed.
        return bool(kinds) and all(idle.equally(kind, best_locality(job.gpus, idle.largest(kind))) for kind in kinds
                                   if sum(idle.whole(node) for node in idle.nodes(kind)) >= job.gpus) \
            and any(idle.equally(kind, best_locality(job.gpus, idle.largest(kind))) for kind in kinds)
    return any(idle.equally(kind, best_locality(job.gpus, world.capacity[kind])) for kind in kinds
               if not world.has_task(job) or job.gpus & (job.gpus - 1) == 0)


def cannot(domain, speeds, job):
    """No type that it may use has as many GPUs as any count that it can run on."""
    world, idle = domain.world, domain.idle()
    adapts = world.policy not in BY_RULE and world.policy != "gandiva"
    for kind in speeds.usable(job) if adapts else speeds.kinds(job):
        there = sum(idle.whole(node) for node in idle.nodes(kind))
        for gpus in counts(world, job):
            able = not world.has_task(job) or speeds.at_best(job, kind, gpus) < math.inf
            if gpus <= there and able:
                return False
    return True


def stays(world):
    """Under the arena's rules who can never start stays pending where nothing else is said."""
    return world.arena and world.options.get("on_oversized_job", "fail") == "fail"


def check_rejected(world, speeds, works, report):
    told = {row["job_id"]: row for row in world.decisions if row["kind"] in ("rejected", "dropped")}
    for domain in domains(world):
        for job in domain.jobs:
            if world.state(job) == "not_submitted":
                continue
            report.saw("rejected")
            state = world.state(job)
            if (state == "rejected") != (job.id in told):
                report.wrong("rejected", f"job {job.id} is {state}, decisions.csv says {told.get(job.id)}")
            elif state != "rejected" and cannot(domain, speeds, job) and not stays(world):
                report.wrong("rejected", f"job {job.id} is {state}, though it can never start")
            elif state == "rejected" and told[job.id]["kind"] == "rejected" and can_surely(domain, speeds, job):
                report.wrong("rejected", f"job {job.id} is rejected, though it fits into the idle cluster")
            elif state == "rejected" and told[job.id]["kind"] == "dropped":
                check_dropped(domain, speeds, works[job.id], told[job.id], report)
    check_left(world, report)


def check_dropped(domain, speeds, work, row, report):
    world, job, at = domain.world, work.job, float(row["time_seconds"])
    report.saw("dropped")
    if row["reason"] == "cannot_run":
        if can_surely(domain, speeds, job):
            report.wrong("dropped", f"job {job.id} is dropped, though it can run")
        return
    promises = world.policy_options.get("deadlines", "kept") == "kept" if world.policy == "elasticflow" else (
        world.policy_options.get("deadline_aware", False))
    if world.policy not in DEADLINES or not promises or math.isinf(job.deadline):
        report.wrong("dropped", f"job {job.id} is dropped for a deadline; {world.policy} keeps none of it")
        return
    # Alone on an idle cluster, all of which is up, nothing but the deadline itself is in its way.
    alone = not domain.running(at) and not domain.pending(at) and not domain.down_at(at)
    if world.policy != "elasticflow" or not alone or world.several or at in domain.instant:
        return
    if sum(float(r["time_seconds"]) == at for r in world.decisions if r["kind"] == "dropped") > 1:
        return
    idle = domain.idle()
    for kind in speeds.kinds(job):
        fits = idle.equally(kind, best_locality(job.gpus, world.capacity[kind])) if idle.nodes(kind) else False
        speed = speeds.on(job, kind, job.gpus, best_locality(job.gpus, world.capacity[kind]))
        most = world.policy_options.get("largest_gpus", 16)
        if fits and job.gpus <= most and len(speeds.kinds(job)) == 1 and (
                at + work.total / speed <= job.deadline - 1e-6):
            report.wrong("dropped", f"job {job.id} is dropped at {at}, though alone it ends by its deadline")


def check_left(world, report):
    """Without a horizon only nodes that are lost, or other worlds, leave jobs waiting."""
    left = [job.id for job in world.jobs.values() if world.state(job) in ("pending", "running")]
    if world.cut or not left or stays(world):
        return
    report.saw("left pending")
    lost = any(up == math.inf for spans in world.down.values() for _, up in spans)
    if not lost and not world.several:
        report.wrong("left pending", f"jobs {left} are left for ever, though no node is lost")


def truly_refused(worlds, speeds_of, code, said):
    """Whether a run without results had a reason: a job that cannot start under `on_oversized_job: fail`,
    no job that passes the filters, or restarts that take longer than a policy lets jobs run."""
    if code == 1 and "stuck_after" in said:
        world = worlds[0]
        dear = max(by_count(world.options.get("restart_seconds"), gpus) for gpus in (1, 2, 4, 8, 16))
        wake = world.round or seconds(world.policy_options.get("wake_every"), 360.0)
        return world.policy in ("gavel", "sia") and dear + sum(
            by_count(cost, 16) for cost in world.options.get("plan_change", {}).values() if cost not in (True, False)
        ) + 60 * ("migration" in world.options) >= wake
    if code != 2:
        return False
    for world in worlds:
        if not world.jobs:
            return True
        if world.options.get("on_oversized_job", "fail") != "fail":
            continue
        world.decisions, world.holds = [], []
        for domain in domains(world):
            if any(not can_surely(domain, speeds_of(world), job) for job in domain.jobs):
                return True
    return False
