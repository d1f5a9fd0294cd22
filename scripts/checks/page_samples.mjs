// Data of reports made up for checking the page: every kind of chart, two worlds, a sweep of several
// policies, and texts and values that are hard on it. No figure here means anything.

const policies = ["fifo", "easy-backfill", "srtf", "las", "gandiva", "elastic-flow", "crius", "sia",
                  "pollux", "a policy with quite a long name"];
const hostile = '<img src=x onerror=alert(1)>&"\'</script>';

// The same numbers at every call: a linear congruence.
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

function quantiles(count, low, high, bend) {
  return Array.from({ length: count }, (_, i) => low * Math.pow(high / low, Math.pow(i / (count - 1), bend)));
}

export function distribution(key, names, low, high) {
  return {
    key, kind: "distribution", title: "Share of finished jobs completed within a time",
    help: "From the submission of a job to its finish.", x_unit: "seconds", y_unit: "share",
    x_name: "completion time",
    series: names.map((name, i) => ({ name, values: quantiles(300, low * (1 + i / 5), high, 1 + i / 9),
                                      n: 300 - 20 * i, of: 300 })),
  };
}

function walk(random, length, most) {
  let value = most / 2;
  return Array.from({ length }, () => {
    value = Math.min(most, Math.max(0, value + Math.round((random() - 0.5) * most / 4)));
    return value;
  });
}

export function waiting(names) {
  const random = numbers(3);
  return {
    key: "queue", kind: "steps", title: "Jobs waiting", help: "", x_unit: "seconds", y_unit: "count",
    y_name: "jobs", stacked: false, end: 900000,
    series: names.map((name, i) => ({ name, time: Array.from({ length: 200 }, (_, t) => t * 4400 + i * 100),
                                      values: walk(random, 200, 60 + 20 * i) })),
  };
}

export function inUse() {
  const random = numbers(5);
  const time = Array.from({ length: 300 }, (_, i) => i * 2900);
  return {
    key: "use", kind: "steps", title: "GPUs in use, by type", help: "", x_unit: "seconds", y_unit: "count",
    y_name: "GPUs", stacked: true, time, end: 900000, bin_seconds: 2900, bin_value: "mean", seed: 1, limit_name: "available",
    series: [{ name: "v100-32g", values: walk(random, 300, 64), limit: 64 },
             { name: "a100-80g", values: walk(random, 300, 32), limit: 32 },
             { name: "t4", values: 0, limit: 16 }],
  };
}

export function lanes(count, rows, bars) {
  const random = numbers(11);
  const flat = [];
  for (let i = 0; i < bars; i += 1) {
    const size = 1 + Math.floor(random() * rows);
    const lane = Math.floor(random() * count);
    flat.push(lane * rows + Math.floor(random() * (rows - size + 1)), size,
              i === 0 ? 0 : Math.floor(random() * 2 * 49000 / bars),
              1 + Math.floor(random() * 1500), i % 17 === 0 ? -4 : i % 60);
  }
  return {
    key: "gantt", kind: "lanes", title: "Where each job ran", help: "Each row is a GPU.",
    x_unit: "seconds", y_unit: "count", seed: 1, row_name: "GPU", item_name: "job", begin: 0, unit: 18,
    lanes: Array.from({ length: count }, (_, i) => ({ name: "node " + i, group: i % 2 ? "a100-80g" : "v100-32g",
                                                      rows, first: i * rows })),
    bars: flat, items: Array.from({ length: 60 }, (_, i) => "job-" + (1000 + i)),
    merged_below_seconds: 90, merged_runs: Math.ceil(bars / 17) * 4, hidden: 3, runs: bars,
  };
}

export function bars(labels, names) {
  const random = numbers(13);
  return {
    key: "latency", kind: "bars", title: "Latency by tenant", help: "Mean over the run.",
    x_unit: "count", y_unit: "seconds", y_name: "latency", labels,
    series: names.map((name) => ({ name, values: labels.map((_, i) =>
      (i === 1 ? null : [0.01 + random() / 20, 0.004])) })),
  };
}

export function heat(rows, columns) {
  const random = numbers(17);
  return {
    key: "load", kind: "heat", title: "Load of each server", help: "Share of its time busy.",
    x_unit: "count", y_unit: "share", x_name: "hour", y_name: "",
    rows: Array.from({ length: rows }, (_, i) => "server " + i),
    columns: Array.from({ length: columns }, (_, i) => String(i)),
    values: Array.from({ length: rows }, () => Array.from({ length: columns }, () =>
      (random() < 0.03 ? null : random() * random()))),
  };
}

export function scatter(count) {
  const random = numbers(19);
  return {
    key: "size", kind: "scatter", title: "Wait by size of the request", help: "",
    x_unit: "bytes", y_unit: "seconds", x_name: "size", y_name: "wait",
    series: ["batch", "interactive", "probe"].map((name, i) => ({
      name, points: Array.from({ length: count }, () =>
        [1024 * Math.pow(2, 12 * random()), (i + 1) * Math.pow(10, 3 * random() - 2)]),
      labels: Array.from({ length: count }, (_, k) => "request " + k), of: i === 2 ? 4 * count : count,
    })),
  };
}

function rankTable(key, names) {
  return {
    key, title: "Policies side by side.", help: "JCT: job completion time of the jobs that every policy finished.",
    head: "Policy",
    columns: [{ label: "JCT mean", unit: "seconds", best: "least" }, { label: "speedup over fifo", unit: "ratio", best: "none" },
              { label: "GPU utilization", unit: "share", best: "most" }, { label: "peak memory", unit: "bytes", best: "none" },
              { label: "requests", unit: "per_second", best: "most" }, { label: "finished", unit: "count", best: "most" },
              { label: "of which jobs", text: true, best: "none" }],
    rows: names.map((label, i) => ({ label, series: i, cells: [[7200 - 300 * i, 120], 1 + i / 10, [0.71 + i / 50, 0.01],
      3e9 + i, 12.5, 1000, i === 2 ? null : "finished jobs"] })),
  };
}

function runsTable(names, seeds) {
  return {
    key: "runs", title: "Runs.", help: "The same run id gives the same results, byte for byte.", head: "Policy",
    columns: [{ label: "seed", unit: "count", text: true }, { label: "run id", text: true }, { label: "directory", text: true }],
    rows: names.flatMap((label, series) => seeds.map((seed) => ({ label, series, cells: [String(seed),
      { code: "3f2a9c0d1b7e4a55" }, { code: label + "/" + seed }] }))),
  };
}

const setup = [{ title: "Workload", text: "trace: {format: philly, path: jobs.csv}\n" },
               { title: "Platform", text: "nodes:\n  - {count: 16, gpu: v100-32g, gpus_per_node: 8}\n" }];
const costs = (names) => [{ key: "costs", title: "Decision latency, and cost of a whole run.", help: "", head: "Policy",
  columns: [{ label: "decisions", unit: "count" }, { label: "mean", unit: "seconds" }, { label: "memory", unit: "bytes" }],
  rows: names.map((label, series) => ({ label, series, cells: [12000, 3.1e-6, 91234567] })) }];

function training(names, title) {
  const single = names.length < 2;
  return {
    name: title ? "training" : "", title,
    notes: ["run times are those of the workload: every GPU type here is uncalibrated."],
    definitions: [["Job completion time (JCT)", "finish minus submission. Unfinished jobs are counted, never padded."],
                  ["Wait", "all time a job was pending, also after a preemption or a failure."]],
    tables: [{ key: "devices", title: "GPU types of our estimates.", help: "The error is that of held-out products.",
      head: "GPU type", columns: [{ label: "calibrated", text: true }, { label: "held-out error", unit: "share" }],
      rows: [{ label: "v100-32g", cells: ["uncalibrated", null] }, { label: "a100-80g", cells: ["calibrated", 0.061] }] }],
    sweeps: [{ name: "", headline: single ? "" : "srtf has the shortest mean completion time, 1.83 h: 1.20 times faster than fifo.",
      tiles: single ? [{ value: "2.00\u00a0h", label: "mean completion time" }, { value: "71.0\u00a0%", label: "GPU utilization" },
                       { value: "1,000 of 1,000", label: "jobs finished" }] : [],
      tables: [rankTable("overview", names), rankTable("jct", names)],
      charts: [distribution("jct", names, 20, 4e5), distribution("wait", names, 0.5, 9e4), waiting(names)],
      series: names.map((policy) => ({ policy, charts: [inUse(), lanes(16, 8, 900)], tables: [] })) }],
  };
}

function serving(names) {
  return {
    name: "serving", title: "Requests", notes: [], definitions: [], tables: [],
    sweeps: [{ name: "", headline: "", tiles: [], tables: [rankTable("requests", names)],
      charts: [bars(["tenant a", "tenant b", "tenant c", "a tenant with a long name"], names), heat(24, 48), scatter(300),
               { key: "probe", kind: "steps", title: "Probes", missing: "Not recorded in this run." }],
      series: names.map((policy) => ({ policy, charts: [], tables: [] })) }],
  };
}

// A run of two worlds on one platform.
export function twoWorlds() {
  return { kind: "run", name: "two worlds on one platform", lead: "Policies fifo and static; seed 1.",
    description: "Training jobs beside a service.", experiment: "name: two-worlds\n", setup, failed: [],
    worlds: [training(["fifo"], "Training jobs"), serving(["static"])],
    overview: [{ key: "platform", title: "What the worlds share.", help: "", head: "Device",
      columns: [{ label: "held", unit: "share" }, { label: "outages", unit: "count" }],
      rows: [{ label: "GPU", cells: [0.82, 3] }, { label: "core", cells: [0.11, 3] }] }],
    costs: costs(["fifo"]), runs: runsTable(["fifo"], [1]) };
}

// A comparison of ten policies with three seeds at three points of a sweep; one run failed.
export function sweep() {
  const world = training(policies, "");
  const points = ["load=0.5", "load=0.8", "load=0.95"];
  const [at] = world.sweeps;
  world.sweeps = points.map((name, i) => Object.assign({}, at, { name,
    charts: [distribution("jct", policies, 20 * (i + 1), 4e5), distribution("wait", policies, 0.001, 900),
             waiting(policies)] }));
  return { kind: "comparison", name: "a sweep of the load", lead: "10 policies compared, at 3 points of a sweep; seeds 1, 2 and 3.",
    description: "", experiment: "name: sweep\n", setup, failed: ["las/2: killed by signal 9"], worlds: [world],
    overview: [rankTable("points", points.flatMap((point) => policies.slice(0, 3).map((p) => point + " " + p)))],
    costs: costs(policies), runs: runsTable(policies, [1, 2, 3]) };
}

// Texts with markup, single points, nothing at all, large and tiny values, many lanes and cells.
export function hard() {
  const none = { x_unit: "seconds", y_unit: "count", help: "" };
  const charts = [
    Object.assign(distribution("one", [hostile], 5, 50), { title: "One value " + hostile, help: hostile,
      series: [{ name: hostile, values: [42], n: 1, of: 1 }, { name: "=zeros", values: [0, 0, 0], n: 3, of: 3 }] }),
    { key: "empty", kind: "distribution", title: "No values", ...none, series: [{ name: "a", values: [], n: 0, of: 9 }] },
    { key: "empty-steps", kind: "steps", title: "No instants", ...none, time: [], end: 0, stacked: true, series: [] },
    { key: "instant", kind: "steps", title: "One instant", ...none, time: [5], end: 5, stacked: false,
      series: [{ name: "a", values: [3] }, { name: "b", values: 4 }] },
    { key: "huge", kind: "steps", title: "Huge values", ...none, y_unit: "bytes", time: [0, 1e9, 2e9], end: 3e9,
      stacked: false, series: [{ name: "a", values: [1e18, null, 3e18] }] },
    { key: "many", kind: "bars", title: "Many labels", ...none, y_unit: "count",
      labels: Array.from({ length: 60 }, (_, i) => "label number " + i),
      series: [{ name: "x", values: Array.from({ length: 60 }, (_, i) => (i % 7 === 0 ? -i : i * 1e6)) }] },
    Object.assign(heat(400, 200), { key: "cells", title: "Many cells" }),
    { key: "single", kind: "heat", title: "One cell", ...none, rows: [hostile], columns: ["c"], values: [[5]] },
    { key: "dots", kind: "scatter", title: "One point", ...none, series: [{ name: "p", points: [[1, 2]] }] },
    { key: "linear", kind: "distribution", title: "A narrow range", ...none, x_unit: "ratio", x_name: "slowdown",
      series: [{ name: "a", values: [1, 1.1, 1.2, 1.5], n: 4, of: 4 }] },
    { key: "unknown", kind: "pie", title: "A kind that is not known", ...none },
  ];
  return { kind: "run", name: hostile, lead: hostile, description: hostile, experiment: hostile,
    setup: [{ title: hostile, text: hostile }], failed: [hostile],
    worlds: [{ name: "", title: hostile, notes: [hostile], definitions: [[hostile, hostile]], tables: [],
      sweeps: [{ name: "", headline: hostile, tiles: [{ value: hostile, label: hostile }],
        tables: [{ key: "t", title: hostile, help: hostile, columns: [{ label: hostile, unit: "count", best: "most" }],
          rows: [{ label: hostile, cells: [1] }, { label: "x", cells: [null] }] }],
        charts, series: [{ policy: hostile, charts: [lanes(512, 1, 4000)], tables: [] }] }] }],
    overview: [], costs: [], runs: { key: "runs", title: "Runs", help: "", columns: [{ label: "run id", text: true }],
      rows: [{ cells: [{ code: hostile }] }] } };
}
