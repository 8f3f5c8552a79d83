// SPDX-License-Identifier: Apache-2.0
#include "host/cli/interrupt.h"

#include <csignal>

namespace ternfab::cli {
namespace {

volatile std::sig_atomic_t interrupt_seen = 0;

void Note(int) { interrupt_seen = 1; }

}  // namespace

InterruptGuard::InterruptGuard() {
  interrupt_seen = 0;
  struct sigaction action = {};
  action.sa_handler = Note;
  action.sa_flags = SA_RESTART | int(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
}

InterruptGuard::~InterruptGuard() { std::signal(SIGINT, SIG_DFL); }

bool InterruptGuard::asked() const { return interrupt_seen != 0; }

}  // namespace ternfab::cli
