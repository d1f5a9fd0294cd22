"""Files of the Standard Workload Format and the jobs that they hold, after its definition."""

FORMAT = "swf"


def line(job, submit=0, run=100, allocated=4, requested=-1, status=1, after=-1, think=-1, wait=-1):
    fields = [job, submit, wait, run, allocated, -1, -1, requested, -1, -1, status, 1, 2, 3, 4, 5, after,
              think]
    return " ".join(map(str, fields))


def text(*lines):
    return "; Version: 2.2\n" + "\n".join(lines) + "\n"


def case(name, lines, jobs, **more):
    return {"name": name, "text": text(*lines), "jobs": jobs, **more}


CASES = [
    case("cancelled in the queue", [line(1), line(2, 60, 0, 8, status=5), line(3, 120, 600)],
         ["1 duration=100", "3 duration=600"], out={"never_started": 1},
         nodes="{count: 1, gpu: v100-32g}", waits={"1": 0.0, "3": 0.0}),
    case("preceding job and think time",
         [line(1), line(2, 10, 5, after=1, think=30)], ["1", "2 submit=10 after=1 think=30"],
         nodes="{count: 1, gpu: v100-32g}", waits={"1": 0.0, "2": 0.0}),
    case("a think time that is not known", [line(1), line(2, after=1)], ["1", "2 after=1 think=0"]),
    case("a preceding job that is not there", [line(1), line(2, after=99)], ["1", "2"],
         notes=["wait for none: 1"]),
    case("a preceding job that was left out", [line(1, status=5, run=0), line(2, after=1)], ["2"],
         out={"never_started": 1}, notes=["wait for none: 1"]),
    case("a preceding job further down", [line(1, after=2), line(2)], ["1 after=2", "2"]),
    {"name": "a circle", "text": text(line(1, after=2), line(2, after=1)),
     "error": ["waits for its own end"]},
    {"name": "its own predecessor", "text": text(line(1, after=1)),
     "error": ["waits for its own end"]},
    case("cancelled while it ran", [line(1, run=7, status=5)], ["1 duration=7"]),
    case("failed at once", [line(1, run=0, status=0)], ["1 duration=0"]),
    case("cancelled, run time not known", [line(1), line(2, run=-1, status=5)], ["1"],
         out={"never_started": 1}),
    case("run time not known", [line(1), line(2, run=-1)], ["1"], out={"unknown_work": 1}),
    case("size not known", [line(1), line(2, allocated=-1)], ["1"], out={"unknown_work": 1}),
    case("requested processors stand in", [line(1, allocated=-1, requested=6)], ["1 gpus=6"]),
    case("partial executions", [line(1), *[line(9, status=s) for s in (2, 3, 4)]], ["1"],
         out={"steps": 3}),
    case("processors as GPUs", [line(1, allocated=7)], ["1 gpus=3"],
         options={"processors_per_gpu": 3}),
    case("queues as virtual clusters", [line(1)], ["1 vc=4"], options={"virtual_cluster": "queue"}),
    case("a queue that is not known", [line(1).replace(" 3 4 5 ", " 3 -1 5 ")], ["1 vc="],
         options={"virtual_cluster": "queue"}),
    case("fractions of seconds", [line(1, run="12.5")], ["1 duration=12.5"]),
    case("comments between jobs", [line(1), "; a note", "", line(2)], ["1", "2"]),
    {"name": "17 fields", "text": text(line(1).rsplit(" ", 1)[0]), "error": ["found 17 fields"]},
    {"name": "commas", "text": text(line(1).replace(" ", ",")), "error": ["found 1 fields"]},
    {"name": "a negative time of submission", "text": text(line(1, submit=-5)),
     "error": ["submit time"]},
    {"name": "a negative think time", "text": text(line(1), line(2, after=1, think=-7)),
     "error": ["think time"]},
    {"name": "one number twice", "text": text(line(1), line(1)), "error": ["taken by the job of line 2"]},
    {"name": "comments alone", "text": "; nothing\n", "error": ["no jobs"]},
]
