"""Ways to spoil results, each with the invariant that must find it.

Part of safe.invariants: a check that cannot fail is none. A way changes the tables and the summary of
one world (`of.tables`, `of.summary`, and of the whole run `of.whole`) as they were read, and says
whether it found something to change.
"""

import csv
import io

from safe_invariants_case import nodes_of, slots_of

STARTS = ("started", "resumed", "changed")


def add(row, by, *columns):
    for column in columns:
        row[column] = repr(float(row[column]) + by)
    return True


def first(rows, which):
    return next((row for row in rows if which(row)), None)


def last(rows, which):
    return first(list(reversed(rows)), which)


def added(name, which, by, *columns):
    """In the last row of a table for which something holds, columns are larger."""
    def change(of):
        row = last(of.tables.get(name, []), which)
        return row is not None and add(row, by, *columns)
    return change


def figure(path):
    """Another value of a figure in summary.json."""
    def change(of):
        *parts, key = path.split(".")
        part = of.summary
        for name in parts:
            part = (part or {}).get(name)
        if not part or part.get(key) is None:
            return False
        part[key] = part[key] * 1.01 + (1 if isinstance(part[key], int) else 1e-3)
        return True
    return change


def of_job(of, name, job):
    return [row for row in of.tables[name] if row["job_id"] == job]


def whole_run(of, which=lambda row: True):
    """A job with one hold on one node, that finished: its rows."""
    for row in reversed(of.tables["jobs.csv"]):
        holds = of_job(of, "allocations.csv", row["job_id"])
        begun = [d for d in of_job(of, "decisions.csv", row["job_id"]) if d["kind"] in STARTS]
        if row["state"] == "finished" and len(holds) == 1 and len(begun) == 1 and which(holds[0]):
            return row, holds[0], begun[0]
    return None


def moved(of, job_row, hold, begun, by):
    add(job_row, by, "start_seconds", "finish_seconds", "wait_seconds")
    add(hold, by, "start_seconds", "end_seconds")
    return add(begun, by, "time_seconds")


def late_start(of):
    run = whole_run(of, lambda hold: float(hold["end_seconds"]) > float(hold["start_seconds"]))
    return run is not None and moved(of, *run, 3000.0)


def two_change_places(of):
    """In allocations.csv and decisions.csv."""
    rows = [row for row in of.tables["decisions.csv"] if row["kind"] == "started"]
    for one, other in zip(rows, rows[1:]):
        if one["gpus"] == other["gpus"] and one["time_seconds"] != other["time_seconds"]:
            names = {one["job_id"]: other["job_id"], other["job_id"]: one["job_id"]}
            for table in ("allocations.csv", "decisions.csv"):
                for row in of.tables[table]:
                    row["job_id"] = names.get(row["job_id"], row["job_id"])
            return True
    return False


def twice(of):
    """A hold is on the GPUs of another."""
    rows = [row for row in of.tables["allocations.csv"] if row["milli"] == "1000"]
    for one in rows:
        for other in rows:
            overlap = max(float(one["start_seconds"]), float(other["start_seconds"])) < min(
                float(one["end_seconds"]), float(other["end_seconds"]))
            if (one["node"] == other["node"] and one["gpus"] == other["gpus"] and overlap
                    and one["slots"] != other["slots"]):
                one["slots"] = other["slots"]
                return True
    return False


def while_down(of):
    hold = last(of.tables["allocations.csv"], lambda r: float(r["end_seconds"]) > float(r["start_seconds"]) + 2)
    if hold is None or any(row["kind"] == "node_failed" for row in of.tables["decisions.csv"]):
        return False
    fields = dict.fromkeys(of.tables["decisions.csv"][0], "")
    for kind, after in (("node_failed", 1), ("node_repaired", 1.5)):
        at = repr(float(hold["start_seconds"]) + after)
        of.tables["decisions.csv"].append({**fields, "kind": kind, "time_seconds": at, "nodes": hold["node"]})
    return True


def elsewhere(wanted):
    """A hold is on another node, for which something holds."""
    def change(of):
        nodes = nodes_of(of.document.get("cluster") or of.document["platform"])
        path = of.document.get("workload", {}).get("trace", {}).get("path", "")
        rows = {row.get("job_id"): row for row in csv.DictReader(io.StringIO(of.texts.get(path, "")))}
        for hold in of.tables["allocations.csv"]:
            for number, node in enumerate(nodes):
                here = nodes[int(hold["node"])]
                fits = max(slots_of(hold["slots"])) < node.gpus and len(of_job(of, "allocations.csv", hold["job_id"])) == 1
                if fits and wanted(here, node, rows.get(hold["job_id"], {})):
                    begun = last(of_job(of, "decisions.csv", hold["job_id"]), lambda r: r["kind"] in STARTS)
                    begun["nodes"] = begun["nodes"].replace(f"{hold['node']}:", f"{number}:")
                    hold["node"], hold["gpu_type"] = str(number), node.type
                    return True
        return False
    return change


def one_more(of):
    """A hold of one GPU more than the job asked for."""
    for hold in of.tables["allocations.csv"]:
        begun = [r for r in of_job(of, "decisions.csv", hold["job_id"]) if r["kind"] in STARTS]
        if hold["milli"] == "1000" and len(of_job(of, "allocations.csv", hold["job_id"])) == 1 and len(begun) == 1:
            spare = min(set(range(64)) - slots_of(hold["slots"]))
            hold["slots"] += f";{spare}"
            hold["gpus"] = str(int(hold["gpus"]) + 1)
            begun[0]["nodes"] = f"{hold['node']}:{hold['gpus']}"
            return True
    return False


def decision(kind, reason, state=None):
    """A decision that was not taken, of a job that finished."""
    def change(of):
        run = whole_run(of)
        if run is None:
            return False
        of.tables["decisions.csv"].append({**run[2], "kind": kind, "reason": reason, "value": ""})
        run[0]["state"] = state or run[0]["state"]
        return True
    return change


def state(before, after):
    def change(of):
        row = last(of.tables["jobs.csv"], lambda r: r["state"] == before)
        if row is None or of.summary["horizon_cut"]:
            return False
        row["state"] = after
        return True
    return change


def held_otherwise(of):
    for name in of.whole.get("gpus_held") or {}:
        of.whole["gpus_held"][name] += 0.01
    return "gpus_held" in of.whole


FIGURES = ["jobs." + key for key in ("submitted", "finished", "rejected", "failed", "unfinished")]
FIGURES += [f"{key}_seconds.{jobs}.{part}" for key in ("jct", "wait", "first_start_wait")
            for jobs in ("finished", "exhaustion") for part in ("mean", "p50", "p95", "p99")]
FIGURES += ["skipped_rows", "excluded_rows", "makespan_seconds", "gpu_utilization", "cluster_throughput.mean",
            "cluster_throughput.peak", "sharing.jobs", "sharing.mean_slowdown", "sharing.worst_slowdown",
            "sharing.speed_changes", "restarts", "restart_gpu_seconds", "lost_work_gpu_seconds",
            "throughput.measured", "throughput.derived", "simulated_seconds"]
IS = lambda *kinds: lambda row: row["kind"] in kinds
ANY = lambda row: True

SPOILS = {f"another {key}": ("figures", figure(key)) for key in FIGURES}
SPOILS |= {
    "a longer wait in jobs.csv": ("jobs.csv", added("jobs.csv", lambda r: r["wait_seconds"], 1, "wait_seconds")),
    "more service in jobs.csv": ("jobs.csv", added("jobs.csv", ANY, 1, "service_gpu_seconds")),
    "another rate in timeline.csv": ("figures", added(
        "timeline.csv", lambda r: float(r.get("samples_per_second") or 0) > 0, 1, "samples_per_second")),
    "a hold shifted": ("decisions", added("allocations.csv", ANY, 1, "start_seconds", "end_seconds")),
    "a hold ends later": ("work conserved", added("allocations.csv", lambda r: r["ended_by"] == "finished",
                                                  1, "end_seconds")),
    "more time shared": ("work conserved", added("sharing.csv", ANY, 1, "multi_node_seconds")),
    "a GPU held twice": ("no GPU twice", twice),
    "a node down beneath a job": ("none while down", while_down),
    "an outage told late": ("outages", added("decisions.csv", IS("node_failed"), 0.5, "time_seconds")),
    "an interruption without a failure": ("preemption", added("decisions.csv", IS("node_failed"), 0.5, "time_seconds")),
    "another virtual cluster": ("virtual cluster", elsewhere(lambda a, b, job: a.cluster != b.cluster)),
    "a node of another type": ("binding", elsewhere(
        lambda a, b, job: job.get("gpu_types") and b.type not in job["gpu_types"].split("|"))),
    "a type that the node has not": ("one type", lambda of: bool(of.tables["allocations.csv"]) and bool(
        of.tables["allocations.csv"][-1].update(gpu_type="t4") or True)),
    "a GPU too many": ("as asked", one_more),
    "a preemption": ("preemption", decision("preempted", "made_room")),
    "more work lost": ("lost work", added("decisions.csv", IS("interrupted", "failed"), 1, "value")),
    "a dearer restart": ("restart cost", added("decisions.csv", IS("resumed", "changed"), 1e4, "value")),
    "two jobs change places": ("order", two_change_places),
    "two jobs change ranks": ("rank", two_change_places),
    "a job that starts late": ("nobody idle", late_start),
    "a later promise": ("EASY's promise", added("decisions.csv", lambda r: r["reason"] == "reserved", 1, "value")),
    "a rejection of one that fits": ("rejected", decision("rejected", "", "rejected")),
    "a deadline without a promise": ("dropped", decision("dropped", "deadline_missed", "rejected")),
    "a job left": ("left pending", state("finished", "pending")),
    "a rejected one that waits": ("rejected", state("rejected", "pending")),
    "a submission within a round": ("arena's rounds", added("jobs.csv", ANY, 1, "submit_seconds")),
    "more GPUs held by a world": ("gpus_held", held_otherwise),
}
