// orrery list policies|worlds|figures|gpus|models|traces|throughputs: what can be named in an
// experiment.
#include <fmt/format.h>

#include <memory>

#include "models/base/quantity.hpp"
#include "models/hardware/gpu_catalog.hpp"
#include "models/zoo/zoo.hpp"
#include "sim/app/commands.hpp"
#include "sim/report/figure_docs.hpp"
#include "sim/world/world.hpp"
#include "traces/throughput_reader.hpp"
#include "traces/trace_reader.hpp"

namespace orrery::app {

namespace {

/// `queue (blocking, skipping or ...; default blocking): what ...`
std::string option_line(const base::ParameterInfo& option) {
  std::string words = fmt::format("{}", fmt::join(option.choices, ", "));
  if (!option.default_text.empty())
    words += (words.empty() ? "default " : "; default ") + option.default_text;
  return option.key + (words.empty() ? "" : " (" + words + ")") + ": " + option.help;
}

/// The policies of each kind of world that has some; kinds are named where there are several.
void list_policies() {
  std::size_t kinds = 0;
  for (const world::WorldKind* kind : world::kinds().all())
    kinds += kind->policies().empty() ? 0 : 1;
  for (const world::WorldKind* kind : world::kinds().all()) {
    const std::vector<world::PolicyInfo> policies = kind->policies();
    if (kinds > 1 && !policies.empty()) fmt::print("{}\n", kind->name);
    for (const world::PolicyInfo& policy : policies) {
      fmt::print("{:<12} {}\n{:<12} source: {}\n", policy.name, policy.help, "", policy.source);
      for (const base::ParameterInfo& option : policy.options.parameters)
        fmt::print("{:<12} {}\n", "", option_line(option));
    }
  }
}

void list_figures(const std::string& kind) {
  for (const world::WorldKind* each : world::kinds().all())
    if (kind.empty()) fmt::print("{}\n{}", each->name, report::figures_text(each->name));
  if (!kind.empty()) fmt::print("{}", report::figures_text(kind));
}

void list_worlds() {
  for (const world::WorldKind* kind : world::kinds().all())
    fmt::print("{:<18} {}{}\n", kind->name, kind->help, kind->is_default ? " (default)" : "");
}

/// A number of the catalog; one without a source is marked.
std::string shown(const models::Sourced& number, base::Dimension dimension) {
  return base::format_quantity(number.value, dimension) + (number.source.empty() ? "*" : "");
}

void list_gpus() {
  constexpr const char* kRow = "{:<15} {:<37} {:>9} {:>10} {:>15} {:>8}\n";
  fmt::print(kRow, "name", "device", "memory", "bandwidth", "fp16 peak", "link");
  for (const models::GpuType& gpu : models::gpu_catalog()) {
    fmt::print(kRow, gpu.name, gpu.full_name, shown(gpu.memory_bytes, base::Dimension::bytes),
               shown(gpu.memory_bytes_per_second, base::Dimension::bytes_per_second),
               gpu.fp16_flops_per_second
                   ? shown(*gpu.fp16_flops_per_second, base::Dimension::flops_per_second)
                   : "-",
               shown(gpu.link_bytes_per_second, base::Dimension::bytes_per_second));
  }
  fmt::print("\n* unsourced; the others are the makers' data sheets, dense peaks\n");
}

void list_models() {
  constexpr const char* kRow = "{:<20} {:>10} {:>7} {:>15}  {:<9} {}\n";
  fmt::print(kRow, "name", "parameters", "layers", "flops/sample", "numbers", "source");
  for (const std::string& name : models::model_names()) {
    const models::ModelDescription& model = *models::find_model(name);
    fmt::print(kRow, name, fmt::format("{:.3g} M", models::parameters(model) / 1e6),
               model.layers.size(), fmt::format("{:.3g} G", models::forward_flops(model) / 1e9),
               to_string(model.provenance), model.source);
  }
}

void list_traces() {
  for (const traces::TraceFormat* format : traces::formats()) {
    fmt::print("{:<14} {}\n{:<14} {}\n", format->name, format->help, "", format->origin);
    for (const base::ParameterInfo& option : format->options.parameters)
      fmt::print("{:<14} {}\n", "", option_line(option));
  }
}

void list_throughputs() {
  for (const traces::ThroughputFormat* format : traces::throughput_formats()) {
    fmt::print("{:<14} {}\n{:<14} {}\n", format->name, format->help, "", format->origin);
    for (const base::ParameterInfo& option : format->options.parameters)
      fmt::print("{:<14} {}\n", "", option_line(option));
  }
}

}  // namespace

void add_list(Command app) {
  const Command command = app.add_subcommand("list", "what can be named in an experiment");
  command.require_subcommand();
  command.add_subcommand("policies", "scheduling policies and their options")
      .callback(list_policies);
  command.add_subcommand("worlds", "kinds of world").callback(list_worlds);
  auto kind = std::make_shared<std::string>();
  const Command figures = command.add_subcommand("figures", "what results hold of a kind of world");
  figures.add_option("KIND", *kind, "the kind; default: all").type_name("KIND");
  figures.callback([kind] { list_figures(*kind); });
  command.add_subcommand("gpus", "GPU types").callback(list_gpus);
  command.add_subcommand("models", "models that 'orrery plan' knows").callback(list_models);
  command.add_subcommand("traces", "formats of traces and their options").callback(list_traces);
  command.add_subcommand("throughputs", "formats of throughput tables and their options")
      .callback(list_throughputs);
}

}  // namespace orrery::app
