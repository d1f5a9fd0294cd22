// The page drawn from made-up data in a real browser: usage page_charts.mjs CHECK BUNDLE FOLDER.
// Prints a line a figure, and leaves the pages and their screenshots in FOLDER.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Browser } from "./devtools.mjs";
import * as samples from "./page_samples.mjs";

const [check, bundle, folder] = process.argv.slice(2);
const report = join(import.meta.dirname || new URL(".", import.meta.url).pathname, "../../sim/report");
let missed = 0;

function figure(text, target, good) {
  if (!good) missed += 1;
  console.log(`${check}: ${text} (${target})${good ? "" : " MISSED"}`);
}

// What html_report.cpp puts together, from the same parts in the same order.
function assemble(data) {
  const page = (name) => readFileSync(join(report, "page", name), "utf8");
  const parts = [...readFileSync(join(report, "page_resources.cpp"), "utf8").matchAll(/ORRERY_PART\("(\w+\.js)"\)/g)];
  const puts = {
    title: "sample", style: page("report.css"), licenses: "", charts: readFileSync(join(bundle, "charts.js"), "utf8"),
    data: JSON.stringify(data).replaceAll("<", "\\u003c"), script: parts.map(([, name]) => page(name)).join(""),
  };
  return page("report.html").split(/<!--(\w+)-->/).map((part, i) => (i % 2 ? puts[part] : part)).join("");
}

// Charts with a drawing that is not empty, and those that should have one.
const drawnCharts = `(() => {
  const boxes = [...document.querySelectorAll(".chart")];
  const inked = boxes.filter((box) => {
    const canvas = box.querySelector("canvas");
    if (!canvas || canvas.width === 0) return false;
    const pixels = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    return new Set(pixels).size > 8;
  });
  return [inked.length, boxes.length];
})()`;

const stickingOut = `[...document.querySelectorAll("body *")].filter((e) => !e.closest(".scroll, pre") &&
  e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 90)).slice(0, 3).join(" | ")`;

async function look(browser, name, url, width, dark, said) {
  const page = await browser.open(url, { width, dark });
  await page.until("document.documentElement.dataset.ready === 'yes'");
  const [inked, boxes] = await page.value(drawnCharts);
  const wide = await page.value("document.documentElement.scrollWidth");
  if (wide > width) console.error(`  ${name}: sticks out: ` + await page.value(stickingOut));
  writeFileSync(join(folder, `${name}-${width}-${dark ? "dark" : "light"}.png`), await page.screenshot());
  said.push(...page.console);
  await page.close();
  return { inked, boxes, wide };
}

async function downloaded(path, seconds = 20) {
  for (let tries = 0; tries < seconds * 20; tries += 1) {
    if (existsSync(path) && statSync(path).size > 0) return readFileSync(path);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return Buffer.alloc(0);
}

// Whether a saved file is what its name says: well-formed XML with a drawing, pixels, rows without
// texts that a spreadsheet takes for formulas.
const sound = {
  svg: (file, page) => page.value(`(() => {
    const svg = new DOMParser().parseFromString(${JSON.stringify(file.toString())}, "image/svg+xml");
    return !svg.querySelector("parsererror") && svg.querySelectorAll("path, rect").length > 3;
  })()`),
  png: (file) => file.subarray(1, 4).toString() === "PNG" && file.length > 2000,
  csv: (file) => file.toString().split("\r\n").length > 2 && !/(^|,|\r\n)"?[=@]/.test(file.toString()),
};

// Clicks every button of every chart and reads the files.
async function saves(browser, name, url, said) {
  const downloads = join(folder, "saved-" + name);
  rmSync(downloads, { recursive: true, force: true });
  mkdirSync(downloads, { recursive: true });
  const page = await browser.open(url, { width: 1400, downloads });
  await page.until("document.documentElement.dataset.ready === 'yes'");
  const wanted = await page.value(`[...document.querySelectorAll("[data-save]")].map((b) => b.dataset.save)`);
  let good = 0;
  for (let i = 0; i < wanted.length; i += 1) {
    const before = new Set(readdirSync(downloads));
    let fresh = [];
    // The browser itself drops a download now and then where many follow each other fast.
    for (let tries = 0; tries < 150 && fresh.length === 0; tries += 1) {
      if (tries % 50 === 0) await page.click(`document.querySelectorAll("[data-save]")[${i}]`);
      await new Promise((resolve) => setTimeout(resolve, 40));
      fresh = readdirSync(downloads).filter((file) => !before.has(file) && file.endsWith("." + wanted[i]));
    }
    const file = fresh.length > 0 ? await downloaded(join(downloads, fresh[0])) : Buffer.alloc(0);
    if (await sound[wanted[i]](file, page)) good += 1;
    else console.error(`  ${name}: download ${i} (${wanted[i]}) is ${file.length} bytes: ${fresh}`);
  }
  said.push(...page.console);
  await page.close();
  return [good, wanted.length];
}

// Where the first datum of a chart is drawn, in pixels of its box.
const firstDatum = (chart) => `(() => {
  const card = views.flatMap((view) => [...view.cards.all, ...view.cards.policy]).filter((c) => c.box)[${chart}];
  const [x, y] = card.option().series[0].data[0];
  return card.drawn.convertToPixel({ seriesIndex: 0 }, [x, y]);
})()`;

// Moves over every chart until it tells what is there; `undefined` and the like are not answers.
async function tooltips(browser, url, said) {
  const page = await browser.open(url, { width: 1400 });
  await page.until("document.documentElement.dataset.ready === 'yes'");
  const charts = await page.value(`document.querySelectorAll(".chart").length`);
  let telling = 0;
  for (let i = 0; i < charts; i += 1) {
    const box = `document.querySelectorAll(".chart")[${i}]`;
    const first = await page.value(firstDatum(i));
    const [x, y, width, height] = await page.value(`(() => { ${box}.scrollIntoView({ block: "center" });
      const r = ${box}.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()`);
    let text = "";
    for (let at = -1; at < 120 && text === ""; at += 1) {
      if (at < 0) await page.move(x + first[0], y + first[1]);
      else await page.move(x + 80 + (width - 130) * (at % 12) / 11.5, y + 60 + (height - 160) * Math.floor(at / 12) / 9);
      text = await page.value(`[...${box}.children].filter((c) => getComputedStyle(c).visibility === "visible")
        .map((c) => c.innerText).join("").trim()`);
    }
    if (text !== "" && !/undefined|NaN|null|\[object/.test(text)) telling += 1;
    else console.error(`  tooltip of chart ${i}: "${text}"`);
  }
  said.push(...page.console);
  await page.close();
  return [telling, charts];
}

// Keys zoom; the zoom stays when the page is drawn anew at another width.
async function zoomByKeys(browser, url, said) {
  const page = await browser.open(url, { width: 1400 });
  await page.until("document.documentElement.dataset.ready === 'yes'");
  const window = "JSON.stringify(views[0].cards.all[0].zooms()[0])";
  const before = await page.value(window);
  await page.value(`{ const box = document.querySelector(".chart"); box.focus();
    for (const key of ["+", "+", "ArrowRight"]) box.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })); }`);
  const zoomed = await page.value(window);
  await page.send("Emulation.setDeviceMetricsOverride", { width: 900, height: 900, deviceScaleFactor: 1, mobile: false });
  await page.until("views[0].cards.all[0].box.clientWidth < 900");
  const after = await page.value(window);
  said.push(...page.console);
  await page.close();
  return before !== zoomed && zoomed === after;
}

async function main() {
  mkdirSync(folder, { recursive: true });
  const browser = new Browser();
  const said = [];
  const pages = { "two-worlds": samples.twoWorlds(), sweep: samples.sweep(), hard: samples.hard() };
  for (const [name, data] of Object.entries(pages)) {
    const path = join(folder, name + ".html");
    writeFileSync(path, assemble(data));
    const url = pathToFileURL(path).href;
    for (const width of [1400, 390])
      for (const dark of [false, true]) {
        const { inked, boxes, wide } = await look(browser, name, url, width, dark, said);
        const where = `${name}, ${width} pixels, ${dark ? "dark" : "light"}`;
        figure(`${where}: ${inked} of ${boxes} charts drawn, page ${wide} pixels wide`, "all, no wider",
          inked === boxes && boxes > 0 && wide <= width);
      }
    const [good, wanted] = await saves(browser, name, url, said);
    const [telling, charts] = await tooltips(browser, url, said);
    figure(`${name}: ${telling} of ${charts} charts tell what is under the pointer`, "all", telling === charts);
    figure(`${name}: ${good} of ${wanted} downloads are sound`, "all", good === wanted && wanted > 0);
  }
  figure("keys zoom, and the zoom outlasts a change of width", "yes",
    await zoomByKeys(browser, pathToFileURL(join(folder, "two-worlds.html")).href, said));
  for (const text of said.slice(0, 10)) console.error("  console: " + text);
  figure(`${said.length} console messages`, "0", said.length === 0);
  await browser.close();
  process.exitCode = missed > 0 ? 1 : 0;
}

await main();
