"use strict";
// Which job held which GPU when.

// Five numbers a bar; starts count from the start of the bar before.
function ganttBars(gantt, unit) {
  const bars = [];
  let start = 0;
  for (let i = 0; i < gantt.bars.length; i += 5) {
    start += gantt.bars[i + 2];
    const from = gantt.begin + start * gantt.unit;
    const to = from + gantt.bars[i + 3] * gantt.unit;
    bars.push([from / unit.seconds, to / unit.seconds, gantt.bars[i], gantt.bars[i + 1],
               gantt.bars[i + 4]]);
  }
  return bars;
}

function nodeOfRow(gantt, row) {
  return gantt.nodes.find((node) => row >= node[2] && row < node[2] + node[3]);
}

function ganttTooltip(gantt, names, unit) {
  return (item) => {
    const [from, to, row, rows, job] = item.value;
    const node = nodeOfRow(gantt, row);
    const slot = row - node[2];
    const place = "node " + node[0] + ", GPU " + slot + (rows > 1 ? " to " + (slot + rows - 1) : "");
    const title = job < 0 ? -job + " short runs" : "job " + names[job];
    return tooltipRows(title, [
      { name: "on", value: place + " (" + node[1] + ")" },
      { name: "from", value: duration(from * unit.seconds) },
      { name: "for", value: duration((to - from) * unit.seconds) },
    ]);
  };
}

function drawBar(colours, merged) {
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
    const job = api.value(4);
    return {
      type: "rect",
      shape: { x: left, y: top, width: Math.max(right - left - gap * 0.5, 0.5),
               height: bottom - top - gap },
      style: { fill: job < 0 ? merged : colours[job % colours.length],
               opacity: job < 0 ? 0.6 : 0.9 },
    };
  };
}

function ganttOption(gantt, names) {
  const last = gantt.nodes[gantt.nodes.length - 1];
  const rows = last[2] + last[3];
  const slots = gantt.nodes[0][3];
  const regular = gantt.nodes.every((node) => node[3] === slots);
  const step = slots * Math.ceil(gantt.nodes.length / (narrow() ? 12 : 18));
  const unit = axisUnit(gantt.unit * 50000);
  const bars = ganttBars(gantt, unit);
  const option = baseOption("Jobs on nodes and GPUs over time.");
  option.legend.show = false;
  option.grid = { left: 76, right: rows > 32 ? 48 : 20, top: 12, bottom: 92 };
  option.xAxis = axis("simulated time (" + unit.name + ")", {
    min: gantt.begin / unit.seconds, max: (gantt.begin + gantt.unit * 50000) / unit.seconds,
    axisLabel: { color: colour("soft"), hideOverlap: true, showMinLabel: false, showMaxLabel: false,
                 formatter: (v) => decimal(v) },
  });
  option.yAxis = valueAxis("", {
    inverse: true, min: 0, max: rows, interval: regular ? step : undefined,
    axisLabel: { color: colour("soft"), hideOverlap: true, verticalAlign: "top", formatter: (row) => {
      const node = nodeOfRow(gantt, row);
      return node && (!regular || node[2] === row) ? "node " + node[0] : "";
    } },
  });
  option.dataZoom = slider(0, 100);
  if (rows > 32)
    option.dataZoom.push(Object.assign({}, slider(0, 100)[0], {
      orient: "vertical", yAxisIndex: 0, right: 6, width: 18, top: 12, bottom: 92, height: undefined }));
  option.tooltip.trigger = "item";
  option.tooltip.formatter = ganttTooltip(gantt, names, unit);
  option.series = [{
    type: "custom", renderItem: drawBar(palette(), colour("merged")), data: bars,
    encode: { x: [0, 1], y: 2 }, clip: true, progressive: 0,
  }];
  return option;
}

function ganttHint(gantt) {
  let text = "Each row is a GPU; colours only tell neighbouring jobs apart.";
  if (gantt.merged_runs > 0) {
    text += " Grey bars stand for " + count(gantt.merged_runs) + " of " + count(gantt.runs) + " runs";
    text += gantt.merged_below_seconds > 0
      ? " that were shorter than " + duration(gantt.merged_below_seconds) +
        " or shared a GPU; they were merged with their neighbours."
      : " that shared a GPU with others.";
  }
  if (gantt.hidden_nodes > 0)
    text += " " + count(gantt.hidden_nodes) + " nodes with higher numbers are not drawn.";
  return text;
}
