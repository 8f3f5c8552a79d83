// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codegen/spec.h"
#include "common/error.h"
#include "host/cli/prompt.h"
#include "models/model.h"
#include "sim/compare/comparison.h"

namespace ternfab::cli {

struct CpuRunOptions {
  int tokens = 0;
  int threads = 1;
};

/// The CPU's side of a comparison: the model in reference arithmetic, measured on this machine.
/// Takes the weights of `model`, which keeps its configuration and tokenizer.
Expected<compare::CpuSide> RunCpu(Model& model, const Prompt& prompt, const CpuRunOptions& options);

/// A generation in the device arithmetic of `spec` on this CPU.
struct DeviceOnCpu {
  std::vector<int> ids;
  compare::Figure decode_rate;  ///< tokens/s
};
Expected<DeviceOnCpu> RunDeviceOnCpu(const HardwareSpec& spec, const Model& model,
                                     const Prompt& prompt, const CpuRunOptions& options);

}  // namespace ternfab::cli
