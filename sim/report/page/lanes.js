"use strict";
// What held which rows of a lane from when to when.

// Five numbers a bar; starts count from the start of the bar before.
function laneBars(chart) {
  const bars = [];
  let start = 0;
  for (let i = 0; i < chart.bars.length; i += 5) {
    start += chart.bars[i + 2];
    const from = chart.begin + start * chart.unit;
    bars.push({ from, to: from + chart.bars[i + 3] * chart.unit, row: chart.bars[i],
                rows: chart.bars[i + 1], item: chart.bars[i + 4] });
  }
  return bars;
}

function laneOfRow(chart, row) {
  return chart.lanes.find((lane) => row >= lane.first && row < lane.first + lane.rows);
}

function lanesRows(chart) {
  return chart.lanes.reduce((most, lane) => Math.max(most, lane.first + lane.rows), 0);
}

// The lane, and which of its rows where it has several.
function placeText(chart, bar) {
  const lane = laneOfRow(chart, bar.row);
  const slot = bar.row - lane.first;
  const row = (chart.row_name || "row") + " " + slot + (bar.rows > 1 ? " to " + (slot + bar.rows - 1) : "");
  return lane.name + (lane.rows > 1 ? ", " + row : "") + (lane.group ? " (" + lane.group + ")" : "");
}

function itemText(chart, item) {
  if (item < 0) return -item + " merged runs";
  return (chart.item_name ? chart.item_name + " " : "") + chart.items[item];
}

function drawLaneBar(colours, merged) {
  return (params, api) => {
    const row = api.value(2);
    const from = api.coord([api.value(0), row]);
    const to = api.coord([api.value(1), row + api.value(3)]);
    const area = params.coordSys;
    const left = Math.max(from[0], area.x);
    const right = Math.min(Math.max(to[0], from[0] + 1), area.x + area.width);
    const top = Math.max(from[1], area.y);
    const bottom = Math.min(to[1], area.y + area.height);
    if (right <= left || bottom <= top) return null;
    const gap = bottom - top > 4 ? 1 : 0;
    const item = api.value(4);
    return {
      type: "rect",
      shape: { x: left, y: top, width: Math.max(right - left - gap * 0.5, 0.5),
               height: bottom - top - gap },
      style: { fill: item < 0 ? merged : colours[item % colours.length],
               opacity: item < 0 ? 0.6 : 0.9 },
    };
  };
}

// Rows between the labels of lanes: a multiple of the lanes' size where all have the same.
function laneInterval(chart) {
  const rows = chart.lanes[0].rows;
  if (!chart.lanes.every((lane) => lane.rows === rows)) return undefined;
  return rows * Math.ceil(chart.lanes.length / (narrow() ? 12 : 18));
}

renderers.lanes = {
  wide: () => true,
  empty: (chart) => chart.bars.length === 0,
  height: (chart) => Math.min(620, Math.max(230, lanesRows(chart) * 22 + 120)),

  hints(chart) {
    const texts = [];
    if (chart.merged_runs > 0)
      texts.push("Grey bars stand for " + count(chart.merged_runs) + " of " + count(chart.runs) +
        " runs" + (chart.merged_below_seconds > 0
        ? " that were shorter than " + duration(chart.merged_below_seconds) +
          " or shared a row; they were merged with their neighbours." : " that shared a row with others."));
    if (chart.hidden > 0) texts.push(count(chart.hidden) + " further lanes are not drawn.");
    return texts;
  },

  option(chart) {
    const rows = lanesRows(chart);
    const bars = laneBars(chart);
    const option = baseOption(chart);
    option.xAxis = timeAxis(chart.begin,
      Math.max(largestOf(bars.map((bar) => bar.to)), chart.begin + chart.unit));
    const time = option.xAxis.scale;
    const interval = laneInterval(chart);
    const longest = Math.min(narrow() ? 12 : 24, Math.max(...chart.lanes.map((lane) => lane.name.length)));
    option.legend.show = false;
    option.grid = gridOf({ left: 24 + longest * 7, right: rows > 32 ? 48 : 20, top: 12 });
    option.yAxis = valueAxis("", {
      inverse: true, min: 0, max: rows, interval,
      axisLabel: { color: colour("soft"), hideOverlap: true, verticalAlign: "top",
                   width: longest * 7 + 4, overflow: "truncate", formatter: (row) => {
        const lane = laneOfRow(chart, row);
        return lane && (interval === undefined || lane.first === row) ? lane.name : "";
      } },
    });
    option.dataZoom = zoom("horizontal");
    if (rows > 32) option.dataZoom.push(...zoom("vertical", { top: 12, bottom: 92 }));
    option.tooltip.trigger = "item";
    option.tooltip.formatter = (item) => {
      const bar = bars[item.dataIndex];
      return tooltipRows(itemText(chart, bar.item), [
        { name: "on", value: placeText(chart, bar) },
        { name: "from", value: duration(bar.from) },
        { name: "for", value: duration(bar.to - bar.from) },
      ]);
    };
    option.series = [{
      type: "custom", renderItem: drawLaneBar(palette(), colour("merged")),
      data: bars.map((bar) => [bar.from / time.size, bar.to / time.size, bar.row, bar.rows, bar.item]),
      encode: { x: [0, 1], y: 2 }, clip: true, progressive: 0,
    }];
    return option;
  },

  csv: (chart) => [
    ["lane", "group", "first_row", "rows", "begin_seconds", "end_seconds", "item"],
    ...laneBars(chart).map((bar) => {
      const lane = laneOfRow(chart, bar.row);
      return [lane.name, lane.group, bar.row - lane.first, bar.rows, bar.from, bar.to,
              itemText(chart, bar.item)];
    }),
  ],
};
