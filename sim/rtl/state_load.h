// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "codegen/plan/design.h"
#include "host/cpu/emulator.h"
#include "sim/rtl/rtl_design.h"
#include "sim/timing/sequencer.h"

namespace ternfab::rtl {

/// What instructions leave behind but main memory: the contents of VM, S, AM and QM, in bytes, and
/// the partial sums of norms.
struct ArchitecturalState {
  explicit ArchitecturalState(const DesignParams& design);

  std::vector<uint8_t> vm;  ///< [word][VL fp32 or int32]
  std::array<uint32_t, isa::kScalarRegisters> scalars{};
  std::vector<std::vector<uint8_t>> am;  ///< [slot], [word][EL int8]
  std::vector<std::vector<uint8_t>> qm;  ///< [bank], [word][IL int8]
  NormSums norm_sums{};
};

/// Collects what an emulator writes. Norm sums are not among it.
class ArchitectureTracker : public WriteObserver {
 public:
  explicit ArchitectureTracker(const DesignParams& design) : state_(design) {}

  void OnWrite(MemoryWrite write) override;

  const ArchitecturalState& state() const { return state_; }
  /// Writes to main memory since ClearMemoryWrites, in order.
  const std::vector<MemoryWrite>& memory_writes() const { return memory_writes_; }
  void ClearMemoryWrites() { memory_writes_.clear(); }

 private:
  ArchitecturalState state_;
  std::vector<MemoryWrite> memory_writes_;
};

/// Makes `state` the contents of a design's memories, while it does not run.
void LoadArchitecture(RtlDesign& design, const ArchitecturalState& state);

/// Sets the dependence tokens of a run that has begun (a start clears them) and in which no
/// instruction has issued.
void LoadTokens(RtlDesign& design, const timing::Tokens& tokens);

}  // namespace ternfab::rtl
