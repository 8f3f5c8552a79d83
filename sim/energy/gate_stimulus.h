// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "codegen/plan/program.h"
#include "sim/energy/gate_units.h"

namespace ternfab {

/// Operands of the first `lanes` lanes of engine 0 and of the int8 engine (all of its lanes where
/// it has fewer), in the order in which they pass there: a row's beats one after the other, row r
/// of engine 0 being row r x engines of a MATVEC.
struct GateData {
  std::vector<GateOperands> ternary;  ///< beats of MATVECs of the decode step
  std::vector<GateOperands> int8;     ///< beats of the head's rows, query 0
  double zero_trits = 0;              ///< share of the trits in `ternary`
};

/// Runs `ids` on the emulator and takes the operands of the last one's decode step: of each MATVEC
/// and of the head consecutive rows from the first on, at most `most` beats of each kind.
/// `program` has its image; `ids` are at most its context; `lanes` are at most those of an engine.
GateData CollectGateData(const Program& program, std::span<const int> ids, int lanes, size_t most);

}  // namespace ternfab
