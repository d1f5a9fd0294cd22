// Format `sia`: step times of the Sia artifact (SOSP 2023), the folder of profiles
// APPLICATION/placements-CLUSTER.csv with the columns placement, local_bsz, step_time. A placement
// is one digit for each node, its GPUs: 44 is two nodes of four.
//
// A row is a measurement of the global batch local_bsz x GPUs on those GPUs: how large a batch a
// job runs at on other numbers of GPUs is the asker's business (see models::MeasuredRules,
// `other_batches`). Placements with uneven shares are not read: a locality has none. Neither is
// sync_time: in some files it is longer than the whole step.
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "models/base/csv.hpp"
#include "traces/fields.hpp"
#include "traces/reader_options.hpp"
#include "traces/sia_profile.hpp"
#include "traces/throughput_reader.hpp"

namespace orrery::traces {

namespace fs = std::filesystem;

namespace {

struct Cluster {
  std::string name;
  std::string gpu_type;
};

struct SiaOptions {
  /// README of the data: aws = T4, rtx = 2080 Ti, dgx and dgx-ext = A100-40G, quad = RTX 6000. Of
  /// the two files of an A100 the longer one; azure's GPU is not told.
  std::vector<Cluster> clusters = {
      {"aws", "t4"}, {"dgx-ext", "a100-40g"}, {"quad", "quadro-rtx-6000"}, {"rtx", "2080ti"}};
  std::int64_t gpus_per_replica = 1;
};

void read_clusters(SiaOptions& out, const base::Node& node) {
  if (!node.is_mapping() || node.entries.empty())
    throw base::Error(node.where, "expected a mapping of clusters to GPU types such as {aws: t4}");
  out.clusters.clear();
  for (const base::Entry& entry : node.entries)
    out.clusters.push_back({entry.key, base::detail::read_text(entry.value)});
}

base::Declaration<SiaOptions> declare(const SiaOptions*) {
  base::Declaration<SiaOptions> d("Sia's profiles.");
  d.custom("clusters", "mapping of text", read_clusters,
           "which clusters' files are read, and the GPU type of each",
           "{aws: t4, dgx-ext: a100-40g, quad: quadro-rtx-6000, rtx: 2080ti}");
  d.integer("gpus_per_replica", &SiaOptions::gpus_per_replica,
            "GPUs that share one local batch; more than 1 for pipelines such as gpt_pmp")
      .at_least(1);
  return d;
}

/// The locality of a placement; nullopt where the shares are uneven.
std::optional<models::Locality> read_placement(const base::CsvReader& reader, std::size_t column) {
  constexpr std::size_t kMostNodes = 1000;
  const std::string_view digits = reader[column];
  const bool sound = !digits.empty() && digits.size() <= kMostNodes &&
                     std::ranges::all_of(digits, [](char c) { return c >= '1' && c <= '9'; });
  if (!sound)
    fail_field(reader.where(column), digits, "a placement of one digit from 1 to 9 for each node");
  if (digits.find_first_not_of(digits[0]) != std::string_view::npos) return std::nullopt;
  return models::Locality{static_cast<std::int32_t>(digits.size()), digits[0] - '0'};
}

double read_step_seconds(const base::CsvReader& reader, std::size_t column) {
  const auto value = base::parse_double(reader[column]);
  if (!value || !(*value > 0) || *value > kLatestSecond)
    fail_field(reader.where(column), reader[column], "seconds of one step above 0");
  return *value;
}

std::vector<fs::path> applications(const std::string& path) {
  std::error_code fault;
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(path, fault))
    if (entry.is_directory()) folders.push_back(entry.path());
  if (fault)
    throw base::Error({path, 0, 0, ""},
                      "cannot be read as a folder of profiles: " + fault.message());
  std::ranges::sort(folders);
  return folders;
}

models::ThroughputTable read_sia(const std::string& path, const base::Node& node) {
  const auto options = read_options<SiaOptions>(node);
  models::ThroughputTable table;
  for (const fs::path& folder : applications(path)) {
    for (const Cluster& cluster : options.clusters) {
      const fs::path file = folder / ("placements-" + cluster.name + ".csv");
      if (!fs::exists(file)) continue;
      read_sia_profile(file.string(),
                       {folder.filename().string(), cluster.gpu_type, options.gpus_per_replica},
                       table);
    }
  }
  if (table.rows() == 0)
    throw base::Error({path, 0, 0, ""},
                      "has no measurement, expected files APPLICATION/placements-CLUSTER.csv");
  return table;
}

const ThroughputFormatRegistration sia_throughput_table_registration({
    .name = "sia",
    .help = "Sia's step times by application, local batch, cluster and placement (a folder)",
    .origin = "siasosp23/artifacts, no licence file at its top. Read: placements-CLUSTER.csv, "
              "placements with equal shares; scalability files and sync_time are not.",
    .options = base::describe<SiaOptions>(),
    .read = read_sia,
    .folder = true,
});

}  // namespace

void read_sia_profile(const std::string& path, const SiaProfile& profile,
                      models::ThroughputTable& table) {
  base::CsvReader reader(path);
  const std::size_t placement = reader.column("placement");
  const std::size_t local = reader.column("local_bsz");
  const std::size_t seconds = reader.column("step_time");
  constexpr std::int64_t kMostSamples = 1'000'000'000;
  while (reader.next()) {
    const auto locality = read_placement(reader, placement);
    const std::int64_t local_batch =
        read_integer(reader, local, 1, "a local batch of at least 1 sample");
    if (local_batch > kMostSamples)
      fail_field(reader.where(local), reader[local], "a local batch of at most 1e9 samples");
    const double step = read_step_seconds(reader, seconds);
    if (!locality) continue;
    if (locality->gpus() % profile.gpus_per_replica != 0)
      fail_field(reader.where(placement), reader[placement],
                 "whole replicas of " + std::to_string(profile.gpus_per_replica) + " GPUs");
    const std::int64_t batch = local_batch * (locality->gpus() / profile.gpus_per_replica);
    table.add({profile.application, batch}, profile.gpu_type, *locality, step,
              reader.where(seconds));
  }
}

}  // namespace orrery::traces
