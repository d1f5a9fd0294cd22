"""Kills run and compare at random instants and runs them again: usage safe_kill.py [KILLS] [SEED].

The second run's files are those of a run that nobody disturbed, and nothing else stays.
"""

import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from safe_runs import NOT_THE_SAME_TWICE, ORRERY, look, orrery, strays, write_generated

EXPERIMENTS = {"a": ("fifo",), "c": ("fifo", "srtf")}
COMMANDS = {
    "run": ("run", "a.yaml", "--out", "out", "--force"),
    "compare": ("compare", "c.yaml", "--out", "out", "--jobs", "2"),
    "compare --force": ("compare", "c.yaml", "--out", "out", "--jobs", "2", "--force"),
}


def lasting(folder):
    return {name: what if name.split("/")[-1] not in NOT_THE_SAME_TWICE else "there"
            for name, what in look(folder).items()}


def kill_one(folder, words, after, whom):
    """Kills the command, or its whole group, after some seconds."""
    process = subprocess.Popen([ORRERY, *words], cwd=folder, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)
    time.sleep(after)
    ended = process.poll() is not None
    if not ended:
        number, group = whom
        (os.killpg if group else os.kill)(process.pid, number)
    process.wait()
    # Runs of a comparison end by the death of their parent.
    for _ in range(200):
        if subprocess.run(["pgrep", "-s", str(process.pid)], capture_output=True).returncode != 0:
            break
        time.sleep(0.02)
    return not ended


def main():
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    choice = random.Random(seed)
    wrong = landed = 0
    base = pathlib.Path(tempfile.mkdtemp(prefix="orrery-kill-"))
    try:
        write_generated(base, EXPERIMENTS)
        known, seconds = {}, {}
        for name, words in COMMANDS.items():
            begun = time.monotonic()
            code, _, err = orrery(words, base)
            seconds[name] = time.monotonic() - begun
            assert code == 0, err
            known[name] = lasting(base / "out")
            shutil.rmtree(base / "out")
        number = 0
        while landed < kills:
            name = choice.choice(list(COMMANDS))
            folder = base / "work"
            folder.mkdir()
            write_generated(folder, EXPERIMENTS)
            if choice.random() < 0.3:
                orrery(COMMANDS[name], folder)
            whom = (choice.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT]),
                    choice.random() < 0.5)
            landed += kill_one(folder, COMMANDS[name], choice.random() * seconds[name], whom)
            # Only unfinished results may stand before it, which the same command goes on with.
            faults = [f"left {path} at once" for path in strays(folder)
                      if path.endswith(".log") or ".tmp-" in path]
            code, _, err = orrery(COMMANDS[name], folder)
            if code != 0:
                faults.append(f"exit code {code} afterwards: {err}")
            there = lasting(folder / "out") if code == 0 else {}
            if code == 0 and there != known[name]:
                faults.append("other files: " + str(
                    sorted(n for n in {*there, *known[name]} if there.get(n) != known[name].get(n))))
            faults += [f"left {path}" for path in strays(folder)]
            wrong += bool(faults)
            for fault in faults:
                print(f"safe.kill:   number {number} ({name}, {whom}): {fault}")
            shutil.rmtree(folder)
            number += 1
    finally:
        shutil.rmtree(base)
    print(f"safe.kill: {landed} kills (seed {seed}), {wrong} wrong afterwards (0)")
    sys.exit(wrong > 0)


main()
