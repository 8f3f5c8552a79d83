// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "codegen/plan/design.h"
#include "codegen/plan/fetch_order.h"
#include "codegen/plan/isa.h"
#include "codegen/plan/unit.h"

namespace ternfab {

enum class Storage { kVm, kAm, kQm, kMemory };

/// Words [first, first + count) of one slot's AM or one bank's QM, of VM, or cells of main memory.
struct Access {
  Storage space = Storage::kVm;
  int bank = 0;  ///< slot (AM) or bank (QM)
  int first = 0;
  int count = 0;
  bool write = false;
};

/// Derives dependence tokens. For each instruction, the latest earlier one of every other unit
/// that touches a common word, one of both writing it, must have retired. An edge becomes a signal
/// there and a wait here, unless the unit already waited for that instruction or a later one of the
/// same unit. Sources and destinations of the edges between two units both ascend, so that counting
/// tokens is enough; each signal has exactly one wait.
///
/// A stream that reads a cell which the program has written is marked Dependent, unless an earlier
/// Dependent stream of the same unit has waited for those writes (FetchOrder): then it is fetched
/// ahead like all others.
class DependenceTracker {
 public:
  /// Main memory is `memory_cells` cells.
  DependenceTracker(const DesignParams& design, int memory_cells);

  /// Adds the next instruction of the program: `instructions.back()`, of `unit`.
  void Add(std::vector<isa::Instruction>& instructions, Unit unit,
           std::span<const Access> accesses);

 private:
  struct Cell {
    std::array<int32_t, kUnits> read{-1, -1, -1};   // last instruction of each unit that read it
    std::array<int32_t, kUnits> write{-1, -1, -1};  // and that wrote it
  };
  std::span<Cell> Cells(const Access& access);
  void MarkStream(isa::Instruction& instruction, Unit unit, int32_t self,
                  std::span<const Access> accesses);

  DesignParams design_;
  std::vector<Cell> vm_, am_, qm_, memory_;
  // Per pair of units: the latest instruction of the first that the second has waited for.
  std::array<std::array<int32_t, kUnits>, kUnits> waited_;
  FetchOrder fetch_order_;
};

/// The token by which `to` waits for `from`; 0 where there is none.
uint32_t TokenOf(Unit from, Unit to);

}  // namespace ternfab
