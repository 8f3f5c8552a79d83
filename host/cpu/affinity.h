// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sched.h>

#include <vector>

namespace ternfab {

/// CPUs that the calling thread may run on, in ascending order.
std::vector<int> AllowedCpus();

/// Binds the calling thread to one CPU (none if negative) until the end of the scope.
class ScopedPin {
 public:
  explicit ScopedPin(int cpu);
  ~ScopedPin();
  ScopedPin(const ScopedPin&) = delete;
  ScopedPin& operator=(const ScopedPin&) = delete;

 private:
  cpu_set_t before_;
  bool changed_ = false;
};

}  // namespace ternfab
