"use strict";
// What the speeds of runs rest on: devices, calibrated or not, and what pruning changed.

function errorText(error) {
  return error ? percent(error.median) + " median, " + percent(error.p90) + " p90" : "\u2013";
}

// One row for each GPU type of our estimator.
function devicesTable(devices) {
  if (!devices) return null;
  return table("GPU types of our estimates. The error is that of matrix products held out of the fit.", [
    { head: "GPU type", cell: (d) => d.type },
    { head: "calibrated", cell: (d) => (d.calibrated ? "calibrated" : "uncalibrated"), text: true },
    { head: "held-out error", cell: (d) => errorText(d.held_out_error), text: true },
    { head: "measured", cell: (d) => d.from_profile || "\u2013", text: true },
    { head: "by data sheets", cell: (d) => d.from_data_sheets || "\u2013", text: true },
    { head: "rests on", cell: (d) => d.rests_on, text: true },
    { head: "profile sha256", cell: (d) => (d.profile_sha256 ? element("code", {}, d.profile_sha256) : "\u2013"),
      text: true },
  ], devices);
}

// One row for each pruned model, GPU type and number of GPUs that a job asks for.
function prunedTable(pruned) {
  if (!pruned) return null;
  const seconds = (value) => (value === null ? "cannot run" : duration(value));
  const change = (p) => {
    const both = p.dense_iteration_seconds !== null && p.pruned_iteration_seconds !== null;
    return both ? percent(p.pruned_iteration_seconds / p.dense_iteration_seconds) : "\u2013";
  };
  return table("Iteration times of pruned models, each with its best plan, over those of the dense model. " +
    "What pruning changes of a training step is ours, not the papers'.", [
    { head: "Model", cell: (p) => p.model },
    { head: "pruning", cell: (p) => p.pruning, text: true },
    { head: "batch", cell: (p) => count(p.batch_samples) },
    { head: "GPUs", cell: (p) => count(p.gpus) },
    { head: "GPU type", cell: (p) => p.type, text: true },
    { head: "dense", cell: (p) => seconds(p.dense_iteration_seconds) },
    { head: "pruned", cell: (p) => seconds(p.pruned_iteration_seconds) },
    { head: "pruned over dense", cell: change },
    { head: "rests on", cell: (p) => p.rests_on, text: true },
  ], pruned);
}
