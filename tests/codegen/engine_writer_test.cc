// SPDX-License-Identifier: Apache-2.0
#include "codegen/engine_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ternfab {
namespace {

using ::testing::HasSubstr;

TEST(EngineWriter, LatencyIsDecoderTreeAccumulator) {
  EXPECT_EQ(EngineLatency({80, 4, 1, WeightCode::kBase3}), 9);
  EXPECT_EQ(EngineLatency({80, 1, 2, WeightCode::kBase3}), 6);
  EXPECT_EQ(EngineLatency({64, 4, 1, WeightCode::kTwoBit}), 8);
  EXPECT_EQ(EngineLatency({16, 1, 4, WeightCode::kTwoBit}), 3);
}

TEST(EngineWriter, KindsOfTheSameShape) {
  const EngineShape plain{80, 4, 1, WeightCode::kBase3};
  EngineShape lut6 = plain;
  lut6.kind = EngineKind::kAdderTreeLut6;
  EXPECT_EQ(EngineLatency(lut6), EngineLatency(plain));
  const EngineShape int8{16, 4, 2, WeightCode::kInt8, EngineKind::kInt8Mac};
  EXPECT_EQ(EngineLatency(int8), 5);
  EXPECT_EQ(EngineModule(int8), "tf_engine_int8_l16_b4");
  EXPECT_THAT(EmitEngineModule(int8, ""), HasSubstr("tf_int8_mac #(.Lanes(16)) u_mac3 ("));
  EngineShape table = plain;
  table.kind = EngineKind::kTable;
  EXPECT_EQ(EngineLatency(table), 9);  // decoder, entries, look-up, 5 levels of 27 groups, sum
  EXPECT_EQ(EngineModule(table), "tf_engine_table_l80_b4");
  EXPECT_THAT(EmitEngineModule(table, ""), HasSubstr("tf_table_tree_l80 u_tree3 ("));
  EXPECT_EQ(EngineModule(plain), "tf_engine_l80_b4");
  EXPECT_EQ(EngineModule(lut6), "tf_engine_lut6_l80_b4");
  EXPECT_THAT(EmitEngineModule(lut6, ""), HasSubstr("tf_lut6_tree_l80 u_tree3 ("));
}

TEST(EngineWriter, BeatHoldsTheLanes) {
  for (const int width : {32, 64, 128, 256, 512}) {
    for (const WeightCode code : {WeightCode::kBase3, WeightCode::kTwoBit}) {
      EXPECT_EQ((EngineShape{LanesOf(code, width), 1, 1, code}.beat_bits()), width);
    }
  }
}

TEST(EngineWriter, SpecGivesTreeAndEngine) {
  const Expected<HardwareSpec> spec = FindSpec("kv260");
  ASSERT_TRUE(spec) << spec.error().message;
  const std::vector<RtlFile> files = EmitEngine(*spec);
  ASSERT_EQ(files.size(), 2);
  EXPECT_EQ(files[0].name, "tf_tree_l80");
  EXPECT_EQ(files[1].name, "tf_engine_l80_b4");
  for (const RtlFile& file : files) {
    EXPECT_THAT(file.text, HasSubstr("module " + file.name + " ("));
    EXPECT_THAT(file.text, HasSubstr("AUTO-GENERATED"));
  }
  EXPECT_THAT(files[1].text, HasSubstr("tf_decode_base3 #(.Bytes(16))"));
  const std::vector<RtlFile> again = EmitEngine(*spec);
  EXPECT_EQ(files[0].text, again[0].text);
  EXPECT_EQ(files[1].text, again[1].text);
}

}  // namespace
}  // namespace ternfab
