"use strict";
// Distributions: the share of things whose value is at most x, one line a series.

function shareOf(series) {
  return series.of > series.n ? series.n / series.of : 1;
}

function shareWithin(series, value) {
  const quantiles = series.values;
  let low = 0;
  let high = quantiles.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (quantiles[middle] <= value) low = middle + 1;
    else high = middle;
  }
  const within = quantiles.length < 2 ? low
    : Math.min(1, Math.max(0, low - 1) / (quantiles.length - 1));
  return 100 * within * shareOf(series);
}

// The axis: from where to where, and whether it is logarithmic. On a logarithmic one what is
// shorter than its left edge is drawn there.
function distributionRange(chart) {
  const all = chart.series.flatMap((s) => s.values);
  const most = largestOf(all);
  const least = all.length > 0 ? Math.min(...chart.series.filter((s) => s.values.length > 0)
    .map((s) => s.values[0])) : 0;
  if (least < 0 || !spansDecades(all, 1.5))
    return { log: false, low: Math.min(0, least), high: most > 0 ? most : 1 };
  const ten = (value) => Math.pow(10, Math.floor(Math.log10(value)));
  let low = ten(most) / 1000;
  if (most >= 100) low = least >= 10 ? ten(least) : Math.min(1, ten(most) / 1000);
  else if (least > low) low = ten(least);
  return { log: true, low, high: most };
}

renderers.distribution = {
  empty: (chart) => chart.series.every((s) => s.values.length === 0),

  hints(chart) {
    const short = chart.series.filter((s) => s.of > s.n).sort((a, b) => a.n / a.of - b.n / b.of)
      .map((s) => s.name + " " + count(s.n) + " of " + count(s.of));
    const told = short.length > 3 ? "from " + short[0] + " to " + short[short.length - 1] : list(short);
    const range = distributionRange(chart);
    const hidden = range.log && chart.series.some((s) => s.values[0] < range.low);
    return [
      short.length > 0 ? "A line that ends below 100 % leaves out what has no value: " +
        told + "." : "",
      hidden ? "What is shorter than the axis stands at its left edge." : "",
    ];
  },

  option(chart, view) {
    const range = distributionRange(chart);
    const option = baseOption(chart);
    const scale = range.log ? { size: 1, name: "" } : scaleOf(chart.x_unit, range.high);
    const place = range.log ? (x) => Math.log10(Math.max(x, range.low)) : (x) => x / scale.size;
    const what = axisTitle(chart.x_name || "", scale);
    option.xAxis = range.log
      ? logAxis(what ? what + " (logarithmic)" : "logarithmic", range.low, range.high, chart.x_unit)
      : axis(what, {
        min: range.low / scale.size, max: range.high / scale.size,
        axisLabel: { color: colour("soft"), hideOverlap: true, showMaxLabel: false, formatter: tick },
      });
    option.yAxis = valueAxis("cumulative share", {
      min: 0, max: 100, axisLabel: { color: colour("soft"), formatter: "{value} %" },
    });
    option.dataZoom = zoom("horizontal");
    option.series = chart.series.map((s, index) => ({
      name: s.name, type: "line", symbol: s.values.length === 1 ? "circle" : "none",
      symbolSize: 8, lineStyle: lineStyle(index),
      itemStyle: { opacity: s.values.length === 1 ? 1 : 0 },
      data: s.values.map((x, i) => [place(x), 100 * shareOf(s) *
        (s.values.length === 1 ? 1 : i / (s.values.length - 1))]),
    }));
    // All series at the pointer's place, not the nearest point of one line.
    option.tooltip.formatter = (items) => {
      const at = items[0].axisValue;
      const x = range.log ? Math.pow(10, at) * (1 + 1e-9) : at * scale.size;
      const rows = chart.series.map((s, index) => ({
        marker: marker(index), name: s.name, value: shareWithin(s, x).toFixed(1) + " %",
      }));
      return tooltipRows("at most " + say(x, chart.x_unit), rows.filter((row) => view.shows(row.name)));
    };
    return option;
  },

  zoomed(chart) {
    const range = distributionRange(chart);
    return range.log ? logZoomed(range.low, range.high, chart.x_unit) : null;
  },

  csv: (chart) => [
    ["series", "cumulative_share", "value_" + chart.x_unit],
    ...chart.series.flatMap((s) => s.values.map((x, i) =>
      [s.name, shareOf(s) * (s.values.length === 1 ? 1 : i / (s.values.length - 1)), x])),
  ],
};
