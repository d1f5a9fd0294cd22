"use strict";
// Numbers as people read them, and elements made without markup in texts.

const none = "\u2013";

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

function percent(share) {
  return (share * 100).toFixed(1) + "\u00a0%";
}

function count(number) {
  return Number.isInteger(number) ? number.toLocaleString("en") : decimal(number);
}

function decimal(number) {
  if (Math.abs(number) >= 1e15) return number.toExponential(2);
  return Number(number.toPrecision(4)).toLocaleString("en", { maximumFractionDigits: 6 });
}

function bytes(number) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let power = 0;
  while (Math.abs(number) >= 1024 && power < units.length - 1) {
    number /= 1024;
    power += 1;
  }
  return number.toFixed(power === 0 || number >= 100 ? 0 : 1) + "\u00a0" + units[power];
}

// How a number of each unit reads in a table or a tooltip.
const inUnit = {
  count,
  number: decimal,
  seconds: duration,
  bytes,
  share: percent,
  per_second: (number) => decimal(number) + "/s",
  ratio: (number) => number.toFixed(Math.abs(number) >= 100 ? 1 : 3) + "\u00d7",
};

function say(value, unit) {
  if (value === null || value === undefined) return none;
  return typeof value === "number" ? (inUnit[unit] || decimal)(value) : String(value);
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

// A part of a file's name.
function slug(text) {
  return text.replace(/[^A-Za-z0-9._=-]+/g, "-").replace(/^[-.]+|-+$/g, "");
}
