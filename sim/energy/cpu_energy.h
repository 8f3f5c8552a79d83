// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "models/config.h"
#include "sim/energy/energy.h"

namespace ternfab {

/// What the power of a processor is taken for where it cannot be measured.
struct CpuPower {
  std::string name;          ///< of the processor, as the system gives it
  double package_watts = 0;  ///< with all cores busy
  int cores = 1;             ///< that share it
  std::string source;
};

/// A processor of the table of docs/energy.md by its name ("model name" of /proc/cpuinfo), else
/// the power of a core of a current server processor.
CpuPower CpuPowerOf(std::string_view cpu_name);
/// "model name" of /proc/cpuinfo, or of another file; "" if there is none.
std::string CpuName(const std::string& cpuinfo = "/proc/cpuinfo");

/// One decoded token of the CPU path.
struct CpuWork {
  double seconds = 0;
  int threads = 1;                  ///< busy cores
  double bytes = 0;                 ///< read from main memory: weights, head and KV cache
  double multiply_accumulates = 0;  ///< int8
};
/// The work of a token of `model` after `position` tokens: ternary weights of `weight_bits`, a head
/// of `head_bits` a weight, K and V of 4 bytes.
CpuWork CpuTokenWork(const ModelConfig& model, double weight_bits, double head_bits, int position);

/// Energy of a token that was measured: `joules` of the domains of a RaplMeter.
EnergyReport MeasuredCpuEnergy(double joules, double seconds, const std::string& domains);

/// Modelled: the package's watts times the share of its cores that are busy times the time, of
/// which the arithmetic is named apart, and DRAM by bytes. Never zero.
EnergyReport ModelledCpuEnergy(const CpuPower& power, const CpuWork& work);

}  // namespace ternfab
