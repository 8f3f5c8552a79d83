// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codegen/plan/program.h"
#include "codegen/spec.h"
#include "common/error.h"
#include "sim/rtl/run_observer.h"
#include "sim/rtl/state_load.h"
#include "sim/rtl/state_probe.h"
#include "sim/rtl/verilated_device.h"
#include "sim/timing/design_model.h"

// A part of a run: a Verilated design of its own that begins in the middle of a program.

namespace ternfab::rtl {

/// From which instruction to which a part runs.
struct PartRange {
  /// First instruction; the design begins idle, with an empty pipeline.
  uint32_t first = 0;
  /// The part counts from the cycle in which this one issues; kNoIndex: from the beginning.
  uint32_t from = timing::kNoIndex;
  /// It stops in the cycle in which this one issues; kNoIndex: at the end of the program.
  uint32_t to = timing::kNoIndex;
};

/// All that a part needs. Pointers outlive the part.
struct PartInput {
  std::string library;
  VerilatedDevice::Options device;
  const Program* program = nullptr;
  const InstructionList* list = nullptr;
  RunArguments arguments;
  PartRange range;
  timing::Tokens tokens;            ///< before range.first, in program order
  ArchitecturalState state;         ///< likewise
  std::vector<MemoryWrite> writes;  ///< of the run so far, to main memory
  MemoryTiming memory;              ///< idle; at the latest in memory_cycle
  uint64_t memory_cycle = 0;        ///< of the memory in cycle 0 of the part
  uint8_t faults = 0;               ///< as in SimulationOptions
};

/// A cut through a run: the beginning of a cycle.
struct Seam {
  uint64_t cycle = 0;  ///< of the part
  TimingState state;   ///< the memory's last
  std::vector<uint64_t> counters;
  RunObserver observer{false};  ///< what it has seen before this cycle
};

/// A part that has run. Indices are those of the part: instruction i is i - first.
struct PartResult {
  Seam from, to;                       ///< to.state is empty where the program ended
  std::vector<MemoryWrite> writes;     ///< to main memory, after `from`
  std::optional<MemoryTiming> memory;  ///< after the last cycle, where the program ended
  std::vector<std::string> names;      ///< of the states' values
  uint64_t start_cycle = 0;            ///< cycle of the device that is cycle 0 of the part
};

/// `memory` behind an idle device in a later cycle.
MemoryTiming MemoryAt(MemoryTiming memory, uint64_t cycle);

/// Message of a part that was stopped.
inline constexpr const char* kPartStopped = "the simulation was stopped";

/// Makes a device and runs one part. Stops soon after `cancel` becomes true. Errors: those of the
/// run; kPartStopped.
Expected<PartResult> RunPart(const PartInput& input, const std::atomic<bool>& cancel);

}  // namespace ternfab::rtl
