"""Is report.html self-contained, is every trace.json sound? usage: report_content.py CHECK RESULTS."""

import collections
import json
import os
import re
import sys
from html.parser import HTMLParser

PHASES = set("XBEiICbensftM")
# What a browser fetches: anything named here that is not in the page itself.
FETCHING = {
    "script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src",
    "video": "src", "audio": "src", "object": "data", "embed": "src", "use": "href",
}


class Fetches(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.style, self.title = [], False, ""
        self.in_title = False

    def handle_starttag(self, tag, attributes):
        self.style, self.in_title = tag == "style", tag == "title"
        for name, value in attributes:
            if FETCHING.get(tag) == name and value and not value.startswith(("data:", "#")):
                self.found.append(f"<{tag} {name}={value[:60]}>")
            if name == "style":
                self.styled(value or "")

    def handle_data(self, data):
        if self.style:
            self.styled(data)
        if self.in_title:
            self.title += data
            self.in_title = False

    def styled(self, text):
        self.found += re.findall(r"@import[^;]*|url\(\s*['\"]?(?!data:|#)[^)]*\)", text)


def trace_faults(path):
    """The faults of one trace file and the number of its events."""
    with open(path, encoding="utf-8") as file:
        trace = json.load(file)
    events = trace["traceEvents"] if isinstance(trace, dict) else trace
    faults, slices, opened = [], collections.defaultdict(list), collections.Counter()
    for event in events:
        phase = event.get("ph")
        if phase not in PHASES:
            faults.append(f"phase {phase!r}")
        elif phase != "M" and not event.get("ts", -1) >= 0:
            faults.append(f"no time: {event}")
        elif phase == "X":
            if not event.get("dur", -1) >= 0:
                faults.append(f"no duration: {event}")
            slices[event["pid"], event["tid"]].append((event["ts"], event["dur"]))
        elif phase in "be":
            opened[event["pid"], event.get("cat"), event["id"], event["name"]] += 1 if phase == "b" else -1
        if phase == "C" and not isinstance(event.get("args"), dict):
            faults.append(f"a counter without values: {event}")
    # A GPU is owned by one job at a time, so its slices never overlap; times are rounded to ns.
    for track, spans in slices.items():
        spans.sort()
        for (start, length), (following, _) in zip(spans, spans[1:]):
            if start + length > following + 0.002:
                faults.append(f"slices overlap on {track} at {following}")
    faults += [f"begun and not ended, or the reverse: {key}" for key, left in opened.items() if left]
    return faults, len(events), len(slices)


def main():
    check, results = sys.argv[1:3]
    missed = 0
    report = os.path.join(results, "report.html")
    with open(report, encoding="utf-8") as file:
        page = file.read()
    fetches = Fetches()
    fetches.feed(page)
    for fetch in fetches.found[:10]:
        print(f"  fetches {fetch}", file=sys.stderr)
    verdict = "" if not fetches.found else " MISSED"
    missed += bool(fetches.found)
    print(
        f"{check}: report.html ({len(page.encode()) / 1e6:.2f} MB) fetches "
        f"{len(fetches.found)} things from outside (0){verdict}"
    )
    files = events = tracks = faulty = 0
    for folder, _, names in sorted(os.walk(results)):
        if "trace.json" in names:
            faults, count, used = trace_faults(os.path.join(folder, "trace.json"))
            files, events, tracks = files + 1, events + count, tracks + used
            faulty += len(faults)
            for fault in faults[:5]:
                print(f"  {folder}: {fault}", file=sys.stderr)
    good = files >= 5 and not faulty and tracks > 0
    missed += not good
    print(
        f"{check}: {faulty} faults in {files} trace.json with {events} events "
        f"(0 in at least 5){'' if good else ' MISSED'}"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
