"use strict";
// Numbers as people read them, and elements made without markup in texts.

function duration(seconds) {
  const size = Math.abs(seconds);
  const show = (unit, name) => {
    const value = seconds / unit;
    const digits = Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;
    return value.toFixed(digits) + "\u00a0" + name;
  };
  if (size === 0) return "0\u00a0s";
  if (size < 1e-3) return show(1e-6, "\u00b5s");
  if (size < 1) return show(1e-3, "ms");
  if (size < 120) return show(1, "s");
  if (size < 7200) return show(60, "min");
  if (size < 172800) return show(3600, "h");
  return show(86400, "d");
}

// The tick of a logarithmic axis: short, and never longer than it is exact.
function tick(seconds) {
  const units = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"], [1e-3, "ms"], [1e-6, "\u00b5s"]];
  const [unit, name] = units.find(([u]) => seconds >= u) || units[units.length - 1];
  return Number((seconds / unit).toPrecision(2)).toLocaleString("en") + " " + name;
}

function percent(share) {
  return (share * 100).toFixed(1) + "\u00a0%";
}

function count(number) {
  return Math.round(number).toLocaleString("en");
}

function decimal(number) {
  return Number(number.toPrecision(4)).toLocaleString("en", { maximumFractionDigits: 4 });
}

function bytes(number) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let power = 0;
  while (number >= 1024 && power < units.length - 1) {
    number /= 1024;
    power += 1;
  }
  return number.toFixed(power === 0 || number >= 100 ? 0 : 1) + "\u00a0" + units[power];
}

// An estimate is [mean, half width or null], or null.
function estimate(value, show) {
  if (!value) return "\u2013";
  const out = [show(value[0])];
  if (value[1] !== null) out.push(element("small", {}, " \u00b1\u00a0" + show(value[1])));
  return out;
}

function element(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
  node.append(...children.flat());
  return node;
}

function byId(id) {
  return document.getElementById(id);
}

function list(words) {
  if (words.length < 2) return words.join("");
  return words.slice(0, -1).join(", ") + " and " + words[words.length - 1];
}

// The unit in which a time axis of this many seconds is labelled.
function axisUnit(seconds) {
  if (seconds >= 3 * 86400) return { seconds: 86400, name: "days" };
  if (seconds >= 3 * 3600) return { seconds: 3600, name: "hours" };
  if (seconds >= 300) return { seconds: 60, name: "minutes" };
  return { seconds: 1, name: "seconds" };
}
