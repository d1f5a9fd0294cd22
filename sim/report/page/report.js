"use strict";
// Puts the report together, and draws again when its width or the colour scheme changes.

const report = JSON.parse(byId("data").textContent);
const views = [];

function fill(node, ...children) {
  node.replaceChildren(...children);
}

// Puts one of several names to choose from into `node`; nothing where there is one.
function choice(node, id, label, names, current, choose) {
  if (names.length < 2) return fill(node);
  const select = element("select", { id }, names.map((name, i) => element("option", { value: i }, name)));
  select.value = current;
  select.addEventListener("change", () => choose(Number(select.value)));
  fill(node, element("label", { for: id }, label), select);
}

// One world: its tables and charts at the chosen point of the sweep, for the chosen policy.
class WorldView {
  constructor(world, index) {
    this.world = world;
    this.index = index;
    this.sweep = 0;
    this.policy = 0;
    this.cards = { all: [], policy: [] };
    const box = (kind) => element("div", { class: kind });
    this.parts = {
      sweepChoice: box("choice"), headline: box("headline-box"), overview: box("tables"),
      charts: box("charts"), policyChoice: box("choice"), policyCharts: box("charts"),
      policyTables: box("tables"), tables: box("tables"),
    };
    this.node = element("section", { id: "world-" + (index + 1), "aria-labelledby": "h-world-" + (index + 1) },
      element("h2", { id: "h-world-" + (index + 1) }, world.title || "Results"),
      ...Object.values(this.parts), ...this.basis());
  }

  at() {
    return this.world.sweeps[this.sweep];
  }

  // What the numbers rest on.
  basis() {
    const { notes, definitions, tables } = this.world;
    const parts = [];
    if (notes && notes.length > 0)
      parts.push(element("ul", { class: "notes" }, notes.map((note) =>
        element("li", {}, note.charAt(0).toUpperCase() + note.slice(1)))));
    parts.push(...tableBoxes(tables));
    if (definitions && definitions.length > 0)
      parts.push(element("dl", { class: "terms" }, definitions.flatMap(([term, text]) =>
        [element("dt", {}, term), element("dd", {}, text)])));
    if (parts.length > 0) parts.unshift(element("h3", { class: "part" }, "What these numbers rest on"));
    return parts;
  }

  head() {
    const { headline, tiles } = this.at();
    const parts = [];
    if (headline) parts.push(element("p", { class: "headline" }, headline));
    if (tiles && tiles.length > 0)
      parts.push(element("div", { class: "tiles" }, tiles.map((tile) => element("div", { class: "tile" },
        element("b", {}, tile.value), element("span", {}, tile.label)))));
    return parts;
  }

  // What a chart's downloads are called: its key, and what tells it from its like.
  cardsOf(charts, policy) {
    const several = report.worlds.length > 1;
    const parts = [several ? this.world.name : "", this.at().name, policy];
    return (charts || []).map((chart) => new ChartCard(chart,
      [parts[0], parts[1], chart.key, parts[2]].map((part) => slug(part || "")).filter((part) => part).join(".")));
  }

  replaceCards(kind, node, charts, policy) {
    for (const card of this.cards[kind]) card.dispose();
    this.cards[kind] = this.cardsOf(charts, policy);
    fill(node, ...this.cards[kind].map((card) => card.node));
    for (const card of this.cards[kind]) card.draw();
  }

  showPolicy(index) {
    const series = this.at().series;
    this.policy = Math.max(0, Math.min(index, series.length - 1));
    const shown = series[this.policy];
    this.replaceCards("policy", this.parts.policyCharts, shown && shown.charts,
      series.length > 1 ? shown.policy : "");
    fill(this.parts.policyTables, ...tableBoxes(shown && shown.tables));
  }

  showSweep(index) {
    this.sweep = index;
    const { parts } = this;
    choice(parts.sweepChoice, "sweep-" + this.index, "Sweep point",
      this.world.sweeps.map((sweep) => sweep.name), index, (chosen) => chooseSweep(this, chosen));
    const tables = tableBoxes(this.at().tables);
    fill(parts.headline, ...this.head());
    fill(parts.overview, ...tables.slice(0, 1));
    fill(parts.tables, ...tables.slice(1));
    this.replaceCards("all", parts.charts, this.at().charts, "");
    const own = this.at().series.filter((s) => (s.charts || []).length + (s.tables || []).length > 0);
    choice(parts.policyChoice, "policy-" + this.index, "Policy shown below",
      own.length > 0 ? this.at().series.map((s) => s.policy) : [], this.policy,
      (chosen) => this.showPolicy(chosen));
    this.showPolicy(this.policy);
  }

  show() {
    if (this.world.sweeps.length > 0) this.showSweep(this.sweep);
  }

  redraw() {
    for (const card of [...this.cards.all, ...this.cards.policy]) card.draw();
  }
}

// Worlds of one run are at the same point of the sweep: the others follow where they have it.
function chooseSweep(view, index) {
  const { name } = view.world.sweeps[index];
  for (const other of views) {
    const same = other === view ? index : other.world.sweeps.findIndex((sweep) => sweep.name === name);
    if (same >= 0 && (other === view || same !== other.sweep)) other.showSweep(same);
  }
}

// Over which runs and subjects the tables go, and what their intervals are.
function writeReading() {
  const sentences = report.reading || [];
  byId("reading").hidden = sentences.length === 0;
  fill(byId("reading"), ...sentences.map((text) => element("li", {}, text)));
}

function writeHead() {
  byId("title").textContent = report.name;
  byId("lead").textContent = report.lead || "";
  byId("description").textContent = report.description || "";
  fill(byId("failures"), ...(report.failed || []).map((text) =>
    element("p", { class: "warning", role: "alert" }, "Not in this report, because it did not finish: " + text)));
}

// A small table of contents where there are several worlds.
function writeContents() {
  if (report.worlds.length < 2) return;
  const sections = [...document.querySelectorAll("main > section, #worlds > section")].filter((s) => !s.hidden);
  byId("contents").hidden = false;
  fill(byId("contents"), element("ul", {}, sections.map((section) => element("li", {},
    element("a", { href: "#" + section.id }, section.querySelector("h2").textContent)))));
}

function writeRest() {
  const overview = tableBoxes(report.overview);
  fill(byId("overview"), ...overview);
  byId("all").hidden = overview.length === 0;
  const costs = tableBoxes(report.costs);
  fill(byId("costs"), ...costs);
  byId("cost").hidden = costs.length === 0;
  fill(byId("setup-texts"), ...(report.setup || []).map(({ title, text }) =>
    element("div", { class: "card" }, element("h3", {}, title), element("pre", { tabindex: "0" }, text || "not recorded"))));
  fill(byId("runs"), ...tableBoxes(report.runs ? [report.runs] : []));
  const command = report.kind === "comparison" ? "orrery compare" : "orrery run";
  fill(byId("again"), element("p", { class: "hint" }, "The same numbers again: save the experiment below as ",
    element("code", {}, "experiment.yaml"), " where its paths are right, then ",
    element("code", {}, command + " experiment.yaml --out again"),
    ". All files but the measured costs come out byte for byte the same."));
  byId("again").hidden = !report.experiment;
  byId("experiment").textContent = report.experiment || "";
  byId("experiment-box").hidden = !report.experiment;
}

// Tables carry colours of the palette too, so a change of scheme puts everything up anew.
function followWindow() {
  dark.addEventListener("change", () => {
    writeRest();
    for (const view of views) view.show();
  });
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    for (const view of views) view.redraw();
  });
}

function start() {
  writeHead();
  writeReading();
  writeRest();
  report.worlds.forEach((world, index) => views.push(new WorldView(world, index)));
  fill(byId("worlds"), ...views.map((view) => view.node));
  writeContents();
  for (const view of views) view.show();
  followWindow();
  document.documentElement.dataset.ready = "yes";
}

start();
