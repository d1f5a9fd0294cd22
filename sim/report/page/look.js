"use strict";
// What all charts share: colours of the page, legend, tooltip, axes and zooming.

const dark = window.matchMedia("(prefers-color-scheme: dark)");

// Ten colours that differ in lightness too, for either ground.
function palette() {
  return dark.matches
    ? ["#6ea8fe", "#f5a742", "#4ec9a0", "#f2777a", "#b794f6", "#5fd0e6", "#f28fc0", "#b5d15c",
       "#c9a27e", "#a9b4c2"]
    : ["#1d5fc4", "#c96a00", "#0b7a55", "#c22f33", "#6d3fc0", "#0a7f96", "#b01e74", "#5b7d0a",
       "#7a4a22", "#4b5766"];
}

// From little to much, for either ground.
function ramp() {
  return dark.matches ? ["#22304a", "#2f5f9e", "#3f9bb8", "#79cf9a", "#f0ea7a"]
    : ["#e9eef6", "#a9c9e8", "#5f9fd0", "#2c6aa8", "#12306b"];
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
}

function narrow() {
  return window.innerWidth < 600;
}

function escapeText(text) {
  return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}

function tooltipRows(title, rows) {
  const lines = rows.map((row) => (row.marker || "") + escapeText(row.name) + ": <b>" +
    escapeText(row.value) + "</b>");
  return [escapeText(title), ...lines].join("<br>");
}

// The dot before a line of a tooltip, as ECharts makes it.
function marker(index) {
  return '<span style="display:inline-block;margin-right:5px;border-radius:10px;width:10px;' +
    "height:10px;background:" + palette()[index % 10] + '"></span>';
}

// The page's fonts, in quotes that may stand within an attribute of a saved picture.
function fonts() {
  return getComputedStyle(document.body).fontFamily.replace(/"/g, "'");
}

// Where a chart stands in its box; a slider below takes its place from it.
function gridOf(more) {
  return Object.assign({ left: 64, right: narrow() ? 14 : 24, top: 44, bottom: 92 }, more);
}

function baseOption(chart) {
  return {
    animation: false,
    color: palette(),
    textStyle: { fontFamily: fonts(), color: colour("ink") },
    aria: { enabled: true, label: { description: chart.title + "." } },
    grid: gridOf(),
    legend: {
      type: "scroll", left: 0, top: 0, itemWidth: 30, padding: [4, 0], itemStyle: { opacity: 0 },
      textStyle: { color: colour("ink"), lineHeight: 18 },
      formatter: (name) => (name.length > 40 ? name.slice(0, 39) + "\u2026" : name),
      inactiveColor: colour("merged"), pageIconColor: colour("ink"),
      pageIconInactiveColor: colour("merged"), pageTextStyle: { color: colour("soft") },
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
    axisLabel: { color: colour("soft"), hideOverlap: true, formatter: tick },
    axisLine: { show: true, lineStyle: { color: colour("line") } },
    axisTick: { lineStyle: { color: colour("line") } },
    splitLine: { lineStyle: { color: colour("grid") } },
  }, more);
}

function valueAxis(name, more) {
  return axis(name, Object.assign({ nameGap: 46 }, more));
}

// A logarithmic axis is one over powers of ten, so that zooming and ticks are ours.
function logAxis(name, low, high, unit, more) {
  const ticks = logTicks(low, high, unit).map(Math.log10);
  return axis(name, Object.assign({
    min: Math.log10(low), max: Math.log10(high),
    axisTick: { customValues: ticks, lineStyle: { color: colour("line") } },
    axisLabel: { color: colour("soft"), hideOverlap: true, customValues: ticks,
                 formatter: (v) => logTick(Math.pow(10, v), unit) },
  }, more));
}

// The axis's ticks for the window that zooming left of it.
function logZoomed(low, high, unit) {
  return (from, to) => {
    const at = (percents) => Math.pow(10, Math.log10(low) + percents / 100 * Math.log10(high / low));
    const ticks = logTicks(at(from), at(to), unit).map(Math.log10);
    return { axisTick: { customValues: ticks }, axisLabel: { customValues: ticks } };
  };
}

// An axis of simulated time begins at 0, unless the run began much later.
function timeAxis(begin, end) {
  const scale = scaleOf("seconds", end - begin);
  const fromZero = begin >= 0 && begin < 0.05 * end;
  return Object.assign(axis(axisTitle("simulated time", scale), {
    min: (fromZero ? 0 : begin) / scale.size,
    max: end / scale.size,
    axisLabel: { color: colour("soft"), hideOverlap: true, showMaxLabel: false,
                 showMinLabel: fromZero, formatter: tick },
  }), { scale });
}

// Lines differ in dash as well as in colour.
function lineStyle(index) {
  return { width: 2, type: ["solid", "dashed", "dotted"][index % 3] };
}

// A legend of up to three rows shows all its entries, and the plot makes room for it; a longer one
// is turned over like pages.
function fitLegend(option, width) {
  const names = option.series.map((s) => s.name || "");
  if (option.legend.show === false) return;
  let rows = 1;
  let used = 0;
  for (const name of names) {
    const wide = 48 + 7 * Math.min(name.length, 40);
    if (used > 0 && used + wide > width) {
      rows += 1;
      used = 0;
    }
    used += wide;
  }
  if (rows > 3) return;
  option.legend.type = "plain";
  const more = 24 * (rows - 1);
  option.grid.top += more;
  for (const part of option.dataZoom || [])
    if (part.orient === "vertical" && part.type === "slider") part.top += more;
}

// Zooming by a slider beside an axis, by two fingers, and by the wheel with Ctrl held, which leaves
// scrolling to the page.
function zoom(orient, more) {
  const axes = orient === "vertical" ? { yAxisIndex: 0 } : { xAxisIndex: 0 };
  const place = orient === "vertical" ? { width: 18, right: 6 } : { height: 22, bottom: 8 };
  const shared = Object.assign({ orient, filterMode: "none" }, axes);
  return [
    Object.assign({
      type: "slider", start: 0, end: 100, borderColor: colour("line"),
      textStyle: { color: colour("soft") }, fillerColor: dark.matches ? "#86b4f533" : "#1f5fbf22",
      dataBackground: { lineStyle: { color: colour("line") }, areaStyle: { color: colour("grid") } },
      showDetail: false, brushSelect: false,
    }, shared, place, more),
    Object.assign({ type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseMove: false,
                    moveOnMouseWheel: false, preventDefaultMouseMove: false }, shared),
  ];
}
