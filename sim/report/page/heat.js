"use strict";
// A colour a row and column.

const mostCells = 20000;

// Large ones are drawn in blocks that show their largest value, because a mean would hide peaks.
function heatBlocks(chart) {
  const rows = chart.rows.length;
  const columns = chart.columns.length;
  let high = 1;
  let wide = 1;
  while (Math.ceil(rows / high) * Math.ceil(columns / wide) > mostCells)
    if (rows / high > columns / wide) high += 1;
    else wide += 1;
  return { high, wide };
}

function heatCells(chart, blocks) {
  const cells = new Map();
  chart.values.forEach((row, r) => row.forEach((value, c) => {
    if (value === null) return;
    const at = [Math.floor(c / blocks.wide), Math.floor(r / blocks.high)];
    const key = at.join();
    if (!cells.has(key) || cells.get(key)[2] < value) cells.set(key, [...at, value, r, c]);
  }));
  return [...cells.values()];
}

function heatNames(names, block, unit) {
  return names.filter((_, i) => i % block === 0).map((name) => say(name, unit));
}

// Cells of many overlap by a hair, or seams would show; of few there is a gap between them.
function drawCell(spare) {
  return (params, api) => {
    const [x, y] = api.coord([api.value(0), api.value(1)]);
    const [width, height] = api.size([1, 1]);
    return { type: "rect", style: { fill: api.visual("color") },
             shape: { x: x - width / 2, y: y - height / 2, width: width + spare, height: height + spare } };
  };
}

renderers.heat = {
  empty: (chart) => !chart.values.some((row) => row.some((value) => value !== null)),
  wide: (chart) => chart.rows.length > 12,
  height: (chart) => Math.min(620, Math.max(280, chart.rows.length * 22 + 150)),

  hints(chart) {
    const { high, wide } = heatBlocks(chart);
    return [high * wide > 1 ? "Each cell shows the largest value of " + high + " \u00d7 " + wide +
      " (rows \u00d7 columns)." : ""];
  },

  option(chart) {
    const blocks = heatBlocks(chart);
    const cells = heatCells(chart, blocks);
    const values = cells.map((cell) => cell[2]);
    const low = values.reduce((a, b) => Math.min(a, b));
    const high = values.reduce((a, b) => Math.max(a, b));
    const option = baseOption(chart);
    const rows = heatNames(chart.rows, blocks.high, chart.x_unit);
    const columns = heatNames(chart.columns, blocks.wide, chart.x_unit);
    const longest = Math.min(narrow() ? 12 : 28, Math.max(...rows.map((row) => row.length)));
    option.legend.show = false;
    option.grid = gridOf({ top: 64, left: 34 + longest * 7, right: rows.length > 20 ? 48 : 24 });
    const category = (data, name, more) => axis(name, Object.assign({
      type: "category", data, splitLine: { show: false },
      axisLabel: { color: colour("soft"), hideOverlap: true },
    }, more));
    option.xAxis = category(columns, chart.x_name || "");
    option.yAxis = category(rows, chart.y_name || "", {
      inverse: true, nameGap: 12 + longest * 7,
      axisLabel: { color: colour("soft"), hideOverlap: true, width: longest * 7 + 4, overflow: "truncate" },
    });
    option.dataZoom = zoom("horizontal");
    if (rows.length > 20)
      option.dataZoom.push(...zoom("vertical", { top: 64, bottom: 92 }));
    option.visualMap = {
      type: "continuous", min: low, max: high > low ? high : low + 1, calculable: !narrow(),
      orient: "horizontal", left: 0, top: 0, itemHeight: narrow() ? 120 : 200, itemWidth: 14,
      inRange: { color: ramp() }, textStyle: { color: colour("ink") },
      formatter: (value) => say(value, chart.y_unit), dimension: 2,
      text: narrow() ? [say(high, chart.y_unit), say(low, chart.y_unit)] : undefined,
    };
    option.tooltip.trigger = "item";
    option.tooltip.formatter = (item) => tooltipRows(
      say(chart.rows[item.data[3]], chart.x_unit) + ", " + say(chart.columns[item.data[4]], chart.x_unit),
      [{ name: "value", value: say(item.data[2], chart.y_unit) }]);
    option.series = [{ type: "custom", data: cells, encode: { x: 0, y: 1, value: 2 }, clip: true,
                       progressive: 0, renderItem: drawCell(cells.length > 2000 ? 0.3 : -0.5) }];
    return option;
  },

  csv: (chart) => [
    ["row", "column", "value_" + chart.y_unit],
    ...chart.rows.flatMap((row, r) => chart.columns.map((column, c) => [row, column, chart.values[r][c]])),
  ],
};
