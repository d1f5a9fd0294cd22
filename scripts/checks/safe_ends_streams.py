"""Cases of safe.ends: standard streams that are closed or full, limits, pipes and kills."""

import gzip
import os

from safe_ends_ground import case, document, jobs, plain, put
from safe_runs import strays

COMMANDS = {
    "run": "run small.yaml --out out",
    "compare": "compare two.yaml --out out",
    "validate": "validate small.yaml",
    "report": "report made",
    "explain": "explain made j3",
    "plan": "plan bert__1.3B --gpus 4 --type a40",
    "sparsity": "sparsity --synthetic --pattern ew",
    "profile": "profile show nothing.yaml",
    "schema": "schema",
    "list": "list gpus",
    "trace": "trace info jobs.csv --format csv",
    "a mistake": "run missing.yaml --out out",
    "version": "--version",
    "help": "--help",
}
MADE = "$ORRERY run small.yaml --out made >.made 2>&1; "


def full(folder):
    # By a link, so that a mistake costs the link and not the machine's device.
    (folder / "full").symlink_to("/dev/full")


for name, command in COMMANDS.items():
    before = MADE if "made" in command else ""
    for what, how in (("closed", "2>&-"), ("full", "2>full")):
        @case(f"standard error {what}: {name}", f"{before}exec $ORRERY {command} {how}", quiet=True)
        def _(folder): full(folder)
    @case(f"standard output closed: {name}", f"{before}exec $ORRERY {command} >&-", quiet=True)
    def _(folder): full(folder)
    writes = name not in ("profile", "a mistake", "run", "compare", "report")
    @case(f"standard output full: {name}", f"{before}exec $ORRERY {command} >full",
          ends="error" if writes else "either")
    def _(folder): full(folder)
    @case(f"all streams closed: {name}", f"{before}exec $ORRERY {command} <&- >&- 2>&-", quiet=True)
    def _(folder): pass


@case("standard error full in the middle of a comparison",
      "exec $ORRERY compare many.yaml --out out --jobs 2 2>full", quiet=True)
def _(folder):
    full(folder)
    put(folder / "many.yaml", document().replace("policy:", "seeds: [1, 2, 3, 4, 5, 6]\npolicy:"))


# Who reads no more ends who writes, here as everywhere: 141 is that signal.
@case("standard output a closed pipe", "$ORRERY schema | head -1 >/dev/null; code=${PIPESTATUS[0]}; "
      "exit $(( code == 141 ? 0 : code ))", quiet=True)
def _(folder): pass


# --- pipes that nobody writes to -----------------------------------------------------------------

def pipe(name, line, path, text=""):
    @case(f"a named pipe for {name}", f"exec $ORRERY {line}", ends="error", seconds=10)
    def _(folder):
        os.mkfifo(folder / path)
        if text:
            put(folder / "e.yaml", text)


TABLE = "throughput: {table: {format: arena, path: pipe}}\n"
pipe("an experiment", "run pipe --out out", "pipe")
pipe("an experiment that is validated", "validate pipe", "pipe")
pipe("a base experiment", "validate e.yaml", "pipe", "extends: pipe\n")
pipe("a trace", "validate e.yaml", "pipe", document(trace="{format: csv, path: pipe}"))
pipe("a trace to be recognised", "validate e.yaml", "pipe",
     document(trace="{format: auto, path: pipe}"))
pipe("a trace that is looked at", "trace info pipe", "pipe")
pipe("a trace that is converted", "trace convert pipe --out t.csv", "pipe")
pipe("outages", "validate e.yaml", "pipe", document(platform=", failures: {trace: pipe}"))
pipe("a table", "validate e.yaml", "pipe", document(more=TABLE))
pipe("a profile", "profile show pipe", "pipe")
pipe("a profile of a plan", "plan bert__1.3B --gpus 4 --type a40 --profile pipe", "pipe")
pipe("weights", "sparsity pipe", "pipe")


# --- limits of the process -----------------------------------------------------------------------

LIMITS = {
    "file size 0": "ulimit -f 0",
    "file size 8 kB": "ulimit -f 8",
    "file size 100 kB": "ulimit -f 100",
    "8 open files": "ulimit -n 8",
    "4 open files": "ulimit -n 4",
    "256 kB of stack": "ulimit -s 256",
    "60 MB of memory": "ulimit -v 60000",
    "20 MB of memory": "ulimit -v 20000",
    "no more processes": "ulimit -u 1",
}
for name, limit in LIMITS.items():
    for command in ("run", "compare"):
        @case(f"{name}: {command}",
              f"{limit}; exec $ORRERY {command} {'small' if command == 'run' else 'two'}.yaml --out out",
              # Too little memory for the program to be loaded: the loader speaks, not the program.
              # Nor can anything be said into a file that may hold nothing.
              quiet="memory" in name or name == "file size 0")
        def _(folder): pass


@case("file size: trace convert", "ulimit -f 1; exec $ORRERY trace convert long.csv --out t.csv",
      ends="error")
def _(folder):
    put(folder / "long.csv", jobs(*(f"j{i},{i},1,1" for i in range(5000))))


@case("a read-only folder", "mkdir ro; chmod 500 ro; exec $ORRERY run small.yaml --out ro/x/y/z")
def _(folder): pass


# --- kills leave nothing -------------------------------------------------------------------------

def no_strays(folder, _out, _err):
    if left := strays(folder):
        yield f"left {left}"


@case("killed and run again", "timeout -s KILL 0.7 $ORRERY compare long.yaml --out out >.a 2>&1; "
      "exec $ORRERY compare long.yaml --out out", ends="result", check=no_strays)
def _(folder):
    put(folder / "long.yaml",
        "name: long\ncluster: {nodes: [{count: 4, gpu: t4, gpus_per_node: 8}]}\nworkload: {generate:"
        " {philly: {jobs: 20000, largest_gpus: 8}}}\npolicies: [fifo, sjf, easy]\n")


@case("interrupted", "timeout -s INT 0.7 $ORRERY run long.yaml --out out; exit $(( $? == 124 ? 0 : $?"
      " ))", quiet=True)
def _(folder):
    put(folder / "long.yaml",
        "name: long\ncluster: {nodes: [{count: 4, gpu: t4, gpus_per_node: 8}]}\nworkload: {generate:"
        " {philly: {jobs: 400000, largest_gpus: 8}}}\npolicy: {name: fifo}\n")


# --- what grows when it is unpacked --------------------------------------------------------------

def blanks(name, first, size, **rest):
    @case(name, "exec $ORRERY trace info blanks.gz" + rest.pop("more", ""), ends="error", **rest)
    def _(folder):
        with gzip.open(folder / "blanks.gz", "wb", compresslevel=1) as file:
            file.write(first)
            for _ in range(size):
                file.write(b" " * (1 << 20))


blanks("a gzip of [ and 1 GB of blanks", b"[", 1000, more=" --format philly-json", megabytes=500)
blanks("a gzip of [ and 1 GB of blanks, to be recognised", b"[", 1000, megabytes=500)
blanks("a gzip of one text of 1 GB", b'["', 1000, more=" --format philly-json", megabytes=500)
blanks("a gzip of a line of 1 GB", b"job_id,submit_seconds,", 1000, megabytes=500)
blanks("a gzip of a field of 1 GB", b'job_id,"', 1000, more=" --format csv", megabytes=500)
plain("a JSON of brackets", "exec $ORRERY trace info deep.json", {"deep.json": "[" * 1_000_000},
      ends="error")
