"""Policies on a shared fabric against an isolated one.

Usage: fabric_policies.py ORRERY FOLDER EXPERIMENT [POLICY,...]; without policies all that there are.

Prints one line per policy and one on their order; exits 1 when a run is missing or a job was faster
for sharing. Mean completion times are over the jobs that every policy finished on every fabric.
"""
import csv
import json
import pathlib
import subprocess
import sys

RATIOS = (1, 2, 4, 8)


def policies(orrery):
    """Names of all policies there are."""
    text = subprocess.run([orrery, "list", "policies"], check=True, capture_output=True, text=True)
    lines = [line for line in text.stdout.splitlines() if line and not line.startswith(" ")]
    return [line.split()[0] for line in lines if not line.startswith("Not yet")]


def compare(orrery, experiment, names, out, settings):
    command = [orrery, "compare", experiment, "--out", str(out), "--policies", ",".join(names)]
    for setting in settings:
        command += ["--set", setting]
    done = subprocess.run(command + ["--no-trace"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(done.stderr[-2000:], file=sys.stderr)


def completion_times(run):
    """{job: completion time} of the jobs of a run that finished; nothing where there is no run."""
    path = run / "1" / "jobs.csv"
    if not path.exists():
        return None
    with open(path, newline="", encoding="utf-8") as file:
        return {
            row["job_id"]: float(row["finish_seconds"]) - float(row["submit_seconds"])
            for row in csv.DictReader(file)
            if row["state"] == "finished"
        }


def mean_hours(points, names):
    """{fabric: {policy: mean hours}} over the common jobs, their number, and what has no run."""
    times = {(key, name): completion_times(at / name) for key, at in points.items() for name in names}
    there = {run: found for run, found in times.items() if found is not None}
    common = sorted(set.intersection(*(set(found) for found in there.values()))) if there else []
    hours = {key: {} for key in points}
    for (key, name), found in there.items():
        hours[key][name] = sum(found[job] for job in common) / max(1, len(common)) / 3600
    return hours, len(common), [f"{key} {name}" for key, name in times if (key, name) not in there]


def slowdown(run):
    """Mean and worst slowdown by sharing of a run."""
    sharing = json.loads((run / "1" / "summary.json").read_text())["sharing"]
    return sharing["mean_slowdown"], sharing["worst_slowdown"]


def least_slowdown(run):
    """The smallest slowdown of any job of a run."""
    with open(run / "1" / "sharing.csv", newline="", encoding="utf-8") as file:
        return min((float(row["slowdown"]) for row in csv.DictReader(file)), default=1.0)


def main():
    orrery, folder, experiment = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    names = sys.argv[4].split(",") if len(sys.argv) > 4 else policies(orrery)
    label = pathlib.Path(experiment).stem
    alone, shared = folder / f"{label}-isolated", folder / f"{label}-shared"
    compare(orrery, experiment, names, alone, ["cluster.network=isolated", "sweep=null"])
    compare(orrery, experiment, names, shared, [])
    points = {r: shared / f"oversubscription-{r}" for r in RATIOS}
    hours, common, missing = mean_hours({"alone": alone, **points}, names)
    print(f"{label}: mean JCT of the {common} jobs that every policy finished on every fabric")
    least = 1.0
    for name in names:
        cells = [f"alone {hours['alone'][name]:.2f} h"] if name in hours["alone"] else []
        for ratio, point in points.items():
            if name not in hours[ratio]:
                continue
            mean, worst = slowdown(point / name)
            least = min(least, least_slowdown(point / name))
            cells.append(f"{ratio}:1 {hours[ratio][name]:.2f} h, slowed {mean:.3f}, worst {worst:.2f}")
        print(f"{label}: {name}: {' | '.join(cells)}")
    order = {key: sorted(found, key=found.get) for key, found in hours.items()}
    for key, found in order.items():
        same = "as alone" if found == order["alone"] else "ANOTHER ORDER than alone"
        print(f"{label}: {key if key == 'alone' else f'{key}:1'}: {' < '.join(found)}: {same}")
    print(f"{label}: runs missing: {', '.join(missing) or 'none'}; least slowdown {least:.6f}")
    return 1 if missing or least < 1 - 1e-9 else 0


if __name__ == "__main__":
    sys.exit(main())
