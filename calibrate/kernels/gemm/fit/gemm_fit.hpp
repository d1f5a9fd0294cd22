// The whole fit of a device: measured products in, a machine with its held-out error out.
#pragma once

#include <span>
#include <vector>

#include "calibrate/kernels/gemm/fit/form_choice.hpp"
#include "calibrate/kernels/gemm/fit/held_out_error.hpp"

namespace orrery::calibrate::gemm::fit {

struct GemmFit {
  models::gemm::GemmMachine machine;  ///< with the rates of every family that was measured
  GemmForm form;
  std::vector<FormScore> scores;
  base::Spread dense;        ///< of dense, TW and BW products, each left out of its fit
  base::Spread two_of_four;  ///< of 2:4 and TVW products; n 0 where none was measured
};

/// Fits a device from products of any kernels: one form by choose_form, then the rates of dense
/// kernels and, where such were measured, of 2:4 kernels. The rate of CSR kernels is the median of
/// what its products reached beyond the fitted start. The errors are of the cross-validation, so
/// no product is predicted by a fit that saw it, but the form was chosen by them: where there are
/// products to spare, hold_out and errors_of give an error without that. Throws base::Error where
/// no dense product was measured, or as fit_rates does.
GemmFit fit_gemm(std::span<const GemmPoint> points, const models::gemm::GemmMachine& machine,
                 const RatePriors& priors, const GemmFitOptions& options);

}  // namespace orrery::calibrate::gemm::fit
