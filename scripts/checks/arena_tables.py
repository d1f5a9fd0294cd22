"""The tables of crius.arena: quirks, and the mean completion time read in several ways."""

import statistics

# The policies whose arrays the published reductions were taken over.
COMPARED = ("fcfs", "elasticflow-l", "gavel", "sia", "crius")
# Our labels of them, where they differ.
PUBLISHED_AS = {"elasticflow-ls": "elasticflow-l"}
# Reductions of the mean completion time by Crius on Philly in %, as published.
CLAIMED = {"fcfs": 81.3, "elasticflow-l": 80.5, "gavel": 76.6, "sia": 75.2}


def print_table(rows):
    widths = [max(len(row[c]) for row in rows) for c in range(len(rows[0]))]
    for row in rows:
        cells = [cell.ljust(width) if c == 0 else cell.rjust(width)
                 for c, (cell, width) in enumerate(zip(row, widths))]
        print("  " + "  ".join(cells).rstrip(), flush=True)


def padded(times, jobs, longest):
    """Mean of completion times, those missing from `jobs` of them counted as `longest`."""
    return (sum(times) + max(0, jobs - len(times)) * longest) / max(jobs, len(times))


def padding(arrays):
    """What the artifact pads with: up to the most jobs any policy finished, the longest time of any."""
    return max(map(len, arrays)), max(map(max, arrays))


def claims(published):
    """The published reductions, and what is left of them on finished jobs: figures and targets."""
    arrays = {label: published.jct["philly", label] for label in COMPARED}
    jobs, longest = padding(arrays.values())
    crius = padded(arrays["crius"], jobs, longest)
    for label, claimed in CLAIMED.items():
        reduction = 100 * (1 - crius / padded(arrays[label], jobs, longest))
        plain = 100 * (1 - statistics.fmean(arrays["crius"]) / statistics.fmean(arrays[label]))
        yield (f"philly, Crius against {label}: mean JCT {reduction:.1f} % less with {jobs} jobs "
               f"padded by {longest:.0f} s, {plain:.1f} % less on finished jobs",
               f"padded: {claimed} % as published", abs(reduction - claimed) < 0.05001)


def quirk_table(variants, rounds):
    labels = sorted({label for runs in variants.values() for label in runs})
    rows = [["", *labels]]
    for name, runs in variants.items():
        cells = []
        for label in labels:
            run = runs.get(label)
            cells.append("-" if run is None else
                         f"{run.finished()} {run.mean_jct():.0f} {run.mean_throughput(rounds):.1f}")
        rows.append([name, *cells])
    return rows


def honest_table(trace, runs, to_end, published):
    """One row a policy: finished, common and exhaustion beside what padding makes of them."""
    times = {label: run.jct() for label, run in runs.items()}
    rows = [["", "finished jobs", "of the finished", "jobs in common", "of those", "all, to the end",
             "padded", "padded, published"]]
    if not times:
        return rows
    compared = [label for label in times if PUBLISHED_AS.get(label, label) in COMPARED] or list(times)
    jobs, longest = padding([list(times[label].values()) for label in compared])
    common = set.intersection(*(set(of) for of in times.values()))
    arrays = {label: published.jct[trace, label] for label in COMPARED}
    for label, of in times.items():
        whole = to_end[label].summary["jct_seconds"]["exhaustion"] if label in to_end else None
        known = arrays.get(PUBLISHED_AS.get(label, label))
        rows.append([
            label,
            str(len(of)),
            f"{statistics.fmean(of.values()):.0f}",
            str(len(common)),
            f"{statistics.fmean(of[job] for job in common):.0f}" if common else "-",
            f"{whole['mean']:.0f}" if whole else "-",
            f"{padded(list(of.values()), jobs, longest):.0f}",
            f"{padded(known, *padding(arrays.values())):.0f}" if known else "-",
        ])
    return rows
