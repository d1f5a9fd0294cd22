#include "calibrate/kernels/gemm/cpu_products.hpp"

namespace orrery::calibrate::gemm {

namespace {

using models::gemm::GemmKernel;

struct Dense {
  std::int64_t thirds;  ///< M in thirds of a strip
  std::int64_t n;
  std::int64_t k;
};

// M of whole strips, of a third and of two thirds more: the last strip then has one of three
// widths. With strips of 48 tokens M goes from 16 to 1024.
constexpr Dense kDense[] = {
    {16, 768, 768},  {1, 1024, 1024}, {64, 256, 256},  {2, 768, 768},   {6, 512, 1536},
    {24, 1024, 512}, {64, 768, 768},  {5, 256, 1024},  {1, 256, 512},   {32, 512, 512},
    {2, 1024, 512},  {16, 384, 1536}, {4, 1024, 1024}, {12, 1536, 384}, {64, 1024, 1024},
    {3, 768, 768},   {8, 256, 256},   {48, 384, 384},  {2, 256, 1536},  {9, 640, 896},
    {1, 768, 1536},  {32, 1536, 768}, {17, 896, 640},  {40, 768, 1024}, {7, 384, 512},
    {11, 1024, 768},
};

struct Tiled {
  std::int64_t thirds;
  std::int64_t n;
  std::int64_t k;
  double sparsity;
  std::int32_t width;
};

constexpr Tiled kTiled[] = {
    {32, 1024, 1024, 0.75, 128}, {8, 768, 768, 0.5, 128},     {48, 768, 1024, 0.875, 128},
    {32, 1024, 1024, 0.75, 64},  {2, 1024, 1024, 0.5, 32},    {36, 1024, 256, 0.75, 64},
    {1, 768, 768, 0.625, 128},   {32, 1024, 1024, 0.75, 256}, {32, 768, 1536, 0.9375, 64},
    {10, 512, 512, 0.75, 32},    {64, 768, 768, 0.5, 128},    {4, 1024, 1024, 0.75, 64},
    {56, 256, 512, 0.875, 128},  {7, 1024, 1024, 0.875, 32},  {24, 1024, 1024, 0.9375, 128},
    {12, 1536, 768, 0.75, 128},  {20, 512, 1024, 0.5, 64},    {16, 1024, 768, 0.625, 128},
    {5, 1024, 256, 0.75, 128},   {3, 256, 1024, 0.875, 64},   {1, 512, 512, 0.75, 32},
};

struct Sparse {
  std::int64_t thirds;
  std::int64_t n;
  std::int64_t k;
  double sparsity;
};

constexpr Sparse kSparse[] = {
    {32, 768, 768, 0.75}, {6, 768, 768, 0.9}, {12, 512, 1024, 0.9375}, {16, 512, 512, 0.5}};

}  // namespace

std::vector<ProductPoint> cpu_products(int threads, int strip) {
  const std::int64_t lanes = strip / 3;
  std::vector<ProductPoint> products;
  const auto add_tiled = [&](const Tiled& t) {
    products.push_back(
        {{t.thirds * lanes, t.n, t.k}, GemmKernel::tw, t.sparsity, t.width, threads});
  };
  // Two dense ones for each pruned one, then what is left.
  std::size_t tiled = 0;
  for (std::size_t i = 0; i < std::size(kDense); ++i) {
    const Dense& d = kDense[i];
    products.push_back({{d.thirds * lanes, d.n, d.k}, GemmKernel::dense, 0, 0, threads});
    if (i % 2 == 1 && tiled < std::size(kTiled)) add_tiled(kTiled[tiled++]);
  }
  for (const Sparse& s : kSparse)
    products.push_back({{s.thirds * lanes, s.n, s.k}, GemmKernel::csr, s.sparsity, 0, threads});
  while (tiled < std::size(kTiled)) add_tiled(kTiled[tiled++]);
  return products;
}

}  // namespace orrery::calibrate::gemm
