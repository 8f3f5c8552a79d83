// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/trit.h"

namespace ternfab {

/// How an engine multiplies a beat's weights with activations and sums the products.
enum class EngineKind {
  kAdderTree,      ///< gates and a tree of adders; any device
  kAdderTreeLut6,  ///< the same, gates and first adders in Xilinx LUT6_2 and CARRY4
  kTable,          ///< groups of 3 lanes look their sum up in a table of their activations
  kInt8Mac,        ///< int8 weights and multipliers: what ternary engines are compared with
};

/// All kinds by the names that `engine.kind` of a spec has.
struct EngineKindName {
  EngineKind kind;
  std::string_view name;
};
inline constexpr EngineKindName kEngineKinds[] = {
    {EngineKind::kAdderTree, "adder_tree"},
    {EngineKind::kAdderTreeLut6, "adder_tree_lut6"},
    {EngineKind::kTable, "table"},
    {EngineKind::kInt8Mac, "int8_mac"},
};

/// Empty when there is no kind of that name.
inline std::optional<EngineKind> FindEngineKind(std::string_view name) {
  for (const EngineKindName& entry : kEngineKinds) {
    if (entry.name == name) return entry.kind;
  }
  return std::nullopt;
}

}  // namespace ternfab
