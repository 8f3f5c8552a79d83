// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "sim/rtl/lockstep.h"
#include "sim/rtl/run_observer.h"
#include "sim/systemc/accelerator.h"
#include "sim/systemc/rtl_core.h"

namespace ternfab::systemc {

/// Watches the run that it was told of; a start of which nobody told is not watched.
class ExpectedRunObserver : public rtl::CycleObserver {
 public:
  explicit ExpectedRunObserver(bool times) : run_(times) {}
  void Begin(const InstructionList& list, const DesignParams& design, const RunArguments& arguments,
             std::function<void(uint64_t)> on_cycles) {
    run_.Begin(list, design, arguments, std::move(on_cycles));
    expected_ = true;
  }
  const rtl::RunObserver& End() {
    expected_ = false;
    return run_;
  }
  void OnCycle(const rtl::TracePins& trace, uint64_t cycle) override {
    if (expected_) run_.OnCycle(trace, cycle);
  }
  bool stop() const override { return false; }

 private:
  rtl::RunObserver run_;
  bool expected_ = false;
};

/// The generated RTL as an accelerator: RtlCore in the platform's time.
class VerilatedAccelerator : public Accelerator {
 public:
  /// `times`: FillRecord fills RunRecord::times.
  VerilatedAccelerator(sc_core::sc_module_name name, sc_core::sc_time period,
                       std::unique_ptr<rtl::RtlDesign> design, const MemoryConfig& memory,
                       int max_burst_beats, const DesignParams& params, bool times);

  const driver::DesignInfo& info() const override { return core_.design().info(); }
  void BeginRun(const InstructionList& list, const RunArguments& arguments) override;
  void FillRecord(RunRecord& record) override;
  std::optional<std::string> fault() const override;

  /// Compares all instructions of the runs that follow with the emulator's; outlives them.
  void AddChecker(rtl::LockstepChecker* checker);
  /// Now and then during a run: its cycles so far.
  void set_on_cycles(std::function<void(uint64_t)> on_cycles) { on_cycles_ = std::move(on_cycles); }
  RtlCore& core() { return core_; }

 protected:
  Expected<uint32_t> ReadRegister(uint32_t offset) override;
  Expected<void> WriteRegister(uint32_t offset, uint32_t value) override;

 private:
  void start_of_simulation() override;
  /// In the middle of each cycle: what the host did at its beginning is there, and what the design
  /// does shows from the next cycle's beginning on.
  void ClockCycle();
  void DriveInterrupt() { interrupt.write(core_.interrupt()); }
  /// Waits for the end of the transfer; false: the design did not answer.
  bool EndTransfer();

  RtlCore core_;
  ExpectedRunObserver observer_;
  std::vector<rtl::LockstepChecker*> checkers_;
  std::function<void(uint64_t)> on_cycles_ = [](uint64_t) {};
  DesignParams params_;
  bool shown_interrupt_ = false;
  sc_core::sc_event clock_;
  sc_core::sc_event answered_;
  sc_core::sc_event interrupt_changed_;
};

}  // namespace ternfab::systemc
