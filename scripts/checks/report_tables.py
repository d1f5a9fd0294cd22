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
SETS = {"finished jobs": "finished", "finished by every policy": "common",
        "all jobs, run to the end": "exhaustion"}


class Tables(HTMLParser):
    """Rows of text of each table, by the id of the element it stands in."""

    def __init__(self):
        super().__init__()
        self.tables, self.within, self.cell = {}, "", None

    def handle_starttag(self, tag, attributes):
        self.within = dict(attributes).get("id", self.within)
        if tag == "table":
            self.tables.setdefault(self.within, []).append([])
        elif tag == "tr":
            self.tables[self.within][-1].append([])
        elif tag in ("td", "th"):
            self.cell = ""

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.tables[self.within][-1][-1].append(self.cell.replace("\u00a0", " ").strip())
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


def of_set(part, name, figure):
    return part[name][figure] if part[name] is not None else None


def overview(run, baseline):
    common = run["jct_seconds"]["common"]
    return {
        "mean JCT": duration(common["mean"]),
        "speedup over " + baseline["policy"]:
            f"{baseline['jct_seconds']['common']['mean'] / common['mean']:.2f}\u00d7",
        "median JCT": duration(common["p50"]),
        "mean wait": duration(of_set(run["wait_seconds"], "finished", "mean")),
        "makespan": duration(run["makespan_seconds"]),
        "GPU utilization": f"{100 * run['gpu_utilization']:.1f} %",
        "samples/s": decimal(run["cluster_throughput"]["mean"]),
        "restarts": count(run["restarts"]),
        "jobs": count(run["jobs"]["submitted"]),
        "finished": count(run["jobs"]["finished"]),
        "unfinished": count(run["jobs"]["unfinished"]),
        "rejected": count(run["jobs"]["rejected"]),
        "failed": count(run["jobs"]["failed"]),
        "GPU time restarting": duration(run["restart_gpu_seconds"]),
    }


def times(part):
    def cells(run, row):
        names = [SETS[name] for name in row["of which jobs"].split(" = ")]
        assert all(run[part][name] == run[part][names[0]] for name in names)
        figures = {"mean": "mean", "median": "p50", "95th pct.": "p95", "99th pct.": "p99"}
        return {head: duration(of_set(run[part], names[0], figure))
                for head, figure in figures.items()} | {"of which jobs": row["of which jobs"]}
    return cells


def cost(run, _):
    took = run["decision_seconds"]
    return {"decisions": count(took["count"]), "mean": duration(took["mean"]),
            "median": duration(took["p50"]), "99th pct.": duration(took["p99"]),
            "longest": duration(took["max"]), "events": count(run["events"]),
            "wall time": duration(run["wall_seconds"]), "memory": size(run["peak_rss_bytes"])}


def origins(run, _):
    return {name: count(run["throughput"][name]) for name in ("measured", "derived", "estimated")}


def main():
    check, dom, results = sys.argv[1:4]
    with open(os.path.join(results, "comparison.json"), encoding="utf-8") as file:
        runs = json.load(file)["runs"]
    by_policy = {run["policy"]: run for run in runs}
    page = Tables()
    with open(dom, encoding="utf-8") as file:
        page.feed(file.read())
    parts = [
        ("overview", 0, lambda run, row: overview(run, runs[0]), 1),
        ("table-jct", 0, times("jct_seconds"), 2),
        ("table-wait", 0, times("wait_seconds"), 1),
        ("table-wait", 1, times("first_start_wait_seconds"), 1),
        ("table-cost", 0, cost, 1),
        ("origins", 0, origins, 1),
    ]
    cells, faults = 0, []
    for part, number, expected, readings in parts:
        head, *body = page.tables[part][number]
        policies = [row[0] for row in body]
        for policy in by_policy:
            if policies.count(policy) < readings:
                faults.append(f"{part}: {policies.count(policy)} rows of {policy}")
        for row in body:
            shown = dict(zip(head[1:], row[1:]))
            wanted = expected(by_policy[row[0]], shown)
            for name, text in shown.items():
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
