"use strict";
// The one renderer of tables.

function swatch(index) {
  return element("span", { class: "swatch", style: "background:" + palette()[index % 10],
                           "aria-hidden": "true" });
}

// What a cell shows: nothing, a number, [mean, half width], a text, or {code: text}.
function cellContent(cell, unit) {
  if (cell === null || cell === undefined) return [none];
  if (Array.isArray(cell)) {
    const [mean, half] = cell;
    const interval = half === null || half === undefined ? []
      : [element("small", {}, " \u00b1\u00a0" + say(half, unit))];
    return [say(mean, unit), ...interval];
  }
  if (typeof cell === "object") return [element("code", {}, cell.code)];
  return [say(cell, unit)];
}

const cellNumber = (cell) => {
  const value = Array.isArray(cell) ? cell[0] : cell;
  return typeof value === "number" ? value : null;
};

// Rows that are said to be best; else those that read the same as the best one share its mark, and
// where all do, none has it.
function bestRows(data, column) {
  if (data.columns[column].best_rows) return data.columns[column].best_rows;
  const wanted = data.columns[column].best;
  if (!wanted || wanted === "none" || data.rows.length < 2) return [];
  const values = data.rows.map((row) => cellNumber(row.cells[column]));
  if (values.some((value) => value === null)) return [];
  const best = wanted === "least" ? Math.min(...values) : Math.max(...values);
  const shown = values.map((value) => say(value, data.columns[column].unit));
  const rows = shown.map((text, row) => (text === say(best, data.columns[column].unit) ? row : -1))
    .filter((row) => row >= 0);
  return rows.length === values.length ? [] : rows;
}

function tableRow(data, row, index, best, labelled) {
  const head = [row.series === undefined || row.series === null ? [] : [swatch(row.series)]].flat();
  const cells = row.cells.map((cell, column) => {
    const content = cellContent(cell, data.columns[column].unit);
    if (column === 0 && !labelled)
      return element("th", { scope: "row" }, [...head, ...content]);
    const kind = best[column].includes(index) ? "best" : data.columns[column].text ? "text" : "";
    return element("td", kind ? { class: kind } : {}, content);
  });
  if (labelled) cells.unshift(element("th", { scope: "row" }, [...head, row.label || ""]));
  return element("tr", {}, cells);
}

// A table in a box that scrolls sideways by itself.
function tableBox(data) {
  const labelled = data.rows.some((row) => row.label !== undefined && row.label !== null);
  const best = data.columns.map((_, column) => bestRows(data, column));
  // A long head takes three lines, no more.
  const heads = data.columns.map((column) => element("th", {
    scope: "col", class: column.text ? "text" : "",
    style: "min-width:" + Math.max(6, Math.ceil(column.label.length / 2.4)) + "ch" }, column.label));
  if (labelled) heads.unshift(element("th", { scope: "col" }, data.head || ""));
  const note = best.some((rows) => rows.length > 0) ? " Bold on a tinted ground: best of its column." : "";
  const help = (data.help || "") + note;
  const caption = element("span", {}, element("b", {}, data.title || ""), help ? " " + help : "");
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": data.title || "table",
                          "data-table": data.key },
    element("table", {}, element("caption", {}, caption),
      element("thead", {}, element("tr", {}, heads)),
      element("tbody", {}, data.rows.map((row, i) => tableRow(data, row, i, best, labelled)))));
}

function tableBoxes(tables) {
  return (tables || []).filter((data) => data.rows.length > 0).map(tableBox);
}
