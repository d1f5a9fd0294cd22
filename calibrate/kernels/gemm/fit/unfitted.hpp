// What of a cost was fitted, and what stands there as it was given.
#pragma once

#include "calibrate/kernels/gemm/fit/rate_parameters.hpp"
#include "models/profile/profile.hpp"

namespace orrery::calibrate::gemm::fit {

/// Moves the coefficients of a `gemm` cost that a fit of that form has not touched to the
/// constants: terms that the form lacks, and the rate of CSR products where `csr` says that none
/// was measured. models::gemm::gemm_machine reads both.
void keep_unfitted_as_constants(models::FittedCost& cost, const GemmForm& form, bool csr);

}  // namespace orrery::calibrate::gemm::fit
