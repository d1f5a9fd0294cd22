"use strict";
// Puts the report together, and again when its width or the colour scheme changes.

const report = JSON.parse(byId("data").textContent);
const compared = report.kind === "comparison";
const chosen = { sweep: 0, policy: 0 };
const charts = new Map();

const definitions = [
  ["Job completion time (JCT)", "finish minus submission. Over the finished jobs; over the jobs that " +
    "every compared policy finished; and over all jobs of a trace that ran to its end (absent where " +
    "a horizon cut the run or a job could never run to its end). Unfinished jobs are counted, never padded."],
  ["Wait", "all time a job was pending, also after a preemption or a failure; first-start wait: until " +
    "its first start."],
  ["Makespan", "last finish minus first submission."],
  ["GPU utilization", "allocated over available GPU time from the first submission to the last finish " +
    "or the horizon. GPUs of failed nodes are not available; restarting counts as allocated."],
  ["Throughput", "samples per second of the jobs whose work advances; absent for jobs given as " +
    "plain durations."],
  ["Percentiles", "interpolated linearly between ranks (type 7). Distributions are drawn through at " +
    "most 1,000 quantiles."],
];

function series() {
  return report.sweeps[chosen.sweep].series;
}

function fill(id, ...children) {
  byId(id).replaceChildren(...children);
}

function writeHead() {
  const all = report.sweeps.flatMap((sweep) => sweep.series);
  const policies = [...new Set(all.map((s) => s.policy))];
  const seeds = [...new Set(all.flatMap((s) => s.runs.map((run) => run.seed)))];
  byId("title").textContent = report.name;
  const what = policies.length > 1 ? policies.length + " policies compared: " + list(policies)
    : "Policy " + policies[0];
  const where = report.sweeps.length > 1 ? ", at " + report.sweeps.length + " points of a sweep" : "";
  byId("lead").textContent =
    what + where + (seeds.length > 1 ? "; seeds " + list(seeds.map(String)) : "; seed " + seeds[0]) + ".";
  byId("description").textContent = report.description || "";
  if (report.failed.length > 0)
    fill("failures", ...report.failed.map((text) =>
      element("p", { class: "warning", role: "alert" }, "Not in this report, because it did not finish: " + text)));
}

function choice(id, label, names, current, choose) {
  if (names.length < 2) return fill(id);
  const select = element("select", { id: id + "-select" },
    names.map((name, i) => element("option", { value: i }, name)));
  select.value = current;
  select.addEventListener("change", () => choose(Number(select.value)));
  fill(id, element("label", { for: id + "-select" }, label), select);
}

// Completion times tell half of it where policies finished different numbers of jobs.
function mostFinished() {
  const finished = series().map((s) => s.table.jobs.finished);
  const most = Math.max(...finished);
  if (finished.every((number) => number === most)) return "";
  const who = series().filter((s) => s.table.jobs.finished === most);
  return " " + list(who.map((s) => s.policy)) + " finished the most jobs, " + count(most) + " of " +
    count(who[0].table.jobs.submitted) + ".";
}

function headline() {
  const set = comparedTimes(series());
  const means = series().map((s) => first(s.table.jct[set][0]));
  if (means.some((mean) => mean === null) || means.length < 2) return;
  const best = means.indexOf(Math.min(...means));
  const base = series()[0].policy;
  let text = series()[best].policy + " has the shortest mean completion time" +
    (set === "common" ? " over the jobs that every policy finished, " : ", ") + duration(means[best]);
  text += best === 0 ? "." : ": " + (means[0] / means[best]).toFixed(2) + " times faster than " + base +
    " with " + duration(means[0]) + ".";
  text += mostFinished();
  fill("headline", element("p", { class: "headline" }, text));
}

function tiles() {
  const t = series()[0].table;
  const tile = (value, name) => element("div", { class: "tile" }, element("b", {}, value), element("span", {}, name));
  fill("headline", element("div", { class: "tiles" },
    tile(estimate(t.jct.finished[0], duration), "mean completion time"),
    tile(estimate(t.jct.finished[1], duration), "median completion time"),
    tile(estimate(t.wait.finished[0], duration), "mean wait"),
    tile(estimate(t.makespan, duration), "makespan"),
    tile(estimate(t.utilization, percent), "GPU utilization"),
    tile(count(t.jobs.finished) + " of " + count(t.jobs.submitted), "jobs finished")));
}

function writeTables() {
  fill("headline");
  if (series().length > 1) headline();
  else tiles();
  const common = series().length > 1 ? ["finished", "common", "exhaustion"] : ["finished", "exhaustion"];
  fill("sweep-overview", ...(report.sweeps.length > 1 ? [sweepTable(report.sweeps)] : []));
  fill("overview", overviewTable(series()));
  fill("table-jct", timesTable("Job completion times.", series(), "jct", common));
  fill("table-wait",
    timesTable("Wait: all time pending.", series(), "wait", ["finished", "exhaustion"]),
    timesTable("First-start wait: until the first start.", series(), "first_start_wait",
      ["finished", "exhaustion"]));
  fill("table-cost", costTable(series()));
  fill("origins", ...[originsTable(series())].filter((made) => made !== null));
  fill("runs", runsTable(series()));
}

function writeBasis() {
  const runs = report.sweeps.flatMap((sweep) => sweep.series.flatMap((s) => s.runs));
  const known = runs.filter((run) => run.throughput).length;
  const notes = [...report.notes];
  if (known < runs.length || runs.length === 0)
    notes.unshift("Run times are those of the workload: no cost model was fitted to a device, so " +
      "every GPU type here is uncalibrated and tells pools of GPUs apart, not speeds.");
  if (known > 0)
    notes.unshift("How fast a job runs on a GPU type follows the throughputs that the experiment " +
      "names; jobs given as plain durations run as long everywhere.");
  const uncalibrated = (report.devices || []).filter((device) => !device.calibrated);
  if (uncalibrated.length > 0)
    notes.push("Estimates on " + list(uncalibrated.map((device) => device.type)) + " are uncalibrated: " +
      "they rest on data sheets, not on measurements.");
  fill("notes", element("ul", { class: "notes" }, notes.map((note) =>
    element("li", {}, note.charAt(0).toUpperCase() + note.slice(1)))));
  fill("devices", ...[devicesTable(report.devices)].filter((made) => made !== null));
  fill("pruned", ...[prunedTable(report.pruned)].filter((made) => made !== null));
  fill("definitions", ...definitions.flatMap(([term, text]) =>
    [element("dt", {}, term), element("dd", {}, text)]));
  const part = (title, text) => element("div", { class: "card" }, element("h3", {}, title),
    element("pre", { tabindex: "0" }, text || "not recorded"));
  fill("setup", part("Workload", report.workload), part("Cluster", report.cluster));
  fill("again", element("p", { class: "hint" }, "The same numbers again: save the experiment below as ",
    element("code", {}, "experiment.yaml"), " where its paths are right, then ",
    element("code", {}, (compared ? "orrery compare" : "orrery run") + " experiment.yaml --out again"),
    ". All files but the measured costs come out byte for byte the same."));
  byId("experiment").textContent = report.experiment || "";
  byId("experiment-box").hidden = !report.experiment;
}

function draw(id, option) {
  const old = charts.get(id);
  if (old) old.dispose();
  const chart = echarts.init(byId(id), null, { renderer: "canvas" });
  chart.setOption(option);
  charts.set(id, chart);
}

function missing(id) {
  const old = charts.get(id);
  if (old) old.dispose();
  charts.delete(id);
  fill(id, element("p", { class: "hint" }, "Not recorded in this run."));
}

function binned(timeline, what) {
  return timeline && timeline.bin_seconds
    ? what + " each " + duration(timeline.bin_seconds) + " of simulated time." : "";
}

function drawPolicy() {
  const s = series()[chosen.policy];
  const seed = s.runs.length > 1 ? " Seed " + s.runs[0].seed + "." : "";
  const timeline = s.timeline;
  byId("hint-use").textContent = timeline
    ? [binned(timeline, "Mean over"), hiddenAvailable(timeline), seed].join(" ") : "";
  byId("card-samples").hidden = !(timeline && timeline.samples !== undefined);
  if (timeline) draw("chart-use", useOption(timeline));
  else missing("chart-use");
  if (timeline && timeline.samples !== undefined) draw("chart-samples", samplesOption(timeline));
  byId("hint-gantt").textContent = s.gantt ? ganttHint(s.gantt) + seed : "";
  if (s.gantt) draw("chart-gantt", ganttOption(s.gantt, report.job_names));
  else missing("chart-gantt");
}

function drawCharts() {
  draw("chart-jct", cdfOption(series(), "jct", "completion time"));
  draw("chart-wait", cdfOption(series(), "wait", "wait"));
  const timed = series().find((s) => s.timeline);
  byId("hint-queue").textContent = binned(timed && timed.timeline, "Largest number in");
  if (timed) draw("chart-queue", queueOption(series()));
  else missing("chart-queue");
  drawPolicy();
}

function showSweep(index) {
  chosen.sweep = index;
  chosen.policy = Math.min(chosen.policy, series().length - 1);
  choice("policy-choice", "Policy shown below", series().map((s) => s.policy), chosen.policy, (policy) => {
    chosen.policy = policy;
    drawPolicy();
  });
  writeTables();
  drawCharts();
}

function start() {
  writeHead();
  writeBasis();
  if (report.sweeps.length === 0) return;
  choice("sweep-choice", "Sweep point", report.sweeps.map((sweep) => sweep.name), 0, showSweep);
  showSweep(0);
  dark.addEventListener("change", () => showSweep(chosen.sweep));
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    drawCharts();
  });
  document.documentElement.dataset.ready = "yes";
}

start();
