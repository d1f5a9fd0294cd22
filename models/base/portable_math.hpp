// Logarithm and exponential with the same bits on every machine.
//
// The C library picks a variant of `log` and `exp` by what the processor offers (with or without
// fused multiply-add), and their last bits differ. What decides a simulated event uses these:
// additions, multiplications and divisions in a fixed order, compiled without contraction.
#pragma once

namespace orrery::base {

/// Natural logarithm of a finite x > 0, within 2 units in the last place.
double portable_log(double x);

/// e to the power x, within 2 units in the last place; infinity above 709.78, 0 below -745.13.
double portable_exp(double x);

}  // namespace orrery::base
