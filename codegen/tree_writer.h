// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "codegen/sv_writer.h"
#include "codegen/tree_plan.h"

namespace ternfab {

/// Writes an instance that adds two leaves and a carry into the net `sum`, which is declared.
using LeafAdder = std::function<void(SvWriter&, const TreeAdder&, const std::string& sum)>;

/// The levels' nets, registers and sums. Registers of a level take values in cycles with its
/// enable, `enable` for level 0. Where there is a leaf_adder, sums of two leaves are its instances,
/// the others are plain. Returns the name of the enable beside the root.
std::string WriteTreeLevels(SvWriter& out, const TreePlan& plan, std::string enable,
                            const LeafAdder& leaf_adder = {});

/// sum_o, `bits` wide: the root without its offset; and valid_o.
void WriteTreeSum(SvWriter& out, const TreePlan& plan, int bits, const std::string& valid);

}  // namespace ternfab
