#include "calibrate/app/interruption.hpp"

#include <csignal>

namespace orrery::calibrate::app {

namespace {

volatile std::sig_atomic_t requested = 0;

extern "C" void remember(int) {
  requested = 1;
}

}  // namespace

void watch_for_interruption() {
  struct sigaction action {};
  action.sa_handler = remember;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool stop_requested() {
  return requested != 0;
}

}  // namespace orrery::calibrate::app
