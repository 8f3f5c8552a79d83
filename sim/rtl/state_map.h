// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

namespace ternfab::rtl {

/// What a register of the RTL is to somebody who compares or loads the state of a design.
enum class StateKind {
  kTiming,        ///< decides when something happens: timing state
  kPosition,      ///< place in the program: timing state when counted from the program's beginning
  kQueue,         ///< memory of a ring: what it holds, in queue order, is timing state
  kPointer,       ///< where a ring begins or ends; no timing state
  kCounter,       ///< counts cycles of a run and decides nothing
  kArchitecture,  ///< what instructions work on: VM, AM, QM, S
  kScratch,       ///< of that, what is left over when parts of a run meet: partial sums; loaded only
  kData,          ///< values under way or fields of the instruction in work; not visible
};

/// Registers (and memories) of one kind of one module.
struct StateRegisters {
  const char* module;  ///< may end in *
  const char* names;   ///< separated by spaces
  StateKind kind;
  /// A register of the same module without which these are not meant. kTiming: only those bits
  /// count that are 1 in it (all or none, where it has one bit). kQueue: where the ring begins.
  const char* companion = "";
};

/// Every register of the RTL's modules but those of DataModules(). `count_q` of run counters is
/// listed last; a list is searched from its beginning.
std::span<const StateRegisters> StateMap();
/// Modules whose registers are all kData: trees, decoders, floating-point pipelines.
std::span<const char* const> DataModules();

/// Verilator's configuration that makes the registers that are not kData visible to
/// RtlDesign::State(). tf_tokens, kArchitecture and kScratch may be written.
std::string EmitStateConfig();

}  // namespace ternfab::rtl
