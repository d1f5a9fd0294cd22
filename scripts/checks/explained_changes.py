"""Every word of `orrery explain` on jobs that Crius changed, against decisions.csv.

usage: explained_changes.py CHECK ORRERY COMPARISON_DIRECTORY

Each line about a change must parse whole, and say what decisions.csv (counts, nodes, reason, job
because of which, cost) and allocations.csv (GPU types) say of one event, in order and none left out.
"""

import os
import re
import subprocess
import sys

from explained import rows

TIME = r"(?P<at>[\d.e+]+) s \(day \d+ \d\d:\d\d:\d\d\)"
COST = r"(?:; (?:restarting|moving|that) took (?P<cost>\d+) s)?\."
STARTED = re.compile(
    rf"It (?P<kind>started|resumed) at (?:once|{TIME})(?: with (?P<gpus>\d+) GPUs? instead of "
    rf"(?P<asked>\d+))? on (?P<nodes>[^:]*): (?P<why>.*?){COST}")
CHANGED = re.compile(
    rf"At {TIME} it (?:(?P<how>shrank|grew) from (?P<before>\d+) to (?P<gpus>\d+) GPUs?)?(?: and )?"
    rf"(?:moved(?: from (?P<left>[\w-]+) to (?P<type>[\w-]+))?)?(?:, going)? from (?P<old>node [^:]*?\)"
    rf"(?: and \d+ more nodes)?) to (?P<nodes>node [^:]*): (?P<why>.*?){COST}")
PREEMPTED = re.compile(
    rf"At {TIME}, after [^,]* on (?P<nodes>.*), it was preempted: (?P<why>.*)\.")
WHY = {
    "queue_order": r"its turn had come and it fitted",
    "upgraded": r"it runs faster there",
    "made_room": r"room was made for job (\S+)",
    "opportunistic": r"it fitted while job (\S+) before it did not; it gives way when that one fits",
    "suspended": r"it ran before its turn, and job (\S+), which is before it, fits now",
}


def nodes_in_words(nodes):
    parts = [part.split(":") for part in nodes.split(";")]
    texts = [f"node {node} ({gpus} GPU{'' if gpus == '1' else 's'})" for node, gpus in parts]
    if len(texts) > 4:
        return ", ".join(texts[:4]) + f" and {len(texts) - 4} more nodes"
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def events_of(run):
    """Starts, changes and preemptions of each job, with the GPU type and what it held before."""
    types = {row["node"]: row["gpu_type"] for row in rows(os.path.join(run, "allocations.csv"))}
    jobs = {}
    for row in rows(os.path.join(run, "decisions.csv")):
        if row["kind"] not in ("started", "resumed", "changed", "preempted"):
            continue
        own = jobs.setdefault(row["job_id"], [])
        row["type"] = types[row["nodes"].split(":")[0]]
        row["before"] = own[-1] if own else None
        own.append(row)
    return jobs


def shrank(event):
    return event["kind"] == "changed" and float(event["gpus"]) < float(event["before"]["gpus"])


def grew(event):
    return event["kind"] == "changed" and float(event["gpus"]) > float(event["before"]["gpus"])


def changed_nodes(event):
    return event["kind"] == "changed" and event["gpus"] == event["before"]["gpus"] and not moved(event)


def moved(event):
    return event["kind"] == "changed" and event["type"] != event["before"]["type"]


def chosen(jobs):
    """The shortest lives that have all of it."""
    def first(what, *wanted):
        fit = [job for job, events in jobs.items() if all(any(map(w, events)) for w in wanted)]
        return (what, min(fit, key=lambda job: (len(jobs[job]), job))) if fit else (what, None)
    return [first("was shrunk and moved to another GPU type", shrank, moved),
            first("was grown, and moved between nodes alone", grew, changed_nodes),
            first("ran before its turn", lambda e: e["reason"] == "opportunistic"),
            first("was suspended", lambda e: e["reason"] == "suspended")]


def faults_of(event, line):
    """What a line says wrongly of an event."""
    pattern = {"changed": CHANGED, "preempted": PREEMPTED}.get(event["kind"], STARTED)
    said = pattern.fullmatch(line)
    if not said:
        yield f"does not read as an event of kind {event['kind']}: {line}"
        return
    said = said.groupdict()
    if said["at"] is not None and float(said["at"]) != float(event["time_seconds"]):
        yield f"time {said['at']}, was {event['time_seconds']}"
    if said["nodes"] != nodes_in_words(event["nodes"]):
        yield f"nodes {said['nodes']}, were {event['nodes']}"
    why = re.fullmatch(WHY[event["reason"]], said["why"])
    if not why or (why.groups() and why.group(1) != event["because_of"]):
        yield f"reason '{said['why']}', was {event['reason']} {event['because_of']}"
    if event["kind"] != "preempted" and float(said["cost"] or 0) != float(event["value"] or 0):
        yield f"cost {said['cost']}, was {event['value']}"
    if event["kind"] in ("started", "resumed") and said["kind"] != event["kind"]:
        yield f"{said['kind']}, was {event['kind']}"
    if event["kind"] == "changed":
        before = event["before"]
        counts = (before["gpus"], event["gpus"]) if before["gpus"] != event["gpus"] else (None, None)
        if (said["before"], said["gpus"]) != counts:
            yield f"from {said['before']} to {said['gpus']} GPUs, was {counts}"
        if counts[0] and (said["how"] == "shrank") != shrank(event):
            yield f"{said['how']}, was {counts}"
        types = (before["type"], event["type"]) if moved(event) else (None, None)
        if (said["left"], said["type"]) != types:
            yield f"from {said['left']} to {said['type']}, was {types}"
        if said["old"] != nodes_in_words(before["nodes"]):
            yield f"left {said['old']}, had {before['nodes']}"


def main():
    check, orrery, results = sys.argv[1:4]
    run = os.path.join(results, "crius", "1")
    jobs = events_of(run)
    asked = {row["job_id"]: row["gpus"] for row in rows(os.path.join(run, "jobs.csv"))}
    missed = 0
    for what, job in chosen(jobs):
        if job is None:
            print(f"{check}: no job {what} (one) MISSED")
            missed += 1
            continue
        text = subprocess.run([orrery, "explain", run, job], capture_output=True, text=True,
                              check=True).stdout
        lines = [line for line in text.splitlines() if re.match(r"It (started|resumed)|At ", line)]
        faults = [fault for event, line in zip(jobs[job], lines) for fault in faults_of(event, line)]
        if len(lines) != len(jobs[job]):
            faults.append(f"tells of {len(lines)} events, there were {len(jobs[job])}")
        for event, line in zip(jobs[job], lines):
            told = re.search(r"with (\d+) GPUs? instead of (\d+)", line)
            right = (event["gpus"], asked[job]) if event["gpus"] != asked[job] else None
            if event["kind"] in ("started", "resumed") and (told.groups() if told else None) != right:
                faults.append(f"does not tell right what it got of what it asked for: {line}")
        print("\n".join(f"  | {line}" for line in text.splitlines()))
        for fault in faults:
            print(f"  {job}: {fault}", file=sys.stderr)
        missed += bool(faults)
        print(f"{check}: explain of the job that {what} ({job}): {len(faults)} words of "
              f"{len(lines)} events against decisions.csv (0){' MISSED' if faults else ''}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
