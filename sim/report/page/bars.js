"use strict";
// A bar a label and series, with its interval.

const barMean = (value) => (Array.isArray(value) ? value[0] : value);
const barHalf = (value) => (Array.isArray(value) ? value[1] || 0 : 0);
const known = (value) => barMean(value) !== null && barMean(value) !== undefined;

// One series' bar of each label, side by side with those of the others, whiskers over it.
function drawLabelBar(index, number, fill, ink) {
  return (params, api) => {
    const at = api.value(0);
    const band = api.size([1, 0])[0];
    const width = Math.max(1, Math.min(60, band * 0.8 / number));
    const [middle, top] = api.coord([at, api.value(1)]);
    const zero = api.coord([at, 0])[1];
    const left = middle + (index - number / 2) * width;
    const children = [{
      type: "rect", style: { fill },
      shape: { x: left, y: Math.min(top, zero), width: Math.max(width - (width > 3 ? 1 : 0), 1),
               height: Math.max(Math.abs(zero - top), 1) },
    }];
    const half = api.value(2);
    if (half > 0) {
      const low = api.coord([at, api.value(1) - half])[1];
      const high = api.coord([at, api.value(1) + half])[1];
      const x = left + width / 2;
      const cap = Math.min(5, width / 3);
      for (const [x1, y1, x2, y2] of [[x, low, x, high], [x - cap, low, x + cap, low],
                                      [x - cap, high, x + cap, high]])
        children.push({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: ink, lineWidth: 1.5 } });
    }
    return { type: "group", children };
  };
}

renderers.bars = {
  empty: (chart) => !chart.series.some((s) => s.values.some(known)),

  hints: (chart) => [chart.series.some((s) => s.values.some((v) => barHalf(v) > 0))
    ? "Whiskers: 95 % confidence interval of the mean over seeds." : ""],

  option(chart) {
    const ends = chart.series.flatMap((s) => s.values.filter(known)
      .map((v) => Math.abs(barMean(v)) + barHalf(v)));
    const scale = scaleOf(chart.y_unit, largestOf(ends));
    const lows = chart.series.flatMap((s) => s.values.filter(known).map((v) => barMean(v) - barHalf(v)));
    const highs = chart.series.flatMap((s) => s.values.filter(known).map((v) => barMean(v) + barHalf(v)));
    const low = Math.min(0, ...lows) / scale.size;
    const high = Math.max(0, ...highs) / scale.size;
    const option = baseOption(chart);
    const longest = Math.max(...chart.labels.map((label) => String(label).length));
    const slanted = longest * 7 * chart.labels.length > (narrow() ? 280 : 1000);
    option.grid = gridOf({ top: chart.series.length > 1 ? 44 : 16, bottom: slanted ? 128 : 76 });
    option.xAxis = axis("", {
      type: "category", data: chart.labels.map(String), splitLine: { show: false },
      axisLabel: { color: colour("soft"), hideOverlap: true, rotate: slanted ? 35 : 0,
                   width: slanted ? 110 : undefined, overflow: "truncate",
                   interval: chart.labels.length > 12 ? "auto" : 0 },
    });
    option.yAxis = valueAxis(axisTitle(chart.y_name || "", scale), {
      min: low < 0 ? low * 1.05 : 0, max: high > 0 ? high * 1.05 : 1,
      axisLabel: { color: colour("soft"), hideOverlap: true, showMaxLabel: false, formatter: tick },
    });
    option.dataZoom = zoom("horizontal");
    option.tooltip.trigger = "item";
    option.tooltip.formatter = (item) => {
      const value = chart.series[item.seriesIndex].values[item.data[0]];
      const half = barHalf(value) > 0 ? " \u00b1 " + say(barHalf(value), chart.y_unit) : "";
      return tooltipRows(chart.labels[item.data[0]], [{
        marker: marker(item.seriesIndex), name: item.seriesName,
        value: say(barMean(value), chart.y_unit) + half }]);
    };
    option.legend.itemStyle = {};
    option.legend.itemWidth = 14;
    option.legend.show = chart.series.length > 1;
    option.series = chart.series.map((s, index) => ({
      name: s.name, type: "custom", clip: true, color: palette()[index % 10],
      renderItem: drawLabelBar(index, chart.series.length, palette()[index % 10], colour("ink")),
      data: s.values.map((v, i) => [i, barMean(v) / scale.size, barHalf(v) / scale.size])
        .filter((_, i) => known(s.values[i])),
      encode: { x: 0, y: 1 },
    }));
    return option;
  },

  csv: (chart) => [
    ["label", "series", "value_" + chart.y_unit, "half_width"],
    ...chart.series.flatMap((s) => chart.labels.map((label, i) =>
      [label, s.name, barMean(s.values[i]), Array.isArray(s.values[i]) ? s.values[i][1] : null])),
  ],
};
