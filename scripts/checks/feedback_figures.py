"""What calibration and pruning change, and whether results and the page say what it rests on.

usage: feedback_figures.py CHECK ORRERY FOLDER, the folder that calibrate.feedback leaves.
"""

import hashlib
import json
import os
import subprocess
import sys

from report_tables import DASH, Tables, common, count, duration

MODEL, BATCH = "bert__1.3B", 128
SWEEPS = ("share-0", "share-1")
missed = 0


def verdict(check, text, target, good):
    global missed
    missed += not good
    print(f"{check}: {text} ({target}){'' if good else ' MISSED'}")


def orrery(binary, *arguments):
    done = subprocess.run([binary, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"orrery {' '.join(arguments)}: {done.stderr}")
    return json.loads(done.stdout)


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def load(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return json.load(file)


def held_out(binary, path):
    """Median and p90 of dense products as the profile itself has them."""
    costs = orrery(binary, "profile", "show", path, "--json")["costs"]
    dense = next(c for c in costs if c["kernel"] == "gemm" and c["variant"] == "dense")
    return dense["held_out"]


def best(plan):
    return plan["plans"][0]


def shape(plan):
    return " | ".join(f"layers {s['first_layer']}-{s['first_layer'] + s['layers'] - 1} "
                      f"dp{s['dp']} tp{s['tp']}" for s in best(plan)["stages"])


def names_profile(plan, binary, path):
    wanted = held_out(binary, path)
    profile = plan["profile"] or {}
    return (plan["calibrated"] and profile.get("sha256") == sha256(path)
            and profile["held_out_error"] == {"median": wanted["median"], "p90": wanted["p90"]}
            and profile["sha256"][:8] in plan["rests_on"])


def plans(check, binary, folder):
    for device in ("a100-80g-pcie", "h100-pcie"):
        path = os.path.join(folder, "profiles", device + ".yaml")
        asked = ("plan", MODEL, "--gpus", "4", "--type", device, "--gpus-per-node", "4", "--batch",
                 str(BATCH), "--json")
        before, after = orrery(binary, *asked), orrery(binary, *asked, "--profile", path)
        pruned = orrery(binary, *asked, "--profile", path, "--pruning", "tw/0.75/128")
        first, second = (best(p)["iteration_seconds"] for p in (before, after))
        print(f"  {device}: by data sheet {first:.3f} s ({shape(before)}), by its profile "
              f"{second:.3f} s ({shape(after)}); {after['rests_on']}")
        print(f"  {device}, tw/0.75/128: {best(pruned)['iteration_seconds']:.3f} s, "
              f"{best(pruned)['iteration_seconds'] / second:.3f} of dense")
        verdict(check, f"{MODEL} on 4 {device}: {first:.3f} s before calibration, {second:.3f} s after",
                "changed, hash and held-out error named",
                first != second and not before["calibrated"] and before["profile"] is None
                and names_profile(after, binary, path))
    cpus = [name for name in os.listdir(os.path.join(folder, "cpu")) if name.endswith(".yaml")]
    path = os.path.join(folder, "cpu", cpus[0])
    plan = orrery(binary, "plan", "BERT-base", "--gpus", "1", "--type", cpus[0][:-5], "--batch", "8",
                  "--profile", path, "--json")
    seconds = best(plan)["iteration_seconds"]
    print(f"  {plan['rests_on']}")
    verdict(check, f"BERT-base, batch 8, on this processor: {seconds:.2f} s an iteration",
            "planned by its profile alone, hash and held-out error named",
            0 < seconds < 1e5 and names_profile(plan, binary, path))


def runs_of(folder, name):
    comparison = load(folder, name, "results", "comparison.json")
    return {(run["directory"].split("/")[0], run["policy"]): run for run in comparison["runs"]}


def experiments(check, binary, folder):
    before, after = runs_of(folder, "data-sheets"), runs_of(folder, "calibrated")
    for policy in ("crius", "gavel"):
        mean = {(name, sweep): runs[sweep, policy]["jct_seconds"]["finished"]["mean"]
                for name, runs in (("sheets", before), ("profiles", after)) for sweep in SWEEPS}
        dense, pruned = (mean["profiles", sweep] for sweep in SWEEPS)
        sheet_dense, sheet_pruned = (mean["sheets", sweep] for sweep in SWEEPS)
        verdict(check, f"{policy}: mean JCT {duration(sheet_dense)} dense and {duration(sheet_pruned)} pruned by "
                f"data sheets, {duration(dense)} and {duration(pruned)} by profiles",
                "profiles and pruning both change it, all jobs finish",
                dense != sheet_dense and pruned != sheet_pruned and pruned != dense
                and all(r["jobs"]["finished"] == r["jobs"]["submitted"]
                        for r in list(before.values()) + list(after.values())))
    rows = after[SWEEPS[1], "crius"]["pruned"]
    shares = [r["pruned_iteration_seconds"] / r["dense_iteration_seconds"] for r in rows
              if r["pruned_iteration_seconds"] and r["dense_iteration_seconds"]]
    verdict(check, f"{len(rows)} pruned models, GPU types and counts: iteration times {min(shares):.3f} to "
            f"{max(shares):.3f} of dense", "all below 1, above the third that stays dense",
            max(shares) < 1 and min(shares) > 1 / 3)
    faults = []
    for run in after.values():
        for device in run["devices"]:
            path = os.path.join(folder, "profiles", device["type"] + ".yaml")
            if device["type"] == "v100-32g":
                good = not device["calibrated"] and device["held_out_error"] is None
            else:
                good = (device["calibrated"] and device["profile_sha256"] == sha256(path)
                        and device["held_out_error"]["median"] == held_out(binary, path)["median"])
            if not good:
                faults.append(f"{run['directory']}: {device}")
    verdict(check, f"{len(faults)} of {3 * len(after)} devices in results without what they rest on",
            "0: two with hash and error, one uncalibrated", not faults and len(after) == 4)
    same = all(sha256(os.path.join(folder, "calibrated", "results", run["directory"], file)) ==
               sha256(os.path.join(folder, "again", "results", run["directory"], file))
               for run in after.values() for file in ("summary.json", "jobs.csv", "allocations.csv"))
    verdict(check, "a second comparison with the same profiles", "the same bytes", same)
    took = max(int(open(os.path.join(folder, n, "seconds"), encoding="utf-8").read())
               for n in ("data-sheets", "calibrated", "again"))
    verdict(check, f"a comparison of four runs took {took} s", "< 30 s", took < 30)


def percent(share):
    return f"{100 * share:.1f} %"


def device_cells(d):
    error = d["held_out_error"]
    shown = [percent(error["median"]), percent(error["p90"])] if error else [DASH, DASH]
    return [d["type"], "yes" if d["calibrated"] else "no", d["rests_on"], d["profile_sha256"] or DASH,
            d["from_profile"] or DASH, d["from_data_sheets"] or DASH, *shown]


def pruned_cells(p):
    return [p["model"], p["pruning"], count(p["batch_samples"]), p["type"], count(p["gpus"]),
            duration(p["dense_iteration_seconds"]), duration(p["pruned_iteration_seconds"]), p["rests_on"]]


def sweep_cells(run):
    jobs = run["jobs"]
    jct = common(run, "jct_seconds", "JCT", duration)
    wait = common(run, "wait_seconds", "wait", duration)
    return [",".join(f"{key}={value}" for key, value in run["point"].items()), run["policy"],
            *(count(jobs[state]) for state in ("submitted", "finished", "unfinished")),
            *(jct["JCT " + figure] for figure in ("mean", "p50", "p95", "p99")),
            wait["wait mean"], wait["wait p95"], duration(run["makespan_seconds"]),
            percent(run["gpu_utilization"]), count(run["restarts"])]


def unique(rows):
    return [row for i, row in enumerate(rows) if row not in rows[:i]]


def page(check, folder):
    runs = load(folder, "calibrated", "results", "comparison.json")["runs"]
    shown = Tables()
    with open(os.path.join(folder, "calibrated", "dom.html"), encoding="utf-8") as file:
        shown.feed(file.read())
    wanted = {
        "devices": [device_cells(d) for d in unique([d for r in runs for d in r["devices"]])],
        "pruned": [pruned_cells(p) for p in unique([p for r in runs for p in r.get("pruned", [])])],
        "sweep": [sweep_cells(r) for r in runs],
    }
    cells, faults = 0, []
    for part, rows in wanted.items():
        body = shown.tables.get(part, [[]])[1:]
        if len(body) != len(rows):
            faults.append(f"{part}: {len(body)} rows, expected {len(rows)}")
        for found, row in zip(sorted(body), sorted(rows)):
            cells += len(row)
            faults += [f"{part}: shows '{a}', expected '{b}'" for a, b in zip(found, row) if a != b]
    for fault in faults[:10]:
        print(f"  {fault}", file=sys.stderr)
    verdict(check, f"{len(faults)} of {cells} cells on devices, pruned models and sweep points differ from "
            "comparison.json", "0", not faults and cells > 100)


def main():
    check, binary, folder = sys.argv[1:4]
    plans(check, binary, folder)
    experiments(check, binary, folder)
    page(check, folder)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
