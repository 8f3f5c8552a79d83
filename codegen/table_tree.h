// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

// The sum of a table engine (EngineKind::kTable): each group of 3 lanes takes the sum of its
// activations that its trits ask for out of a table (rtl/tf_triple_select.sv), and a tree adds the
// groups' sums. The tables come from rtl/tf_triple_tables.sv, one for all engines; the entries'
// numbers and signs from tf_triple_index.sv, one in each engine.
//
// A negative entry is inverted and its +1 becomes a carry of the tree, as in adder_tree.h; values
// are unsigned, 512 more than the group's sum.

namespace ternfab {

inline constexpr int kTripleLanes = 3;
inline constexpr int kTripleEntries = 13;
inline constexpr int kTripleEntryBits = 10;

/// Groups of `lanes` lanes; the last one may have 1 or 2.
int TripleGroups(int lanes);

/// Bits of the tables of one batch slice.
int TripleTableBits(int lanes);

/// Clock cycles from the entries' numbers to sum_o: 1 for the look-up, then the tree's.
int TableTreeLatency(int lanes, int pipeline);

/// "tf_table_tree_l<lanes>".
std::string TableTreeModule(int lanes);

/// The module's text behind `banner` (comment lines). lanes: 7 (3 groups) to kMaxTreeLanes;
/// pipeline: 1 or more levels of adders between two registers.
std::string EmitTableTree(int lanes, int pipeline, const std::string& banner);

}  // namespace ternfab
