#include "calibrate/kernels/gemm/cuda/gpu_bench.hpp"
#include "calibrate/device/cuda_errors.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <limits>

#include "calibrate/kernels/gemm/layouts.hpp"
#include "models/base/error.hpp"

namespace orrery::calibrate::gemm_cuda {

Bench::Bench(Device device, const std::string& command, const std::string& path)
    : path_(path), file_(path) {
  const auto now = fmt::gmtime(std::chrono::system_clock::now());
  provenance_ = fmt::format("\"{}\",{},{:%Y-%m-%dT%H:%M:%SZ},\"{}\"", device.name, device.driver,
                            now, command);
  file_ << "kernel,family,M,N,K,number,sparsity,G,median_us,p90_us,tflops,relative_error,note,"
           "device,driver,date,command\n";
  file_.flush();
  if (!file_) throw base::Error({.file = path, .key = {}}, "cannot be written");
}

void Bench::set_shape(const BenchShape& shape) {
  shape_ = shape;
  base::RandomStream random(1, fmt::format("x {} {}", shape.tokens, shape.rows));
  host_x_ = activations(random, shape.rows, shape.tokens, number_);
  x_.emplace(host_x_.size() * 2);
  x_->upload(host_x_.data(), host_x_.size() * 2);
  y_.emplace(static_cast<std::size_t>(shape.columns * pitch_of(shape.tokens)) * 2);
}

std::optional<double> Bench::own(const std::string& kernel, const BenchCase& made, bool sparse,
                                 double sparsity, int width) {
  const DeviceWeight weight(
      pack(made.layout, made.weights, {number_, sparse, outputs_for(made.layout), true, family_}));
  const auto launch = [&] { weight.run(x_->data(), y_->data(), shape_.tokens); };
  Row row{kernel, name_of(family_), sparsity, width, {}, {}, {}};
  poison_y();
  launch();
  row.error = check(made.layout, made.weights);
  // Written so that not a number is wrong, too.
  bool right = *row.error <= largest_error;
  if (!right) {
    row.note = "wrong results: not timed";
  } else {
    const std::vector<std::uint16_t> first = results();
    row.timing = time_launches(launch);
    right = results() == first;
    if (!right) row.note = "results differ between launches";
  }
  double& worst = worst_[static_cast<std::size_t>(family_)];
  worst = right ? std::max(worst, *row.error) : std::numeric_limits<double>::infinity();
  const std::string key = fmt::format("{} {} {} {} {} {} {}", kernel, shape_.tokens, shape_.columns,
                                      shape_.rows, sparsity, width, static_cast<int>(number_));
  if (right && family_ == Family::mma_sync) mma_sync_seconds_[key] = row.timing->median_seconds;
  const auto before = mma_sync_seconds_.find(key);
  if (right && family_ == Family::wgmma && before != mma_sync_seconds_.end()) {
    row.note = fmt::format("{:.2f}x mma.sync", before->second / row.timing->median_seconds);
  }
  write(row);
  if (!right) return std::nullopt;
  return row.timing->median_seconds;
}

std::optional<double> Bench::baseline(const std::string& kernel, double sparsity, int width,
                                      const std::vector<float>& weights,
                                      BaselineResult (*run)(const Product&,
                                                            std::span<const float>)) {
  poison_y();
  Row row{kernel, {}, sparsity, width, {}, {}, {}};
  BaselineResult result;
  try {
    result =
        run({shape_.rows, shape_.columns, shape_.tokens, number_, x_->data(), y_->data()}, weights);
  } catch (const std::exception& error) {
    result.note = error.what();
  }
  row.timing = result.timing;
  row.note = result.note;
  bool right = false;
  if (row.timing) {
    row.error = check(gemm::dense_layout(shape_.rows, shape_.columns), weights);
    right = *row.error <= largest_error;
    if (!right) row.note += " wrong results: no ratio is formed";
  }
  write(row);
  if (!right) return std::nullopt;
  return row.timing->median_seconds;
}

void Bench::poison_y() {
  const std::vector<std::uint16_t> nothing(y_->bytes() / 2, 0x7fff);
  y_->upload(nothing.data(), y_->bytes());
}

double Bench::check(const models::sparsity::TileLayout& layout, const std::vector<float>& weights) {
  wait_for_gpu("running a kernel");
  return relative_error(layout, weights, host_x_, *y_, shape_.tokens, number_);
}

std::vector<std::uint16_t> Bench::results() const {
  std::vector<std::uint16_t> bytes(y_->bytes() / 2);
  y_->download(bytes.data(), y_->bytes());
  return bytes;
}

/// To the screen and, flushed, to the file: what was measured stands whatever comes after.
void Bench::write(const Row& row) {
  const std::string name = row.family.empty() ? row.kernel : row.kernel + " " + row.family;
  fmt::print("{:<28} {:>6}x{:<5}x{:<5} s={:<6} G={:<4}", name, shape_.tokens, shape_.columns,
             shape_.rows, row.sparsity, row.width);
  if (row.timing) fmt::print(" {:>9.1f} us", row.timing->median_seconds * 1e6);
  if (row.error) fmt::print("  error {:.1e}", *row.error);
  fmt::print(" {}\n", row.note);
  std::fflush(stdout);
  const double flops = 2.0 * static_cast<double>(shape_.tokens) * shape_.columns * shape_.rows;
  const std::string times =
      row.timing
          ? fmt::format("{:.3f},{:.3f},{:.2f}", row.timing->median_seconds * 1e6,
                        row.timing->p90_seconds * 1e6, flops / row.timing->median_seconds / 1e12)
          : ",,";
  const std::string error = row.error ? fmt::format("{:.3e}", *row.error) : "";
  std::string note = row.note;
  std::replace(note.begin(), note.end(), '"', '\'');
  file_ << fmt::format("{},{},{},{},{},{},{},{},{},{},\"{}\",{}\n", row.kernel, row.family,
                       shape_.tokens, shape_.columns, shape_.rows,
                       number_ == Number::bf16 ? "bf16" : "fp16", row.sparsity, row.width, times,
                       error, note, provenance_);
  file_.flush();
  if (!file_) throw base::Error({.file = path_, .key = {}}, "cannot be written");
}

}  // namespace orrery::calibrate::gemm_cuda
