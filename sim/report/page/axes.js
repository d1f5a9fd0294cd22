"use strict";
// Units and ticks of axes: linear ones in the unit that suits their values, logarithmic ones.

const scales = {
  seconds: [[86400, "days", 3], [3600, "hours", 3], [60, "minutes", 5], [1, "seconds", 1],
            [1e-3, "ms", 1], [1e-6, "\u00b5s", 0]],
  bytes: [[2 ** 40, "TiB", 1], [2 ** 30, "GiB", 1], [2 ** 20, "MiB", 1], [2 ** 10, "KiB", 1],
          [1, "bytes", 0]],
  share: [[0.01, "%", 0]],
  per_second: [[1, "per second", 0]],
  ratio: [[1, "ratio", 0]],
  count: [[1, "", 0]],
};

// The unit in which values up to `largest` are labelled: what they are divided by, and its name.
function scaleOf(unit, largest) {
  const known = scales[unit] || scales.count;
  const [size, name] = known.find(([size, , least]) => Math.abs(largest) >= least * size) ||
    known[known.length - 1];
  return { size, name };
}

// What an axis shows and its unit, where its name does not say that already.
function axisTitle(what, scale) {
  return what && scale.name && !what.endsWith(scale.name) ? what + " (" + scale.name + ")" : what || scale.name;
}

function tick(value) {
  const size = Math.abs(value);
  if (size >= 1e15) return value.toExponential(0);
  if (size < 1e5) return decimal(value);
  return value.toLocaleString("en", { notation: "compact", maximumSignificantDigits: 3 });
}

function largestOf(values) {
  return values.reduce((most, value) => (Number.isFinite(value) && value > most ? value : most), 0);
}

// Whether positive values span so much that a linear axis would crowd most of them.
function spansDecades(values, decades) {
  const positive = values.filter((value) => value > 0);
  return positive.length > 1 && largestOf(positive) >= Math.pow(10, decades) * Math.min(...positive);
}

// A length of time on a logarithmic axis: short, and never longer than it is exact.
function logTick(value, unit) {
  if (unit === "bytes") return bytes(value).replace(".0", "");
  if (unit !== "seconds") return unit === "share" ? tick(value * 100) + " %" : tick(value);
  const units = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"], [1e-3, "ms"], [1e-6, "\u00b5s"]];
  const [size, name] = units.find(([size]) => value >= size * 0.9999) || units[units.length - 1];
  return Number((value / size).toPrecision(4)).toLocaleString("en") + " " + name;
}

function niceStep(span, ticks) {
  const raw = span / ticks;
  const ten = Math.pow(10, Math.floor(Math.log10(raw)));
  return ten * [1, 2, 5, 10].find((step) => step * ten >= raw * 0.9999);
}

// Ticks between `low` and `high`, all above zero: round times or powers of ten, and finer ones
// where the window is narrow.
function logTicks(low, high, unit) {
  const inside = (all) => all.filter((at) => at >= low * 0.9999 && at <= high * 1.0001);
  const powers = (steps) => {
    const all = [];
    for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e += 1)
      for (const step of steps) all.push(Number((step * Math.pow(10, e)).toPrecision(6)));
    return all;
  };
  if (unit === "bytes") {
    const each = Math.log2(high / low) > 16 ? 4 : 1;
    const first = Math.ceil(Math.log2(low) / each);
    const twos = Array.from({ length: Math.ceil(Math.log2(high / low) / each) + 1 }, (_, i) =>
      Math.pow(2, each * (first + i)));
    if (inside(twos).length >= 3) return inside(twos);
  }
  const times = (own, others) => (unit !== "seconds" ? powers(others)
    : [...powers(others).filter((at) => at < 1), ...own, ...powers([1]).filter((at) => at > 8.64e6)]);
  const coarse = inside(times([1, 10, 60, 600, 3600, 36000, 86400, 864000, 8640000], [1]));
  if (coarse.length >= 3) {
    const every = Math.ceil(coarse.length / 12);
    return coarse.filter((_, i) => i % every === 0);
  }
  const fine = inside(times([1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18000,
                             36000, 86400, 172800, 432000, 864000, 1728000, 4320000, 8640000], [1, 2, 5]));
  if (fine.length >= 3) return fine;
  const scale = scaleOf(unit, high).size;
  const step = niceStep((high - low) / scale, 5) * scale;
  const even = [];
  for (let at = Math.ceil(low / step); at * step <= high && even.length < 12; at += 1)
    even.push(Number((at * step).toPrecision(9)));
  return even;
}
