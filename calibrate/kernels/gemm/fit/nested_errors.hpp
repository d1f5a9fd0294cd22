// Errors of a calibration on points that neither the fit nor the choice of the form has seen.
#pragma once

#include <span>
#include <vector>

#include "calibrate/kernels/gemm/fit/form_choice.hpp"

namespace orrery::calibrate::gemm::fit {

/// Leaves out each of options.folds folds of every calibration in turn, chooses a form and fits it
/// from what is left (choose_form holds out folds of its own for that), and predicts what was left
/// out. ln(predicted / measured) of each point of each calibration. With fewer points than folds
/// each point is a fold. Throws base::Error where what is left does not suffice, as choose_form
/// does.
std::vector<std::vector<double>> nested_errors(std::span<const GemmCalibration> calibrations,
                                               const GemmFitOptions& options);

}  // namespace orrery::calibrate::gemm::fit
