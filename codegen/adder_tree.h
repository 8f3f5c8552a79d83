// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "codegen/engine_kind.h"

// The ternary adder tree: sum over the lanes of trit * activation, trit -1, 0 or 1, activation
// int8.
//
// Gate. Each lane has two byte masks from the weight decoder: pass (ones unless the trit is zero)
// and neg (ones if it is -1, then pass is ones as well). (act & pass) ^ neg is trit * act without
// the +1 of a negation. With its top bit inverted it is an unsigned number, 128 more than that
// value: unsigned sums need no sign extension, neither in LUTs nor in the simulator's instructions.
//
// +1. A tree of n lanes has n - 1 adders, each with a free carry-in, and n possible negations. An
// adder of level 0 takes the negation of its first lane; those of the second lanes travel down in
// registers, one to each adder of the lower levels. The last lane is negated exactly, by a carry
// chain in front of its adder: 2 LUTs there, where one more +1 at the root would cost its width.
//
// Order. Level 0 adds neighbours within 4 lanes, first all lanes 4i and 4i+1, then 4i+2 and 4i+3;
// each lower level adds node k of the first half to node k of the second. So neighbouring nodes are
// the same operation on neighbouring words, which a C++ compiler turns into vector instructions
// (measured: 1.7 times the speed of adding nodes 2k and 2k+1).
//
// LUT6. The tree of EngineKind::kAdderTreeLut6 is the same, but the gates and the sum of two lanes
// are one module of Xilinx primitives: rtl/tf_lut6_pair.sv, 9 LUTs where synthesis finds 16, and
// for the last two lanes tf_lut6_last.sv.

namespace ternfab {

inline constexpr int kMaxTreeLanes = 512;

/// Levels of adders: ceil(log2(lanes)), at least 1.
int AdderTreeLevels(int lanes);

/// Clock cycles from the operands to sum_o: ceil(levels / pipeline). `pipeline` is the number of
/// levels between two registers; there is always a register behind the last level and none before
/// the first.
int AdderTreeLatency(int lanes, int pipeline);

/// Bits of the signed sum, exact for [-128 * lanes, 128 * lanes].
int AdderTreeSumBits(int lanes);

/// "tf_tree_l<lanes>", "tf_lut6_tree_l<lanes>". `kind` is one of the two adder trees.
std::string AdderTreeModule(int lanes, EngineKind kind = EngineKind::kAdderTree);

/// The module's text behind `banner` (comment lines). lanes: 1 to kMaxTreeLanes; pipeline: 1 or
/// more.
std::string EmitAdderTree(int lanes, int pipeline, const std::string& banner,
                          EngineKind kind = EngineKind::kAdderTree);

}  // namespace ternfab
