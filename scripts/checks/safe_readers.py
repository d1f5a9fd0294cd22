"""Runs `orrery trace` on the cases of safe_readers_sacct.py and safe_readers_swf.py.

Each case is a file, the jobs that it holds by the documentation of its format, what is left out of it
and why, words of its notes, or words of the error that it deserves. What is held against them is what
`orrery trace convert` writes and `orrery trace info` prints, and for some the run of an experiment.
"""

import csv
import io
import pathlib
import subprocess
import sys
import tempfile

import safe_readers_sacct
import safe_readers_swf

NAME = "safe.readers"
WORDS = {
    "steps": "steps of jobs",
    "repeated": "runs that stand there twice",
    "never_started": "jobs that never started",
    "still_running": "jobs that had not ended",
    "no_gpu": "jobs without GPUs",
    "unknown_share": "jobs on a part of a GPU",
    "unknown_work": "jobs of unknown length",
}
COLUMNS = {
    "gpus": "gpus",
    "duration": "duration_seconds",
    "submit": "submit_seconds",
    "milli": "gpu_milli",
    "types": "gpu_types",
    "vc": "virtual_cluster",
    "after": "after_job",
    "think": "think_seconds",
}


def run(binary, *arguments):
    return subprocess.run([binary, *arguments], capture_output=True, text=True, timeout=60)


def options_of(case):
    return [word for key, value in case.get("options", {}).items()
            for word in ("--option", f"{key}={value}")]


def check_jobs(case, table):
    """The differences between the jobs of a native table and those of the case."""
    rows = list(csv.DictReader(io.StringIO(table)))
    found = [row["job_id"] for row in rows]
    wanted = [job.split()[0] for job in case["jobs"]]
    if found != wanted:
        return [f"jobs {found}, expected {wanted}"]
    faults = []
    for row, job in zip(rows, case["jobs"]):
        for word in job.split()[1:]:
            key, value = word.split("=", 1)
            cell = row.get(COLUMNS[key], "1000" if key == "milli" else "")
            if cell != value:
                faults.append(f"job {row['job_id']}: {key} '{cell}', expected '{value}'")
    return faults


def check_info(case, text):
    """The differences between what `trace info` says and the case."""
    faults = []
    for reason, words in WORDS.items():
        line = next((line for line in text.splitlines()
                     if line.startswith("  ") and words in line), None)
        rows = int(line.split()[0]) if line else 0
        wanted = case.get("out", {}).get(reason, 0)
        wanted, hours = wanted if isinstance(wanted, tuple) else (wanted, None)
        if rows != wanted:
            faults.append(f"{rows} rows left out as {reason}, expected {wanted}")
        elif hours is not None and f", {hours:.1f} GPU hours" not in line:
            faults.append(f"'{line.strip()}', expected {hours:.1f} GPU hours")
    faults += [f"no note with '{words}'" for words in case.get("notes", [])
               if not any(words in line for line in text.splitlines() if line.startswith("note:"))]
    faults += [f"a note with '{words}'" for words in case.get("no_notes", [])
               if any(words in line for line in text.splitlines() if line.startswith("note:"))]
    return faults


def check_error(case, result):
    faults = []
    lines = result.stderr.strip().splitlines()
    if result.returncode != 2 or len(lines) != 1:
        faults.append(f"exit {result.returncode} and {len(lines)} lines, expected one sentence")
    faults += [f"'{result.stderr.strip()}' does not say '{words}'"
               for words in case["error"] if words not in result.stderr]
    return faults


def check_waits(binary, case, folder):
    """Runs the trace on a cluster and holds the waits of its jobs against the case's."""
    (folder / "exp.yaml").write_text(
        f"name: case\ncluster: {{nodes: [{case['nodes']}]}}\n"
        f"workload: {{trace: {{format: {case['format']}, path: trace.txt}}}}\n"
        "policy: {name: fifo}\n")
    result = run(binary, "run", str(folder / "exp.yaml"), "--out", str(folder / "out"))
    if result.returncode != 0:
        return [f"the run exits {result.returncode}: {result.stderr.strip()}"]
    with open(folder / "out" / "jobs.csv", encoding="utf-8") as file:
        waits = {row["job_id"]: float(row["wait_seconds"]) for row in csv.DictReader(file)}
    return [] if waits == case["waits"] else [f"waits {waits}, expected {case['waits']}"]


def check(binary, case, folder):
    path = folder / "trace.txt"
    path.write_text(case["text"], encoding="utf-8")
    arguments = [str(path), "--format", case["format"], *options_of(case)]
    if "error" in case:
        return check_error(case, run(binary, "trace", "info", *arguments))
    info = run(binary, "trace", "info", *arguments)
    if info.returncode != 0:
        return [f"exit {info.returncode}: {info.stderr.strip()}"]
    table = folder / "jobs.csv"
    run(binary, "trace", "convert", *arguments, "--out", str(table))
    faults = check_jobs(case, table.read_text(encoding="utf-8")) + check_info(case, info.stdout)
    if "waits" in case:
        faults += check_waits(binary, case, folder)
    # What was written says the same again.
    again = run(binary, "trace", "convert", str(table), "--format", "csv", "--out",
                str(folder / "again.csv"))
    if again.returncode != 0 or (folder / "again.csv").read_bytes() != table.read_bytes():
        faults.append("the native table does not read back as itself")
    return faults


def main():
    binary = sys.argv[1]
    wrong = 0
    counts = {}
    for module in (safe_readers_sacct, safe_readers_swf):
        for case in module.CASES:
            case.setdefault("format", module.FORMAT)
            counts[module.FORMAT] = counts.get(module.FORMAT, 0) + 1
            with tempfile.TemporaryDirectory() as folder:
                faults = check(binary, case, pathlib.Path(folder))
            for fault in faults:
                print(f"{NAME}: {case['name']}: {fault}")
            wrong += bool(faults)
    total = sum(counts.values())
    parts = ", ".join(f"{count} of {name}" for name, count in counts.items())
    print(f"{NAME}: {total} files ({parts}): {wrong} read wrongly")
    sys.exit(1 if wrong else 0)


main()
