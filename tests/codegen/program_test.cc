// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "codegen/plan/planner.h"
#include "codegen/spec.h"
#include "tests/codegen/test_models.h"

namespace ternfab {
namespace {

using testing::HasSubstr;

Program Small(const std::string& preset) {
  ModelConfig config = SmallConfig();
  config.layers = 1;
  const auto spec = FindSpec(preset);
  auto program = BuildProgram(RandomModel(config, 5), Derive(*spec), DesignHash(*spec));
  TF_CHECK(program.has_value(), "{}", program.error().message);
  return std::move(*program);
}

TEST(ProgramFile, ReadsBackWhatWasWritten) {
  for (const char* preset : {"nano", "arty-a7-35t", "kv260"}) {
    const Program program = Small(preset);
    const std::vector<uint8_t> bytes = SerializeProgram(program);
    const auto read = ParseProgram(bytes);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->design, program.design);
    EXPECT_EQ(read->design_hash, program.design_hash);
    EXPECT_EQ(read->model, program.model);
    EXPECT_EQ(read->vocab, program.vocab);
    EXPECT_EQ(read->context, program.context);
    EXPECT_EQ(read->decode.beat, program.decode.beat);
    EXPECT_EQ(read->decode.instructions, program.decode.instructions);
    EXPECT_EQ(read->prefill.beat, program.prefill.beat);
    EXPECT_EQ(read->prefill.instructions, program.prefill.instructions);
    ASSERT_EQ(read->decode.notes.size(), program.decode.notes.size());
    EXPECT_EQ(read->decode.notes[3].text, program.decode.notes[3].text);
    ASSERT_EQ(read->regions.size(), program.regions.size());
    EXPECT_EQ(read->regions[2].name, program.regions[2].name);
    EXPECT_EQ(read->image, program.image);
    EXPECT_EQ(read->logits_beat, program.logits_beat);
    EXPECT_EQ(read->total_beats, program.total_beats);
    EXPECT_EQ(read->has_head, program.has_head);
    EXPECT_EQ(SerializeProgram(*read), bytes);
  }
}

TEST(ProgramFile, RefusesAnyTruncation) {
  const std::vector<uint8_t> bytes = SerializeProgram(Small("nano"));
  for (size_t size = 0; size < bytes.size(); size += size < 3000 ? 1 : 977) {
    const auto read = ParseProgram({bytes.begin(), bytes.begin() + size});
    ASSERT_FALSE(read) << size;
  }
  std::vector<uint8_t> longer = bytes;
  longer.push_back(0);
  EXPECT_THAT(ParseProgram(longer).error().message, HasSubstr("must end after"));
}

TEST(ProgramFile, RefusesOtherVersions) {
  std::vector<uint8_t> bytes = SerializeProgram(Small("nano"));
  bytes[4] = 9;
  EXPECT_EQ(ParseProgram(bytes).error().message, "program: versions 9 and 1: must be 1 and 1");
  bytes[0] = 'X';
  EXPECT_THAT(ParseProgram(bytes).error().message, HasSubstr("not a Program file"));
}

TEST(ProgramFile, SurvivesDamage) {
  const std::vector<uint8_t> good = SerializeProgram(Small("nano"));
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::vector<uint8_t> bytes = good;
    // Mostly the part before the image: fields, counts, notes.
    const size_t range = round % 4 == 0 ? bytes.size() : 600;
    for (int i = 0; i < 1 + round % 3; ++i) bytes[random() % range] = uint8_t(random());
    const auto read = ParseProgram(bytes);
    if (!read) {
      EXPECT_EQ(read.error().message.find('\n'), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace ternfab
