"""Whether a job fits into free GPUs by the rule of its placement (docs/policies.md, "Placements").

Part of safe.invariants.
"""

import bisect
import math

from safe_invariants_speeds import best_locality

LINES = ("finished", "failed")


class Room:
    """Free thousandths of each GPU of some nodes."""

    def __init__(self, world, free):
        self.world, self.free = world, free

    def nodes(self, kind):
        return [node for node in self.free if self.world.nodes[node].type == kind]

    def whole(self, node):
        return sum(milli == 1000 for milli in self.free[node])

    def take(self, shares, sign=-1):
        """The room without what these shares hold; with it where `sign` is 1."""
        free = {node: list(slots) for node, slots in self.free.items()}
        for share in shares:
            if share.node in free:
                for slot in share.slots:
                    free[share.node][slot] += sign * share.milli
        return Room(self.world, free)

    def without(self, node, gpus):
        """The room without some wholly free GPUs of a node."""
        slots, left = [], gpus
        for milli in self.free[node]:
            slots.append(0 if milli == 1000 and left > 0 else milli)
            left -= milli == 1000 and left > 0
        return Room(self.world, {**self.free, node: slots})

    def fits(self, job, kind, rule):
        """A job as it asks for on one type."""
        nodes = self.nodes(kind)
        if job.milli < 1000:
            return any(milli >= job.milli for node in nodes for milli in self.free[node])
        free = sorted(self.whole(node) for node in nodes)
        if sum(free) < job.gpus:
            return False
        largest = self.largest(kind)
        if rule in ("pooled", "best_fit"):
            return True
        if rule == "worst_fit":
            return self.equally(kind, best_locality(job.gpus, largest))
        if job.gpus <= largest:
            return free[-1] >= job.gpus
        return self.whole_nodes(nodes, job.gpus)

    def largest(self, kind):
        """GPUs of the largest node of the type that is up."""
        return max((self.world.nodes[node].gpus for node in self.nodes(kind)), default=0)

    def whole_nodes(self, nodes, gpus):
        """Wholly free nodes in order, and one node for the remainder."""
        used = set()
        for node in sorted(nodes):
            size = self.world.nodes[node].gpus
            if self.whole(node) == size and size <= gpus:
                gpus -= size
                used.add(node)
        return gpus == 0 or any(self.whole(node) >= gpus for node in nodes if node not in used)

    def equally(self, kind, locality):
        return sum(self.whole(node) >= locality[1] for node in self.nodes(kind)) >= locality[0]

    def fits_wider(self, job, kind, able):
        """The best locality, or twice the nodes with half of the GPUs on each, and so on."""
        largest = self.largest(kind)
        if largest == 0:
            return False
        if job.milli < 1000:
            return self.fits(job, kind, "worst_fit")
        nodes, per_node = best_locality(job.gpus, largest)
        while able((nodes, per_node)):
            if self.equally(kind, (nodes, per_node)):
                return True
            if per_node % 2:
                return False
            nodes, per_node = nodes * 2, per_node // 2
        return False


class Domain:
    """What one scheduler decides on: the whole cluster, or a virtual cluster."""

    def __init__(self, world, cluster):
        self.world, self.cluster = world, cluster
        mine = lambda name: not world.partition or name == cluster
        self.jobs = [job for job in world.jobs.values() if mine(job.cluster)]
        self.members = [n for n, node in enumerate(world.nodes) if mine(node.cluster)]
        self.dropped = {row["job_id"]: float(row["time_seconds"]) for row in world.decisions
                        if row["kind"] in ("dropped", "rejected")}
        self.holds = [hold for job in self.jobs for hold in job.holds if hold.end > hold.start]
        self.instant = {hold.start for job in self.jobs for hold in job.holds if hold.end == hold.start}

    def room(self, at, others=True):
        """What is free once everything of an instant has happened."""
        free = {n: [1000] * self.world.nodes[n].gpus for n in self.members if self.world.is_up(n, at)}
        room = Room(self.world, free)
        held = self.holds + [hold for hold in self.world.others if others and hold.end > hold.start]
        for hold in held:
            if hold.start <= at < hold.end:
                for share in hold.shares:
                    if share.node in free:
                        for slot in share.slots:
                            free[share.node][slot] -= share.milli
        return room

    def empty(self, at):
        """All nodes that are up, with nothing on them."""
        return Room(self.world, {n: [1000] * self.world.nodes[n].gpus for n in self.members
                                 if self.world.is_up(n, at)})

    def idle(self):
        return Room(self.world, {n: [1000] * self.world.nodes[n].gpus for n in self.members})

    def running(self, at):
        return [(job, hold) for job in self.jobs for hold in job.holds if hold.start <= at < hold.end]

    def pending(self, at):
        """In order of submission."""
        found = []
        for job in self.jobs:
            if job.submit > at or self.dropped.get(job.id, math.inf) <= at:
                continue
            if any(hold.start <= at < hold.end for hold in job.holds):
                continue
            if not any(hold.end <= at and hold.ended_by in LINES for hold in job.holds):
                found.append(job)
        return found

    def down_at(self, at):
        return any(not self.world.is_up(node, at) for node in self.members)

    def passes(self):
        """Instants after which the policy has looked at everything: where something changed, or at the
        next round after."""
        changes = {job.submit for job in self.jobs}
        changes |= {when for job in self.jobs for hold in job.holds for when in (hold.start, hold.end)}
        changes |= {hold.end for hold in self.world.others}
        for node in self.members:
            changes |= {when for span in self.world.down.get(node, []) for when in span if when < math.inf}
        step = self.world.round
        if step > 0:
            changes = {max(when, math.ceil(when / step) * step) for when in changes}
        ordered = sorted(changes)
        end = self.world.end
        last = bisect.bisect_left(ordered, end) if self.world.cut else len(ordered)
        return ordered[:last]


def domains(world):
    names = dict.fromkeys(node.cluster for node in world.nodes) if world.partition else [""]
    return [Domain(world, name) for name in names]
