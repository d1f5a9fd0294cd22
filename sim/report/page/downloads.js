"use strict";
// A chart's data as CSV and its picture as SVG or PNG, made in the page and saved by the browser.

// These files are for spreadsheets, which take a text with such a beginning for a formula: an
// apostrophe before it keeps it a text (OWASP's advice). Numbers stay numbers.
function csvField(value) {
  if (value === null || value === undefined) return "";
  const formula = typeof value === "string" && /^[=+\-@\t\r\n\0]/.test(value);
  const text = (formula ? "'" : "") + String(value);
  return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
}

function csvText(rows) {
  return rows.map((row) => row.map(csvField).join(",") + "\r\n").join("");
}

function save(name, type, content) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = element("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

// The chart as it stands, its zoom included, without what only serves to move about in it.
function pictureOption(option, zooms) {
  return Object.assign({}, option, {
    backgroundColor: colour("card"),
    dataZoom: (option.dataZoom || []).map((part, i) =>
      Object.assign({}, part, { show: false }, zooms[i] || {})),
    grid: Object.assign({}, option.grid, { bottom: Math.max(48, option.grid.bottom - 40),
                                           right: Math.min(option.grid.right, 24) }),
  });
}

function svgText(option, size) {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, ...size });
  chart.setOption(option);
  const text = chart.renderToSVGString();
  chart.dispose();
  return text;
}

function saveSvg(name, option, size) {
  save(name, "image/svg+xml", svgText(option, size));
}

// The same picture in pixels, two to one of the screen.
function savePng(name, option, size) {
  const url = URL.createObjectURL(new Blob([svgText(option, size)], { type: "image/svg+xml" }));
  const image = new Image();
  image.addEventListener("load", () => {
    const canvas = element("canvas", { width: 2 * size.width, height: 2 * size.height });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(url);
    canvas.toBlob((blob) => save(name, "image/png", blob));
  });
  image.src = url;
}
