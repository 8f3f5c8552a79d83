// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <systemc>

#include "codegen/plan/program.h"
#include "codegen/spec.h"
#include "sim/rtl/rtl_design.h"
#include "sim/systemc/accelerator.h"
#include "sim/systemc/host.h"
#include "sim/systemc/memory.h"
#include "sim/systemc/model_accelerator.h"
#include "sim/systemc/verilated_accelerator.h"

namespace ternfab::systemc {

/// What a platform is made of beside the design.
struct PlatformOptions {
  bool times = false;  ///< see the accelerators
  std::function<void(uint64_t)> on_cycles = [](uint64_t) {};
};

/// Host, memory and one accelerator, bound and elaborated:
///
///     Host --control--> Accelerator --memory--> Memory <--memory-- Host
///      ^-------- interrupt ---'
///
/// SystemC elaborates once in a process: a process has one platform at most, ever.
class Platform : public sc_core::sc_module {
 public:
  /// With the generated RTL. Errors: a second platform.
  static Expected<std::unique_ptr<Platform>> Create(const HardwareSpec& spec,
                                                    const Program& program,
                                                    std::unique_ptr<rtl::RtlDesign> design,
                                                    const PlatformOptions& options);
  /// With the cycle model of `program`, which outlives it. Errors: a second platform.
  static Expected<std::unique_ptr<Platform>> Create(const HardwareSpec& spec,
                                                    const Program& program,
                                                    const PlatformOptions& options);

  Host& host() { return *host_; }
  Memory& memory() { return memory_; }
  Accelerator& accelerator() { return *accelerator_; }
  /// Null where the accelerator is the model.
  VerilatedAccelerator* verilated() { return verilated_; }
  /// Cycles from the beginning of the simulation to now.
  uint64_t cycles() const { return sc_core::sc_time_stamp().value() / period_.value(); }
  const sc_core::sc_time& period() const { return period_; }

 private:
  Platform(sc_core::sc_module_name name, const HardwareSpec& spec, const Program& program);
  static Expected<std::unique_ptr<Platform>> Begin(const HardwareSpec& spec,
                                                   const Program& program);
  /// Binds everything and elaborates.
  void Complete(std::unique_ptr<Accelerator> accelerator);

  sc_core::sc_time period_;
  Memory memory_;
  std::unique_ptr<Accelerator> accelerator_;
  std::unique_ptr<Host> host_;
  VerilatedAccelerator* verilated_ = nullptr;
  sc_core::sc_signal<bool> interrupt_{"interrupt"};
};

}  // namespace ternfab::systemc
