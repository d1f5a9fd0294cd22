"""Cases of safe.force: files and folders that options name, one's own and other people's."""

import os

from safe_force_ground import FORCE, case, make, put, results

REPORT = ("report", "out", "--out")
FIGURES = ("report", "out", "--figures")
CONVERT = ("trace", "convert", "jobs.csv", "--out")


@case("a report over a text", "refused", *REPORT, "thesis.txt")
def _(f):
    results(f)
    put(f / "thesis.txt")


@case("a report over a text by a link", "refused", *REPORT, "link.html")
def _(f):
    results(f)
    put(f / "thesis.txt")
    (f / "link.html").symlink_to("thesis.txt")


@case("a report over a text by the results' own link", "refused", "report", "out")
def _(f):
    results(f)
    put(f / "thesis.txt")
    (f / "out" / "report.html").unlink()
    (f / "out" / "report.html").symlink_to("../thesis.txt")


@case("a report over the experiment", "refused", *REPORT, "one.yaml")
def _(f): results(f)


@case("a report over other results", "refused", *REPORT, "other/jobs.csv")
def _(f):
    results(f)
    results(f, "other")


@case("a report by a link to nothing", "done", *REPORT, "link.html")
def _(f):
    results(f)
    (f / "link.html").symlink_to("absent.html")


@case("figures into a new folder", "done", *FIGURES, "figures")
def _(f): results(f)


@case("a figure over a picture of one's own", "refused", *FIGURES, "figures")
def _(f):
    results(f)
    put(f / "figures" / "jct.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>\n")


@case("a figure over a text by a link", "refused", *FIGURES, "figures")
def _(f):
    results(f)
    put(f / "thesis.txt")
    (f / "figures").mkdir()
    (f / "figures" / "wait.svg").symlink_to("../thesis.txt")


for place in ("out", "out/", "out/figures", "link"):
    @case(f"figures among results, {place}", "refused", *FIGURES, place)
    def _(f):
        results(f)
        (f / "link").symlink_to("out")


@case("results after figures beside them", "done", *FORCE)
def _(f):
    results(f)
    make(f, *FIGURES, "figures")


@case("a trace over a text", "refused", *CONVERT, "thesis.txt")
def _(f): put(f / "thesis.txt")


@case("a trace over a text by a second name", "refused", *CONVERT, "hard.csv")
def _(f):
    put(f / "thesis.txt")
    os.link(f / "thesis.txt", f / "hard.csv")


@case("a trace over jobs.csv of results", "refused", *CONVERT, "out/jobs.csv")
def _(f): results(f)


@case("a trace among results", "refused", *CONVERT, "out/native.csv")
def _(f): results(f)


@case("a trace over a table of other columns", "refused", *CONVERT, "table.csv")
def _(f): put(f / "table.csv", "job_id,submit_seconds,gpus,duration_seconds,mood\n")
