// Measured products of a device as the costs of its profile.
#pragma once

#include <span>
#include <vector>

#include "calibrate/kernels/gemm/fit/rate_fit.hpp"
#include "calibrate/kernels/kernel.hpp"
#include "models/profile/profile.hpp"

namespace orrery::calibrate::gemm::fit {

/// A measured product as the cost model sees it.
struct TimedProduct {
  models::gemm::GemmWork work;
  MeasuredPoint measured;
};

/// The `gemm` costs of a device (models/gemm/machine_profile.hpp), by fit_gemm over all products,
/// with form and what with_errors says (calibrate/fit/by_variant.hpp). The held-out error is that
/// of nested_errors: no product is predicted by a fit or a form that it had a part in. Products in
/// CSR give their rate and are in no error. Throws base::Error as fit_gemm and nested_errors do.
std::vector<models::FittedCost> fitted_costs(std::span<const TimedProduct> products,
                                             const models::gemm::GemmMachine& machine,
                                             const RatePriors& priors,
                                             const GemmFitOptions& options);

}  // namespace orrery::calibrate::gemm::fit
