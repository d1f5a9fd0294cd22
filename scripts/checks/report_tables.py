"""The tables that a browser shows of a comparison, cell by cell against comparison.json.

usage: report_tables.py CHECK DOM_OF_THE_PAGE COMPARISON_DIRECTORY

Of one seed and no sweep. Figures are put into the words of the page here anew, from the numbers of
comparison.json; a cell that no rule here makes is a fault.
"""

import json
import os
import sys
from html.parser import HTMLParser

DASH = "\u2013"


class Tables(HTMLParser):
    """Rows of text of each table, by the key that its data gave it."""

    def __init__(self):
        super().__init__()
        self.tables, self.key, self.cell = {}, "", None

    def handle_starttag(self, tag, attributes):
        self.key = dict(attributes).get("data-table", self.key)
        if tag == "table":
            self.tables[self.key] = []
        elif tag == "tr":
            self.tables[self.key].append([])
        elif tag in ("td", "th"):
            self.cell = ""

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.tables[self.key][-1].append(self.cell.replace("\u00a0", " ").strip())
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data


def duration(seconds):
    if seconds is None:
        return DASH
    if seconds == 0:
        return "0 s"
    for below, unit, name in ((1e-3, 1e-6, "\u00b5s"), (1, 1e-3, "ms"), (120, 1, "s"),
                              (7200, 60, "min"), (172800, 3600, "h"), (None, 86400, "d")):
        if below is None or seconds < below:
            value = seconds / unit
            digits = 0 if value >= 99.95 else 1 if value >= 9.995 else 2
            return f"{value:.{digits}f} {name}"
    return None


def count(number):
    return f"{number:,}"


def decimal(number):
    value = float(f"{number:.4g}")
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def size(number):
    power = 0
    while number >= 1024 and power < 4:
        number, power = number / 1024, power + 1
    return f"{number:.{0 if power == 0 or number >= 100 else 1}f} {'B KiB MiB GiB TiB'.split()[power]}"


def percentiles(label, part):
    return {f"{label} {figure}": duration(part[figure] if part else None)
            for figure in ("mean", "p50", "p95", "p99")}


def cluster(run):
    return {
        "makespan": duration(run["makespan_seconds"]),
        "GPU use": f"{100 * run['gpu_utilization']:.1f} %",
        "samples/s": decimal(run["cluster_throughput"]["mean"]) + "/s",
        "peak samples/s": decimal(run["cluster_throughput"]["peak"]) + "/s",
        "restarts": count(run["restarts"]),
        "GPU time restarting": duration(run["restart_gpu_seconds"]),
    }


def overview(run, baseline):
    common = run["jct_seconds"]["common"]
    faster = baseline["jct_seconds"]["common"]["mean"] / common["mean"]
    jobs = {name: count(run["jobs"][name]) for name in ("finished", "unfinished", "rejected", "failed")}
    return cluster(run) | jobs | percentiles("JCT", common) | {
        "jobs": count(run["jobs"]["submitted"]),
        "speedup over " + baseline["policy"]: f"{faster:.3f}\u00d7",
        "wait mean": duration(run["wait_seconds"]["finished"]["mean"]),
    }


def decisions(run):
    took = run["decision_seconds"]
    return {"decisions": count(took["count"]), "decision mean": duration(took["mean"]),
            "decision p50": duration(took["p50"]), "decision p99": duration(took["p99"]),
            "longest decision": duration(took["max"])}


def whole_run(run):
    return {"events": count(run["events"]), "wall time": duration(run["wall_seconds"]),
            "memory": size(run["peak_rss_bytes"])}


def origins(run):
    return {name: count(run["throughput"][name]) for name in ("measured", "derived", "estimated")}


def main():
    check, dom, results = sys.argv[1:4]
    with open(os.path.join(results, "comparison.json"), encoding="utf-8") as file:
        runs = json.load(file)["runs"]
    by_policy = {run["policy"]: run for run in runs}
    page = Tables()
    with open(dom, encoding="utf-8") as file:
        page.feed(file.read())
    parts = {
        "overview": lambda run: overview(run, runs[0]),
        "jct_seconds.finished": lambda run: percentiles("JCT", run["jct_seconds"]["finished"]),
        "wait_seconds.finished": lambda run: percentiles("wait", run["wait_seconds"]["finished"]),
        "first_start_wait_seconds.finished":
            lambda run: percentiles("first-start wait", run["first_start_wait_seconds"]["finished"]),
        "makespan_seconds": cluster,
        "throughput": origins,
        "decision_seconds": decisions,
        "run": whole_run,
    }
    cells, faults = 0, []
    for part, expected in parts.items():
        head, *body = page.tables[part]
        if sorted(row[0] for row in body) != sorted(by_policy):
            faults.append(f"{part}: rows of {', '.join(row[0] for row in body)}")
        for row in body:
            wanted = expected(by_policy[row[0]])
            for name, text in zip(head[1:], row[1:]):
                cells += 1
                if wanted.get(name) != text:
                    faults.append(f"{part}, {row[0]}, {name}: shows {text}, expected {wanted.get(name)}")
    for fault in faults[:20]:
        print(f"  {fault}", file=sys.stderr)
    good = not faults and len(by_policy) >= 10 and cells > 0
    print(f"{check}: {len(faults)} of {cells} cells of the page's tables differ from comparison.json, "
          f"{len(by_policy)} policies (0, at least 10){'' if good else ' MISSED'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
