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


# The 97.5 % quantile of Student's t by degrees of freedom, as textbooks print it.
STUDENT = {3: 3.1824, 4: 2.7764, 5: 2.5706, 6: 2.4469, 7: 2.3646}


def half_width(counts, sums):
    """Of the mean of values in windows, each a replication; None where too few have a value."""
    filled = [(n, total) for n, total in zip(counts, sums) if n > 0]
    if len(filled) < 4:
        return None
    number = sum(n for n, _ in filled)
    mean = sum(total for _, total in filled) / number
    squares = sum((total - mean * n) ** 2 for n, total in filled)
    width = (squares * len(filled) / (len(filled) - 1)) ** 0.5 / number
    return STUDENT[len(filled) - 1] * width if width > 0 else None


def with_interval(text, value, width):
    return text(value) if width is None else f"{text(value)} \u00b1 {text(width)}"


def common_mean(run, key, text):
    blocks = run["blocks"][key + ".common"]
    return with_interval(text, run[key]["common"]["mean"],
                         half_width(blocks["counts"], blocks["sums"]))


def common(run, key, label, text):
    figures = {f"{label} {name}": text(run[key]["common"][name]) for name in ("p50", "p95", "p99")}
    return figures | {f"{label} mean": common_mean(run, key, text)}


def difference(run, baseline):
    own, other = (of["blocks"]["jct_seconds.common"] for of in (run, baseline))
    width = half_width(own["counts"], [a - b for a, b in zip(own["sums"], other["sums"])])
    means = [of["jct_seconds"]["common"]["mean"] for of in (run, baseline)]
    return DASH if run is baseline else with_interval(signed, means[0] - means[1], width)


def signed(seconds):
    return ("-" if seconds < 0 else "") + duration(abs(seconds))


def ratio(number):
    return f"{number:.{1 if abs(number) >= 100 else 3}f}\u00d7"


def overview(run, baseline):
    faster = baseline["jct_seconds"]["common"]["mean"] / run["jct_seconds"]["common"]["mean"]
    jobs = {name: count(run["jobs"][name]) for name in ("finished", "unfinished", "rejected", "failed")}
    waits = common(run, "wait_seconds", "wait", duration)
    return cluster(run) | jobs | common(run, "jct_seconds", "JCT", duration) | {
        "jobs": count(run["jobs"]["submitted"]),
        "difference to " + baseline["policy"]: difference(run, baseline),
        "speedup over " + baseline["policy"]: ratio(faster),
        "wait mean": waits["wait mean"],
        "wait p95": waits["wait p95"],
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
        "wait_seconds.common": lambda run: common(run, "wait_seconds", "wait", duration),
        "bounded_slowdown.common": lambda run: common(run, "bounded_slowdown", "slowdown", ratio),
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
