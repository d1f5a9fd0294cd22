"""Files of Slurm's accounting and the jobs that they hold, after `man sacct` and public reports."""

FORMAT = "sacct"
DAY = "2024-06-03T"
FULL = "JobID|State|Submit|Start|End|Elapsed|AllocTRES|ReqTRES"


def row(job, state="COMPLETED", submit="08:00:00", start="08:00:00", end="09:00:00",
        elapsed="01:00:00", alloc="cpu=4,gres/gpu=4", req=""):
    times = [DAY + t if t[2:3] == ":" else t for t in (submit, start, end)]
    return "|".join([job, state, *times, elapsed, alloc, req])


def table(*rows, header=FULL):
    return "\n".join([header, *rows]) + "\n"


ONE = row("1")
QUEUE = [row("1", submit="08:00:00"),
         row("2", "CANCELLED by 1000", submit="08:01:00", start="08:05:00", end="08:05:00",
             elapsed="00:00:00", alloc="", req="cpu=8,gres/gpu=8"),
         row("3", submit="08:02:00", start="08:02:00", end="08:12:00", elapsed="00:10:00")]
SHORT = "JobID|State|Submit|Elapsed|ReqTRES"
GPU = "gres/gpu=1"


def typed(name, resources, jobs, **more):
    return {"name": name, "text": table(ONE, row("2", alloc=resources)), "jobs": ["1 gpus=4", *jobs],
            **more}


def called(theirs, ours):
    return {"name": f"a GPU called {theirs}", "text": table(row("1", alloc=f"gres/gpu:{theirs}=4")),
            "jobs": [f"1 gpus=4 types={ours}"]}


def shape(name, text, *words):
    return {"name": name, "text": text, "error": [*words, "sacct --allusers --parsable2"]}


A100 = "a100-40g|a100-80g|a100-80g-pcie"

FROM_THE_ISSUE = [
    {"name": "cancelled in the queue, with a start", "text": table(*QUEUE),
     "jobs": ["1 gpus=4 duration=3600 submit=0", "3 gpus=4 duration=600 submit=120"],
     "out": {"never_started": 1}, "nodes": "{count: 1, gpu: v100-32g}",
     "waits": {"1": 0.0, "3": 0.0}},
    {"name": "cancelled in the queue, no column of starts",
     "text": table("1|COMPLETED|2024-06-03T08:00:00|01:00:00|gres/gpu=4",
                   "2|CANCELLED|2024-06-03T08:01:00|00:00:00|gres/gpu=8",
                   "3|COMPLETED|2024-06-03T08:02:00|00:10:00|gres/gpu=4", header=SHORT),
     "jobs": ["1 gpus=4", "3 gpus=4"], "out": {"never_started": 1},
     "nodes": "{count: 1, gpu: v100-32g}", "waits": {"1": 0.0, "3": 0.0}},
    {"name": "a node failed, the job ran again",
     "text": table(row("7", "NODE_FAIL"),
                   row("7", submit="09:00:00", start="09:10:00", end="11:10:00", elapsed="02:00:00")),
     "jobs": ["7 duration=3600", "7#2 duration=7200 submit=3600 after=7 think=0"],
     "notes": ["runs that go on with a job of the same id"]},
    {"name": "one number on two clusters",
     "text": table("7|alpha|2024-06-03T08:00:00|01:00:00|gres/gpu=1",
                   "7|beta|2024-06-03T08:00:00|02:00:00|gres/gpu=2",
                   header="JobID|Cluster|Submit|Elapsed|AllocTRES"),
     "jobs": ["7 gpus=1 duration=3600", "7@beta gpus=2 duration=7200"]},
    {"name": "a heterogeneous job",
     "text": table(row("61+0", alloc="gres/gpu=4"), row("61+1", alloc="gres/gpu=2")),
     "jobs": ["61 gpus=6 duration=3600"]},
    {"name": "GPUs only in ReqGRES",
     "text": table("1|2024-06-03T08:00:00|01:00:00|cpu=8,mem=10G,node=1|gpu:v100:2",
                   header="JobID|Submit|Elapsed|AllocTRES|ReqGRES"),
     "jobs": ["1 gpus=2 types=v100-16g|v100-32g"]},
    {"name": "running, no column of states",
     "text": table("1|2024-06-03T08:00:00|2024-06-03T08:00:00|Unknown|02:00:00|gres/gpu=4",
                   "2|2024-06-03T08:00:00|2024-06-03T08:00:00|2024-06-03T09:00:00|01:00:00|gres/gpu=1",
                   header="JobID|Submit|Start|End|Elapsed|AllocTRES"),
     "jobs": ["2 gpus=1"], "out": {"still_running": (1, 8.0)}},
    called("a100", A100), called("rtx2080ti", "2080ti"), called("v100", "v100-16g|v100-32g"),
    called("A100-SXM4-80GB", "a100-80g"),
    {"name": "a GPU type that only its site knows",
     "text": table(row("1", alloc="gres/gpu:big=4")), "options": {"gpu_names": "{big: a100-80g}"},
     "jobs": ["1 types=a100-80g"]},
    typed("a MIG slice", "gres/gpu=1,gres/gpu:a100_1g.5gb=1",
          ["2 gpus=1 milli=142 types=" + A100]),
    typed("shards of a known size", "gres/shard=4", ["2 gpus=1 milli=250"],
          options={"shards_per_gpu": 16}),
    typed("shards of an unknown size", "gres/shard=4", [], out={"unknown_share": 1}),
    typed("MPS", "gres/mps=50", ["2 gpus=1 milli=500"]),
    {"name": "seconds since 1970",
     "text": table("1|1717401600|1717401660|1717405260|gres/gpu=1",
                   "2|1717401700|1717401760|1717405260|gres/gpu=1",
                   header="JobID|Submit|Start|End|AllocTRES"),
     "jobs": ["1 submit=0 duration=3600", "2 submit=100 duration=3500"], "no_notes": ["naive"]},
    {"name": "times with an offset over a change of daylight saving",
     "text": table("1|2024-10-27T02:30:00+02:00|2024-10-27T02:30:00+02:00|2024-10-27T02:30:00+01:00|"
                   "gres/gpu=1", header="JobID|Submit|Start|End|AllocTRES"),
     "jobs": ["1 duration=3600"], "no_notes": ["naive"]},
    {"name": "a quote in a name",
     "text": table('1|"train|2024-06-03T08:00:00|01:00:00|gres/gpu=1',
                   '2|a "b" c|2024-06-03T08:00:00|01:00:00|gres/gpu=1',
                   header="JobID|JobName|Submit|Elapsed|AllocTRES"),
     "jobs": ["1", "2"]},
    {"name": "waits from Eligible",
     "text": table("1|2024-06-03T08:00:00|2024-06-03T08:00:00|01:00:00|gres/gpu=1",
                   "2|2024-06-03T08:00:00|2024-06-03T10:00:00|01:00:00|gres/gpu=1",
                   header="JobID|Submit|Eligible|Elapsed|AllocTRES"),
     "options": {"eligible": "true"}, "jobs": ["1 submit=0", "2 submit=7200"],
     "no_notes": ["became eligible"]},
    {"name": "dependencies that are not modelled",
     "text": table("1|2024-06-03T08:00:00|2024-06-03T08:00:00|01:00:00|gres/gpu=1|None",
                   "2|2024-06-03T08:00:00|2024-06-03T10:00:00|01:00:00|gres/gpu=1|Dependency",
                   header="JobID|Submit|Eligible|Elapsed|AllocTRES|Reason"),
     "jobs": ["1 submit=0", "2 submit=0"],
     "notes": ["became eligible after they were submitted", "Dependency 1"]},
    shape("a table for people", "       JobID  Partition      State  Elapsed\n------------ ---------- "
          "---------- ----------\n1  gpu  COMPLETED  01:00:00\n", "table for people"),
    shape("no header", ONE + "\n", "without its header"),
    shape("semicolons", table(ONE).replace("|", ";"), "separated by ';'"),
]

FROM_THE_DOCUMENTATION = [
    shape("commas", table(ONE).replace("|", ",").replace("cpu=4,", ""), "separated by ','"),
    {"name": "--parsable, with a bar at the end of each line",
     "text": table(FULL + "|", ONE + "|").split("\n", 1)[1], "jobs": ["1 gpus=4"]},
    {"name": "a byte order mark and line ends of Windows",
     "text": "\ufeff" + table(ONE).replace("\n", "\r\n"), "jobs": ["1 gpus=4"]},
    {"name": "columns in another order", "text": table(
        "gres/gpu=2|01:00:00|2024-06-03T08:00:00|1", header="AllocTRES|Elapsed|Submit|JobID"),
     "jobs": ["1 gpus=2"]},
    {"name": "JobIDRaw alone", "text": table(
        "17|2024-06-03T08:00:00|01:00:00|gres/gpu=2", header="JobIDRaw|Submit|Elapsed|AllocTRES"),
     "jobs": ["17 gpus=2"]},
    {"name": "ElapsedRaw", "text": table(
        "1|2024-06-03T08:00:00|90|gres/gpu=2", header="JobID|Submit|ElapsedRaw|AllocTRES"),
     "jobs": ["1 duration=90"]},
    {"name": "an elapsed time in minutes", "text": table(row("1", elapsed="02:03")),
     "jobs": ["1 duration=123"]},
    {"name": "an elapsed time of days", "text": table(row("1", elapsed="3-01:00:00")),
     "jobs": ["1 duration=262800"]},
    {"name": "steps of all kinds", "text": table(
        ONE, *[row("1." + step) for step in ("batch", "extern", "interactive", "0", "17")]),
     "jobs": ["1"], "out": {"steps": 5}},
    {"name": "steps of arrays and heterogeneous jobs",
     "text": table(row("5_2"), row("5_2.batch"), row("6+0"), row("6+0.0"), row("6+1")),
     "jobs": ["5_2 gpus=4", "6 gpus=8"], "out": {"steps": 2}},
    {"name": "an array that waits", "text": table(
        ONE, row("9_[3-8%2]", "PENDING", start="Unknown", end="Unknown", elapsed="00:00:00", alloc="",
                 req=GPU)),
     "jobs": ["1"], "out": {"never_started": 1}, "notes": ["limit of tasks at a time"]},
    {"name": "a revoked job of a federation", "text": table(
        ONE, row("2", "REVOKED", elapsed="00:00:00", alloc="", req=GPU)),
     "jobs": ["1"], "out": {"never_started": 1}},
    {"name": "a deadline passed in the queue", "text": table(
        ONE, row("2", "DEADLINE", start="None", elapsed="00:00:00", alloc="", req=GPU)),
     "jobs": ["1"], "out": {"never_started": 1}},
    {"name": "cancelled while it ran", "text": table(row("1", "CANCELLED by 0")),
     "jobs": ["1 duration=3600"]},
    {"name": "of no length, but it held GPUs", "text": table(
        ONE, row("2", "FAILED", end="08:00:00", elapsed="00:00:00")),
     "jobs": ["1", "2 duration=0"]},
    *[{"name": f"ended as {state}", "text": table(row("1", state)), "jobs": ["1 duration=3600"]}
      for state in ("TIMEOUT", "OUT_OF_MEMORY", "BOOT_FAIL", "PREEMPTED", "NODE_FAIL")],
    *[{"name": f"in the state {state}", "text": table(
        ONE, row("2", state, end="Unknown", elapsed="00:30:00")), "jobs": ["1"],
       "out": {"still_running": (1, 2.0)}} for state in ("RUNNING", "SUSPENDED", "COMPLETING")],
    {"name": "requeued and waiting again", "text": table(
        row("2", "REQUEUED"), row("2", "PENDING", start="Unknown", end="Unknown", elapsed="00:00:00",
                                  alloc="", req=GPU)),
     "jobs": ["2 duration=3600"], "out": {"never_started": 1}},
    {"name": "three runs, the last first", "text": table(
        row("2", start="12:00:00", end="13:00:00", submit="11:00:00"),
        row("2", "REQUEUED", start="10:00:00", end="11:00:00", submit="09:00:00"),
        row("2", "NODE_FAIL")),
     "jobs": ["2#3 after=2#2", "2#2 after=2", "2"]},
    {"name": "two exports that overlap", "text": table(ONE, row("2"), ONE), "jobs": ["1", "2"],
     "out": {"repeated": 1}},
    {"name": "resized while it ran", "text": table(
        row("3", "RESIZING", alloc="gres/gpu=8"),
        row("3", start="09:00:00", end="10:00:00", alloc="gres/gpu=2")),
     "jobs": ["3 gpus=8", "3#2 gpus=2 after=3"]},
    {"name": "a job without GPUs", "text": table(ONE, row("2", alloc="cpu=4,mem=1G,node=1")),
     "jobs": ["1"], "out": {"no_gpu": 1}},
    {"name": "use of GPUs that is not a count", "text": table(
        ONE, row("2", alloc="cpu=4,gres/gpumem=80G,gres/gpuutil=75")), "jobs": ["1"],
     "out": {"no_gpu": 1}},
    {"name": "two types in one job", "text": table(
        row("1", alloc="gres/gpu:t4=1,gres/gpu:l4=2,gres/gpu=3")), "jobs": ["1 gpus=3 types=t4|l4"]},
    {"name": "GRES with sockets and indexes", "text": table(
        "1|2024-06-03T08:00:00|01:00:00|gpu:t4:2(IDX:0-1),gpu:t4:1(S:0)",
        header="JobID|Submit|Elapsed|AllocGRES"), "jobs": ["1 gpus=3 types=t4"]},
    {"name": "GRES of each node", "text": table(
        "1|2024-06-03T08:00:00|01:00:00|PER_NODE:gpu:2|4",
        header="JobID|Submit|Elapsed|ReqGRES|NNodes"), "jobs": ["1 gpus=8"]},
    typed("several MIG slices", "gres/gpu=2,gres/gpu:1g.5gb=2", [], out={"unknown_share": 1}),
    typed("a whole GPU as one slice", "gres/gpu:a100_7g.40gb=1", ["2 gpus=1 milli=1000"]),
    typed("a slice of an A30", "gres/gpu:a30_2g.12gb=1", ["2 gpus=1 milli=500 types=a30"]),
    typed("two whole GPUs of MPS", "gres/mps=200", ["2 gpus=2 milli=1000"]),
    called("nvidia_a100_80gb_pcie", "a100-80g-pcie"), called("NVIDIA_H200", "h200"),
    called("nvidia_geforce_gtx_1080_ti", "1080ti"), called("unheard", "unheard"),
    {"name": "types not wanted", "text": table(row("1", alloc="gres/gpu:t4=1")),
     "options": {"gpu_types": "false"}, "jobs": ["1 gpus=1 types="]},
    {"name": "accounts as virtual clusters", "text": table(
        "1|lab|2024-06-03T08:00:00|01:00:00|gres/gpu=2",
        header="JobID|Account|Submit|Elapsed|AllocTRES"), "options": {"virtual_cluster": "account"},
     "jobs": ["1 vc=lab"]},
    {"name": "a bar in a job's name", "text": table(
        "1|a|b|2024-06-03T08:00:00|01:00:00|gres/gpu=1",
        header="JobID|JobName|Submit|Elapsed|AllocTRES"), "error": ["found 6 fields, expected 5"]},
    {"name": "an end before the start", "text": table(
        "1|2024-06-03T08:00:00|2024-06-03T09:00:00|2024-06-03T08:00:00|gres/gpu=1",
        header="JobID|Submit|Start|End|AllocTRES"), "error": ["End", "an end after the start"]},
    {"name": "a time that is none", "text": table(row("1", submit="2024-06-31T08:00:00")),
     "error": ["Submit", "2024-06-31T08:00:00"]},
    {"name": "naive and absolute times", "text": table(ONE, row("2", submit="1717401600")),
     "error": ["Submit", "without an offset, as above"]},
    {"name": "a count of GPUs that is none", "text": table(row("1", alloc="gres/gpu=two")),
     "error": ["AllocTRES", "gres/gpu=4"]},
    {"name": "no column of resources", "text": table(
        "1|2024-06-03T08:00:00|01:00:00|4", header="JobID|Submit|Elapsed|AllocCPUS"),
     "error": ["AllocTRES, ReqTRES"]},
    {"name": "nothing but steps", "text": table(row("1.batch")),
     "error": ["holds no jobs", "steps of jobs that have a row of their own: 1"]},
]

HET = [row("61+0"), row("61+1", start="08:00:01", end="09:00:01")]
SHARE = row("61+1", alloc="gres/mps=50")

FROM_A_SECOND_READING = [
    {"name": "parts that start a second apart", "text": table(*HET), "jobs": ["61 gpus=8 after="]},
    {"name": "parts of a requeued job", "text": table(
        row("61+0", "NODE_FAIL"), row("61+1", "NODE_FAIL", start="08:00:01"),
        row("61+0", submit="09:00:00", start="10:00:00", end="11:00:00"),
        row("61+1", submit="09:00:00", start="10:00:02", end="11:00:02")),
     "jobs": ["61 gpus=8", "61#2 gpus=8 after=61"]},
    {"name": "a part on a share of a GPU", "text": table(ONE, row("61+0"), SHARE), "jobs": ["1"],
     "out": {"unknown_share": 1}},
    {"name": "a part that still runs", "text": table(
        ONE, row("61+0"), row("61+1", "RUNNING", end="Unknown")), "jobs": ["1"],
     "out": {"still_running": (2, 8.0)}},
    typed("MPS on two nodes", "gres/mps=100,node=2", [], out={"unknown_share": 1}),
    {"name": "the header once more", "text": table(ONE, FULL, row("2")), "jobs": ["1", "2"]},
    {"name": "another header below", "text": table(ONE, FULL.replace("State|", "") + "|State", row("2")),
     "error": ["another header (line 3)"]},
    {"name": "runs of one id at the same time", "text": table(
        row("7"), row("7", start="08:10:00", end="12:10:00", elapsed="04:00:00")),
     "jobs": ["7", "7#2"], "notes": ["at the same time"]},
    {"name": "the first cluster is that of the first row", "text": table(
        "5|alpha|2024-06-03T08:00:00|01:00:00|cpu=1", "7|beta|2024-06-03T08:00:00|01:00:00|gres/gpu=1",
        "7|alpha|2024-06-03T08:00:00|01:00:00|gres/gpu=1", header="JobID|Cluster|Submit|Elapsed|AllocTRES"),
     "jobs": ["7@beta", "7"], "out": {"no_gpu": 1}},
    {"name": "a raw time that Slurm does not have", "text": table(
        "1|2024-06-03T08:00:00|2024-06-03T08:00:00|2024-06-03T09:00:00|4294967295|gres/gpu=1",
        header="JobID|Submit|Start|End|ElapsedRaw|AllocTRES"), "jobs": ["1 duration=3600"]},
    {"name": "a time below zero", "text": table(row("1", elapsed="INVALID")), "jobs": ["1 duration=3600"]},
    called("nvidia_h100_80gb_hbm3", "h100"),
    {"name": "never started, and only what was allocated is told", "text": table(
        "1|COMPLETED|2024-06-03T08:00:00|2024-06-03T08:00:00|01:00:00|gres/gpu=1",
        "2|CANCELLED by 7|2024-06-03T08:00:00|None|00:00:00|",
        "3_[1-9%2]|PENDING|2024-06-03T08:00:00|Unknown|00:00:00|",
        header="JobID|State|Submit|Start|Elapsed|AllocTRES"),
     "jobs": ["1"], "out": {"never_started": 2}, "notes": ["limit of tasks"]},
    {"name": "running in one export, ended in the next", "text": table(
        row("1", "RUNNING", end="Unknown", elapsed="00:20:00"), ONE), "jobs": ["1"],
     "out": {"repeated": 1}},
    {"name": "running in two exports", "text": table(
        ONE, row("2", "RUNNING", end="Unknown", elapsed="00:15:00"),
        row("2", "RUNNING", end="Unknown", elapsed="00:30:00")), "jobs": ["1"],
     "out": {"repeated": 1, "still_running": (1, 2.0)}},
    {"name": "held after an hour of work", "text": table(row("1", "REQUEUE_HOLD")),
     "jobs": ["1 duration=3600"]},
    {"name": "clusters asked for that the file does not name", "text": table(ONE),
     "options": {"virtual_cluster": "cluster"}, "jobs": ["1 vc="], "notes": ["no column Cluster"]},
]

CASES = FROM_THE_ISSUE + FROM_THE_DOCUMENTATION + FROM_A_SECOND_READING
