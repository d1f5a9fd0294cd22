"""What an experiment says and what its run left behind, as plain values.

Part of safe.invariants. Reads the experiment (JSON, which is YAML), its trace and the CSV files and
summaries of one world; knows nothing of how Orrery computes them.
"""

import csv
import io
import json
import math
import pathlib
from dataclasses import dataclass, field

TABLES = ("jobs.csv", "allocations.csv", "decisions.csv", "timeline.csv", "sharing.csv", "rounds.csv")


@dataclass
class Node:
    type: str
    gpus: int
    cluster: str


@dataclass
class Job:
    """A row of the trace, and the row of jobs.csv."""
    id: str
    order: int
    submit: float
    gpus: int
    duration: float
    milli: int = 1000
    cluster: str = ""
    types: tuple = ()
    model: str = ""
    iterations: int = 0
    batch: int = 0
    deadline: float = math.inf
    row: dict = field(default_factory=dict)
    holds: list = field(default_factory=list)


@dataclass
class Share:
    node: int
    type: str
    gpus: int
    milli: int
    slots: frozenset


@dataclass
class Hold:
    """GPUs that a job had without a change, and the decision with which that began."""
    job: str
    start: float
    end: float
    ended_by: str
    shares: list
    begun: dict = None

    @property
    def gpus(self):
        return sum(share.gpus for share in self.shares)

    @property
    def amount(self):
        return sum(share.gpus * share.milli for share in self.shares) / 1000

    @property
    def type(self):
        return self.shares[0].type

    @property
    def locality(self):
        """Nodes, and the least GPUs on one of them."""
        return len(self.shares), min(share.gpus for share in self.shares)


def number(text):
    return float(text) if text != "" else None


def seconds(value, default=None):
    """Of a quantity such as `30 min`."""
    if value is None:
        return default
    if isinstance(value, (int, float)):
        return float(value)
    amount, unit = value.split()
    return float(amount) * {"s": 1, "ms": 1e-3, "min": 60, "h": 3600, "d": 86400}[unit]


def slots_of(text):
    slots = set()
    for part in text.split(";"):
        first, _, last = part.partition("-")
        slots |= set(range(int(first), int(last or first) + 1))
    return frozenset(slots)


def nodes_of(platform):
    nodes = []
    for group in platform["nodes"]:
        for _ in range(group.get("count", 1)):
            nodes.append(Node(group.get("gpu", ""), group.get("gpus_per_node", 8),
                              group.get("virtual_cluster", "")))
    return nodes


def trace_rows(text, format_name):
    """Jobs of a trace in the order of the file, the number of bad rows, and of rows left out."""
    jobs, bad, excluded = [], 0, 0
    if format_name == "swf":
        for line in text.splitlines():
            words = line.split()
            if not words or line.startswith(";"):
                continue
            gpus = int(words[4]) if int(words[4]) > 0 else int(words[7])
            if float(words[3]) < 0 or gpus <= 0 or int(words[10]) in (2, 3, 4):
                excluded += 1
            else:
                jobs.append(Job(words[0], 0, float(words[1]), gpus, float(words[3])))
        return jobs, bad, excluded
    for row in csv.DictReader(io.StringIO(text)):
        try:
            jobs.append(Job(row["job_id"], 0, float(row["submit_seconds"]), int(row["gpus"]),
                            float(row["duration_seconds"]), int(row.get("gpu_milli") or 1000),
                            row.get("virtual_cluster") or "",
                            tuple((row.get("gpu_types") or "").split("|")) if row.get("gpu_types") else (),
                            row.get("model") or "", int(row.get("iterations") or 0),
                            int(row.get("batch_samples") or 0),
                            float(row.get("deadline_seconds") or "inf")))
        except ValueError:
            bad += 1
    return jobs, bad, excluded


def chosen(jobs, workload):
    """The jobs that the filters of `workload` keep."""
    kept = []
    for job in jobs:
        if len(kept) == workload.get("limit", len(jobs)):
            break
        if job.gpus > workload.get("largest_gpus", job.gpus):
            continue
        if not workload.get("from_seconds", 0) <= job.submit < workload.get("until_seconds", math.inf):
            continue
        kept.append(job)
    return kept


class World:
    """One world of a run: its options, its jobs and its results."""

    def __init__(self, name, document, platform, options, tables, summary, texts):
        self.name, self.document, self.platform, self.options = name, document, platform, options
        self.tables, self.summary, self.texts = tables, summary, texts
        self.nodes = nodes_of(platform)
        self.node_types = list(dict.fromkeys(node.type for node in self.nodes))
        self.capacity = {kind: max(n.gpus for n in self.nodes if n.type == kind) for kind in self.node_types}
        self.policy = options["policy"]["name"]
        self.policy_options = options["policy"]
        rules = options.get("rules", "exact")
        self.quirks = rules if isinstance(rules, dict) else {"name": rules}
        self.arena = self.quirks["name"] == "arena"
        self.round = seconds(options.get("round"), 0.0)
        self.shared = platform.get("network", "isolated") == "shared"
        self.partition = options.get("virtual_clusters", "ignore") == "partition"
        self.retries = options.get("job_retries", platform.get("job_retries"))
        self.several = "worlds" in document
        self.end = None if summary is None else summary["simulated_seconds"]
        self.cut = None if summary is None else summary["horizon_cut"]
        self.others = []  # holds of other worlds
        self._read_jobs()
        if tables is not None:
            self._read_results()

    def _read_jobs(self):
        trace = self.options["workload"]["trace"]
        rows, self.bad_rows, self.excluded_rows = trace_rows(self.texts[trace["path"]], trace["format"])
        kept = chosen(rows, self.options["workload"])
        self.table_jobs = "throughput" in self.options
        if not self.arena:
            kept.sort(key=lambda job: job.submit)
        for order, job in enumerate(kept):
            job.order = order
        self.jobs = {job.id: job for job in kept}

    def _read_results(self):
        self.decisions = self.tables["decisions.csv"]
        self.listed = self.tables["jobs.csv"]
        for row in self.listed:
            job = self.jobs.get(row["job_id"])
            if job:
                job.row = row
                if self.arena:
                    job.submit = float(row["submit_seconds"])
        self.holds = self._holds()
        begun = {}
        for row in self.decisions:
            if row["kind"] in ("started", "resumed", "changed"):
                begun.setdefault(row["job_id"], []).append(row)
        for job in self.jobs.values():
            job.holds = [hold for hold in self.holds if hold.job == job.id]
            for hold, row in zip(job.holds, begun.get(job.id, [])):
                hold.begun = row
        self.begun = begun
        self.down = self._down()

    def _holds(self):
        """Rows of allocations.csv that belong to one hold stand together, each of another node."""
        holds = []
        for row in self.tables["allocations.csv"]:
            share = Share(int(row["node"]), row["gpu_type"], int(row["gpus"]), int(row["milli"]),
                          slots_of(row["slots"]))
            key = (row["job_id"], float(row["start_seconds"]), float(row["end_seconds"]), row["ended_by"])
            last = holds[-1] if holds else None
            same = last and key == (last.job, last.start, last.end, last.ended_by)
            if same and share.node not in [known.node for known in last.shares]:
                last.shares.append(share)
            else:
                holds.append(Hold(*key, [share]))
        return holds

    def _down(self):
        """Node: the spans in which decisions.csv has it down."""
        spans = {}
        for row in self.decisions:
            if row["kind"] == "node_failed":
                spans.setdefault(int(row["nodes"]), []).append([float(row["time_seconds"]), math.inf])
            elif row["kind"] == "node_repaired":
                spans[int(row["nodes"])][-1][1] = float(row["time_seconds"])
        return spans

    def has_task(self, job):
        """Whether its speed follows a table: counted in iterations, with a model."""
        return self.table_jobs and job.iterations > 0 and job.model != ""

    def state(self, job):
        return job.row.get("state", "")

    def horizon(self):
        """Seconds at which the experiment stops, or infinity."""
        stop = self.document.get("stop", {})
        if "seconds" in stop:
            return float(stop["seconds"])
        if "rounds" in stop:
            return stop["rounds"] * self.round
        return math.inf

    def is_up(self, node, at):
        """After everything that happened at that instant."""
        return not any(down <= at < up for down, up in self.down.get(node, []))


def read_tables(folder):
    tables = {}
    for name in TABLES:
        path = folder / name
        if path.exists():
            with open(path, newline="", encoding="utf-8") as file:
                tables[name] = list(csv.DictReader(file))
    return tables


@dataclass
class Read:
    """What was read of one world before it is understood."""
    document: dict
    texts: dict
    tables: dict
    summary: dict
    whole: dict


def load(folder, change=lambda read: None):
    """The worlds of the experiment in `folder` and the summary of the whole run; `change` may spoil
    what was read."""
    folder = pathlib.Path(folder)
    document = json.loads((folder / "experiment.yaml").read_text())
    texts = {path.name: path.read_text() for path in folder.iterdir()
             if path.is_file() and path.suffix in (".csv", ".swf")}
    results = folder / "results"
    done = (results / "summary.json").exists()
    whole = json.loads((results / "summary.json").read_text()) if done else None
    platform = document.get("platform") or document.get("cluster")
    parts = document.get("worlds") or [document]
    worlds = []
    for options in parts:
        name = options["name"] if "worlds" in document else ""
        tables = read_tables(results / name) if done else None
        summary = json.loads((results / name / "summary.json").read_text()) if done else None
        if done:
            change(Read(document, texts, tables, summary, whole))
        worlds.append(World(name, document, platform, options, tables, summary, texts))
    for world in worlds:
        world.others = [hold for other in worlds if other is not world and done for hold in other.holds]
    return worlds, whole
