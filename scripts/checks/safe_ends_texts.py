"""Cases of safe.ends: names and texts that do something to a terminal, a sheet or a path."""

import csv

from safe_ends_ground import case, document, jobs, plain, put, source

ESC = "\x1b[31mred\x1b[0m"
C1 = "\u009b31mred"
RUN = "exec $ORRERY run e.yaml --out out"

for what, text in (("ESC", ESC), ("C1", C1), ("a bell", "a\x07b"), ("a backspace", "a\x08\x08b")):
    quoted = '"' + "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text) + '"'
    plain(f"{what} as a key", "exec $ORRERY validate e.yaml", {"e.yaml": f"{quoted}: 1\n"}, ends="error")
    plain(f"{what} as a value", "exec $ORRERY validate e.yaml",
          {"e.yaml": document(policy=f"{{name: {quoted}}}")}, ends="error")
    plain(f"{what} raw in a document", "exec $ORRERY validate e.yaml", {"e.yaml": f"{text}: 1\n"},
          ends="error")
    plain(f"{what} as a name", "exec $ORRERY compare e.yaml --out out",
          {"e.yaml": document().replace("name: case", f"name: {quoted}")})
    plain(f"{what} as a label", "exec $ORRERY compare e.yaml --out out",
          {"e.yaml": document(policy=f"{{name: fifo, label: {quoted}}}")})
    plain(f"{what} as a number", "exec $ORRERY validate e.yaml",
          {"e.yaml": document(more=f"round: {quoted}\n")}, ends="error")
    plain(f"{what} on the command line", f"exec $ORRERY $'{quoted[1:-1]}' $'{quoted[1:-1]}'", ends="error")
    plain(f"{what} in a path", f"exec $ORRERY run small.yaml --out $'missing/{quoted[1:-1]}'")
    plain(f"{what} in a path that is not there", f"exec $ORRERY run $'{quoted[1:-1]}' --out out",
          ends="error")
    plain(f"{what} in --set", f"exec $ORRERY validate small.yaml --set $'{quoted[1:-1]}=1'", ends="error")
    plain(f"{what} as a job", "$ORRERY run e.yaml --out out; exec $ORRERY explain out $'" +
          quoted[1:-1] + "'",
          {"e.yaml": document(trace="{format: csv, path: t.csv}"), "t.csv": jobs(f"{text},0,1,5")},
          ends="error", quiet=True)
    for column in ("model", "virtual_cluster", "gpu_types"):
        plain(f"{what} as a {column}", RUN,
              {"e.yaml": document(trace="{format: csv, path: t.csv}"),
               "t.csv": jobs(f"a,0,1,5,{text}", columns=f",{column}")})
    plain(f"{what} as the header of a trace", "exec $ORRERY trace info t.csv --format csv",
          {"t.csv": f"job_id,{text}\n"}, ends="error")
    plain(f"{what} in results that are explained",
          "$ORRERY run small.yaml --out out >.e 2>&1; sed -i $'s/queue_order/" + quoted[1:-1] +
          "/; s/not_enough_gpus/" + quoted[1:-1] + "/' out/decisions.csv; $ORRERY explain out j3; exec "
          "$ORRERY explain out j19")


# --- cells that a spreadsheet would compute ------------------------------------------------------

def guarded(folder, _out, _err):
    """Text cells do not begin as formulas do, or the documentation says why they may."""
    if "spreadsheet" in (source() / "docs" / "results.md").read_text().lower():
        return
    for path in (folder / "out").glob("*.csv"):
        with open(path, newline="") as file:
            for row in csv.DictReader(file):
                for key, cell in row.items():
                    if cell[:1] in ("=", "+", "-", "@") and key in ("job_id", "model", "because_of"):
                        yield f"{path.name} has the cell {cell!r} in {key}"


plain("jobs named like formulas", RUN,
      {"e.yaml": document(trace="{format: csv, path: t.csv}"),
       "t.csv": jobs(*(f"{c}cmd|' /C calc'!A0,0,4,5,{c}1+1" for c in "=+-@"), columns=",model")},
      ends="result", check=guarded)


# --- names with meaning --------------------------------------------------------------------------

for name in ("two(.yaml", "two).yaml", "two [1].yaml", "two'.yaml", 'two".yaml', "two$(x).yaml",
             "-two.yaml", "two;ls.yaml", "two\n.yaml", "zwei ü.yaml"):
    plain(f"a comparison of {name!r}", "exec $ORRERY compare ./*two*.yaml ./*zwei*.yaml --out out "
          "2>.first || exec $ORRERY compare \"$(find . -name '*two*' -o -name '*zwei*' | head -1)\" "
          "--out out", {}, quiet=True)

for quoted in ("'name('", "'name(('", "')'", "'a b'", "'a\"b'", "'$HOME'", "'%s%n'", "'a,b'", "'a=b'"):
    plain(f"a comparison called {quoted}", "exec $ORRERY compare e.yaml --out out --jobs 1",
          {"e.yaml": document(policy="{name: fifo}").replace("name: case", f"name: {quoted}")
           .replace("policy: {name: fifo}", "policies: [fifo, sjf]")}, ends="result")
    plain(f"a file called {quoted}", f"cp two.yaml {quoted}; exec $ORRERY compare {quoted} --out out",
          ends="result")
    plain(f"a policy labelled {quoted}", "exec $ORRERY compare e.yaml --out out",
          {"e.yaml": document(policy=f"{{name: fifo, label: {quoted}}}")})
    plain(f"results called {quoted}", f"exec $ORRERY compare two.yaml --out {quoted}", ends="result")
    plain(f"a key set to {quoted}", f"exec $ORRERY compare two.yaml --out out --set name={quoted}")


def no_wrap(_folder, out, err):
    if "18446744073709551615" in out + err:
        yield "says 18446744073709551615"


for word in ("-1", "18446744073709551615", "1e3", "x", "1,-1", "99999999999999999999", "1,,2"):
    check = no_wrap if "18446744073709551615" not in word else None
    plain(f"compare --seeds {word}", f"exec $ORRERY compare two.yaml --out out --seeds {word}",
          ends="either" if word == "1,,2" else "error", check=check)
    plain(f"seed: {word}", "exec $ORRERY validate e.yaml",
          {"e.yaml": document(more=f"seed: {word}\n")}, ends="error", check=check)
plain("the largest seed", RUN, {"e.yaml": document(more="seed: 9223372036854775807\n")}, ends="result")
for option in ("--jobs 0", "--jobs -1", "--jobs 99999999999999999999", "--policies ,", "--policies ''",
               "--set =", "--set a", "--set ''", "--set a..b=1", "--set a[99999999999]=1",
               "--set a[-1]=1", "--set cluster.nodes[1000000].count=1", "--seeds ''"):
    plain(f"compare {option}", f"exec $ORRERY compare two.yaml --out out {option}")
for arguments in ("plan bert__1.3B --gpus 2147483647 --type a40", "plan bert__1.3B --gpus 65536 --type a40",
                  "plan bert__1.3B --gpus 4 --type a40 --batch 2147483647",
                  "plan bert__1.3B --gpus 4 --type a40 --batch 99999999999999999999",
                  "plan bert__1.3B --gpus 4 --type a40 --fabric '1e308 GB/s'",
                  "plan bert__1.3B --gpus 4 --type a40 --fabric '1e-308 B/s'",
                  "plan bert__1.3B --gpus 4 --type a40 --plans 2147483647",
                  "plan bert__1.3B --gpus 1024 --type a40 --batch 1048576 --micro-batches 1048576",
                  "plan bert__1.3B --gpus 4 --type a40 --pruning tw/0.999999999/1",
                  "plan bert__1e300B --gpus 4 --type a40",
                  "sparsity --synthetic --sparsity 0.9999999999", "sparsity --synthetic --sigma 1e308",
                  "sparsity --synthetic --panel-width 2147483647",
                  "sparsity --synthetic --row-unit 9223372036854775807",
                  "sparsity --synthetic --device a100-40g --tokens 9223372036854775807",
                  "sparsity --synthetic --seed 18446744073709551615", "sparsity jobs.csv",
                  "explain . j1", "report .", "schema a.b.c", "list figures x", "trace info small.yaml",
                  "trace convert jobs.csv --out /", "trace convert jobs.csv --out ''"):
    plain(arguments, f"exec $ORRERY {arguments}")
