"""Cases of safe.ends: documents and tables that are deep, wide, odd or damaged."""

import re

from safe_ends_ground import case, document, jobs, plain, put, source

VALIDATE = "exec $ORRERY validate e.yaml"


@case("extends 20,000 deep", VALIDATE, ends="error")
def _(folder):
    put(folder / "e.yaml", "extends: f0.yaml\n")
    for i in range(20_000):
        put(folder / f"f{i}.yaml", f"extends: f{i + 1}.yaml\n")


@case("extends itself", VALIDATE, ends="error")
def _(folder): put(folder / "e.yaml", "extends: e.yaml\nname: x\n")


@case("extends by two files each other", VALIDATE, ends="error")
def _(folder):
    put(folder / "e.yaml", "extends: f.yaml\n")
    put(folder / "f.yaml", "extends: e.yaml\n")


def brackets(depth, kind):
    opened, closed = ("[", "]") if kind == "lists" else ("{a: ", "}")
    return "name: " + opened * depth + "1" + closed * depth + "\n"


for depth in (100, 1000, 100_000):
    for kind in ("lists", "mappings"):
        plain(f"a document of {kind} {depth} deep", VALIDATE, {"e.yaml": brackets(depth, kind)},
              ends="error")
plain("a document of blocks 2,000 deep", VALIDATE,
      {"e.yaml": "".join("  " * i + f"k{i}:\n" for i in range(2000)) + "  " * 2000 + "1\n"}, ends="error")
plain("anchors that double", VALIDATE,
      {"e.yaml": "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n"
                                             for i in range(1, 40))}, ends="error")
plain("an anchor that holds itself", VALIDATE, {"e.yaml": "name: &a [*a]\n"}, ends="error")
plain("a merge of anchors", VALIDATE, {"e.yaml": "name: x\nb: &b {c: 1}\nd: {<<: *b}\n"}, ends="error")
plain("a key of 10 MB", VALIDATE, {"e.yaml": "x" * 10_000_000 + ": 1\n"}, ends="error")
plain("a value of 10 MB", VALIDATE, {"e.yaml": document(more=f"description: {'x' * 10_000_000}\n")})
plain("100,000 unknown keys", VALIDATE, {"e.yaml": "".join(f"key{i}: 1\n" for i in range(100_000))},
      ends="error")
plain("100,000 groups of nodes", VALIDATE,
      {"e.yaml": document(", ".join(["{count: 1, gpu: t4, gpus_per_node: 1}"] * 100_000))})
plain("10,000 virtual clusters", VALIDATE,
      {"e.yaml": document(", ".join(
          f"{{count: 1, gpu: t4, gpus_per_node: 1, virtual_cluster: v{i}}}" for i in range(10_000)),
          more="virtual_clusters: partition\n", trace="{format: csv, path: t.csv}"),
       "t.csv": jobs(*(f"j{i},{i},1,5,v{i}" for i in range(10_000)), columns=",virtual_cluster")})
plain("several documents in one file", VALIDATE, {"e.yaml": document() + "---\n" + document()})
plain("an empty document", VALIDATE, {"e.yaml": ""}, ends="error")
plain("a document of a word", VALIDATE, {"e.yaml": "word\n"}, ends="error")
plain("a document of bytes", VALIDATE, {"e.yaml": bytes(range(256)) * 100}, ends="error")
plain("a document of zeros", VALIDATE, {"e.yaml": b"\0" * 100_000}, ends="error")
plain("a document in UTF-16", VALIDATE, {"e.yaml": document().encode("utf-16")})
plain("a folder for an experiment", "exec $ORRERY validate .", ends="error")
plain("a device for an experiment", "exec $ORRERY validate /dev/zero", ends="error", seconds=20)
plain("a device for a trace", "exec $ORRERY trace info /dev/zero --format csv", ends="error", seconds=20)

TABLES = {
    "jobs.csv": "csv", "jobs.swf": "swf", "helios.csv": "helios", "pai-2020.csv": "pai-2020",
    "pai-2023.csv": "pai-2023", "philly.csv": "philly", "philly.json": "philly-json",
    "sacct.txt": "sacct", "helios-cluster-log.csv": "helios", "pai-2020-tasks.csv": "pai-2020",
    "arena-jobs.csv": "arena",
}
HUGE = ("1e308", "-1e308", "9223372036854775807", "-9223372036854775808", "1e12", "0", "-0", "nan",
        "inf", "1e-320", "9" * 400, "")


def with_number(text, value):
    """Every number of the third line replaced, one at a time."""
    lines = text.splitlines(keepends=True)
    at = min(2, len(lines) - 1)
    for number in re.finditer(r"(?<![\w.:-])\d+(?:\.\d+)?(?![\w.:-])", lines[at]):
        changed = lines[at][:number.start()] + value + lines[at][number.end():]
        yield "".join(lines[:at] + [changed] + lines[at + 1:])


for sample, name in TABLES.items():
    text = (source() / "traces" / "samples" / sample).read_text()
    for value in HUGE:
        files = {f"t{i}": changed for i, changed in enumerate(with_number(text, value))}
        plain(f"{sample} with {value[:20] or 'nothing'} for each number of a row",
              f"for t in t[0-9]*; do $ORRERY trace info $t --format {name} 2>.e >&1 || [ $? = 2 ] || "
              "{ cat .e >&2; exit 200; }; $ORRERY trace convert $t --out c.csv "
              f"--format {name} >.e 2>&1 || [ $? = 2 ] || {{ cat .e >&2; exit 201; }}; done", files)
    plain(f"{sample} cut short everywhere",
          f"for n in $(seq 0 37 {len(text)}); do head -c $n whole > t; $ORRERY trace info t --format "
          f"{name} >.e 2>&1 || [ $? = 2 ] || {{ cat .e >&2; exit 200; }}; done", {"whole": text})

PROFILES = source() / "tests" / "fixtures" / "profiles"
PROFILE = (PROFILES / "a100-40g.yaml").read_text()
ROWS = (PROFILES / "a100-40g.csv").read_text()
NUMBER = re.compile(r"(?<=: )-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?=[,}\n])")
NUMBERS = list(NUMBER.finditer(PROFILE))
for value in ("1e308", "1e30", "-1e30", "0", "1e-300", "-1", "nan"):
    @case(f"a profile with {value} for each of its numbers",
          "for p in p[0-9]*.yaml; do for c in 'profile show' 'profile check' 'plan bert__1.3B --gpus 4 "
          "--type a100-40g --profile'; do $ORRERY $c $p >.e 2>&1; code=$?; [ $code -lt 128 ] || { cat "
          ".e >&2; echo $c $p >&2; exit $code; }; grep -q 'defect of this' .e && { cat .e >&2; exit 200; "
          "}; done; done; exit 0")
    def _(folder, value=value):
        put(folder / "a100-40g.csv", ROWS)
        for i, number in enumerate(NUMBERS[::4]):
            put(folder / f"p{i}.yaml", PROFILE[:number.start()] + value + PROFILE[number.end():])


# --- results that were changed by hand -----------------------------------------------------------

MADE = ("$ORRERY run small.yaml --out made >.made 2>&1; "
        "for v in 1e308 -1e308 nan 9223372036854775807 '' x 1e-320; do rm -rf out; cp -r made out; ")
AFTER = ("; for c in 'report out --out r.html' 'explain out j3' 'explain out j19'; do $ORRERY $c >.e "
         "2>&1; code=$?; [ $code -lt 128 ] || { cat .e >&2; exit $code; }; grep -q 'defect of this' .e "
         "&& { cat .e >&2; exit 200; }; done; done; exit 0")
for file in ("jobs.csv", "allocations.csv", "timeline.csv", "decisions.csv", "summary.json"):
    plain(f"{file} of results with other numbers",
          MADE + f"sed -i -E \"5s/[0-9]+(\\.[0-9]+)?/$v/3\" out/{file}" + AFTER)
    plain(f"{file} of results all the same", MADE + f"sed -i -E \"s/[0-9]+(\\.[0-9]+)?/$v/2\" out/{file}"
          + AFTER)
    plain(f"{file} of results cut short", MADE + f"truncate -s 200 out/{file}" + AFTER)
    plain(f"{file} of results gone", MADE + f"rm out/{file}" + AFTER)
