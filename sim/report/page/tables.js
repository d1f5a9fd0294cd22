"use strict";
// The tables of the report. A column is {head, cell(series), best: "least" | "most", value(series)}.

function swatch(index) {
  return element("span", { class: "swatch", style: "background:" + palette()[index % 10],
                           "aria-hidden": "true" });
}

// Rows that read the same as the best one share its mark; where all do, nobody has it.
function bestRows(column, series) {
  if (!column.best || series.length < 2) return [];
  const values = series.map((s) => column.value(s));
  if (values.some((value) => value === null)) return [];
  const wanted = column.best === "least" ? Math.min(...values) : Math.max(...values);
  const shown = series.map((s) => [column.cell(s)].flat()[0]);
  const best = shown.map((text, row) => (text === shown[values.indexOf(wanted)] ? row : -1))
    .filter((row) => row >= 0);
  return best.length === values.length ? [] : best;
}

// A table in a box that scrolls sideways by itself.
function table(caption, columns, series) {
  const best = columns.map((column) => bestRows(column, series));
  const head = element("tr", {}, columns.map((c) => element("th",
    c.text ? { scope: "col", class: "text" } : { scope: "col" }, c.head)));
  const rows = series.map((s, row) =>
    element("tr", {}, columns.map((column, i) => {
      const content = [column.cell(s, row)].flat();
      if (i === 0) return element("th", { scope: "row" }, content);
      const kind = best[i].includes(row) ? "best" : column.text ? "text" : "";
      return element("td", kind ? { class: kind } : {}, content);
    })));
  const note = best.some((b) => b.length > 0) ? " Bold on a tinted ground: best of its column." : "";
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    element("table", {}, element("caption", {}, element("span", {}, caption + note)),
      element("thead", {}, head), element("tbody", {}, rows)));
}

const first = (value) => (value ? value[0] : null);

function policyColumn() {
  return { head: "Policy", cell: (s, row) => [swatch(row), s.policy] };
}

// Mean, median and percentiles of one set of times.
function timeColumns(of) {
  return ["mean", "median", "95th pct.", "99th pct."].map((head, i) => ({
    head,
    cell: (s) => estimate(of(s)[i], duration),
  }));
}

// Completion times are compared over the jobs that every policy finished.
function comparedTimes(series) {
  return series.every((s) => s.table.jct.common[0]) ? "common" : "finished";
}

function speedupColumn(series, set) {
  const base = series[0];
  return {
    head: "speedup over " + base.policy,
    cell: (s) => {
      const own = first(s.table.jct[set][0]);
      const other = first(base.table.jct[set][0]);
      return own && other ? (other / own).toFixed(2) + "\u00d7" : "\u2013";
    },
  };
}

// How much slower jobs on several nodes were for sharing the fabric; means over the runs.
function sharingColumns(series) {
  if (!series.some((s) => s.runs.some((run) => run.sharing))) return [];
  const figure = (s, key, over) => {
    const known = s.runs.filter((run) => run.sharing).map((run) => run.sharing[key]);
    return known.length > 0 ? over(known) : null;
  };
  const column = (head, key, over) => ({
    head, best: "least", value: (s) => figure(s, key, over),
    cell: (s) => {
      const value = figure(s, key, over);
      return value === null ? "\u2013" : value.toFixed(3) + "\u00d7";
    },
  });
  return [
    column("slowdown by sharing", "mean", (all) => all.reduce((sum, v) => sum + v, 0) / all.length),
    column("worst slowdown", "worst", (all) => Math.max(...all)),
  ];
}

function overviewTable(series) {
  const set = comparedTimes(series);
  const several = series.length > 1;
  const columns = [
    policyColumn(),
    { head: "mean JCT", cell: (s) => estimate(s.table.jct[set][0], duration),
      value: (s) => first(s.table.jct[set][0]), best: "least" },
    { head: "median JCT", cell: (s) => estimate(s.table.jct[set][1], duration),
      value: (s) => first(s.table.jct[set][1]), best: "least" },
    { head: "mean wait", cell: (s) => estimate(s.table.wait.finished[0], duration),
      value: (s) => first(s.table.wait.finished[0]), best: "least" },
    { head: "makespan", cell: (s) => estimate(s.table.makespan, duration),
      value: (s) => first(s.table.makespan), best: "least" },
    { head: "GPU utilization", cell: (s) => estimate(s.table.utilization, percent),
      value: (s) => first(s.table.utilization), best: "most" },
    ...sharingColumns(series),
    { head: "restarts", cell: (s) => count(s.table.restarts) },
    { head: "jobs", cell: (s) => count(s.table.jobs.submitted) },
    { head: "finished", cell: (s) => count(s.table.jobs.finished),
      value: (s) => s.table.jobs.finished, best: "most" },
    { head: "unfinished", cell: (s) => count(s.table.jobs.unfinished) },
  ];
  for (const state of ["rejected", "failed"])
    if (series.some((s) => s.table.jobs[state] > 0))
      columns.push({ head: state, cell: (s) => count(s.table.jobs[state]) });
  if (several) columns.splice(2, 0, speedupColumn(series, set));
  if (series.some((s) => s.table.throughput[0]))
    columns.splice(several ? 7 : 6, 0,
      { head: "samples/s", cell: (s) => estimate(s.table.throughput[0], decimal),
        value: (s) => first(s.table.throughput[0]), best: "most" });
  if (series.some((s) => first(s.table.lost_work_gpu_seconds) > 0))
    columns.push({ head: "GPU time lost to failures",
                   cell: (s) => estimate(s.table.lost_work_gpu_seconds, duration) });
  if (series.some((s) => first(s.table.restart_gpu_seconds) > 0))
    columns.push({ head: "GPU time restarting",
                   cell: (s) => estimate(s.table.restart_gpu_seconds, duration) });
  const seeds = Math.max(...series.map((s) => s.runs.length));
  let caption = "JCT: job completion time" + (set === "common" && several
    ? " of the jobs that every policy finished." : " of the finished jobs.") +
    " Wait: of the finished jobs of each policy.";
  if (seeds > 1)
    caption += " Means over " + seeds + " seeds \u00b1 95 % confidence interval; counts are sums.";
  return table(caption, columns, series);
}

// All points of a sweep at a glance.
function sweepTable(sweeps) {
  const rows = sweeps.flatMap((sweep) => sweep.series.map((s, row) => ({ sweep, s, row })));
  const set = comparedTimes(rows.map((r) => r.s));
  return table("All points of the sweep. Choose one below for its tables and charts.", [
    { head: "Sweep point", cell: (r) => r.sweep.name },
    { head: "policy", cell: (r) => [swatch(r.row), r.s.policy], text: true },
    { head: "mean JCT", cell: (r) => estimate(r.s.table.jct[set][0], duration) },
    { head: "median JCT", cell: (r) => estimate(r.s.table.jct[set][1], duration) },
    { head: "mean wait", cell: (r) => estimate(r.s.table.wait.finished[0], duration) },
    { head: "makespan", cell: (r) => estimate(r.s.table.makespan, duration) },
    { head: "GPU utilization", cell: (r) => estimate(r.s.table.utilization, percent) },
    { head: "restarts", cell: (r) => count(r.s.table.restarts) },
    { head: "finished", cell: (r) => count(r.s.table.jobs.finished) },
  ], rows);
}

const setNames = {
  finished: "finished jobs",
  common: "finished by every policy",
  exhaustion: "all jobs, run to the end",
};

// Sets of jobs whose figures are the same, as where every policy finished all of them.
function equalSets(times, sets) {
  const groups = [];
  for (const set of sets) {
    const figures = JSON.stringify(times[set]);
    const known = groups.find((group) => group.figures === figures);
    if (known) known.sets.push(set);
    else groups.push({ figures, sets: [set] });
  }
  return groups.map((group) => group.sets);
}

// One row for each policy and set of jobs, the rows of a set together; what no policy has is said.
function timesTable(caption, series, key, sets) {
  const known = sets.filter((set) => series.some((s) => s.table[key][set][0]));
  const rows = series.flatMap((s, row) =>
    equalSets(s.table[key], known).map((same) => ({ row, same, s })));
  rows.sort((a, b) => known.indexOf(a.same[0]) - known.indexOf(b.same[0]));
  const columns = [
    { head: "Policy", cell: (r) => [swatch(r.row), r.s.policy] },
    ...timeColumns((r) => r.s.table[key][r.same[0]]),
    { head: "of which jobs", cell: (r) => r.same.map((set) => setNames[set]).join(" = "), text: true },
  ];
  const absent = sets.filter((set) => !known.includes(set)).map((set) => setNames[set]);
  const missing = absent.length > 0 ? " No figure for: " + list(absent) + "." : "";
  return table(caption + missing, columns, rows);
}

// What the speeds of runs rested on: starts, resumes and changes of jobs counted in iterations.
function originsTable(series) {
  const rows = series.flatMap((s, row) =>
    s.runs.filter((run) => run.throughput).map((run) => ({ s, row, run })));
  if (rows.length === 0) return null;
  const several = series.some((s) => s.runs.length > 1);
  const columns = [
    { head: "Policy", cell: (r) => [swatch(r.row), r.s.policy] },
    { head: "measured", cell: (r) => count(r.run.throughput.measured) },
    { head: "derived", cell: (r) => count(r.run.throughput.derived) },
    { head: "estimated", cell: (r) => count(r.run.throughput.estimated) },
  ];
  if (several) columns.splice(1, 0, { head: "seed", cell: (r) => String(r.run.seed) });
  return table("Starts, resumes and changes of jobs counted in iterations, by what their speed " +
    "rested on: a measurement of just that configuration; one of another configuration, by a rule " +
    "of the experiment; an estimate.", columns, rows);
}

function costTable(series) {
  const figure = (head, key, show) => ({
    head,
    cell: (s) => estimate(s.table.cost[key], show),
  });
  return table("Decision latency, and cost of a whole run.", [
    policyColumn(),
    { head: "decisions", cell: (s) => count(s.table.cost.decisions) },
    figure("mean", "mean", duration),
    figure("median", "p50", duration),
    figure("99th pct.", "p99", duration),
    figure("longest", "max", duration),
    { head: "events", cell: (s) => count(s.table.events) },
    figure("wall time", "wall", duration),
    figure("memory", "memory", bytes),
  ], series);
}

function runsTable(series) {
  const rows = series.flatMap((s, row) => s.runs.map((run) => ({ s, row, run })));
  return table("Runs. The same run id gives the same results, byte for byte.", [
    { head: "Policy", cell: (r) => [swatch(r.row), r.s.policy] },
    { head: "seed", cell: (r) => String(r.run.seed) },
    { head: "run id", cell: (r) => element("code", {}, r.run.run_id), text: true },
    { head: "directory", cell: (r) => element("code", {}, r.run.directory || "."), text: true },
  ], rows);
}
