"""How fast a job runs where, and what its starts cost, by the experiment's own tables.

Part of safe.invariants; after docs/experiments.md ("How fast jobs run", `plan_change`) and, under
the arena's rules, docs/systems/crius.md ("Throughput lookup").
"""

import csv
import io
import math
from decimal import ROUND_HALF_EVEN, Decimal

SIZES = {"1B": 1.0, "2B": 2.0}


def round3(value):
    return float(Decimal(value).quantize(Decimal("0.001"), ROUND_HALF_EVEN))


def best_locality(gpus, capacity):
    """On as few nodes as possible, in equal parts."""
    nodes = max(1, math.ceil(gpus / capacity))
    while gpus % nodes:
        nodes += 1
    return nodes, gpus // nodes


def by_count(cost, gpus):
    """Seconds of a table of upper bounds, or of a line with a ceiling."""
    if not cost:
        return 0.0
    if "per_gpu" in cost:
        return min(cost["per_gpu"] * gpus, cost.get("at_most", math.inf))
    for bound in sorted(int(key) for key in cost if key != "more"):
        if gpus <= bound:
            return float(cost[str(bound)])
    return float(cost["more"])


class Speeds:
    """Answers for the jobs of one world."""

    def __init__(self, world):
        self.world, self.known = world, {}
        self.rules = world.options.get("throughput", {}).get("table", {})
        if self.rules:
            for row in csv.DictReader(io.StringIO(world.texts[self.rules["path"]])):
                seconds = float(row["iter_time_s"])
                key = (row["model"], row["params"], int(row["global_batch"]), row["gpu_type"],
                       int(row["nodes"]), int(row["gpus_per_node"]))
                self.known[key] = math.inf if seconds == -1 else seconds
        self.rounded = world.arena and world.quirks.get("rounded_throughputs", True)

    def iteration(self, job, kind, locality):
        """Seconds of one iteration, infinite where it cannot run; and whether a row says just so."""
        family, size = job.model.split("__")
        row = lambda params, nodes, per: self.known.get((family, params, job.batch, kind, nodes, per))
        best = best_locality(locality[0] * locality[1], self.world.capacity[kind])
        found, factor = row(size, *locality), 1.0
        exact = found is not None
        halvings = math.log2(best[1] / locality[1])
        if found is None and "relaxed_locality" in self.rules and halvings >= 0 and halvings % 1 == 0:
            found = row(size, *best)
            factor = self.rules["relaxed_locality"] ** int(halvings)
        if found is None and "smaller_model" in self.rules:
            for step, larger in enumerate(s for s in sorted(SIZES, key=SIZES.get) if SIZES[s] > SIZES[size]):
                if found is None:
                    found, factor = row(larger, *locality), self.rules["smaller_model"] ** (step + 1)
        if found is None or found == math.inf or (self.world.arena and found > 300):
            return math.inf, exact
        if self.rounded:
            throughput = round3(job.batch / found) * factor
            return (round3(job.batch / throughput) if throughput > 0 else math.inf), exact
        return found / factor, exact

    def at_best(self, job, kind, gpus):
        return self.iteration(job, kind, best_locality(gpus, self.world.capacity[kind]))[0]

    def reference(self, job):
        """Seconds of an iteration on the first configuration that can run, the one asked for first."""
        most = self.world.options["throughput"].get("largest_gpus", 16)
        counts, fewer, more = [job.gpus], job.gpus // 2, job.gpus * 2
        while fewer >= 1:
            counts.append(fewer)
            fewer //= 2
        while more <= most:
            counts.append(more)
            more *= 2
        kinds = [kind for kind in job.types[:1] if kind in self.world.capacity]
        kinds += [kind for kind in self.world.node_types if kind not in kinds]
        for kind in kinds:
            for count in counts:
                seconds = self.at_best(job, kind, count)
                if seconds < math.inf:
                    return seconds
        return 0.0

    def work(self, job):
        """Seconds on what the job asks for."""
        return job.iterations * self.reference(job) if self.world.has_task(job) else job.duration

    def on(self, job, kind, gpus, locality):
        """Seconds of that work done in a second of computing."""
        if not self.world.has_task(job):
            return gpus / job.gpus
        return self.reference(job) / self.iteration(job, kind, locality)[0]

    def of(self, job, hold):
        return self.on(job, hold.type, hold.gpus, hold.locality)

    def samples(self, job, hold):
        """Samples per second while work advances; 0 where the job does not say."""
        if self.world.has_task(job):
            return job.batch / self.iteration(job, hold.type, hold.locality)[0]
        if job.iterations <= 0 or job.batch <= 0 or job.duration <= 0:
            return 0.0
        return job.iterations * job.batch / job.duration * hold.gpus / job.gpus

    def kinds(self, job):
        """GPU types that a policy without a choice of its own may give: asked for, and able."""
        allowed = [kind for kind in self.world.node_types if not job.types or kind in job.types]
        if not self.world.has_task(job):
            return allowed
        return [kind for kind in allowed if self.at_best(job, kind, job.gpus) < math.inf]

    def usable(self, job):
        """GPU types that a policy with a choice may give."""
        preferred = self.world.options.get("throughput", {}).get("gpu_types", "preferred") == "preferred"
        if self.world.has_task(job) and preferred:
            return list(self.world.node_types)
        return [kind for kind in self.world.node_types if not job.types or kind in job.types]


class StartCosts:
    """What the starts of one job cost, one after the other, but for migration."""

    def __init__(self, world, job):
        self.world, self.task = world, world.has_task(job)
        self.plans, self.last = set(), None

    def next(self, hold, first):
        restart = self.world.options.get("restart_seconds")
        seconds = 0.0 if first and not self._charged_first() else by_count(restart, hold.gpus)
        change = self.world.options.get("plan_change")
        if not self.task or not change:
            return seconds
        plan = (hold.type, hold.gpus)
        paid = ["profile_seconds" if first else "checkpoint_seconds", "launch_seconds"]
        if plan not in self.plans or not change.get("keep_plans", True):
            paid.append("search_seconds")
        if plan != self.last:
            paid.append("compile_seconds")
        self.plans.add(plan)
        self.last = plan
        return seconds + sum(by_count(change.get(key), hold.gpus) for key in paid)

    def _charged_first(self):
        return self.world.arena and self.world.quirks.get("charged_first_starts", True)


def transfer_bounds(world, before, hold):
    """Least and most seconds that the state of a job travels over a fabric of its own: each node that
    is new fetches its share from an old one, in turn."""
    if "migration" not in world.options or before is None:
        return 0.0, 0.0
    amount, unit = world.options["migration"]["state_per_gpu"].split()
    per_gpu = float(amount) * {"MB": 1e6, "GB": 1e9}[unit]
    old = [share.node for share in before.shares]
    new = [share for share in hold.shares if share.node not in old]
    if not new:
        return 0.0, 0.0
    fabric = world.platform.get("fabric", {})
    rate = float(fabric["nic"].split()[0]) * 1e9 if "nic" in fabric else 12.5e9
    slowest = rate
    if fabric.get("topology") == "fat_tree":
        slowest = min(rate, rate / fabric.get("oversubscription", 1))
    volume = [per_gpu * share.gpus for share in new]
    return max(volume) / rate, sum(volume) / slowest + 1e-3
