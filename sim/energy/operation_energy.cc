// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/operation_energy.h"

#include <cmath>

namespace ternfab {
namespace {

constexpr OperationEnergy kEnergies[] = {
    {.nanometres = 45,
     .source = "Horowitz, ISSCC 2014",
     .int8_add = 0.03,
     .int8_multiply = 0.2,
     .int32_add = 0.1,
     .int32_multiply = 3.1,
     .fp16_add = 0.4,
     .fp16_multiply = 1.1,
     .fp32_add = 0.9,
     .fp32_multiply = 3.7,
     .sram_8kib = 10,
     .sram_32kib = 20,
     .sram_1mib = 100,
     .dram_64bit = 1300},
    {.nanometres = 7,
     .source = "Jouppi et al., ISCA 2021",
     .int8_add = 0.007,
     .int8_multiply = 0.07,
     .int32_add = 0.03,
     .int32_multiply = 1.48,
     .fp16_add = 0.16,
     .fp16_multiply = 0.34,
     .fp32_add = 0.38,
     .fp32_multiply = 1.31,
     .sram_8kib = 7.5,
     .sram_32kib = 8.5,
     .sram_1mib = 14,
     .dram_64bit = 1300},
};

constexpr double kKib = 1024;

}  // namespace

double OperationEnergy::Sram(double bytes, double bits) const {
  const bool small = bytes < 32 * kKib;
  const double low_bytes = (small ? 8 : 32) * kKib, high_bytes = (small ? 32 : 1024) * kKib;
  const double low = small ? sram_8kib : sram_32kib, high = small ? sram_32kib : sram_1mib;
  const double slope = std::log(high / low) / std::log(high_bytes / low_bytes);
  return low * std::pow(bytes / low_bytes, slope) * bits / 64;
}

std::span<const OperationEnergy> OperationEnergies() { return kEnergies; }

Expected<OperationEnergy> FindOperationEnergy(int nanometres) {
  for (const OperationEnergy& energy : kEnergies) {
    if (energy.nanometres == nanometres) return energy;
  }
  return Fail("energies of operations at {} nm: only 45 and 7 nm are published", nanometres);
}

}  // namespace ternfab
