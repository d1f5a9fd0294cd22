"use strict";
// A chart in its card: title, hints, the drawing, zooming by keys, and its downloads. What draws
// each kind stands in `renderers`, and no kind is known here.

class ChartCard {
  constructor(chart, name) {
    this.chart = chart;
    this.name = name;
    this.renderer = renderers[chart.kind];
    this.unselected = {};
    this.drawn = null;
    this.node = this.build();
  }

  build() {
    const { chart } = this;
    const title = element("h3", {}, chart.title);
    const lacking = chart.missing || (this.renderer ? "" : "This page cannot draw the kind '" + chart.kind + "'.");
    const empty = !lacking && this.renderer.empty(chart) ? "No data to draw." : "";
    if (lacking || empty)
      return element("div", { class: "card small", "data-chart": chart.key },
        title, element("p", { class: "hint" }, lacking || empty));
    this.box = element("div", { class: "chart", tabindex: "0", role: "img", "aria-label": chart.title,
                                "aria-describedby": "chart-keys" });
    if (this.renderer.height) this.box.style.height = this.renderer.height(chart) + "px";
    this.box.addEventListener("keydown", (event) => this.key(event));
    const seed = chart.seed === undefined || chart.seed === null ? "" : "Seed " + chart.seed + ".";
    const hint = [chart.help || "", ...this.renderer.hints(chart), seed].filter((text) => text !== "").join(" ");
    const wide = this.renderer.wide && this.renderer.wide(chart) ? " wide" : "";
    return element("div", { class: "card" + wide, "data-chart": chart.key },
      element("div", { class: "card-head" }, title, this.saves()),
      hint ? element("p", { class: "hint" }, hint) : "", this.box);
  }

  saves() {
    const button = (kind, what, run) => {
      const made = element("button", { type: "button", "data-save": kind,
                                       "aria-label": "Save " + what + " of \u201c" + this.chart.title + "\u201d",
                                       title: "Save " + what }, kind.toUpperCase());
      made.addEventListener("click", run);
      return made;
    };
    const size = () => ({ width: this.box.clientWidth, height: this.box.clientHeight });
    return element("div", { class: "saves" },
      button("csv", "the data", () => save(this.name + ".csv", "text/csv", csvText(this.renderer.csv(this.chart)))),
      button("svg", "the picture", () => saveSvg(this.name + ".svg", this.picture(), size())),
      button("png", "the picture", () => savePng(this.name + ".png", this.picture(), size())));
  }

  shows(name) {
    return this.unselected[name] !== true;
  }

  // Where each zoom stands, as parts of an option.
  zooms() {
    const parts = this.drawn ? this.drawn.getOption().dataZoom || [] : [];
    return parts.map(({ start, end }) => ({ start, end }));
  }

  picture() {
    const option = pictureOption(this.option(), this.zooms());
    const names = Object.entries(this.unselected).map(([name, hidden]) => [name, !hidden]);
    option.legend = Object.assign({}, option.legend, { selected: Object.fromEntries(names) });
    this.retick(option, this.zooms());
    return option;
  }

  option() {
    const option = this.renderer.option(this.chart, this);
    fitLegend(option, this.box.clientWidth);
    return option;
  }

  // Ticks of a logarithmic axis follow the window.
  retick(option, zooms) {
    const follow = this.renderer.zoomed ? this.renderer.zoomed(this.chart) : null;
    if (!follow || zooms.length === 0) return null;
    const ticks = follow(zooms[0].start, zooms[0].end);
    if (option)
      for (const [part, own] of Object.entries(ticks)) Object.assign(option.xAxis[part], own);
    return ticks;
  }

  // Draws, or draws anew with the zoom and the choice of series as they are.
  draw() {
    if (!this.box) return;
    const zooms = this.zooms();
    if (this.drawn) this.drawn.dispose();
    const option = this.option();
    for (const [name, shown] of Object.entries(option.legend.selected || {}))
      if (!(name in this.unselected)) this.unselected[name] = !shown;
    option.legend.selected = Object.fromEntries(
      Object.entries(this.unselected).map(([name, hidden]) => [name, !hidden]));
    zooms.forEach((part, i) => Object.assign(option.dataZoom[i] || {}, part));
    this.retick(option, zooms);
    this.drawn = echarts.init(this.box, null, { renderer: "canvas" });
    this.drawn.setOption(option);
    this.drawn.on("legendselectchanged", (event) => {
      for (const [name, shown] of Object.entries(event.selected)) this.unselected[name] = !shown;
    });
    this.drawn.on("datazoom", () => {
      const ticks = this.retick(null, this.zooms());
      if (ticks) this.drawn.setOption({ xAxis: ticks });
    });
  }

  dispose() {
    if (this.drawn) this.drawn.dispose();
    this.drawn = null;
  }

  key(event) {
    const [window] = this.zooms();
    if (!window || event.ctrlKey || event.metaKey || event.altKey) return;
    const size = window.end - window.start;
    const middle = (window.start + window.end) / 2;
    const moves = {
      ArrowLeft: [window.start - size / 5, size], ArrowRight: [window.start + size / 5, size],
      "+": [middle - size / 4, size / 2], "-": [middle - size, size * 2], 0: [0, 100],
    };
    const move = moves[event.key === "=" ? "+" : event.key];
    if (!move) return;
    event.preventDefault();
    const width = Math.min(100, Math.max(0.1, move[1]));
    const start = Math.min(100 - width, Math.max(0, move[0]));
    this.drawn.dispatchAction({ type: "dataZoom", dataZoomIndex: 0, start, end: start + width });
  }
}
