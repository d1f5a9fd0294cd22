"""Cases of safe.ends: every number of the schema at its ends and beyond, alone and in pairs."""

import json
import os
import random
import subprocess

from safe_ends_ground import case, jobs, put, source

# What a key needs beside it, by the beginning of its path; the first that fits counts.
TRACE = "workload: {trace: {format: csv, path: t.csv}}\n"
NODES = "{count: 4, gpu: a40, gpus_per_node: 2}"
BASES = [
    ("workload.generate", "workload: {generate: {philly: {jobs: 50, largest_gpus: 4}}}\n"
                          "policy: {name: fifo}\non_oversized_job: reject\n"),
    ("workload.trace", "workload: {trace: {format: arena, path: arena.csv}}\nthroughput: {table: "
                       "{format: arena, path: table.csv}}\npolicy: {name: fifo}\n"
                       "on_oversized_job: reject\n"),
    ("throughput", "workload: {trace: {format: arena, path: arena.csv}}\nthroughput: {table: {format:"
                   " arena, path: table.csv}}\npolicy: {name: crius}\non_oversized_job: reject\n"),
    ("cluster.failures", TRACE + "policy: {name: fifo}\ncheckpoint: {every: 1 h}\n"),
    ("policy", TRACE),
    ("checkpoint", TRACE + "policy: {name: srtf}\nrestart_seconds: {more: 10}\n"),
    ("", TRACE + "policy: {name: srtf}\n"),
]
POLICIES = ("crius", "easy", "elasticflow", "elasticflow-ls", "fifo", "gandiva", "gavel", "las", "sia",
            "sjf", "srtf")
FILES = {
    "t.csv": jobs(*(f"j{i},{100 * i},{1 + i % 4},{500 + 70 * i}" for i in range(12))),
    "arena.csv": "job_id,submission_time,num_iteration,model_name,deadline,batch_size,num_gpu,gpu_type\n"
                 + "".join(f"j{i},{100 * i},{500 + 50 * i},fern__1B,{9999 + i},256,2,a40\n"
                           for i in range(6)),
    "table.csv": "model,params,global_batch,gpu_type,nodes,gpus_per_node,iter_time_s\n"
                 "fern,1B,256,a40,1,2,0.5\nfern,1B,256,a40,2,2,0.3\n",
}


def schema():
    shown = subprocess.run([os.environ["ORRERY"], "schema", "--json"], capture_output=True, check=True)
    return json.loads(shown.stdout)


def numbers_of(part, at=""):
    """Paths of numeric keys, with the unit that they need, their least and largest values."""
    for key, value in part.get("properties", {}).items():
        here = f"{at}.{key}" if at else key
        if value.get("type") in ("number", "integer"):
            yield here, "", value.get("type")
        elif "pattern" in value:
            units = value["pattern"].rsplit("(", 1)[1].split(")")[0].split("|")
            yield here, " " + next(u for u in ("s", "B", "B/s", "W", "Hz") if u in units), "number"
        if value.get("additionalProperties", False) and value["type"] == "object":
            yield here + ".more", "", "number"
        yield from numbers_of(value, here)
        yield from numbers_of(value.get("items", {}), here + "[0]")
        yield from numbers_of(value.get("anyOf", [{}])[0], here)


def keys():
    for path, unit, kind in numbers_of(schema()):
        if path.startswith(("platform", "worlds", "policies", "throughput.tables",
                            "policy.restart_seconds")):
            continue  # the same keys by another name
        if path.split(".")[-1] == "nodes" and path.startswith("policy"):
            yield "policy.nodes", unit, kind
        elif path not in ("workload.trace.samples.more", "workload.trace.processors_per_gpu",
                          "workload.trace.iterations", "throughput.table.server_gpus",
                          "throughput.table.gpus_per_replica", "throughput.table.least_iterations"):
            yield path, unit, kind


def base_of(path):
    return next(text for start, text in BASES if path.startswith(start))


def text_of(paths):
    kinds = [base_of(path) for path in paths]
    text = ("name: n\ncluster: {network: shared, nodes: [" + NODES + "], fabric: {topology: fat_tree, "
            "nodes_per_rack: 2}" + (", failures: {mtbf: 1 d, mttr: 1 h}}\n"
                                    if any(p.startswith("cluster.failures") for p in paths) else "}\n"))
    return text + min(kinds, key=BASES_ORDER.index)


BASES_ORDER = [text for _, text in BASES]
NUMBERS = ("1e308", "1e300", "1e13", "1e12", "1e11", "1e9", "1", "0.1", "1e-3", "1e-9", "1e-300", "0", "-1",
           "-1e308")
COUNTS = ("9223372036854775807", "1000000000000000", "1000000000", "1000000", "1", "0", "-1",
          "-9223372036854775808", "99999999999999999999")


def values(kind):
    return COUNTS if kind == "integer" else NUMBERS


def several(name, texts, settings):
    """One case of several runs: each has to end by itself and in time."""
    lines = ["status=0"]
    for text, sets in zip(texts, settings):
        words = " ".join(f"--set '{path}={value}'" for path, value in sets)
        lines.append(
            f"rm -rf out out.partial; timeout -s KILL 60 $ORRERY run {text} --out out --no-report "
            f"{words} >.said 2>&1; code=$?; if [ $code -ge 3 ] || grep -q 'defect of' .said; then echo "
            f"\"$code for {words}: $(tail -c 300 .said)\" >&2; status=200; fi")
    seconds = 60 + 20 * len(settings)

    @case(name, "\n".join(lines) + "\nexit $status", seconds=seconds, megabytes=2000,
          check=lambda folder, out, err: [line for line in err.splitlines() if line.strip()])
    def _(folder):
        for path, text in FILES.items():
            put(folder / path, text)
        for paths in {tuple(p for p, _ in sets) for sets in settings}:
            put(folder / (file_of(paths)), text_of(paths))


def file_of(paths):
    return "-".join(p.replace(".", "_").replace("[", "_").replace("]", "") for p in paths)[:200] + ".yaml"


def every_key():
    for path, unit, kind in keys():
        settings = []
        for value in values(kind):
            if path.startswith("policy."):
                for policy in POLICIES:
                    settings.append([("policy.name", policy), (path, value + unit)])
            else:
                settings.append([(path, value + unit)])
        several(f"{path} at its ends", [file_of(tuple(p for p, _ in sets)) for sets in settings], settings)


def pairs(count):
    chosen = random.Random(11)
    known = [key for key in keys() if not key[0].startswith("policy.")]
    for n in range(count // 10):
        settings = []
        for _ in range(10):
            two = chosen.sample(known, 2)
            settings.append([(path, chosen.choice(values(kind)[1:-1]) + unit) for path, unit, kind in two])
        several(f"pairs of numbers, part {n + 1}", [file_of(tuple(p for p, _ in sets))
                                                    for sets in settings], settings)


def bases():
    """Nothing set: what the settings are laid over has to end in a result."""
    for start, _ in BASES:
        policy = " --set policy.name=sia" if start == "policy" else ""

        @case(f"nothing set for {start or 'any key'}",
              f"exec $ORRERY run e.yaml --out out --no-report{policy}", ends="result")
        def _(folder, start=start):
            for path, text in FILES.items():
                put(folder / path, text)
            put(folder / "e.yaml", text_of((start or "x",)))


bases()
every_key()
pairs(200)


# --- numbers of traces and outages ---------------------------------------------------------------

def table_case(name, files, line="exec $ORRERY run e.yaml --out out", **rest):
    @case(name, line, **rest)
    def _(folder):
        for path, text in (FILES | files).items():
            put(folder / path, text)


def text(policy="fifo", trace="t.csv", more=""):
    return (f"name: n\ncluster: {{nodes: [{NODES}]{more}}}\nworkload: {{trace: {{format: csv, path: "
            f"{trace}}}}}\npolicy: {{name: {policy}}}\non_oversized_job: reject\n")


COLUMNS = ",iterations,batch_samples,deadline_seconds,gpu_milli"
for policy in POLICIES:
    for row in ("a,1e12,1,1e12,,,,", "a,0,1,0,,,,", "a,0,1000000,1,,,,", "a,0,1,1e12,1,1,1e12,",
                "a,0,1,1,1000000000000000,1000000000000000,0,", "a,0,1,1e-300,1,1,,",
                "a,0,1,5,9223372036854775807,1,,", "a,0,1,5,,,,1", "a,1e308,1,1,,,,", "a,0,1,1e308,,,,",
                "a,0,1,5,,,1e308,", "a,-1,1,5,,,,", "a,0,2147483648,5,,,,"):
        table_case(f"a job {row} under {policy}",
                   {"e.yaml": text(policy), "t.csv": jobs(row, "b,3,2,50,,,,", columns=COLUMNS)})
for rows in ("0,0,1e308", "0,1e308,", "0,1e12,", "0,0,1e12", "0,0,", "1000000,1,2", "-1,1,2", "0,nan,1",
             "0,1,1e-320", "9223372036854775808,1,2", "0,5,50\n1,5,50\n2,5,50\n3,5,50"):
    table_case(f"outages {rows!r}", {"e.yaml": text(more=", failures: {trace: o.csv}"),
                                     "o.csv": "node,down_seconds,up_seconds\n" + rows + "\n"})
ARENA = ("name: n\ncluster: {nodes: [" + NODES + "]}\nworkload: {trace: {format: arena, path: arena.csv}}\n"
         "throughput: {table: {format: arena, path: table.csv}}\npolicy: {name: POLICY}\n"
         "on_oversized_job: reject\n")
for seconds in ("1e-300", "1e-9", "1e12", "1e308", "0", "-1", "nan", "1e-320"):
    for policy in ("fifo", "crius", "gavel", "sia", "elasticflow"):
        table_case(f"iterations of {seconds} s under {policy}",
                   {"e.yaml": ARENA.replace("POLICY", policy),
                    "table.csv": FILES["table.csv"].replace("0.5", seconds)})
for batch, nodes, per_node in (("9223372036854775807", 1, 2), ("256", 1000000, 1000000),
                               ("256", 1000001, 1), ("1000000000000000", 1, 2)):
    table_case(f"a table of batch {batch} on {nodes} x {per_node} GPUs",
               {"e.yaml": ARENA.replace("POLICY", "crius"),
                "table.csv": FILES["table.csv"] + f"fern,1B,{batch},a40,{nodes},{per_node},1\n"})
for iterations in ("1", "5000000000000000", "9223372036854775807", "99999999999999999999"):
    table_case(f"an arena job of {iterations} iterations",
               {"e.yaml": ARENA.replace("POLICY", "crius"),
                "arena.csv": FILES["arena.csv"] + f"x,1,{iterations},fern__1B,9999,256,2,a40\n"})
SAMPLES = source() / "traces" / "samples"
for rate in ("1e308", "1e-308", "0", "-1", "1e13"):
    table_case(f"gavel's throughputs of {rate} steps per second",
               {"e.yaml": "name: g\ncluster: {nodes: [{count: 4, gpu: v100-16g, gpus_per_node: 4}]}\n"
                          "workload: {trace: {format: gavel, path: g.trace, throughputs: g.json}}\n"
                          "policy: {name: gavel}\non_oversized_job: reject\n",
                "g.trace": (SAMPLES / "gavel.trace").read_text(),
                "g.json": json.dumps({worker: {job: {"null": float(rate)} for job in rates}
                                      for worker, rates in json.loads(
                                          (SAMPLES / "gavel-throughputs.json").read_text()).items()})})
