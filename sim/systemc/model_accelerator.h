// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "sim/systemc/accelerator.h"
#include "sim/systemc/design_info.h"
#include "sim/systemc/memory_buffer.h"
#include "sim/systemc/model_data.h"
#include "sim/systemc/model_timing.h"
#include "sim/systemc/register_model.h"

namespace ternfab::systemc {

/// The cycle model as an accelerator: ModelTiming for the time, ModelData for the bytes, both at
/// once, RegisterModel in front. It runs the Program that it was made for and refuses starts that
/// are something else: the register access fails.
class ModelAccelerator : public Accelerator {
 public:
  /// `program` and `buffer`, the memory behind the socket, outlive the accelerator. `times`:
  /// FillRecord fills RunRecord::times.
  ModelAccelerator(sc_core::sc_module_name name, sc_core::sc_time period, const HardwareSpec& spec,
                   const MemoryConfig& memory, const Program& program, MemoryBuffer& buffer,
                   bool times);

  const driver::DesignInfo& info() const override { return info_.info(); }
  void BeginRun(const InstructionList& list, const RunArguments& arguments) override {
    timing_.BeginRun(list, arguments);
  }
  void FillRecord(RunRecord& record) override { timing_.FillRecord(record); }
  std::optional<std::string> fault() const override { return fault_; }
  /// Now and then during a run: its cycles so far.
  void set_on_cycles(std::function<void(uint64_t)> on_cycles) {
    timing_.set_on_cycles(std::move(on_cycles));
  }

 protected:
  Expected<uint32_t> ReadRegister(uint32_t offset) override;
  Expected<void> WriteRegister(uint32_t offset, uint32_t value) override;

 private:
  void start_of_simulation() override { data_.Connect(DirectMemory()); }
  /// Errors: arguments of a start that the model does not run.
  Expected<void> CheckStart();
  void Work();
  void DriveInterrupt() { interrupt.write(registers_.interrupt(CycleNow())); }

  const Program& program_;
  MemoryBuffer& buffer_;
  SignatureInfo info_;
  RegisterModel registers_;
  ModelData data_;
  ModelTiming timing_;
  uint64_t start_cycle_ = 0;  ///< takes ap_start
  std::optional<std::string> fault_;
  sc_core::sc_event start_;
  sc_core::sc_event ended_;
  sc_core::sc_event interrupt_changed_;  ///< by a write
};

}  // namespace ternfab::systemc
