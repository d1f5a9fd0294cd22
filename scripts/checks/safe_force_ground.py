"""Folders for the table of safe.force: how cases are registered and what they are made of."""

import signal
import subprocess
import time

from safe_runs import ORRERY, orrery

CASES = []


def case(name, expected, *command, at="."):
    """Registers a function that prepares a folder."""
    def register(prepare):
        CASES.append((name, expected, command, at, prepare))
        return prepare
    return register


def make(folder, *command):
    code, _, err = orrery(command, folder)
    assert code == 0, err


def results(folder, out="out", *more):
    make(folder, "run", "one.yaml", "--out", out, *more)


def comparison(folder, out="out", file="two.yaml"):
    make(folder, "compare", file, "--out", out)


def killed(folder, *command):
    """A command killed in the middle of a run."""
    process = subprocess.Popen([ORRERY, *command], cwd=folder, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    partial = (lambda: list(folder.rglob("*.partial/jobs.csv")) + list(
        folder.rglob("*.partial/experiment.yaml")))
    while not partial() and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    time.sleep(0.5)  # children of a comparison end by a signal of their own
    assert partial(), "nothing was begun"


def put(path, text="mine\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def mount(path):
    path.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", path], check=True)


RUN = ("run", "one.yaml", "--out", "out")
FORCE = (*RUN, "--force")
COMPARE = ("compare", "two.yaml", "--out", "out")
COMPARE_FORCE = (*COMPARE, "--force")
