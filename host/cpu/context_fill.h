// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "codegen/plan/program.h"

namespace ternfab {

/// Bytes for main memory, whole wide beats from wide beat `beat`.
struct MemoryPatch {
  uint64_t beat = 0;
  std::vector<uint8_t> bytes;
};

/// Seed of every `--context` run: the same cache and the same first token everywhere.
inline constexpr uint64_t kContextSeed = 1;

/// A KV cache of `positions` seeded positions: rows of int8 in -127..127 and scales in [2^-6, 2^-5)
/// at the places where the decode program of `program` writes those of positions 0 ..
/// positions - 1. The numbers depend on model, positions and seed only: every executor and every
/// design goes on with the same logits. What pads a row to a wide beat is zero, as in a run.
std::vector<MemoryPatch> FillContext(const Program& program, int positions, uint64_t seed);

/// The token that follows a seeded context.
int ContextToken(int vocab, uint64_t seed);

}  // namespace ternfab
