// SPDX-License-Identifier: Apache-2.0
#include "sim/systemc/verilated_accelerator.h"

#include <utility>

namespace ternfab::systemc {
namespace {

constexpr int kMostTransferCycles = 1000;  // an AXI4-Lite transfer takes two

}  // namespace

VerilatedAccelerator::VerilatedAccelerator(sc_core::sc_module_name name, sc_core::sc_time period,
                                           std::unique_ptr<rtl::RtlDesign> design,
                                           const MemoryConfig& memory, int max_burst_beats,
                                           const DesignParams& params, bool times)
    : Accelerator(name, period),
      core_(std::move(design), memory, max_burst_beats, kResetCycles),
      observer_(times),
      params_(params) {
  SC_HAS_PROCESS(VerilatedAccelerator);
  core_.AddObserver(&observer_);
  SC_METHOD(ClockCycle);
  dont_initialize();
  sensitive << clock_;
  SC_METHOD(DriveInterrupt);
  dont_initialize();
  sensitive << interrupt_changed_;
}

void VerilatedAccelerator::start_of_simulation() {
  core_.Connect(DirectMemory());
  clock_.notify(period() / 2);
}

void VerilatedAccelerator::ClockCycle() {
  const bool was_busy = core_.busy();
  core_.Cycle();
  if (was_busy && (!core_.busy() || core_.transfer_cycles() >= kMostTransferCycles)) {
    answered_.notify(period() / 2);
  }
  if (core_.interrupt() != shown_interrupt_) {
    shown_interrupt_ = core_.interrupt();
    interrupt_changed_.notify(period() / 2);
  }
  if (core_.stop()) stopped_.notify(period() / 2);
  next_trigger(period());
}

bool VerilatedAccelerator::EndTransfer() {
  wait(answered_);
  const bool ended = !core_.busy();
  if (!ended) core_.Abandon();
  return ended;
}

Expected<uint32_t> VerilatedAccelerator::ReadRegister(uint32_t offset) {
  core_.BeginRead(offset);
  if (EndTransfer()) return core_.read_value();
  return Fail("no answer to a read in {} cycles", kMostTransferCycles);
}

Expected<void> VerilatedAccelerator::WriteRegister(uint32_t offset, uint32_t value) {
  core_.BeginWrite(offset, value);
  if (EndTransfer()) return {};
  return Fail("no answer to a write in {} cycles", kMostTransferCycles);
}

void VerilatedAccelerator::AddChecker(rtl::LockstepChecker* checker) {
  checkers_.push_back(checker);
  core_.AddObserver(checker);
}

void VerilatedAccelerator::BeginRun(const InstructionList& list, const RunArguments& arguments) {
  for (rtl::LockstepChecker* checker : checkers_) checker->Begin(list, arguments);
  observer_.Begin(list, params_, arguments, on_cycles_);
}

void VerilatedAccelerator::FillRecord(RunRecord& record) {
  const rtl::RunObserver& run = observer_.End();
  const CycleAccountant& accountant = run.accountant();
  record.start_cycle = run.start_cycle();
  record.first_beats = accountant.first_beats();
  record.weight_beats = accountant.weight_beats();
  record.weight_cycles = accountant.weight_cycles();
  record.matvecs = run.matvecs();
  record.matvec_cycles = run.matvec_cycles();
  record.limits = accountant.table();
  record.times = run.times();
}

std::optional<std::string> VerilatedAccelerator::fault() const {
  if (!core_.stop()) return std::nullopt;
  return "the simulation was stopped";
}

}  // namespace ternfab::systemc
