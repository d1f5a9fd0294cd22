"""Random small experiments, each from a seed of its own: draw(number, seed) gives its files.

Part of safe.invariants. Experiments are written as JSON, which is YAML.
"""

import json
import random

QUEUED = ("fifo", "sjf", "srtf", "las")
PLACED = QUEUED + ("easy",)
POLICIES = PLACED + PLACED + ("gandiva", "elasticflow", "elasticflow-ls", "gavel", "sia", "crius",
                     "gavel-arena", "sia-arena")
TYPES = ("v100-32g", "a40", "a10")
MODELS = (("fern", "1B"), ("fern", "2B"), ("reed", "1B"))
SPEED = {"v100-32g": 1.0, "a40": 1.7, "a10": 2.9}


def shape(draw, even, clusters):
    """Groups of nodes; `even`: every node of a type has the same power of two of GPUs."""
    groups = []
    for kind in draw.sample(TYPES, draw.choice((1, 1, 2, 3))):
        for _ in range(1 if even or draw.random() < 0.8 else 2):
            group = {"count": draw.choice((1, 1, 2, 3)), "gpu": kind,
                     "gpus_per_node": draw.choice((1, 2, 4, 8) if even else (1, 2, 3, 4, 6, 8))}
            groups.append(group)
    if clusters:
        while len(groups) < 2:
            groups.append(dict(groups[0], count=draw.randint(1, 3)))
        for at, group in enumerate(groups):
            group["virtual_cluster"] = f"vc{at % 2}"
    return groups


def platform(draw, even, clusters):
    found = {"nodes": shape(draw, even, clusters), "network": "isolated"}
    if draw.random() < 0.25:
        found["network"] = "shared"
        found["contention"] = draw.choice(("duty", "always"))
    if draw.random() < 0.4:
        found["fabric"] = {"topology": "fat_tree", "nodes_per_rack": draw.randint(1, 3),
                           "oversubscription": draw.choice((1, 2, 8)), "nic": "1 GB/s"}
    return found


def outages(draw, nodes, files):
    """Failures that are drawn, or a file of them, in which some nodes never come back."""
    if draw.random() < 0.4:
        return {"mtbf": f"{draw.choice((2000, 6000, 20000))} s", "mttr": f"{draw.choice((50, 400))} s"}
    lines = ["node,down_seconds,up_seconds"]
    for node in range(nodes):
        at = 0
        for _ in range(draw.choice((0, 0, 1, 2))):
            at += draw.randint(1, 900)
            up = at + draw.choice((1, 50, 400, 1500))
            lost = draw.random() < 0.08
            lines.append(f"{node},{at},{'' if lost else up}")
            at = up
            if lost:
                break
    draw.shuffle(body := lines[1:])
    files["outages.csv"] = "\n".join(lines[:1] + body) + "\n"
    return {"trace": "outages.csv"}


def costs(draw):
    if draw.random() < 0.3:
        return {"per_gpu": draw.choice((1, 10)), "at_most": draw.choice((4, 40))}
    return {1: draw.choice((0, 7)), 4: draw.choice((12.5, 30)), "more": draw.choice((30, 60))}


def options_of(draw, name, tables):
    """The policy and its options."""
    options = {"name": name}
    if name in QUEUED and draw.random() < 0.8:
        options["queue"] = draw.choice(("blocking", "skipping", "blocking_per_type"))
    if name in PLACED and draw.random() < 0.8:
        rules = ("consolidated", "first_fit", "worst_fit") if tables else (
            "consolidated", "first_fit", "best_fit", "worst_fit", "pooled")
        options["placement"] = draw.choice(rules)
    some = {
        "easy": {"depth": (0, 2, 1000)},
        "las": {"limits_gpu_seconds": ([100], [50, 400, 3000]), "promote": (0, 0, 2)},
        "gandiva": {"migration": (True, False), "growth": (True, False)},
        "elasticflow": {"deadlines": ("kept", "loose"), "gain": ("relative", "samples"),
                        "slot": ("50 s", "300 s"), "largest_gpus": (4, 16)},
        "elasticflow-ls": {"largest_gpus": (4, 16)},
        "gavel": {"wake_every": ("60 s", "400 s")},
        "sia": {"running": ("movable", "kept"), "partition": (0, 3, 200), "p": (-0.5, 0.5),
                "wake_every": ("60 s", "300 s"), "restart_cost": ("60 s", "600 s")},
        "crius": {"search": ("exact", "exact", "arena"), "scaling": (True, False), "type_change": (True, False),
                  "opportunistic": (True, False), "migration": (True, False),
                  "deadline_aware": (False, True), "depth": (0, 1, 2)},
        "gavel-arena": {"type_changes": (0, 3)},
        "sia-arena": {"changes": (0, 5)},
    }.get(name, {})
    for key, values in some.items():
        if draw.random() < 0.4:
            options[key] = draw.choice(values)
    if name == "gavel" and draw.random() < 0.5:
        options["objective"] = "max_total_throughput"
        if draw.random() < 0.5:
            options.update(mechanism="exclusive", admission=draw.choice(("any", "in_order")),
                           type_changes=draw.choice((0, 8)))
    return options


def trace(draw, groups, tables, all_tasks, shares, clusters, prefix=""):
    """Rows of a csv trace: many ties, jobs of 0 s, and now and then a job larger than anything."""
    kinds = list(dict.fromkeys(group["gpu"] for group in groups))
    largest = max(group["count"] * group["gpus_per_node"] for group in groups)
    grid = draw.choice((1, 10, 60))
    late = draw.choice((100, 500, 1500))
    rows = []
    for at in range(draw.randint(4, 36)):
        row = {"job_id": f"{prefix}j{at}", "submit_seconds": draw.randint(0, late // grid) * grid}
        if draw.random() < 0.2:
            row["submit_seconds"] = round(draw.uniform(0, late), 3)
        row["gpus"] = draw.choice((1, 1, 1, 2, 2, 4, 4, 8) if tables else (1, 1, 2, 2, 3, 4, 5, 8, 9))
        if row["gpus"] > largest and draw.random() < 0.9:
            row["gpus"] = draw.randint(1, largest)
            if tables:
                row["gpus"] = 1 << (row["gpus"].bit_length() - 1)
        row["duration_seconds"] = draw.choice((0, 1, 10, 50, 100, 100, 333.3, 900, 1500))
        if shares and row["gpus"] == 1 and draw.random() < 0.5:
            row["gpu_milli"] = draw.choice((100, 250, 333, 500, 750))
        if draw.random() < 0.35:
            some = draw.sample(kinds, draw.randint(1, len(kinds)))
            row["gpu_types"] = "|".join(some)
        if clusters:
            row["virtual_cluster"] = draw.choice(("vc0", "vc1"))
        if tables and (all_tasks or draw.random() < 0.75):
            row.pop("gpu_milli", None)
            family, size = draw.choice(MODELS)
            row.update(model=f"{family}__{size}", iterations=draw.choice((1, 10, 50, 200)),
                       batch_samples=draw.choice((64, 128)))
        elif draw.random() < 0.1 and row["duration_seconds"] > 0:
            row.update(iterations=draw.choice((5, 100)), batch_samples=32)
        if draw.random() < 0.4:
            row["deadline_seconds"] = row["submit_seconds"] + draw.choice((60, 500, 3000, 20000))
        rows.append(row)
    if draw.random() < 0.7:
        rows.sort(key=lambda row: row["submit_seconds"])
    return rows


def csv_text(rows, bad):
    columns = list(dict.fromkeys(key for row in rows for key in row))
    lines = [",".join(columns)] + [",".join(str(row.get(c, "")) for c in columns) for row in rows]
    for at in range(bad):
        lines.insert(1 + at * 2, ",".join(["bad"] + ["x"] * (len(columns) - 1)))
    return "\n".join(lines) + "\n"


def swf_text(rows, draw):
    lines = ["; a workload"]
    for number, row in enumerate(rows):
        time = -1 if draw.random() < 0.1 else row["duration_seconds"]
        lines.append(f"{number + 1} {row['submit_seconds']} -1 {time} {row['gpus']} -1 -1 {row['gpus']} "
                     "-1 -1 1 1 1 1 1 1 -1 -1")
    return "\n".join(lines) + "\n"


def table_text(draw, groups):
    """Iteration times; some rows are missing, some say that the job cannot run there."""
    lines = ["model,params,global_batch,gpu_type,nodes,gpus_per_node,iter_time_s"]
    size = {group["gpu"]: group["gpus_per_node"] for group in groups}
    gaps = draw.choice((0, 0, 0.15))
    for family, params in MODELS:
        for batch in (64, 128):
            for kind in TYPES:
                seconds = draw.choice((0.5, 2, 7.5)) * SPEED[kind] * batch / 64
                for nodes in (1, 2, 4, 8, 16):
                    for per_node in (1, 2, 4, 8):
                        if per_node > size.get(kind, 8) or draw.random() < gaps:
                            continue
                        value = round(seconds / (nodes * per_node) ** 0.8 * (1 + 0.1 * nodes), 4)
                        value = -1 if draw.random() < 0.04 else value
                        lines.append(f"{family},{params},{batch},{kind},{nodes},{per_node},{value}")
    return "\n".join(lines) + "\n"


def common(draw, options, tables):
    """Keys that every world may have."""
    if draw.random() < 0.6:
        options["restart_seconds"] = costs(draw)
    if draw.random() < 0.3:
        options["checkpoint"] = {"every": f"{draw.choice((30, 100, 600))} s",
                                 "write": f"{draw.choice((0, 5, 20))} s"}
    if draw.random() < 0.25:
        options["migration"] = {"state_per_gpu": draw.choice(("100 MB", "4 GB"))}
    if tables and draw.random() < 0.4:
        keys = ("search_seconds", "compile_seconds", "checkpoint_seconds", "profile_seconds", "launch_seconds")
        options["plan_change"] = {key: costs(draw) for key in draw.sample(keys, draw.randint(1, 4))}
        options["plan_change"]["keep_plans"] = draw.random() < 0.6
    if draw.random() < 0.3:
        options["round"] = f"{draw.choice((60, 300, 7.5))} s"
    options["on_oversized_job"] = "fail" if draw.random() < 0.1 else "reject"


def workload(draw, found, rows, name, files, swf):
    """Writes the trace and says how it is read."""
    bad = draw.randint(1, 3) if draw.random() < 0.1 and not swf else 0
    files[name] = swf_text(rows, draw) if swf else csv_text(rows, bad)
    found["workload"] = {"trace": {"format": "swf" if swf else "csv", "path": name}}
    if bad:
        found["workload"]["trace"]["on_bad_row"] = "skip"
    if draw.random() < 0.1:
        key, value = draw.choice((("largest_gpus", 4), ("limit", 12), ("from_seconds", 50), ("until_seconds", 900)))
        found["workload"][key] = value


def draw_one(number, seed):
    """Name of file: text, of experiment `number`."""
    draw = random.Random(f"{seed}/{number}")
    files = {}
    policy = POLICIES[number % len(POLICIES)]
    arena = draw.random() < 0.15
    tables = arena or draw.random() < (0.3 if policy in PLACED else 0.75)
    several = policy in PLACED + ("gandiva",) and not tables and draw.random() < 0.15
    clusters = not arena and not several and draw.random() < 0.2
    document = {"name": f"random-{number}"}
    cluster = platform(draw, tables or draw.random() < 0.3, clusters)
    document["platform" if several else "cluster"] = cluster
    if not arena and draw.random() < (0.15 if policy == "easy" else 0.4):
        cluster["failures"] = outages(draw, sum(g["count"] for g in cluster["nodes"]), files)
    parts = [("one", policy), ("two", draw.choice(PLACED))] if several else [("", policy)]
    worlds = []
    for name, its_policy in parts:
        world = {"name": name} if several else document
        world["policy"] = options_of(draw, its_policy, tables)
        world["without_throughput"] = "proportional"
        common(draw, world, tables)
        if clusters:
            world["virtual_clusters"] = "partition"
        if "failures" in cluster and draw.random() < 0.3:
            world["job_retries"] = draw.randint(0, 2)
        swf = not tables and not clusters and not several and draw.random() < 0.08
        rows = trace(draw, cluster["nodes"], tables, arena, draw.random() < 0.2, clusters, name)
        workload(draw, world, rows, f"jobs{name}.swf" if swf else f"jobs{name}.csv", files, swf)
        if tables:
            files["table.csv"] = table_text(draw, cluster["nodes"])
            table = {"format": "arena", "path": "table.csv"}
            if draw.random() < 0.6:
                table["relaxed_locality"] = 0.9
            if draw.random() < 0.3:
                table["smaller_model"] = 1.8
            world["throughput"] = {"table": table, "gpu_types": draw.choice(("preferred", "preferred", "binding"))}
        if arena:
            quirks = ("early_arrivals", "revalued_progress", "suspended_time_counts_twice", "free_restarts",
                      "charged_first_starts", "rounded_throughputs")
            off = draw.sample(quirks, draw.randint(0, 3)) if draw.random() < 0.6 else quirks
            cluster["network"] = "isolated"
            world["rules"] = dict({"name": "arena"}, **{quirk: False for quirk in off})
            world["round"] = f"{draw.choice((60, 300))} s"
            for key in ("checkpoint", "migration", "plan_change"):
                world.pop(key, None)
        worlds.append(world)
    if several:
        document["worlds"] = worlds
    if "mtbf" in cluster.get("failures", {}):
        document["stop"] = {"seconds": draw.choice((3000, 20000))}
    elif draw.random() < 0.25:
        in_rounds = "round" in document and draw.random() < 0.5
        document["stop"] = {"rounds": draw.randint(2, 40)} if in_rounds else {"seconds": draw.choice((500, 1234.5, 4000))}
    if arena and "seconds" in document.get("stop", {}):
        document["stop"] = {"rounds": draw.randint(5, 60)}
    document["seed"] = draw.randint(1, 10**6)
    files["experiment.yaml"] = json.dumps(document, indent=1)
    return files
