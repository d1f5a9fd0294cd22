"use strict";
// The charts. Each function answers with an ECharts option in the colours of the page.

const dark = window.matchMedia("(prefers-color-scheme: dark)");

// Ten colours that differ in lightness too, for either ground.
function palette() {
  return dark.matches
    ? ["#6ea8fe", "#f5a742", "#4ec9a0", "#f2777a", "#b794f6", "#5fd0e6", "#f28fc0", "#b5d15c",
       "#c9a27e", "#a9b4c2"]
    : ["#1d5fc4", "#c96a00", "#0b7a55", "#c22f33", "#6d3fc0", "#0a7f96", "#b01e74", "#5b7d0a",
       "#7a4a22", "#4b5766"];
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
}

function narrow() {
  return window.innerWidth < 600;
}

// What all charts with axes share.
function baseOption(label) {
  return {
    animation: false,
    color: palette(),
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("ink") },
    aria: { enabled: true, label: { description: label } },
    grid: { left: 62, right: narrow() ? 14 : 24, top: 44, bottom: 54 },
    legend: {
      type: "scroll", left: 0, top: 0, itemWidth: 30, padding: [4, 0], itemStyle: { opacity: 0 },
      textStyle: { color: colour("ink"), lineHeight: 18 }, inactiveColor: colour("merged"),
      pageIconColor: colour("ink"), pageIconInactiveColor: colour("merged"),
      pageTextStyle: { color: colour("soft") },
    },
    tooltip: {
      trigger: "axis", confine: true, backgroundColor: colour("card"),
      borderColor: colour("line"), textStyle: { color: colour("ink"), fontSize: 13 },
      axisPointer: { lineStyle: { color: colour("soft") } },
    },
  };
}

function axis(name, more) {
  return Object.assign({
    name, nameLocation: "middle", nameGap: 32, type: "value",
    nameTextStyle: { color: colour("soft"), fontSize: 13 },
    axisLabel: { color: colour("soft"), hideOverlap: true },
    axisLine: { show: true, lineStyle: { color: colour("line") } },
    axisTick: { lineStyle: { color: colour("line") } },
    splitLine: { lineStyle: { color: colour("grid") } },
  }, more);
}

function valueAxis(name, more) {
  return axis(name, Object.assign({ nameGap: 44 }, more));
}

// Lines differ in dash as well as in colour.
function lineStyle(index) {
  return { width: 2, type: ["solid", "dashed", "dotted"][index % 3] };
}

// Zooming by a slider below the axis, which leaves scrolling to the page.
function slider(start, end) {
  return [{
    type: "slider", height: 22, bottom: 8, start, end, borderColor: colour("line"),
    textStyle: { color: colour("soft") }, fillerColor: dark.matches ? "#86b4f533" : "#1f5fbf22",
    dataBackground: { lineStyle: { color: colour("line") }, areaStyle: { color: colour("grid") } },
    showDetail: false, brushSelect: false, filterMode: "none",
  }];
}

function tooltipRows(title, rows) {
  const lines = rows.map((row) => (row.marker || "") + escapeText(row.name) + ": <b>" +
    escapeText(row.value) + "</b>");
  return [escapeText(title), ...lines].join("<br>");
}

function escapeText(text) {
  return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

// The left edge of a logarithmic axis: what is shorter is drawn there.
function logFloor(series, key) {
  const largest = Math.max(...series.map((s) => s.cdf[key][s.cdf[key].length - 1] || 0));
  const least = Math.min(...series.map((s) => (s.cdf[key].length > 0 ? s.cdf[key][0] : 0)));
  if (largest >= 100) return least >= 10 ? Math.pow(10, Math.floor(Math.log10(least))) : 1;
  return largest > 0 ? Math.pow(10, Math.floor(Math.log10(largest)) - 3) : 1;
}

// Where people expect ticks of a logarithmic axis of time; below a second powers of ten.
function timeTicks(floor) {
  const known = [1, 10, 60, 600, 3600, 36000, 86400, 864000, 8640000, 86400000, 864000000];
  const small = [];
  for (let at = floor; at < 1; at *= 10) small.push(at);
  return [...small, ...known.filter((at) => at >= floor)];
}

function cdfOption(series, key, what) {
  const floor = logFloor(series, key);
  const option = baseOption("Cumulative distribution of " + what + " by policy.");
  option.xAxis = axis(what + " (logarithmic; shorter ones stand at the left edge)", {
    type: "log", min: floor, axisTick: { customValues: timeTicks(floor) },
    axisLabel: { color: colour("soft"), formatter: tick, hideOverlap: true, customValues: timeTicks(floor) },
  });
  if (narrow()) option.xAxis.name = what + " (logarithmic)";
  option.yAxis = valueAxis("share of jobs", {
    min: 0, max: 100, axisLabel: { color: colour("soft"), formatter: "{value} %" },
  });
  option.series = series.map((s, index) => {
    const values = s.cdf[key];
    return {
      name: s.policy, type: "line", symbol: "none", lineStyle: lineStyle(index),
      data: values.map((x, i) => [Math.max(x, floor),
                                  values.length === 1 ? 100 : 100 * i / (values.length - 1)]),
    };
  });
  // All policies at the pointer's time, not the nearest point of one line.
  option.tooltip.formatter = (items) =>
    tooltipRows("within " + duration(items[0].axisValue), items.map((item) => ({
      marker: item.marker, name: item.seriesName,
      value: shareWithin(series[item.seriesIndex].cdf[key], items[0].axisValue).toFixed(1) + " %",
    })));
  return option;
}

function shareWithin(quantiles, value) {
  let low = 0;
  let high = quantiles.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (quantiles[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return quantiles.length < 2 ? 100 * low : Math.min(100, 100 * Math.max(0, low - 1) / (quantiles.length - 1));
}

// A list of values that are all equal is sent as one number.
function valueAt(values, index) {
  return typeof values === "number" ? values : values[index];
}

// Points of a step line, prolonged to the end of the run.
function steps(timeline, values, unit) {
  const points = timeline.time.map((t, i) => [t / unit.seconds, valueAt(values, i)]);
  points.push([timeline.end / unit.seconds, points[points.length - 1][1]]);
  return points;
}

// Where an axis of time begins: at 0, unless the run began much later.
function axisBegin(begin, end) {
  return begin < 0.05 * end ? 0 : begin;
}

function timeOption(label, unit, valueName, begin, end) {
  const option = baseOption(label);
  option.grid.bottom = 92;
  option.xAxis = axis("simulated time (" + unit.name + ")", {
    min: axisBegin(begin, end) / unit.seconds, max: end / unit.seconds,
    axisLabel: { color: colour("soft"), hideOverlap: true, showMaxLabel: false,
                 showMinLabel: begin < 0.05 * end, formatter: (v) => decimal(v) } });
  option.yAxis = valueAxis(valueName, { min: 0, minInterval: 1 });
  option.dataZoom = slider(0, 100);
  option.tooltip.formatter = (items) => tooltipRows(
    duration(items[0].value[0] * unit.seconds),
    items.map((item) => ({ marker: item.marker, name: item.seriesName, value: decimal(item.value[1]) })));
  return option;
}

function queueOption(series) {
  const shown = series.filter((s) => s.timeline);
  const begin = Math.min(...shown.map((s) => s.timeline.time[0]));
  const end = Math.max(...shown.map((s) => s.timeline.end));
  const unit = axisUnit(end - begin);
  const option = timeOption("Jobs waiting over time by policy.", unit, "jobs waiting", begin, end);
  option.series = series.map((s, index) => ({
    name: s.policy, type: "line", step: "end", symbol: "none", lineStyle: lineStyle(index),
    data: s.timeline ? steps(s.timeline, s.timeline.pending, unit) : [],
  }));
  return option;
}

function totals(timeline, columns) {
  return timeline.time.map((_, i) => columns.reduce((sum, values) => sum + valueAt(values, i), 0));
}

// Whether the line of the GPUs available would press what is used against the axis.
function dwarfs(timeline) {
  return Math.max(...totals(timeline, timeline.used)) <
    0.1 * Math.max(...totals(timeline, timeline.available));
}

function hiddenAvailable(timeline) {
  return dwarfs(timeline)
    ? count(Math.max(...totals(timeline, timeline.available))) + " GPUs are available, far more " +
      "than are in use: choose \u201cavailable\u201d in the legend to see them." : "";
}

function useOption(timeline) {
  const unit = axisUnit(timeline.end - timeline.time[0]);
  const option = timeOption("GPUs in use over time by type.", unit, "GPUs", timeline.time[0],
    timeline.end);
  option.series = timeline.types.map((type, t) => ({
    name: type, type: "line", step: "end", stack: "used", symbol: "none",
    lineStyle: { width: 1 }, areaStyle: { opacity: 0.45 },
    data: steps(timeline, timeline.used[t], unit),
  })).filter((_, t) => timeline.used[t] !== 0);
  const all = totals(timeline, timeline.available);
  option.legend.selected = { available: !dwarfs(timeline) };
  option.series.push({
    name: "available", type: "line", step: "end", symbol: "none", color: colour("ink"),
    lineStyle: { width: 1.5, type: "dashed" }, data: steps(timeline, all, unit),
  });
  return option;
}

function samplesOption(timeline) {
  const unit = axisUnit(timeline.end - timeline.time[0]);
  const option = timeOption("Samples per second over time.", unit, "samples per second",
    timeline.time[0], timeline.end);
  option.yAxis.minInterval = undefined;
  option.legend.show = false;
  option.grid.left = 76;
  option.yAxis.nameGap = 60;
  option.series = [{ name: "samples per second", type: "line", step: "end", symbol: "none",
                     data: steps(timeline, timeline.samples, unit) }];
  return option;
}
