"use strict";
// Values that hold until the next instant, over simulated time.

// A list of values that are all equal is sent as one number.
function valueAt(values, index) {
  return typeof values === "number" ? values : values[index];
}

function timeOf(chart, series) {
  return series.time || chart.time || [];
}

function endOf(chart, series) {
  const time = timeOf(chart, series);
  const end = series.end !== undefined ? series.end : chart.end;
  return Math.max(end === undefined ? -Infinity : end, time[time.length - 1]);
}

// Points of a step line, prolonged to the end of the run.
function stepPoints(time, end, values, scale) {
  const points = time.map((t, i) => [t / scale.size, valueAt(values, i)]);
  if (points.length > 0) points.push([end / scale.size, points[points.length - 1][1]]);
  return points;
}

// The value that holds at an instant: that of the last change before it.
function valueThen(time, values, at) {
  let low = 0;
  let high = time.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (time[middle] <= at) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : valueAt(values, low - 1);
}

// What is available of all series together, where each tells its own limit.
function limitOf(chart) {
  const limited = chart.series.filter((s) => s.limit !== undefined && s.limit !== null);
  if (limited.length === 0) return null;
  const time = timeOf(chart, limited[0]);
  const values = time.map((_, i) => (chart.stacked
    ? limited.reduce((sum, s) => sum + valueAt(s.limit, i), 0)
    : Math.max(...limited.map((s) => valueAt(s.limit, i)))));
  return { name: chart.limit_name || "limit", time, values, end: endOf(chart, limited[0]) };
}

function stepsLargest(chart) {
  const flat = (values) => (typeof values === "number" ? values : largestOf(values));
  if (!chart.stacked) return largestOf(chart.series.map((s) => flat(s.values)));
  return largestOf((chart.time || []).map((_, i) =>
    chart.series.reduce((sum, s) => sum + (valueAt(s.values, i) || 0), 0)));
}

// Whether the line of the limit would press what is drawn against the axis.
function limitDwarfs(chart, limit) {
  return stepsLargest(chart) < 0.1 * largestOf(limit.values);
}

renderers.steps = {
  empty: (chart) => chart.series.every((s) => timeOf(chart, s).length === 0),

  hints(chart) {
    const limit = limitOf(chart);
    return [
      chart.bin_seconds ? (chart.bin_value === "largest" ? "Largest value" : "Mean") + " of each " +
        duration(chart.bin_seconds) + " of simulated time." : "",
      limit && limitDwarfs(chart, limit)
        ? "Up to " + say(largestOf(limit.values), chart.y_unit) + " are " + limit.name +
          ", far more than is drawn: choose \u201c" + limit.name + "\u201d in the legend to see it." : "",
    ];
  },

  option(chart, view) {
    const drawn = chart.series.filter((s) => timeOf(chart, s).length > 0);
    const begin = Math.min(...drawn.map((s) => timeOf(chart, s)[0]));
    const last = Math.max(...drawn.map((s) => endOf(chart, s)));
    // A run that ends at its only instant still shows what held then.
    const end = last > begin ? last : begin + 1;
    const until = (s) => (last > begin ? endOf(chart, s) : end);
    const limit = limitOf(chart);
    const most = Math.max(stepsLargest(chart), limit ? largestOf(limit.values) : 0);
    const scale = scaleOf(chart.y_unit, most);
    const option = baseOption(chart);
    option.xAxis = timeAxis(begin, end);
    const time = option.xAxis.scale;
    option.yAxis = valueAxis(axisTitle(chart.y_name || "", scale),
      { min: (v) => Math.min(0, v.min), minInterval: chart.y_unit === "count" ? 1 : undefined });
    option.dataZoom = zoom("horizontal");
    const scaled = (values) => (typeof values === "number" ? values / scale.size
      : values.map((v) => (v === null ? null : v / scale.size)));
    option.series = drawn.map((s, index) => ({
      name: s.name, type: "line", step: "end", symbol: "none", stack: chart.stacked ? "all" : undefined,
      lineStyle: chart.stacked ? { width: 1 } : lineStyle(index),
      areaStyle: chart.stacked ? { opacity: 0.45 } : undefined,
      color: palette()[chart.series.indexOf(s) % 10],
      data: stepPoints(timeOf(chart, s), until(s), scaled(s.values), time),
    })).filter((_, i) => !chart.stacked || drawn[i].values !== 0);
    if (limit) {
      option.legend.selected = { [limit.name]: !limitDwarfs(chart, limit) };
      option.series.push({
        name: limit.name, type: "line", step: "end", symbol: "none", color: colour("ink"),
        lineStyle: { width: 1.5, type: "dashed" },
        data: stepPoints(limit.time, limit.end, scaled(limit.values), time),
      });
    }
    option.legend.show = option.series.length > 1 || drawn[0].name !== "";
    // All series at the pointer's instant: they may change at others.
    option.tooltip.formatter = (items) => {
      const at = items[0].axisValue * time.size * (1 + 1e-12);
      const rows = drawn.map((s) => ({
        marker: marker(chart.series.indexOf(s)), name: s.name,
        value: say(valueThen(timeOf(chart, s), s.values, at), chart.y_unit),
      }));
      if (limit) rows.push({ name: limit.name,
                             value: say(valueThen(limit.time, limit.values, at), chart.y_unit) });
      return tooltipRows(duration(at), rows.filter((row) => view.shows(row.name)));
    };
    return option;
  },

  csv: (chart) => [
    ["series", "time_seconds", "value_" + chart.y_unit, "limit"],
    ...chart.series.flatMap((s) => timeOf(chart, s).map((t, i) => [s.name, t, valueAt(s.values, i),
      s.limit === undefined || s.limit === null ? null : valueAt(s.limit, i)])),
  ],
};
