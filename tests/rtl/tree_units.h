// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "codegen/engine_writer.h"

namespace ternfab {

/// Shape of a generated adder tree of bench_tree.svh.
struct TestTree {
  int lanes = 0;
  int pipeline = 1;
  EngineKind kind = EngineKind::kAdderTree;
};

/// Trees of the bench; those of the engines are among them.
inline constexpr std::array<TestTree, 16> kTestTrees = {{{1, 1},
                                                         {2, 1},
                                                         {3, 1},
                                                         {5, 2},
                                                         {20, 2},
                                                         {33, 3},
                                                         {40, 1},
                                                         {64, 1},
                                                         {80, 1},
                                                         {1, 1, EngineKind::kAdderTreeLut6},
                                                         {2, 1, EngineKind::kAdderTreeLut6},
                                                         {3, 2, EngineKind::kAdderTreeLut6},
                                                         {33, 3, EngineKind::kAdderTreeLut6},
                                                         {40, 2, EngineKind::kAdderTreeLut6},
                                                         {64, 1, EngineKind::kAdderTreeLut6},
                                                         {80, 1, EngineKind::kAdderTreeLut6}}};

/// Engines of the bench.
inline constexpr std::array<EngineShape, 8> kTestEngines = {
    {{80, 2, 1, WeightCode::kBase3},
     {40, 3, 1, WeightCode::kBase3},
     {20, 1, 2, WeightCode::kTwoBit},
     {40, 1, 2, WeightCode::kBase3, EngineKind::kAdderTreeLut6},
     {16, 2, 2, WeightCode::kInt8, EngineKind::kInt8Mac},
     {4, 1, 2, WeightCode::kInt8, EngineKind::kInt8Mac},
     {80, 1, 1, WeightCode::kBase3, EngineKind::kTable},
     {20, 2, 2, WeightCode::kTwoBit, EngineKind::kTable}}};

}  // namespace ternfab
