"""Who holds what: no GPU twice, none of a node that is down, none outside a virtual cluster or a
binding, all of one type, as many as asked for where the policy resizes nobody.

Part of safe.invariants.
"""

import csv
import io
import math

RESIZES = ("gandiva", "elasticflow", "elasticflow-ls", "sia", "sia-arena", "crius")
# Who stops running jobs, and who lets them go on elsewhere.
PREEMPTS = ("srtf", "las", "gavel", "sia", "elasticflow", "crius")
CHANGES = ("gandiva", "elasticflow", "elasticflow-ls", "gavel", "sia", "crius", "gavel-arena", "sia-arena")
CHOOSES_TYPES = ("gavel", "sia", "crius", "gavel-arena", "sia-arena")


def check_ground(worlds, report):
    holds = [hold for world in worlds for hold in world.holds]
    check_once(worlds[0], holds, report)
    for world in worlds:
        check_outages(world, report)
        for hold in world.holds:
            check_nodes(world, hold, report)
            check_asked(world, hold, report)
        check_decisions(world, report)
        check_stops(world, report)


def check_once(world, holds, report):
    """At every instant the shares of each GPU are at most the whole."""
    steps = {}
    for hold in holds:
        for share in hold.shares:
            for slot in share.slots:
                if slot >= world.nodes[share.node].gpus:
                    report.wrong("no GPU twice", f"job {hold.job} holds GPU {slot} of node {share.node}, which "
                                 f"has {world.nodes[share.node].gpus}")
                # What ends at an instant is free for what begins at it.
                steps.setdefault((share.node, slot), []).extend(
                    [(hold.start, 1, share.milli), (hold.end, 0, -share.milli)] if hold.end > hold.start else [])
            report.saw("no GPU twice")
            if len(share.slots) != share.gpus or (share.milli < 1000 and share.gpus != 1):
                report.wrong("no GPU twice", f"job {hold.job} at {hold.start}: {share.gpus} GPUs in {share.slots}")
    for (node, slot), changes in steps.items():
        held = 0
        for at, _, milli in sorted(changes):
            held += milli
            if held > 1000:
                report.wrong("no GPU twice", f"GPU {slot} of node {node} is held {held / 1000} times at {at}")


def check_outages(world, report):
    """decisions.csv has the outages of the file, as long as anybody may hear of them."""
    failures = world.platform.get("failures", {})
    if "trace" not in failures or world.several:
        return
    open_until = max([hold.end for hold in world.holds]
                     + [float(row["time_seconds"]) for row in world.decisions], default=0.0)
    if world.cut:
        open_until = world.end
    told = {(node, *span) for node, spans in world.down.items() for span in spans}
    for row in csv.DictReader(io.StringIO(world.texts[failures["trace"]])):
        down = float(row["down_seconds"])
        up = float(row["up_seconds"] or "inf")
        if down >= open_until:
            continue
        report.saw("outages")
        up = up if up < open_until else math.inf
        spans = [span for span in told if span[:2] == (int(row["node"]), down)]
        if not spans or (spans[0][2] != up and spans[0][2] < open_until):
            report.wrong("outages", f"node {row['node']} is down from {down} to {up}, decisions.csv has {spans}")


def check_nodes(world, hold, report):
    job = world.jobs[hold.job]
    for share in hold.shares:
        node = world.nodes[share.node]
        if node.type != share.type:
            report.wrong("one type", f"node {share.node} has {node.type}, allocations.csv says {share.type}")
        for down, up in world.down.get(share.node, []):
            report.saw("none while down")
            if hold.start < up and hold.end > down or (hold.start == hold.end and down < hold.start < up):
                report.wrong("none while down", f"job {job.id} holds node {share.node} from {hold.start} to "
                             f"{hold.end}, which is down from {down} to {up}")
        if world.partition:
            report.saw("virtual cluster")
            if node.cluster != job.cluster:
                report.wrong("virtual cluster", f"job {job.id} of {job.cluster} holds node {share.node} of "
                             f"{node.cluster}")
    report.saw("one type")
    if len({share.type for share in hold.shares}) > 1:
        report.wrong("one type", f"job {job.id} at {hold.start} holds several GPU types")


def check_asked(world, hold, report):
    job = world.jobs[hold.job]
    table = world.options.get("throughput", {})
    preferred = world.has_task(job) and table.get("gpu_types", "preferred") == "preferred"
    if job.types and not (preferred and world.policy in CHOOSES_TYPES):
        report.saw("binding")
        if hold.type not in job.types:
            report.wrong("binding", f"job {job.id} may use {job.types} and holds {hold.type} at {hold.start}")
    report.saw("as asked")
    if {share.milli for share in hold.shares} != {job.milli} and world.policy != "crius":
        report.wrong("as asked", f"job {job.id} holds other shares of GPUs than it asks for")
    resized = world.policy in RESIZES and (world.has_task(job) or world.policy == "gandiva")
    if hold.gpus != job.gpus and not resized:
        report.wrong("as asked", f"job {job.id} asks for {job.gpus} GPUs and holds {hold.gpus} at {hold.start}")
    most = world.policy_options.get("largest_gpus", 16)
    if resized and world.policy != "gandiva" and hold.gpus > max(most, job.gpus):
        report.wrong("as asked", f"job {job.id} holds {hold.gpus} GPUs, at most {most}")


def check_decisions(world, report):
    """Each hold begins with a decision that names its nodes."""
    for job in world.jobs.values():
        rows = world.begun.get(job.id, [])
        report.saw("decisions")
        if len(rows) != len(job.holds):
            report.wrong("decisions", f"job {job.id} has {len(job.holds)} holds and {len(rows)} starts")
        for index, (row, hold) in enumerate(zip(rows, job.holds)):
            nodes = [(int(n), float(g)) for n, g in (part.split(":") for part in row["nodes"].split(";"))]
            held = [(share.node, share.gpus * share.milli / 1000) for share in hold.shares]
            if float(row["time_seconds"]) != hold.start or sorted(nodes) != sorted(held):
                report.wrong("decisions", f"job {job.id} is started at {row['time_seconds']} on {row['nodes']}, "
                             f"allocations.csv has {hold.start} on {held}")
            before = job.holds[index - 1].ended_by if index else None
            kinds = {None: "started", "changed": "changed", "preempted": "resumed", "interrupted": "resumed"}
            if kinds.get(before) != row["kind"]:
                report.wrong("decisions", f"job {job.id} is {row['kind']} after it was {before}")
            if index and hold.start < job.holds[index - 1].end:
                report.wrong("decisions", f"job {job.id} starts at {hold.start}, before its last hold ended")


def check_stops(world, report):
    """Only who preempts preempts, only failed nodes interrupt, retries are counted."""
    stops = {row["kind"]: 0 for row in world.decisions}
    for row in world.decisions:
        stops[row["kind"]] += 1
    report.saw("preemption")
    if stops.get("preempted") and world.policy not in PREEMPTS:
        report.wrong("preemption", f"{world.policy} preempts {stops['preempted']} times")
    if stops.get("changed") and world.policy not in CHANGES:
        report.wrong("preemption", f"{world.policy} changes running jobs {stops['changed']} times")
    for job in world.jobs.values():
        failures = [hold for hold in job.holds if hold.ended_by in ("interrupted", "failed")]
        for hold in failures:
            report.saw("preemption")
            if not any(span[0] == hold.end for share in hold.shares for span in world.down.get(share.node, [])):
                report.wrong("preemption", f"job {job.id} is interrupted at {hold.end}, no node of it fails then")
        given_up = world.retries is not None and len(failures) > world.retries
        if failures and given_up != (world.state(job) == "failed"):
            report.wrong("preemption", f"job {job.id} met {len(failures)} failures and is {world.state(job)}")
