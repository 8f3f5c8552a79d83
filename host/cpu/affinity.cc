// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/affinity.h"

namespace ternfab {

std::vector<int> AllowedCpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cpus;
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  }
  return cpus;
}

ScopedPin::ScopedPin(int cpu) {
  if (cpu < 0 || sched_getaffinity(0, sizeof(before_), &before_) != 0) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  changed_ = sched_setaffinity(0, sizeof(one), &one) == 0;
}

ScopedPin::~ScopedPin() {
  if (changed_) sched_setaffinity(0, sizeof(before_), &before_);
}

}  // namespace ternfab
