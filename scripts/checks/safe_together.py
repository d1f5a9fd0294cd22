"""Pairs of commands on one directory, some of them killed: usage safe_together.py [PAIRS] [SEED].

What stands afterwards is whole and of one command; a command that did not do its work said so.
"""

import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from safe_runs import MARK, NOT_THE_SAME_TWICE, ORRERY, look, orrery, strays, write_generated

EXPERIMENTS = {"a": ("fifo",), "b": ("sjf",), "c": ("fifo", "srtf"), "d": ("easy", "las")}
COMMANDS = {
    "run a": ("run", "a.yaml", "--out", "out"),
    "run b": ("run", "b.yaml", "--out", "out"),
    "run a --force": ("run", "a.yaml", "--out", "out", "--force"),
    "run b --force": ("run", "b.yaml", "--out", "out", "--force"),
    "compare c": ("compare", "c.yaml", "--out", "out", "--jobs", "2"),
    "compare c --force": ("compare", "c.yaml", "--out", "out", "--jobs", "2", "--force"),
    "compare d --force": ("compare", "d.yaml", "--out", "out", "--jobs", "2", "--force"),
    "report": ("report", "out"),
}


def lasting(folder):
    # A kill may come before the list of files is tidied, or while a file has two names.
    return {name: what for name, what in look(folder).items()
            if name.split("/")[-1] not in (*NOT_THE_SAME_TWICE, MARK)
            and not name.split("/")[-1].startswith(".orrery-tmp-")}


def references(folder):
    known = {}
    for name in "abcd":
        command = "run" if name in "ab" else "compare"
        code, _, err = orrery((command, f"{name}.yaml", "--out", f"reference-{name}"), folder)
        assert code == 0, err
        known[name] = lasting(folder / f"reference-{name}")
    return known


def start(words, folder):
    return subprocess.Popen([ORRERY, *words], cwd=folder, stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, text=True)


def faults_of(folder, known, ends):
    out = folder / "out"
    for name, code, err, was_killed in ends:
        if was_killed:
            continue
        if code not in (0, 1, 2, 130) or (code != 0 and "error: " not in err):
            yield f"'{name}' ended with {code} and said {err!r}"
        if code == 0 and "error: " in err:
            yield f"'{name}' ended well and said {err!r}"
    if not out.exists():
        if any(code == 0 for name, code, _, _ in ends if name != "report"):
            yield "a command ended well and left nothing"
        return
    there = lasting(out)
    if (out / "summary.json").exists():
        if there not in (known["a"], known["b"]):
            yield "the results are not those of one run"
    elif (out / "comparison.json").exists():
        if there not in (known["c"], known["d"]):
            yield "the comparison is not that of one experiment"
    else:
        # A comparison that did not finish: each run in it is whole or absent.
        for run in out.glob("*/1"):
            policy = run.parent.name
            name = "c" if policy in ("fifo", "srtf") else "d"
            whole = {n: w for n, w in known[name].items() if n.startswith(f"{policy}/1/")}
            if {f"{policy}/1/{n}": w for n, w in lasting(run).items()} != whole:
                yield f"the run {run} is not whole"


def pair(folder, known, choice):
    ends = []
    if choice.random() < 0.5:
        first = choice.choice([n for n in COMMANDS if n != "report"])
        orrery(COMMANDS[first], folder)
    names = [choice.choice(list(COMMANDS)) for _ in range(2)]
    processes = []
    for name in names:
        processes.append(start(COMMANDS[name], folder))
        time.sleep(choice.random() ** 3 * 0.15)
    killed = [False, False]
    for i in range(2):
        if choice.random() < 0.3:
            time.sleep(choice.random() * 0.1)
            if processes[i].poll() is None:
                processes[i].send_signal(choice.choice([signal.SIGKILL, signal.SIGTERM]))
                killed[i] = True
    for name, process, was_killed in zip(names, processes, killed):
        _, err = process.communicate(timeout=60)
        ends.append((name, process.returncode, err, was_killed))
    time.sleep(0.2 if any(killed) else 0)
    faults = list(faults_of(folder, known, ends))
    if not any(killed):
        faults += [f"left {path}" for path in strays(folder)]
    both = all(code == 0 for _, code, _, _ in ends)
    return faults, names, both


def main():
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    choice = random.Random(seed)
    wrong = refused = 0
    base = pathlib.Path(tempfile.mkdtemp(prefix="orrery-together-"))
    try:
        write_generated(base, EXPERIMENTS)
        known = references(base)
        for number in range(pairs):
            folder = base / f"pair-{number}"
            folder.mkdir()
            write_generated(folder, EXPERIMENTS)
            faults, names, both = pair(folder, known, choice)
            refused += not both
            wrong += bool(faults)
            for fault in faults:
                print(f"safe.together:   pair {number} ({' | '.join(names)}): {fault}")
            shutil.rmtree(folder)
    finally:
        shutil.rmtree(base)
    print(f"safe.together: {pairs} pairs (seed {seed}), in {refused} not both did their work, "
          f"{wrong} wrong (0)")
    sys.exit(wrong > 0)


main()
