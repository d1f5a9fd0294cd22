"use strict";
// Points, a series each with its colour and shape.

const shapes = ["circle", "rect", "triangle", "diamond", "pin"];

// One axis of a scatter: linear in its unit, or logarithmic where positive values span decades.
function scatterAxis(values, unit, name, gap) {
  const most = values.reduce((a, b) => Math.max(a, b));
  const least = values.reduce((a, b) => Math.min(a, b));
  if (least > 0 && most >= 1000 * least) {
    const low = least / 1.2;
    const high = most * 1.2;
    return { place: Math.log10, low, high, log: true,
             axis: logAxis(name ? name + " (logarithmic)" : "logarithmic", low, high, unit, { nameGap: gap }) };
  }
  const scale = scaleOf(unit, Math.max(Math.abs(most), Math.abs(least)));
  return { place: (v) => v / scale.size, log: false,
           axis: axis(axisTitle(name, scale), { scale: least > 0.5 * most, nameGap: gap }) };
}

function scatterPart(chart, dimension, name, gap) {
  const values = chart.series.flatMap((s) => s.points.map((point) => point[dimension]));
  return scatterAxis(values, dimension === 0 ? chart.x_unit : chart.y_unit, name || "", gap);
}

renderers.scatter = {
  empty: (chart) => chart.series.every((s) => s.points.length === 0),
  hints: (chart) => chart.series.map((s) => (s.of > s.points.length
    ? s.name + ": " + count(s.points.length) + " of " + count(s.of) + " points are drawn." : "")),

  option(chart) {
    const x = scatterPart(chart, 0, chart.x_name, 32);
    const y = scatterPart(chart, 1, chart.y_name, 46);
    const option = baseOption(chart);
    option.xAxis = x.axis;
    option.yAxis = y.axis;
    option.grid = gridOf({ right: 48 });
    option.dataZoom = [...zoom("horizontal"), ...zoom("vertical", { top: 44, bottom: 92 })];
    option.legend.itemStyle = {};
    option.legend.itemWidth = 14;
    option.legend.show = chart.series.length > 1;
    option.tooltip.trigger = "item";
    option.tooltip.formatter = (item) => {
      const s = chart.series[item.seriesIndex];
      const [px, py] = s.points[item.dataIndex];
      return tooltipRows(s.labels ? s.labels[item.dataIndex] : s.name, [
        { name: chart.x_name || "x", value: say(px, chart.x_unit) },
        { name: chart.y_name || "y", value: say(py, chart.y_unit) },
      ]);
    };
    option.series = chart.series.map((s, index) => ({
      name: s.name, type: "scatter", symbol: shapes[index % shapes.length],
      symbolSize: s.points.length > 1000 ? 4 : 7, itemStyle: { opacity: 0.7 },
      data: s.points.map(([px, py]) => [x.place(px), y.place(py)]),
    }));
    return option;
  },

  zoomed(chart) {
    const x = scatterPart(chart, 0, chart.x_name, 32);
    return x.log ? logZoomed(x.low, x.high, chart.x_unit) : null;
  },

  csv: (chart) => [
    ["series", "x_" + chart.x_unit, "y_" + chart.y_unit, "label"],
    ...chart.series.flatMap((s) => s.points.map(([x, y], i) =>
      [s.name, x, y, s.labels ? s.labels[i] : null])),
  ],
};
