"""Cases of safe.force: results, comparisons, and what people keep among and beside them."""

from safe_force_ground import COMPARE, COMPARE_FORCE, FORCE, RUN, case, comparison, put, results


@case("a new directory", "done", *RUN)
def _(f): pass


@case("an empty directory", "done", *RUN)
def _(f): (f / "out").mkdir()


@case("an empty directory, compare", "done", *COMPARE)
def _(f): (f / "out").mkdir()


@case("results, not forced", "refused", *RUN)
def _(f): results(f)


@case("results", "done", *FORCE)
def _(f): results(f)


@case("a comparison by a run", "done", *FORCE)
def _(f): comparison(f)


@case("results by a comparison", "done", *COMPARE_FORCE)
def _(f): results(f)


@case("another comparison", "done", *COMPARE_FORCE)
def _(f): comparison(f, file="other.yaml")


@case("another comparison, not forced", "refused", *COMPARE)
def _(f): comparison(f, file="other.yaml")


@case("the same comparison", "done", *COMPARE)
def _(f): comparison(f)


for known in ("experiment.yaml", "summary.json", "comparison.json", "report.html", "jobs.csv"):
    for command in (FORCE, COMPARE_FORCE):
        @case(f"a folder of one's own with {known}, {command[0]}", "refused", *command)
        def _(f, known=known):
            put(f / "out" / known)
            put(f / "out" / "thesis.txt")


@case("the folder of one's experiments, compare", "refused", "compare", "two.yaml", "--out", ".",
      "--force")
def _(f): put(f / "experiment.yaml")


@case("the folder of one's experiments, run", "refused", "run", "one.yaml", "--out", ".", "--force")
def _(f): put(f / "summary.json")


@case("the parent folder", "refused", "run", "../one.yaml", "--out", "..", "--force", at="sub")
def _(f): (f / "sub").mkdir()


@case("the parent of the parent", "refused", "compare", "../../two.yaml", "--out", "../..",
      "--force", at="sub/sub")
def _(f): (f / "sub" / "sub").mkdir(parents=True)


@case("the root", "refused", "run", "one.yaml", "--out", "/", "--force")
def _(f): pass


@case("an empty current folder", "refused", "run", "../one.yaml", "--out", ".", at="sub")
def _(f): (f / "sub").mkdir()


@case("an empty current folder, compare", "done", "compare", "../two.yaml", "--out", ".", at="sub")
def _(f): (f / "sub").mkdir()


@case("results that are the current folder", "refused", "run", "../one.yaml", "--out", "../out",
      "--force", at="out")
def _(f): results(f)


@case("results that hold the current folder", "refused", "compare", "../../two.yaml", "--out",
      "../../out", "--force", at="out/fifo")
def _(f): comparison(f, file="other.yaml")


@case("results with a note in them", "refused", *FORCE)
def _(f):
    results(f)
    put(f / "out" / "notes.txt")


@case("results with a folder in them", "refused", *FORCE)
def _(f):
    results(f)
    (f / "out" / "mine").mkdir()


@case("a comparison with a note in a run", "refused", *COMPARE_FORCE)
def _(f):
    comparison(f)
    put(f / "out" / "fifo" / "1" / "notes.txt")


@case("a comparison with a note beside a run", "refused", *COMPARE_FORCE)
def _(f):
    comparison(f)
    put(f / "out" / "fifo" / "notes.txt")


@case("a run of a comparison with a note, made anew", "refused", *COMPARE)
def _(f):
    comparison(f)
    for run in ("fifo", "sjf"):
        put(f / "out" / run / "1" / "notes.txt")
        (f / "out" / run / "1" / "summary.json").unlink()
    for name in ("comparison.json", "report.html"):
        (f / "out" / name).unlink()
    # What describes all runs is written again: two files that a refusal may add.
