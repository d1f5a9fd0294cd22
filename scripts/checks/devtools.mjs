// A headless Chromium driven through its DevTools pipe: pages, screenshots and downloads, without a
// package and without a port.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const flags = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe",
];

export class Browser {
  constructor() {
    this.profile = mkdtempSync(join(tmpdir(), "orrery-browser-"));
    this.process = spawn("chromium", [...flags, "--user-data-dir=" + this.profile, "about:blank"],
      { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    this.process.on("error", (error) => { this.failed(new Error("chromium did not start: " + error.message)); });
    this.process.on("exit", () => this.failed(new Error("chromium ended")));
    this.waiting = new Map();
    this.listeners = [];
    this.next = 1;
    let rest = "";
    this.process.stdio[4].on("data", (data) => {
      const parts = (rest + data).split("\0");
      rest = parts.pop();
      for (const part of parts) this.received(JSON.parse(part));
    });
  }

  failed(error) {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  received(message) {
    const waiting = this.waiting.get(message.id);
    if (!waiting) return this.listeners.forEach((listener) => listener(message));
    this.waiting.delete(message.id);
    if (message.error) waiting.reject(new Error(waiting.method + ": " + message.error.message));
    else waiting.resolve(message.result);
  }

  send(method, params = {}, sessionId = undefined) {
    const id = this.next++;
    this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject, method }));
  }

  // Opens a page of this width, dark or light; collects what it says on its console.
  async open(url, { width, height = 900, dark = false, downloads = "" }) {
    if (downloads)
      await this.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads, eventsEnabled: true });
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, sessionId, targetId);
    await page.send("Emulation.setDeviceMetricsOverride",
      { width, height, deviceScaleFactor: 1, mobile: width < 600 });
    await page.send("Emulation.setEmulatedMedia",
      { features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }] });
    for (const domain of ["Runtime", "Log", "Page"]) await page.send(domain + ".enable");
    await page.send("Page.navigate", { url });
    await page.until("document.readyState === 'complete'");
    return page;
  }

  async close() {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.send("Browser.close").catch(() => {});
    await ended;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Page {
  constructor(browser, sessionId, targetId) {
    Object.assign(this, { browser, sessionId, targetId });
    this.console = [];
    browser.listeners.push((message) => {
      if (message.sessionId !== sessionId) return;
      if (message.method === "Runtime.consoleAPICalled")
        this.console.push(message.params.args.map((arg) => arg.value || arg.description).join(" "));
      if (message.method === "Runtime.exceptionThrown") {
        const { exceptionDetails: details } = message.params;
        this.console.push((details.exception || {}).description || details.text);
      }
      if (message.method === "Log.entryAdded") this.console.push(message.params.entry.text);
    });
  }

  send(method, params) {
    return this.browser.send(method, params, this.sessionId);
  }

  async value(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate",
      { expression, returnByValue: true, awaitPromise: true });
    if (exceptionDetails) throw new Error((exceptionDetails.exception || {}).description || exceptionDetails.text);
    return result.value;
  }

  async until(condition, seconds = 60) {
    for (let tries = 0; tries < seconds * 20; tries += 1) {
      if (await this.value(condition)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("in " + seconds + " s this did not come true: " + condition);
  }

  // Clicks the middle of an element as a person does.
  async click(expression) {
    const [x, y] = await this.value(`(() => { const e = ${expression}; e.scrollIntoView({ block: "center" });
      const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()`);
    for (const type of ["mousePressed", "mouseReleased"])
      await this.send("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
  }

  move(x, y) {
    return this.send("Input.dispatchMouseEvent", { type: "mouseMoved", x, y });
  }

  // The whole page as PNG.
  async screenshot() {
    const { cssContentSize: size } = await this.send("Page.getLayoutMetrics");
    const { data } = await this.send("Page.captureScreenshot", { format: "png", captureBeyondViewport: true,
      clip: { x: 0, y: 0, width: size.width, height: Math.min(size.height, 16000), scale: 1 } });
    return Buffer.from(data, "base64");
  }

  close() {
    return this.browser.send("Target.closeTarget", { targetId: this.targetId });
  }
}
