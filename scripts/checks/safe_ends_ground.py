"""What cases of safe.ends are made of: how they are registered, run, measured and judged.

A case is a line for a shell in a folder of its own, in which $ORRERY is the program. It ends well
where its exit code is below 128 and it took less time and memory than its bounds; by default code 0
with nothing said of an error, or another code with one line `error: ...`.
"""

import os
import pathlib
import re
import resource
import signal
import subprocess
import time

from safe_runs import experiment

CASES = []
# Seconds of everything are multiplied by this: for a build that is slower than release.
SLOWER = float(os.environ.get("SAFE_ENDS_SLOWER", "1"))
# More than any case may take, so that a fault costs one case and not the machine.
ADDRESS_SPACE = int(os.environ.get("SAFE_ENDS_ADDRESS_GB", "12")) << 30
HEADER = "job_id,submit_seconds,gpus,duration_seconds"


class Case:
    def __init__(self, name, line, ends, seconds, megabytes, quiet, check, prepare):
        self.name, self.line, self.ends = name, line, ends
        self.seconds, self.megabytes, self.quiet = seconds * SLOWER, megabytes, quiet
        self.check, self.prepare = check, prepare


def case(name, line, ends="either", seconds=60, megabytes=1000, quiet=False, check=None):
    """Registers a function that prepares the folder. `ends`: error, result or either; `quiet`: what
    the command says cannot be read, so only its end is judged. `check(folder, out, err)` yields
    further faults."""
    def register(prepare):
        CASES.append(Case(name, line, ends, seconds, megabytes, quiet, check, prepare))
        return prepare
    return register


def plain(name, line, files=None, **rest):
    """A case whose folder holds these files, beside small.yaml and its jobs.csv."""
    @case(name, line, **rest)
    def _(folder):
        for path, text in (files or {}).items():
            put(folder / path, text)


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def document(nodes="{count: 2, gpu: t4, gpus_per_node: 4}", policy="{name: fifo}", more="",
             platform="", trace="{format: csv, path: jobs.csv}"):
    return (f"name: case\ncluster: {{nodes: [{nodes}]{platform}}}\n"
            f"workload: {{trace: {trace}}}\nwithout_throughput: proportional\npolicy: {policy}\n{more}")


def jobs(*rows, columns=""):
    return HEADER + columns + "\n" + "".join(row + "\n" for row in rows)


def small(folder):
    """What every folder holds."""
    put(folder / "small.yaml", experiment(policies=("fifo",)))
    put(folder / "two.yaml", experiment())
    put(folder / "jobs.csv", jobs(*(f"j{i},{10 * i},{1 + i % 4},{50 + 7 * i}" for i in range(20))))


def start(line, folder, out, err):
    def alone():
        os.setpgrp()
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return subprocess.Popen(["bash", "-c", line], cwd=folder, stdin=subprocess.DEVNULL, stdout=out,
                            stderr=err, preexec_fn=alone)


def wait(process, seconds):
    """The exit status as a shell has it, None beyond the time; and the greatest memory in MB of the
    command and its children."""
    end = time.monotonic() + seconds
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid != 0:
            break
        if time.monotonic() > end:
            os.killpg(process.pid, signal.SIGKILL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = 0
            return None, usage.ru_maxrss / 1024
        time.sleep(0.005)
    process.returncode = 0
    code = os.waitstatus_to_exitcode(status)
    return (128 - code if code < 0 else code), usage.ru_maxrss / 1024


def controls(text):
    """Control characters that a terminal would obey."""
    return sorted(set(re.findall(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]", text)))


def faults_of(each, code, megabytes, out, err, folder):
    if code is None:
        yield f"not over after {each.seconds:.0f} s"
        return
    if code >= 128:
        yield f"ended by signal {code - 128}"
    if megabytes > each.megabytes:
        yield f"took {megabytes:.0f} MB, at most {each.megabytes} expected"
    if each.ends == "result" and code != 0:
        yield f"exit code {code}, a result expected: {err.strip()[:300]}"
    if each.ends == "error" and code == 0:
        yield "exit code 0, an error expected"
    if "defect of this program" in err:
        yield f"says that it is a defect: {err.strip()[:300]}"
    if not each.quiet:
        said = [line for line in err.splitlines() if line.startswith("error: ")]
        if code not in (0, 130) and len(said) != 1:
            yield f"exit code {code} with {len(said)} sentences: {err.strip()[:300]!r}"
        if found := controls(out) + controls(err):
            yield f"control characters {found!r} reach the terminal"
    if each.check is not None:
        yield from each.check(folder, out, err)


def run_case(each, folder):
    """Faults in words, seconds and megabytes."""
    small(folder)
    each.prepare(folder)
    with open(folder / ".out", "wb") as out, open(folder / ".err", "wb") as err:
        begin = time.monotonic()
        code, megabytes = wait(start(each.line, folder, out, err), each.seconds)
        seconds = time.monotonic() - begin
    def read(name):
        return (folder / name).read_bytes()[:1 << 24].decode(errors="replace")
    return list(faults_of(each, code, megabytes, read(".out"), read(".err"), folder)), seconds, megabytes


def source():
    return pathlib.Path(__file__).resolve().parents[2]
