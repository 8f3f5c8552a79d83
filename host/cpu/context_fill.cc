// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/context_fill.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "common/check.h"
#include "common/integer.h"
#include "models/random.h"

namespace ternfab {
namespace {

using isa::Destination;
using isa::Instruction;

constexpr uint64_t kTokenStream = ~uint64_t{0};  // of Random; arrays count from 0

/// A number of 0 .. n - 1.
uint32_t Below(uint32_t n, Random& random) { return uint32_t((random.Next() >> 32) * n >> 32); }

/// The instructions of the decode program that write a position's part of the KV cache, in the
/// order of their places: rows and scales, key before value, KV head after KV head.
std::vector<const Instruction*> CacheWrites(const Program& program) {
  std::vector<const Instruction*> writes;
  for (const Instruction& in : program.decode.instructions) {
    if (in.GetAs<isa::Opcode>(isa::kOpcode) != isa::Opcode::kVector) continue;
    const auto to = in.GetAs<Destination>(isa::kVDst);
    if (to != Destination::kMemI8 && to != Destination::kMemElement) continue;
    const uint64_t beat = in.Get(isa::kVMemAddress);
    const bool cached = std::ranges::any_of(program.regions, [&](const MemoryRegion& region) {
      return region.name.ends_with("kv cache") && beat >= region.beat &&
             beat < region.beat + region.beats;
    });
    if (cached) writes.push_back(&in);
  }
  std::ranges::sort(writes, {}, [](const Instruction* in) { return in->Get(isa::kVMemAddress); });
  return writes;
}

/// Rows of `positions` positions: VSegments segments of VLength int8, each padded to a wide beat.
void FillRows(const Instruction& in, int positions, int wide_bytes, Random random,
              std::vector<uint8_t>& bytes) {
  const size_t length = in.Get(isa::kVLength);
  const size_t segment = size_t(RoundUp(int64_t(length), wide_bytes));
  const size_t stride = size_t(in.Get(isa::kVMemStride)) * size_t(wide_bytes);
  bytes.assign(size_t(positions) * stride, 0);
  for (int position = 0; position < positions; ++position) {
    uint8_t* row = &bytes[size_t(position) * stride];
    for (uint32_t s = 0; s < in.Get(isa::kVSegments); ++s, row += segment) {
      for (size_t i = 0; i < length; ++i) row[i] = uint8_t(int(Below(255, random)) - 127);
    }
  }
}

void FillScales(int positions, int wide_bytes, Random random, std::vector<uint8_t>& bytes) {
  constexpr uint32_t kLeast = std::bit_cast<uint32_t>(0x1p-6f);
  bytes.assign(size_t(RoundUp(4 * int64_t(positions), wide_bytes)), 0);
  for (int position = 0; position < positions; ++position) {
    const uint32_t scale = kLeast | Below(1u << 23, random);
    std::memcpy(&bytes[4 * size_t(position)], &scale, 4);
  }
}

}  // namespace

std::vector<MemoryPatch> FillContext(const Program& program, int positions, uint64_t seed) {
  TF_CHECK(positions >= 0 && positions <= program.context, "{} positions of {}", positions,
           program.context);
  const int wide_bytes = program.design.wide_bytes();
  std::vector<MemoryPatch> patches;
  uint64_t stream = 0;  // one an array
  for (const Instruction* in : CacheWrites(program)) {
    MemoryPatch patch{in->Get(isa::kVMemAddress), {}};
    const Random random(seed, stream++);
    if (in->GetAs<Destination>(isa::kVDst) == Destination::kMemI8) {
      FillRows(*in, positions, wide_bytes, random, patch.bytes);
    } else {
      FillScales(positions, wide_bytes, random, patch.bytes);
    }
    patches.push_back(std::move(patch));
  }
  return patches;
}

int ContextToken(int vocab, uint64_t seed) {
  Random random(seed, kTokenStream);
  return int(Below(uint32_t(vocab), random));
}

}  // namespace ternfab
