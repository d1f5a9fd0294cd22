#include "sim/worlds/training/records/basis_tables.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace orrery::training {

using world::Cell;
using world::Section;
using world::Table;
using world::Unit;

namespace {

Cell number_or_none(const std::optional<double>& value) {
  Cell cell;
  if (value) cell = *value;
  return cell;
}

std::vector<std::vector<Cell>>& rows_of(Section& section, const std::string& key) {
  return std::ranges::find(section.tables, key, &Table::key)->rows;
}

/// Which devices' estimates rest on no measurement; empty: none of them.
std::string uncalibrated_note(const std::vector<DeviceBasis>& devices) {
  std::string names;
  for (const DeviceBasis& device : devices)
    if (!device.calibrated) names += (names.empty() ? "" : ", ") + device.type;
  if (names.empty()) return {};
  return "Estimates on " + names +
         " are uncalibrated: they rest on data sheets, not on measurements.";
}

}  // namespace

std::vector<Table> declared_basis() {
  return {
      {.key = "devices",
       .title = "GPU types of our estimates. The error is that of matrix products held out of the "
                "fit.",
       .columns =
           {{.key = "type", .label = "GPU type", .help = "Name of the GPU type."},
            {.key = "calibrated",
             .label = "calibrated",
             .help = "By a profile or a file of fitted costs; else by data sheets."},
            {.key = "rests_on", .label = "rests on", .help = "What its costs rest on."},
            {.key = "profile", .help = "File of the measured profile."},
            {.key = "profile_sha256", .label = "profile sha256"},
            {.key = "from_profile", .label = "measured", .help = "What the profile supplies."},
            {.key = "from_data_sheets", .label = "by data sheets", .help = "What it does not."},
            {.key = "held_out_error.median",
             .label = "held-out error, median",
             .unit = Unit::share,
             .help = "Error of matrix products held out of the fit."},
            {.key = "held_out_error.p90", .label = "held-out error, p90", .unit = Unit::share}}},
      {.key = "pruned",
       .title =
           "Iteration times of pruned models, each with its best plan, and of the dense model. "
           "What pruning changes of a training step is ours, not the papers'. Where no time "
           "stands, the model cannot run.",
       .columns = {
           {.key = "model", .label = "model"},
           {.key = "pruning", .label = "pruning"},
           {.key = "batch_samples", .label = "batch", .unit = Unit::count},
           {.key = "type", .label = "GPU type"},
           {.key = "gpus", .label = "GPUs", .unit = Unit::count},
           {.key = "dense_iteration_seconds", .label = "dense", .unit = Unit::seconds},
           {.key = "pruned_iteration_seconds", .label = "pruned", .unit = Unit::seconds},
           {.key = "rests_on", .label = "rests on", .help = "What that change rests on."}}}};
}

void put_basis(Section& section, const std::vector<DeviceBasis>& devices,
               const std::vector<PrunedBasis>& pruned) {
  const std::string note = uncalibrated_note(devices);
  if (!note.empty()) section.notes.push_back(note);
  for (const DeviceBasis& d : devices) {
    std::optional<double> median;
    std::optional<double> p90;
    if (const auto& error = d.held_out_error) {
      median = error->median;
      p90 = error->p90;
    }
    rows_of(section, "devices")
        .push_back({d.type, d.calibrated, d.rests_on, d.profile, d.profile_sha256, d.from_profile,
                    d.from_data_sheets, number_or_none(median), number_or_none(p90)});
  }
  for (const PrunedBasis& p : pruned)
    rows_of(section, "pruned")
        .push_back({p.model, p.pruning, static_cast<double>(p.batch_samples), p.type,
                    static_cast<double>(p.gpus), number_or_none(p.dense_iteration_seconds),
                    number_or_none(p.pruned_iteration_seconds), p.rests_on});
}

}  // namespace orrery::training
