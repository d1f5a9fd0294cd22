"""Every key that names a file: its content changes, the run id changes; it stays where only the
folder is another one. Usage: safe_hash.py SOURCE_ROOT.
"""

import json
import pathlib
import re
import shutil
import sys
import tempfile

from safe_runs import TRACE, experiment, orrery

SOURCE = pathlib.Path(sys.argv[1])
SAMPLES = SOURCE / "traces" / "samples"
CLUSTER = ("name: x\ncluster: {network: shared, nodes: [{count: 4, gpu: a40, gpus_per_node: 4},"
           " {count: 4, gpu: 2080ti, gpus_per_node: 8}, "
           "{count: 4, gpu: v100-32g, gpus_per_node: 8}, {count: 2, gpu: t4, gpus_per_node: 4}, "
           "{count: 2, gpu: a10, gpus_per_node: 4}, {count: 2, gpu: a100-40g, gpus_per_node: 4}]}\nseed: 1\n")
ARENA = "workload: {trace: {format: arena, path: arena-jobs.csv}}\non_oversized_job: reject\n"
TABLE = "format: arena, path: arena-throughputs.csv"
COSTS = "gpu_type,field,value\na40,sync_factor,1.5\n"
COLLECTIVES = ("gpu_type,nodes,gpus_per_node,fabric,op,replica_groups,group_size,bytes,time_s\n"
               'a40,1,2,ib,all-reduce,"[[0,1]]",2,100,0.5\n')
MEMORY = "model,params,global_batch,gpus,dp_peak_mem_gib\nfern,1B,256,4,2\n"
BREAKDOWN = ("model,params,global_batch,gpu_type,nodes,gpus_per_node,pp,dp,tp,intra_stage_comm_s,"
             "inter_stage_comm_s,iter_time_est_s\nfern,1B,256,a40,2,2,1,4,1,0.1,0.2,1\n")
FIFO = "policy: {name: fifo}\n"
SIA = ("workload: {trace: {format: sia, path: sia-jobs.csv, samples: {fern: 1000, reed: 1000, sedge: 1000, moss: 1000}}}\n"
       "on_oversized_job: reject\n")

# Key of the schema, experiment, files beside those of the samples, the file that changes.
CASES = [
    ("workload.trace.path", experiment(policies=("fifo",)), {"jobs.csv": TRACE}, "jobs.csv"),
    ("workload.trace.throughputs",
     CLUSTER + FIFO + "workload: {trace: {format: gavel, path: gavel.trace, throughputs: "
     "gavel-throughputs.json}}\n", {}, "gavel-throughputs.json"),
    ("throughput.table.path", CLUSTER + FIFO + ARENA + f"throughput: {{table: {{{TABLE}}}}}\n", {},
     "arena-throughputs.csv"),
    ("throughput.tables.path",
     CLUSTER + FIFO + ARENA + f"throughput: {{tables: [{{{TABLE}}}, {{format: arena, path: b.csv}}]}}\n",
     {"b.csv": (SAMPLES / "arena-throughputs.csv").read_text()}, "b.csv"),
    ("throughput.estimator.profiles",
     CLUSTER + FIFO + ARENA + f"throughput: {{table: {{{TABLE}}}, estimator: {{profiles: "
     "[a100-40g.yaml]}}\n",
     {n: (SOURCE / "tests" / "fixtures" / "profiles" / n).read_text()
      for n in ("a100-40g.yaml", "a100-40g.csv")}, "a100-40g.yaml"),
    ("throughput.estimator.costs",
     CLUSTER + FIFO + ARENA + f"throughput: {{table: {{{TABLE}}}, estimator: {{costs: c.csv}}}}\n",
     {"c.csv": COSTS}, "c.csv"),
    ("throughput.estimator.collectives",
     CLUSTER + FIFO + ARENA + f"throughput: {{table: {{{TABLE}}}, estimator: {{collectives: c.csv, "
     "measured_fabric: ib}}\n", {"c.csv": COLLECTIVES}, "c.csv"),
    ("throughput.data_parallel_memory",
     CLUSTER + "policy: {name: crius, decide_with: data_parallel}\n" + ARENA +
     f"throughput: {{table: {{{TABLE}}}, data_parallel_memory: m.csv}}\n", {"m.csv": MEMORY}, "m.csv"),
    ("communication.breakdown",
     CLUSTER + FIFO + ARENA + f"throughput: {{table: {{{TABLE}}}}}\n"
     "communication: {breakdown: b.csv}\n", {"b.csv": BREAKDOWN}, "b.csv"),
    ("cluster.failures.trace",
     experiment(policies=("fifo",)).replace("gpus_per_node: 4}]}",
                                            "gpus_per_node: 4}], failures: {trace: o.csv}}"),
     {"jobs.csv": TRACE, "o.csv": "node,down_seconds,up_seconds\n0,5,50\n"}, "o.csv"),
    ("platform.failures.trace",
     "name: x\nplatform: {nodes: [{count: 2, gpu: t4, gpus_per_node: 4}], failures: {trace: o.csv}}\n"
     "worlds:\n  - {name: a, workload: {trace: {format: csv, path: jobs.csv}}, policy: {name: fifo}}\n"
     "  - {name: b, workload: {trace: {format: csv, path: jobs.csv}}, policy: {name: sjf}}\n",
     {"jobs.csv": TRACE, "o.csv": "node,down_seconds,up_seconds\n0,5,50\n"}, "o.csv"),
    ("extends", "extends: base.yaml\nseed: 3\n",
     {"base.yaml": experiment(policies=("fifo",)), "jobs.csv": TRACE}, "base.yaml"),
]
SIA_CASE = CLUSTER + FIFO + SIA + "throughput: {table: {format: sia, path: sia-profiles}}\n"


def prepare(folder, document, files):
    for path in SAMPLES.iterdir():
        if path.is_file():
            shutil.copy(path, folder / path.name)
        else:
            shutil.copytree(path, folder / path.name)
    for name, text in files.items():
        (folder / name).write_text(text)
    (folder / "e.yaml").write_text(document)


def run_id(folder):
    code, _, err = orrery(("run", "e.yaml", "--out", "out", "--force", "--no-report"), folder)
    # What stays undone is not the question here.
    if code not in (0, 1) or not (folder / "out" / "summary.json").exists():
        raise SystemExit(f"safe.hash: the experiment cannot be run: {err}")
    return json.loads((folder / "out" / "summary.json").read_text())["run_id"]


def changed(folder, name):
    path = folder / name
    # A blank or a line at the end changes no meaning, and `extends` gets another key.
    addition = "description: another\n" if name == "base.yaml" else "\n"
    path.write_text(path.read_text() + addition)


def file_keys(schema, at=""):
    """Keys whose help says that they name a file."""
    found = set()
    for key, value in schema.get("properties", {}).items():
        here = f"{at}.{key}" if at else key
        words = value.get("description", "")
        if re.search(r"the file,|the file or folder|(CSV|YAML) files?|path of|experiment file that|"
                     r"artifact, CSV", words):
            found.add(here)
        for inner in (value, value.get("items", {})):
            found |= file_keys(inner, here)
    return found


def check_schema():
    shown = orrery(("schema", "--json"), "/")[1]
    keys = {re.sub(r"^worlds\.", "", key) for key in file_keys(json.loads(shown))}
    missing = keys - {case[0] for case in CASES}
    return [f"no case for {key}" for key in sorted(missing)], len(keys)


def check_folder(folder):
    """A folder of tables: files behind links, new ones, and other names."""
    faults = []
    prepare(folder, SIA_CASE, {})
    first = run_id(folder)
    shutil.move(folder / "sia-profiles" / "fern", folder / "elsewhere")
    (folder / "sia-profiles" / "fern").symlink_to("../elsewhere")
    if run_id(folder) != first:
        faults.append("a linked folder with the same files has another id")
    name = next((folder / "elsewhere").iterdir()).name
    for path in (folder / "elsewhere").iterdir():
        changed(folder, f"elsewhere/{path.name}")
    second = run_id(folder)
    if second == first:
        faults.append(f"a change of {name} behind a link keeps the id")
    shutil.copytree(folder / "elsewhere", folder / "sia-profiles" / "other")
    if run_id(folder) == second:
        faults.append("a new application keeps the id")
    return faults


def main():
    faults, keys = check_schema()
    for key, document, files, name in CASES:
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
            folder, other = pathlib.Path(one), pathlib.Path(two) / "deep"
            other.mkdir()
            prepare(folder, document, files)
            prepare(other, document, files)
            first = run_id(folder)
            if run_id(other) != first:
                faults.append(f"{key}: another folder is another id")
            changed(folder, name)
            if run_id(folder) == first:
                faults.append(f"{key}: {name} changed and the run id did not")
    with tempfile.TemporaryDirectory() as one:
        faults += check_folder(pathlib.Path(one))
    for fault in faults:
        print(f"safe.hash:   {fault}")
    print(f"safe.hash: {len(CASES) + 1} inputs, {keys} keys of the schema, {len(faults)} wrong (0)")
    sys.exit(bool(faults))


main()
