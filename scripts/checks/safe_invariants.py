"""Random experiments whose results are checked from their files: usage safe_invariants.py FOLDER.

ORRERY is the program, INVARIANTS_COUNT experiments (1,000) are drawn from INVARIANTS_SEED (1), and
INVARIANTS_FIRST (0) is the number of the first. An experiment with a violation stays in FOLDER.
Nothing here is shared with Orrery, nor with other checkers.
"""

import collections
import multiprocessing
import os
import pathlib
import shutil
import subprocess
import sys
import traceback

from safe_invariants_arena import check_arena
from safe_invariants_case import load
from safe_invariants_draw import POLICIES, draw_one
from safe_invariants_figures import Figures, check_rows, check_shared_figures
from safe_invariants_ground import check_ground
from safe_invariants_idle import check_idle
from safe_invariants_reject import check_rejected, truly_refused
from safe_invariants_speeds import Speeds
from safe_invariants_spoil import SPOILS
from safe_invariants_work import check_work

ORRERY = os.environ["ORRERY"]
COUNT = int(os.environ.get("INVARIANTS_COUNT", 1000))
FIRST = int(os.environ.get("INVARIANTS_FIRST", 0))
SEED = os.environ.get("INVARIANTS_SEED", "1")
SECONDS = 120  # for one run
SPOILED = 500  # experiments whose results are spoiled to see the checks fail
PARTS = 7  # of the ways to spoil them, one for each experiment


class Report:
    """Violations, and how often each invariant was looked at."""

    def __init__(self):
        self.seen = collections.Counter()
        self.faults = []

    def saw(self, invariant):
        self.seen[invariant] += 1

    def wrong(self, invariant, text):
        self.faults.append((invariant, text))


def check(folder, change=lambda read: None):
    """All invariants of the results in a folder."""
    report = Report()
    worlds, whole = load(folder, change)
    check_ground(worlds, report)
    for world in worlds:
        check_rows(world, report)
        if [fault for fault in report.faults if fault[0] == "decisions"]:
            return report  # holds and decisions tell two stories: nothing else can be said
        speeds, works = check_work(world, report)
        Figures(world, speeds, works, report).check()
        check_arena(world, speeds, works, report)
        check_idle(world, speeds, works, report)
        check_rejected(world, speeds, works, report)
    if len(worlds) > 1:
        check_shared_figures(worlds, whole, report)
    return report


def run(folder):
    """Exit code and what it said."""
    try:
        done = subprocess.run([ORRERY, "run", "experiment.yaml", "--out", "results", "--no-report", "--no-trace"],
                              cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return None, f"no end within {SECONDS} s"
    return done.returncode, (done.stdout + done.stderr).strip()[-600:]


def spoil(folder, number):
    """Which spoiled results were found by the invariant that ought to; each experiment has its part of
    the ways."""
    found = collections.Counter()
    for name, (invariant, change) in list(SPOILS.items())[number % PARTS::PARTS]:
        happened = []
        try:
            report = check(folder, lambda read, change=change: happened.append(change(read)))
        except Exception:  # results that cannot even be read are found, but prove nothing of a check
            continue
        if any(happened):
            caught = any(fault[0] == invariant for fault in report.faults)
            found[name, "found" if caught else "missed"] += 1
    return found


def one(number, base):
    """Counter of what was looked at, violations, outcome and spoils of one experiment."""
    folder = base / f"random-{number}"
    folder.mkdir(parents=True)
    files = draw_one(number, SEED)
    for name, text in files.items():
        (folder / name).write_text(text)
    code, said = run(folder)
    report, spoils, outcome = Report(), {}, "done"
    try:
        if code == 0 or (code == 1 and "the results are written" in said):
            report = check(folder)
            if not report.faults and number - FIRST < SPOILED:
                spoils = spoil(folder, number)
        else:
            outcome = "refused"
            worlds, _ = load(folder)
            report.saw("refused")
            if not truly_refused(worlds, Speeds, code, said):
                report.wrong("refused", f"exit code {code}: {said}")
    except Exception:
        report.wrong("the checker", traceback.format_exc())
    if not report.faults:
        shutil.rmtree(folder)
    return number, report.seen, report.faults, outcome, spoils


def work(arguments):
    return one(*arguments)


def main():
    base = pathlib.Path(sys.argv[1])
    seen, outcomes, spoils, wrong, faults = (collections.Counter() for _ in range(5))
    experiments = collections.Counter()
    numbers = range(FIRST, FIRST + COUNT)
    with multiprocessing.Pool(int(os.environ.get("INVARIANTS_JOBS", 2))) as pool:
        for number, looked, found, outcome, spoiled in pool.imap(work, [(n, base) for n in numbers], 4):
            outcomes[outcome] += 1
            seen.update(looked)
            experiments.update(looked.keys())
            spoils.update(spoiled)
            for invariant, text in found[:6]:
                print(f"safe.invariants:   random-{number} (seed {SEED}, {POLICIES[number % len(POLICIES)]}) "
                      f"{invariant}: {text}", flush=True)
            wrong[number] += bool(found)
            faults.update(invariant for invariant, _ in found)
    for invariant in sorted(seen | faults):
        print(f"safe.invariants:   {invariant}: {seen[invariant]} looked at in {experiments[invariant]} experiments, "
              f"{faults[invariant]} wrong")
    blind = [name for name in SPOILS if COUNT >= SPOILED and not spoils[name, "found"]]
    for name in SPOILS:
        print(f"safe.invariants:   spoiled: {name}: found in {spoils[name, 'found']} of "
              f"{spoils[name, 'found'] + spoils[name, 'missed']} results"
              + (" BLIND" if name in blind else ""))
    bad = sum(wrong.values())
    print(f"safe.invariants: {COUNT} experiments (seed {SEED}), {outcomes['refused']} of them refused for a reason, "
          f"{sum(seen.values())} looks, {bad} wrong (0), {len(blind)} of {len(SPOILS)} spoils never found (0)")
    sys.exit(bool(bad or blind))


if __name__ == "__main__":
    main()
