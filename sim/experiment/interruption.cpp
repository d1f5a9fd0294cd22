#include "sim/experiment/interruption.hpp"

namespace orrery::experiment {

namespace {

volatile std::sig_atomic_t requested_flag = 0;

extern "C" void remember(int) {
  requested_flag = 1;
}

}  // namespace

InterruptionGuard::InterruptionGuard() {
  requested_flag = 0;
  struct sigaction action {};
  action.sa_handler = remember;
  // Back to the default after the first: a second Ctrl-C always ends the process.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &before_interrupt_);
  sigaction(SIGTERM, &action, &before_terminate_);
}

InterruptionGuard::~InterruptionGuard() {
  sigaction(SIGINT, &before_interrupt_, nullptr);
  sigaction(SIGTERM, &before_terminate_, nullptr);
}

bool InterruptionGuard::requested() {
  return requested_flag != 0;
}

}  // namespace orrery::experiment
