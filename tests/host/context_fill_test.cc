// SPDX-License-Identifier: Apache-2.0
// A seeded KV cache: where it lies, what it holds, that every design goes on alike.
#include "host/cpu/context_fill.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "codegen/build_program.h"
#include "codegen/spec.h"
#include "host/cpu/device_model.h"
#include "host/cpu/emulator.h"

namespace ternfab {
namespace {

/// Two layers, two KV heads of two query heads, heads of 48 padded to 64.
Model TestModel() {
  ModelConfig config = *FindModelPreset("bitnet-2b4t");
  config.name = "test";
  config.vocab = 300;
  config.hidden = 96;
  config.layers = 2;
  config.heads = 4;
  config.kv_heads = 2;
  config.head_dim = 48;
  config.ffn = 160;
  config.context = 40;
  return *SynthesizeModel(config, 3);
}

Program ProgramOn(const Model& model, const char* hw) {
  const HardwareSpec spec = *FindSpec(hw);
  auto program = BuildProgram(model, spec);
  EXPECT_TRUE(program.has_value()) << program.error().message;
  return *program;
}

/// Bytes that a step at `position` writes into the KV cache.
std::set<uint64_t> BytesWritten(const Program& program, int position) {
  struct Observer : WriteObserver {
    explicit Observer(const Program& p) : program(p) {}
    void OnWrite(MemoryWrite write) override {
      if (write.space != Space::kMemory) return;
      for (const MemoryRegion& region : program.regions) {
        if (!region.name.ends_with("kv cache")) continue;
        if (write.address < region.beat || write.address >= region.beat + region.beats) continue;
        const uint64_t first = program.ByteOf(write.address) + write.offset;
        for (uint64_t i = 0; i < write.bytes.size(); ++i) bytes.insert(first + i);
      }
    }
    const Program& program;
    std::set<uint64_t> bytes;
  } observer(program);
  Emulator emulator(program);
  for (const isa::Instruction& in : program.decode.instructions) {
    emulator.Execute(in, {uint32_t(position), 1, {}}, &observer);
  }
  return observer.bytes;
}

TEST(ContextFill, CoversWhatTheStepsWouldHaveWritten) {
  const Model model = TestModel();
  for (const char* hw : {"nano", "kv260"}) {
    const Program program = ProgramOn(model, hw);
    const uint64_t wide = uint64_t(program.design.wide_bytes());
    for (const int positions : {1, 2, 17, model.config.context}) {
      std::set<uint64_t> filled, written;
      for (const MemoryPatch& patch : FillContext(program, positions, 1)) {
        EXPECT_EQ(patch.bytes.size() % wide, 0u);
        for (uint64_t i = 0; i < patch.bytes.size(); ++i) {
          EXPECT_TRUE(filled.insert(program.ByteOf(patch.beat) + i).second) << "twice";
        }
      }
      for (int p = 0; p < positions; ++p) {
        for (const uint64_t byte : BytesWritten(program, p)) {
          EXPECT_TRUE(filled.contains(byte)) << byte;
          written.insert(byte);
        }
      }
      // The rest of the last beat of 2 x 2 x 2 arrays of scales is zero.
      uint64_t rest = 0;
      for (const MemoryPatch& patch : FillContext(program, positions, 1)) {
        for (uint64_t i = 0; i < patch.bytes.size(); ++i) {
          if (written.contains(program.ByteOf(patch.beat) + i)) continue;
          EXPECT_EQ(patch.bytes[i], 0);
          ++rest;
        }
      }
      EXPECT_EQ(rest, 8 * (uint64_t(RoundUp(4 * positions, int64_t(wide))) - 4 * positions));
    }
  }
}

TEST(ContextFill, ScalesAreInRange) {
  const Program program = ProgramOn(TestModel(), "kv260");
  int arrays = 0;
  for (const MemoryPatch& patch : FillContext(program, 7, 1)) {
    if (patch.bytes.size() > 64) continue;  // rows: 7 beats
    ++arrays;
    for (int p = 0; p < 7; ++p) {
      float scale = 0;
      std::memcpy(&scale, &patch.bytes[4 * size_t(p)], 4);
      EXPECT_GE(scale, 1.0f / 64);
      EXPECT_LT(scale, 1.0f / 32);
    }
  }
  EXPECT_EQ(arrays, 8);
}

TEST(ContextFill, EveryDesignGoesOnAlike) {
  const Model model = TestModel();
  const int first = ContextToken(model.config.vocab, kContextSeed);
  ASSERT_GE(first, 0);
  ASSERT_LT(first, model.config.vocab);
  std::vector<std::vector<float>> logits;
  for (const char* hw : {"nano", "kv260"}) {
    const Program program = ProgramOn(model, hw);
    const auto device = MakeEmulatedDevice(program);
    ASSERT_TRUE(device->FillContext(30, kContextSeed).has_value());
    EXPECT_EQ(device->position(), 30);
    logits.push_back(*device->Append({&first, 1}));
    EXPECT_EQ(device->position(), 31);
  }
  EXPECT_EQ(logits[0], logits[1]);
  const Program program = ProgramOn(model, "nano");
  for (const auto& [positions, seed] : {std::pair{30, 2}, std::pair{29, 1}}) {
    const auto device = MakeEmulatedDevice(program);
    ASSERT_TRUE(device->FillContext(positions, uint64_t(seed)).has_value());
    EXPECT_NE(*device->Append({&first, 1}), logits[0]) << "the cache is read";
  }
}

TEST(ContextFill, RefusesMoreThanTheContext) {
  const Program program = ProgramOn(TestModel(), "nano");
  const auto device = MakeEmulatedDevice(program);
  EXPECT_EQ(device->FillContext(41, 1).error().message, "context of 41 positions: must be 0 to 40");
  EXPECT_TRUE(device->FillContext(40, 1).has_value());
}

}  // namespace
}  // namespace ternfab
