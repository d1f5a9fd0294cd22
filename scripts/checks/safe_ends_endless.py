"""Cases of safe.ends: runs that have no end, and ones that are only large."""

import json

from safe_ends_ground import HEADER, case, document, jobs, plain, put

RUN = "exec $ORRERY run e.yaml --out out"
BIG = "{count: 64, gpu: v100-32g, gpus_per_node: 8}"


def said(*words):
    def check(_folder, _out, err):
        for word in words:
            if word not in err:
                yield f"does not say '{word}': {err.strip()[:300]}"
    return check


def endless(name, text, rows, *words, **rest):
    def check(folder, out, err):
        yield from said("stopped at", "stuck_after", *words)(folder, out, err)
        if not (folder / "out.partial" / "FAILED").exists():
            yield "leaves no file FAILED"
    plain(name, RUN, {"e.yaml": text, "t.csv": rows}, ends="error", check=check, **rest)


T = "{format: csv, path: t.csv}"
FAILURES = ", failures: {mtbf: 30 d, mttr: 4 h}"
WIDE = jobs("a,0,512,5184000")
endless("512 GPUs for 60 d without a checkpoint", document(BIG, platform=FAILURES, trace=T), WIDE,
        "job a was lost")
for policy in ("easy", "srtf", "las", "gandiva", "sia", "gavel", "elasticflow"):
    endless(f"512 GPUs for 60 d under {policy}",
            document(BIG, f"{{name: {policy}}}", platform=FAILURES, trace=T), WIDE, "job a was lost")
plain("512 GPUs for 60 d with checkpoints", RUN,
      {"e.yaml": document(BIG, platform=FAILURES, trace=T, more="checkpoint: {every: 30 min}\n"),
       "t.csv": WIDE}, ends="result")
endless("512 GPUs in rounds", document(BIG, platform=FAILURES, trace=T, more="round: 1 h\n"), WIDE,
        "job a was lost")
endless("512 GPUs on a shared fabric",
        document(BIG, platform=FAILURES + ", network: shared", trace=T), WIDE, "job a was lost")
endless("failures before a job that comes in 30,000 years",
        document(BIG, platform=", failures: {mtbf: 1 s, mttr: 1 s}", trace=T),
        jobs("a,0,1,1", "b,999999999999,1,1"), "the next job comes at")
endless("a node that fails every second", document(platform=", failures: {mtbf: 1 s, mttr: 1e-9 s}"),
        jobs(), "job j")
endless("checkpoints that take longer than nodes stay up",
        document(BIG, platform=FAILURES, trace=T, more="checkpoint: {every: 1 s, write: 60 d}\n"), WIDE,
        "job a was lost")
for name in ("fifo", "srtf", "las", "gavel", "sia", "elasticflow"):
    # Nine GPUs, and never more than eight: nobody waits for them for ever.
    plain(f"a job that can never start, with failures, under {name}", RUN,
          {"e.yaml": document("{count: 2, gpu: t4, gpus_per_node: 4}",
                              f"{{name: {name}}}", platform=", failures: {mtbf: 1 d, mttr: 1 h}",
                              trace=T), "t.csv": jobs("a,0,9,100")}, ends="error")
    plain(f"a job that is left with too few nodes for good, under {name}", RUN,
          {"e.yaml": document("{count: 3, gpu: t4, gpus_per_node: 4}", f"{{name: {name}}}",
                              platform=", failures: {trace: o.csv}", trace=T),
           "o.csv": "node,down_seconds,up_seconds\n0,5,\n1,5,\n" + "".join(
               f"2,{5 + 10 * i},{10 + 10 * i}\n" for i in range(50000)),
           "t.csv": jobs("a,0,12,100")})


# --- rounds and slots ----------------------------------------------------------------------------

for name, key in (("gavel", "wake_every"), ("sia", "wake_every")):
    for length in ("1e-9 s", "1e-300 s", "0 s", "100 ms", "1e12 s"):
        # The shortest rounds there are: so many as jobs take their time in, and no more.
        each = 10_000 if length == "100 ms" else 1_000_000
        TWO = jobs(*(f"{job},0,4,{each}" for job in "abc"))
        plain(f"{name} with rounds of {length}", RUN,
              {"e.yaml": document(policy=f"{{name: {name}, {key}: {length}}}", trace=T), "t.csv": TWO})
        if length != "0 s":
            plain(f"{name} with round: {length}", RUN,
                  {"e.yaml": document(policy=f"{{name: {name}}}", trace=T, more=f"round: {length}\n"),
                   "t.csv": TWO})
for length in ("1e308 s", "1e300 d", "1e12 s", "1e13 s"):
    for name in ("fifo", "gavel"):
        plain(f"{name} with round: {length}", RUN,
              {"e.yaml": document(policy=f"{{name: {name}}}", more=f"round: {length}\n")})
for slot, deadline in (("1 s", 1e6), ("100 ms", 1e6), ("1e-9 s", 1e6), ("1 s", 1e12), ("50 s", 1e6),
                       ("1e12 s", 1e6), ("300 s", 5e6)):
    rows = HEADER + ",deadline_seconds\n" + "".join(
        f"j{i},{i},{1 << i % 3},{deadline / 20},{deadline}\n" for i in range(10))
    plain(f"elasticflow with slots of {slot} and deadlines {deadline:.0e} s away", RUN,
          {"e.yaml": document(policy=f"{{name: elasticflow, slot: {slot}}}", trace=T), "t.csv": rows})
    plain(f"the same is said by validate: {slot}, {deadline:.0e}", "exec $ORRERY validate e.yaml",
          {"e.yaml": document(policy=f"{{name: elasticflow, slot: {slot}}}", trace=T), "t.csv": rows},
          ends="result" if slot in ("50 s", "1e12 s", "300 s") else "error")
ARENA = ("name: a\ncluster: {nodes: [{count: 4, gpu: a40, gpus_per_node: 2}]}\nrules: arena\n"
         "workload: {trace: {format: arena, path: arena.csv}}\nthroughput: {table: {format: arena, "
         "path: table.csv}}\non_oversized_job: reject\npolicy: {name: fifo}\n")
ARENA_JOBS = ("job_id,submission_time,num_iteration,model_name,deadline,batch_size,num_gpu,gpu_type\n"
              "a,0,5000000,fern__1B,10,256,2,a40\nb,999999999,50,fern__1B,1e12,256,2,a40\n")
ARENA_TABLE = ("model,params,global_batch,gpu_type,nodes,gpus_per_node,iter_time_s\n"
               "fern,1B,256,a40,1,2,{}\n")
for length in ("100 ms", "300 s", "1e12 s"):
    for seconds in ("1e-9", "1", "1e12"):
        plain(f"the arena's rules with rounds of {length} and iterations of {seconds} s", RUN,
              {"e.yaml": ARENA + f"round: {length}\n", "arena.csv": ARENA_JOBS,
               "table.csv": ARENA_TABLE.format(seconds)})


# --- large, and over in time ---------------------------------------------------------------------

MILLION = "{count: 1000000, gpu: t4, gpus_per_node: 1}"
for policy in ("fifo", "fifo, placement: best_fit", "fifo, placement: pooled",
               "fifo, placement: worst_fit", "easy", "srtf", "las", "gandiva", "gavel", "sia",
               "elasticflow"):
    plain(f"a job of 10^6 GPUs on 10^6 nodes, {policy}", RUN,
          {"e.yaml": document(MILLION, f"{{name: {policy}}}", trace=T), "t.csv": jobs("a,0,1000000,60")},
          ends="result")
plain("a million nodes that fail", RUN,
      {"e.yaml": document(MILLION, platform=", failures: {mtbf: 30 d, mttr: 4 h}", trace=T),
       "t.csv": jobs("a,0,1,3600")}, ends="result", megabytes=1500)
plain("a million small jobs", RUN,
      {"e.yaml": "name: a\ncluster: {nodes: [{count: 1000, gpu: t4, gpus_per_node: 8}]}\nworkload: "
                 "{generate: {philly: {jobs: 1000000, largest_gpus: 8, mean_interarrival: 10 s}}}\n"
                 "policy: {name: fifo}\nrecords: {trace: false}\n"}, ends="result", megabytes=1500)


def at_most_a_million(folder, _out, _err):
    events = sum(line.startswith('{"ph"') for line in open(folder / "out" / "trace.json"))
    if events > 1_000_000:
        yield f"trace.json holds {events} events"


plain("trace.json with 10^6 nodes", RUN, {"e.yaml": document(MILLION, trace=T),
                                          "t.csv": jobs("a,0,1000000,60")}, ends="result",
      check=at_most_a_million)


def sweep(values):
    return document(more=f"sweep: {{restart_seconds.more: [{', '.join(map(str, range(values)))}]}}\n")


def seeds(count):
    return document(more="seeds: [" + ", ".join(map(str, range(1, count + 1))) + "]\n")


plain("validate a sweep of 10,000 points", "exec $ORRERY validate e.yaml", {"e.yaml": sweep(10000)},
      ends="result", megabytes=500)
plain("validate 9,999 seeds of two policies", "exec $ORRERY validate e.yaml",
      {"e.yaml": seeds(4999).replace("policy: {name: fifo}", "policies: [fifo, sjf]")}, megabytes=500)
plain("validate a list of 900,000 seeds", "exec $ORRERY validate e.yaml", {"e.yaml": seeds(900_000)},
      megabytes=2000)
plain("900,000 seeds on the command line", "exec $ORRERY compare e.yaml --out out --seeds $(cat seeds)",
      {"e.yaml": document(), "seeds": ",".join(map(str, range(20_000)))})


def first_run(folder, _out, _err):
    if not list(folder.glob("out/**/summary.json")):
        yield "no run was made within 2 s"


plain("the first run of a sweep of 10,000 points",
      "timeout -s INT 2 $ORRERY compare e.yaml --out out --jobs 1; exit $(( $? == 124 ? 0 : $? ))",
      {"e.yaml": sweep(10000)}, megabytes=500, quiet=True, check=first_run)


def many_runs(folder, _out, _err):
    made = len(list(folder.glob("out/**/summary.json")))
    if made < 100:
        yield f"{made} runs of 1,000 seeds in 20 s"


plain("a comparison of 1,000 seeds for 20 s",
      "timeout -s INT 20 $ORRERY compare e.yaml --out out --jobs 2; exit $(( $? == 124 ? 0 : $? ))",
      {"e.yaml": seeds(1000)}, megabytes=500, quiet=True, check=many_runs)


# --- bounds that are met -------------------------------------------------------------------------

plain("the bound of output", RUN, {"e.yaml": document(
    more="largest_output: 1 MB\n", trace=T), "t.csv": jobs(*(f"j{i},{i},1,5" for i in range(20000)))},
      ends="error", check=said("larger than 1 MB", "largest_output"))


def valid_trace(folder, _out, _err):
    def no_constant(word):
        raise ValueError(word)
    json.loads((folder / "out" / "trace.json").read_text(), parse_constant=no_constant)
    json.loads((folder / "out" / "summary.json").read_text(), parse_constant=no_constant)
    return []


for each in (1e9, 4e9, 1e11, 9.9e11):
    plain(f"jobs one after the other of {each:.1e} s", RUN,
          {"e.yaml": document("{count: 1, gpu: t4, gpus_per_node: 1}", trace=T),
           "t.csv": jobs(*(f"j{i},{i},1,{each}" for i in range(1 if each > 5e11 else 5)))},
          ends="result", check=valid_trace)
plain("jobs one after the other beyond the end of time", RUN,
      {"e.yaml": document("{count: 1, gpu: t4, gpus_per_node: 1}", trace=T),
       "t.csv": jobs(*(f"j{i},{i},1,{9e11}" for i in range(5)))}, ends="error",
      check=said("simulated time ends"))
