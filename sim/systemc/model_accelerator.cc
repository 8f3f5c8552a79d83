// SPDX-License-Identifier: Apache-2.0
#include "sim/systemc/model_accelerator.h"

#include "codegen/signature.h"
#include "sim/timing/decode.h"

namespace ternfab::systemc {
namespace {

constexpr size_t kStackBytes = size_t{1} << 20;

/// Null where the program has no list there.
const InstructionList* ListAt(const Program& program, uint32_t beat) {
  if (beat == program.decode.beat) return &program.decode;
  const bool prefill = !program.prefill.instructions.empty();
  return prefill && beat == program.prefill.beat ? &program.prefill : nullptr;
}

}  // namespace

ModelAccelerator::ModelAccelerator(sc_core::sc_module_name name, sc_core::sc_time period,
                                   const HardwareSpec& spec, const MemoryConfig& memory,
                                   const Program& program, MemoryBuffer& buffer, bool times)
    : Accelerator(name, period),
      program_(program),
      buffer_(buffer),
      info_(MakeSignature(spec)),
      registers_(info_.info()),
      data_(program),
      timing_(spec, memory, times) {
  SC_HAS_PROCESS(ModelAccelerator);
  SC_THREAD(Work);
  set_stack_size(kStackBytes);
  SC_METHOD(DriveInterrupt);
  dont_initialize();
  sensitive << interrupt_changed_ << ended_;
}

Expected<uint32_t> ModelAccelerator::ReadRegister(uint32_t offset) {
  const Expected<uint32_t> value = registers_.Read(offset, CycleNow());
  wait(kAccessCycles * period());
  return value;
}

Expected<void> ModelAccelerator::WriteRegister(uint32_t offset, uint32_t value) {
  const uint64_t cycle = CycleNow();
  const bool starts = registers_.Starts(offset, value, cycle);
  if (starts) TF_RETURN_IF_ERROR(CheckStart());
  TF_RETURN_IF_ERROR(registers_.Write(offset, value, cycle));
  interrupt_changed_.notify(period());
  if (starts) {
    start_cycle_ = cycle;
    start_.notify(sc_core::SC_ZERO_TIME);
  }
  wait(kAccessCycles * period());
  return {};
}

Expected<void> ModelAccelerator::CheckStart() {
  const RunArguments run = registers_.arguments();
  if (ListAt(program_, registers_.program()) == nullptr) {
    return Fail("PROGRAM = {}: the model runs the Program's own lists only", registers_.program());
  }
  if (run.count == 0 || run.count > info_.info().batch) {
    return Fail("COUNT = {}: must be 1..{} (the model has no such errors)", run.count,
                info_.info().batch);
  }
  if (uint64_t{run.position} + run.count > uint64_t(program_.context)) {
    return Fail("POSITION = {}, COUNT = {}: must end within {} (the Program's context)",
                run.position, run.count, program_.context);
  }
  for (uint32_t i = 0; i < run.count; ++i) {
    if (run.tokens[i] < uint32_t(program_.vocab)) continue;
    return Fail("TOKEN[{}] = {}: must be below {} (the Program's vocabulary)", i, run.tokens[i],
                program_.vocab);
  }
  return data_.Take(buffer_.TakeHostWrites(), registers_.port_bases());
}

void ModelAccelerator::Work() {
  while (true) {
    wait(start_);
    const InstructionList& list = *ListAt(program_, registers_.program());
    const RunArguments run = registers_.arguments();
    data_.Begin(list, run);
    // Where data decide on addresses, the cycles are counted after them, else beside them.
    std::span<const uint32_t> tags;
    if (timing::CountTags(list) != 0) tags = data_.TagIndices();
    const Expected<void> timed =
        timing_.Run(list, run, registers_.port_bases(), start_cycle_ + kStartToRun, tags);
    if (!timed) {
      fault_ = timed.error().message;
      stopped_.notify(sc_core::SC_ZERO_TIME);
      continue;
    }
    const uint64_t cycles = kStartToRun + timing_.cycles() + kRunToDone;
    registers_.EndRun(start_cycle_ + cycles, timing_.counters());
    wait(cycles * period());
    data_.Finish();
    ended_.notify(sc_core::SC_ZERO_TIME);
  }
}

}  // namespace ternfab::systemc
