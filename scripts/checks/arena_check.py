"""Our runs by the arena's rules against the published arrays: usage arena_check.py ORRERY EXPERIMENTS FOLDER.

Prints `crius.arena: figure (target)` for what must hold, MISSED where it does not, and then three
tables: what each quirk is worth, the published metric read both ways, and ours.
"""

import os
import signal
import statistics
import subprocess
import sys

from arena_results import DATA, Published, Run, equal_positions
from arena_tables import claims, honest_table, print_table, quirk_table

ROUNDS = {"philly": 2000, "helios": 500, "pai": 500}
# Completion times that must be equal, as the artifact published them.
EXACT = {
    "fcfs": {"philly": 590, "helios": 437, "pai": 124},
    "gandiva": {"philly": 608, "helios": 438, "pai": 125},
    "crius": {"philly": 828, "helios": 438, "pai": 125},
    "crius-ns": {"philly": 789},
    "crius-nh": {"philly": 689},
}
# Gandiva's arrays of these go on until all jobs have ended, so many rounds.
TO_THE_END = {"helios": 546, "pai": 670}
# Ours by label, and what the artifact calls it.
CLOSE = {"elasticflow-ls": "elasticflow-l", "gavel": "gavel", "sia": "sia"}
CLOSE_PERCENT = 5.0
ROUND_OFF = 0.05  # samples per second; the published rounds are sums of rounded rates
# A comparison that takes longer is interrupted; the runs that have ended count.
MOST_SECONDS = 900
# Left out of the tables of quirks: one run of it takes minutes.
SLOW = {"philly": ("sia",)}
QUIRKS = (
    "early_arrivals",
    "revalued_progress",
    "suspended_time_counts_twice",
    "free_restarts",
    "charged_first_starts",
    "rounded_throughputs",
)


def run_for(command, seconds):
    """Exit code (None: interrupted after so many seconds) and what was said on standard error."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as run:
        try:
            said = run.communicate(timeout=seconds)[1]
            return run.returncode, said
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGINT)
            return None, run.communicate()[1]


class Check:
    def __init__(self, orrery, experiments, folder):
        self.orrery, self.experiments, self.folder = orrery, experiments, folder
        self.published = Published()
        self.misses = 0

    def figure(self, text, target, holds):
        self.misses += not holds
        print(f"crius.arena: {text} ({target}){'' if holds else ' MISSED'}", flush=True)

    def compare(self, trace, name, sets=(), policies=()):
        """Runs the experiment of a trace; the runs that came to their end, by label."""
        out = os.path.join(self.folder, trace, name)
        command = [self.orrery, "compare", os.path.join(self.experiments, f"arena-{trace}.yaml"),
                   "--out", out, "--no-trace", "--set", "records.timeline=false"]
        for value in sets:
            command += ["--set", value]
        if policies:
            command += ["--policies", ",".join(policies)]
        code, said = run_for(command, MOST_SECONDS)
        runs = {}
        for label in sorted(os.listdir(out)) if os.path.isdir(out) else ():
            path = os.path.join(out, label, "1")
            if os.path.exists(os.path.join(path, "summary.json")):
                runs[label] = Run(path)
        if code is None:
            print(f"{trace}, {name}: stopped after {MOST_SECONDS} s, what had ended counts")
        elif code != 0 and name != "to-the-end":
            print(f"{trace}, {name}: {' '.join(said.strip().splitlines()[-1:]) or code}")
        return runs

    def equality(self, trace, label, run):
        theirs = self.published.jct[trace, label]
        ours = list(run.jct().values())
        wanted = EXACT[label][trace]
        same = equal_positions(ours, theirs)
        self.figure(f"{trace}, {label}: {same} completion times equal of {len(ours)} of ours and "
                    f"{len(theirs)} published, {run.wall_seconds:.2f} s", f"all {wanted}",
                    same == len(ours) == len(theirs) == wanted)
        rounds = self.published.rounds.get((trace, label))
        if rounds:
            same = equal_positions(run.rounds(), rounds)
            self.figure(f"{trace}, {label}: throughput of {same} rounds equal of "
                        f"{len(run.rounds())}", f"all {len(rounds)}",
                        same == len(run.rounds()) == len(rounds))
        means = self.published.means[trace, label]
        mean, theirs_mean = statistics.fmean(run.rounds()), float(means["mean_cluster_thr_samples_per_s"])
        self.figure(f"{trace}, {label}: mean throughput {mean:.4f} samples/s", f"{theirs_mean:.3f}",
                    abs(mean - theirs_mean) < 0.0006)
        queue = float(means["mean_queue_s"])
        wait = run.mean_wait(int(means["queue_samples"]) == len(theirs) < len(run.jobs))
        self.figure(f"{trace}, {label}: mean time in the queue {wait:.3f} s", f"{queue:.3f}",
                    abs(wait - queue) < 0.001)

    def closeness(self, trace, label, run):
        means = self.published.means[trace, CLOSE[label]]
        throughput = float(means["mean_cluster_thr_samples_per_s"])
        pairs = (
            ("finished", run.finished(), int(means["finished_jobs"])),
            ("mean JCT", run.mean_jct(), float(means["mean_jct_s"])),
            ("mean throughput", statistics.fmean(run.rounds()), throughput),
        )
        for what, ours, theirs in pairs:
            off = 100 * (ours / theirs - 1)
            self.figure(f"{trace}, {label}: {what} {ours:.6g}, published {theirs:.6g}, {off:+.1f} %",
                        f"within {CLOSE_PERCENT:g} %", abs(off) <= CLOSE_PERCENT)
        rounds = self.published.rounds.get((trace, CLOSE[label]))
        if rounds:
            ours = run.rounds()
            same = next((n for n, (a, b) in enumerate(zip(ours, rounds)) if abs(a - b) > ROUND_OFF),
                        min(len(ours), len(rounds)))
            self.figure(f"{trace}, {label}: the throughput of the first {same} rounds of "
                        f"{len(rounds)} is the published one", "stated", True)

    def one_trace(self, trace):
        """All figures of a trace; returns its runs by the arena's rules."""
        runs = self.compare(trace, "arena")
        for label, counts in EXACT.items():
            if trace not in counts:
                continue
            run = runs.get(label)
            if label == "gandiva" and run and trace in TO_THE_END:
                run = self.compare(trace, "gandiva", ["stop.at=exhaustion"], [label]).get(label)
                if run:
                    self.figure(f"{trace}, {label}: all jobs have ended after {len(run.rounds())} "
                                "rounds", TO_THE_END[trace],
                                len(run.rounds()) == TO_THE_END[trace])
            if run:
                self.equality(trace, label, run)
            else:
                self.figure(f"{trace}, {label}: no run of it", f"all {counts[trace]}", False)
        for label in CLOSE:
            if label in runs:
                self.closeness(trace, label, runs[label])
            else:
                self.figure(f"{trace}, {label}: no run of it", f"within {CLOSE_PERCENT:g} %", False)
        return runs


def main():
    orrery, experiments, folder = sys.argv[1:4]
    if not os.path.exists(os.path.join(DATA, "reference_jct.csv")):
        sys.exit(f"crius.arena: no published results in {DATA}: nothing was checked MISSED")
    check = Check(orrery, experiments, folder)
    arena = {trace: check.one_trace(trace) for trace in ROUNDS}
    for reduction in claims(check.published):
        check.figure(*reduction)

    for trace, runs in arena.items():
        quick = [label for label in runs if label not in SLOW.get(trace, ())]
        variants = {"all quirks": {label: runs[label] for label in quick}}
        for quirk in QUIRKS:
            variants["no " + quirk] = check.compare(trace, quirk, [f"rules.{quirk}=false"], quick)
        variants["rules: exact"] = check.compare(trace, "exact", ["rules=exact"], quick)
        without = "".join(f", without {label}" for label in SLOW.get(trace, ()))
        print(f"\n{trace}, {ROUNDS[trace]} rounds{without}: what each quirk is worth "
              "(finished, mean JCT of the finished in s, mean samples/s)")
        print_table(quirk_table(variants, ROUNDS[trace]))
    for trace, runs in arena.items():
        quick = [label for label in runs if label not in SLOW.get(trace, ())]
        to_end = check.compare(trace, "to-the-end", ["stop.at=exhaustion"], quick)
        print(f"\n{trace}: mean JCT in s by what is done with unfinished jobs; padded is the "
              "artifact's way, in no figure of the product; - where some jobs can never run")
        print_table(honest_table(trace, runs, to_end, check.published))
    sys.exit(1 if check.misses else 0)


if __name__ == "__main__":
    main()
