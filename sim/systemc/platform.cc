// SPDX-License-Identifier: Apache-2.0
#include "sim/systemc/platform.h"

#include <cmath>
#include <utility>

#include "common/integer.h"

// The library of SystemC wants one. Here the simulation begins in Platform::Create.
extern "C" int sc_main(int, char**) { return 0; }

namespace ternfab::systemc {
namespace {

constexpr uint64_t kPageBytes = 4096;

/// Of the clock, whole picoseconds: the resolution of SystemC's time. Cycles are counted, so that
/// nothing but the time stamps of waves depends on what is cut off.
sc_core::sc_time PeriodOf(const HardwareSpec& spec) {
  const double picoseconds = std::max(2.0, 2 * std::round(1e6 / spec.clock_mhz / 2));
  return sc_core::sc_time(picoseconds, sc_core::SC_PS);
}

uint64_t MemoryBytes(const Program& program) {
  const uint64_t strip = program.total_beats * uint64_t(program.design.port_bytes());
  return uint64_t(RoundUp(int64_t(strip), int64_t(kPageBytes))) * uint64_t(program.design.ports);
}

}  // namespace

Platform::Platform(sc_core::sc_module_name name, const HardwareSpec& spec, const Program& program)
    : sc_core::sc_module(name), period_(PeriodOf(spec)), memory_("memory", MemoryBytes(program)) {}

Expected<std::unique_ptr<Platform>> Platform::Begin(const HardwareSpec& spec,
                                                    const Program& program) {
  static bool created = false;
  if (std::exchange(created, true)) {
    return Fail("SystemC: a process can simulate one platform, and this one has had its own");
  }
  sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
  return std::unique_ptr<Platform>(new Platform("platform", spec, program));
}

void Platform::Complete(std::unique_ptr<Accelerator> accelerator) {
  accelerator_ = std::move(accelerator);
  host_ = std::make_unique<Host>("host", period_, *accelerator_, memory_.buffer().bus_address(),
                                 memory_.buffer().bytes());
  host_->control.bind(accelerator_->control);
  host_->memory.bind(memory_.host);
  accelerator_->memory.bind(memory_.device);
  accelerator_->interrupt.bind(interrupt_);
  host_->interrupt.bind(interrupt_);
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
}

Expected<std::unique_ptr<Platform>> Platform::Create(const HardwareSpec& spec,
                                                     const Program& program,
                                                     std::unique_ptr<rtl::RtlDesign> design,
                                                     const PlatformOptions& options) {
  TF_ASSIGN_OR_RETURN(const MemoryConfig memory, MakeMemoryConfig(spec));
  TF_ASSIGN_OR_RETURN(std::unique_ptr<Platform> platform, Begin(spec, program));
  auto accelerator = std::make_unique<VerilatedAccelerator>(
      "accelerator", platform->period_, std::move(design), memory, spec.memory.max_burst_beats,
      program.design, options.times);
  accelerator->set_on_cycles(options.on_cycles);
  platform->verilated_ = accelerator.get();
  platform->Complete(std::move(accelerator));
  return platform;
}

Expected<std::unique_ptr<Platform>> Platform::Create(const HardwareSpec& spec,
                                                     const Program& program,
                                                     const PlatformOptions& options) {
  TF_ASSIGN_OR_RETURN(const MemoryConfig memory, MakeMemoryConfig(spec));
  TF_ASSIGN_OR_RETURN(std::unique_ptr<Platform> platform, Begin(spec, program));
  auto accelerator =
      std::make_unique<ModelAccelerator>("accelerator", platform->period_, spec, memory, program,
                                         platform->memory_.buffer(), options.times);
  accelerator->set_on_cycles(options.on_cycles);
  platform->Complete(std::move(accelerator));
  return platform;
}

}  // namespace ternfab::systemc
