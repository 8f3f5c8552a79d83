// SPDX-License-Identifier: Apache-2.0
// The byte counts of docs/validation.md: published, and computed from the planner's streams.
#include <gtest/gtest.h>

#include <map>

#include "codegen/plan/planner.h"
#include "codegen/spec.h"
#include "common/check.h"
#include "models/model.h"
#include "tests/codegen/test_models.h"

namespace ternfab {
namespace {

DesignParams Board() {
  const auto spec = FindSpec(TF_SOURCE_DIR "/docs/validation/kv260-published.yaml");
  TF_CHECK(spec.has_value(), "{}", spec.error().message);
  EXPECT_EQ(spec->name, "kv260-published");
  return Derive(*spec);
}

TEST(Validation, BytesOfALayerAreThePublishedOnes) {
  ModelConfig config = *FindModelPreset("bitnet-2b4t");
  ASSERT_EQ(config.layers, 30);
  config.layers = 1;
  config.vocab = 16;  // the table is not a layer's
  config.context = 128;
  const auto program = BuildProgram(RandomModel(config, 1), Board(), 0);
  ASSERT_TRUE(program) << program.error().message;
  for (const InstructionList* list : {&program->decode, &program->prefill}) {
    std::map<Part, uint64_t> bytes;
    uint64_t layer = 0;
    for (size_t i = 0; i < list->instructions.size(); ++i) {
      const isa::Instruction& in = list->instructions[i];
      if (in.GetAs<isa::Opcode>(isa::kOpcode) != isa::Opcode::kMatvec) continue;
      const uint64_t beats = in.Get(isa::kStreamBeats);
      bytes[list->notes[i].place.part] += beats * program->design.wide_bytes();
      layer += beats * program->design.wide_bytes();
    }
    EXPECT_EQ(bytes[Part::kQkv], 1966080u);
    EXPECT_EQ(bytes[Part::kOutput], 1310720u);
    EXPECT_EQ(bytes[Part::kGateUp], 7077888u);
    EXPECT_EQ(bytes[Part::kDown], 3563520u);
    EXPECT_EQ(layer, 13918208u);
    EXPECT_EQ(30 * layer, 417546240u);
  }
}

TEST(Validation, AShortlistOfTheHeadWouldBeThePublishedBytes) {
  const DesignParams board = Board();
  const uint64_t beats = uint64_t(128256 / board.ports) * uint64_t((2560 + 79) / board.lanes);
  EXPECT_EQ(beats, 1026048u);
  EXPECT_EQ(beats * board.wide_bytes(), 65667072u);
}

}  // namespace
}  // namespace ternfab
