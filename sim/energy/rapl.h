// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/error.h"

namespace ternfab {

/// The energy counters of the processor packages and their DRAM (RAPL) in Linux's powercap tree.
///
///     TF_ASSIGN_OR_RETURN(RaplMeter meter, RaplMeter::Open());
///     ...work; Sample() at least once in a few minutes, the counters wrap...
///     const double joules = *meter.Sample();
class RaplMeter {
 public:
  /// All readable packages under `root` and their DRAM domains. Error: there is none, or it may not
  /// be read (since Linux 5.10 by root alone); says which.
  static Expected<RaplMeter> Open(const std::filesystem::path& root = "/sys/class/powercap");

  /// Joules since Open. Error: a counter cannot be read any more.
  Expected<double> Sample();

  /// "package-0, dram"
  std::string domains() const;

 private:
  struct Domain {
    std::string name;
    std::filesystem::path counter;  ///< microjoules
    uint64_t range = 0;             ///< the counter goes from here to 0
    uint64_t last = 0;
  };

  std::vector<Domain> domains_;
  double joules_ = 0;
};

}  // namespace ternfab
