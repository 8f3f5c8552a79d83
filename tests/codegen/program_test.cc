// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "codegen/build_program.h"
#include "codegen/plan/verify.h"
#include "codegen/spec.h"
#include "host/driver/program_view.h"
#include "tests/codegen/test_models.h"

namespace ternfab {
namespace {

using testing::HasSubstr;

Program Small(const std::string& preset, WeightCode code = WeightCode::kBase3) {
  ModelConfig config = SmallConfig();
  config.layers = 1;
  auto spec = FindSpec(preset);
  spec->engine.weight_code = code;
  spec->engine.lanes = LanesOf(code, spec->memory.width_bits);
  auto program = BuildProgram(RandomModel(config, 5), *spec);
  TF_CHECK(program.has_value(), "{}", program.error().message);
  return std::move(*program);
}

TEST(ProgramFile, ReadsBackWhatWasWritten) {
  for (const char* preset : {"nano", "arty-a7-35t", "kv260", "kv260-int8"}) {
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
    for (size_t i = 0; i < program.decode.notes.size(); ++i) {
      EXPECT_EQ(read->decode.notes[i].text, program.decode.notes[i].text);
      EXPECT_EQ(read->decode.notes[i].place, program.decode.notes[i].place);
    }
    ASSERT_EQ(read->regions.size(), program.regions.size());
    EXPECT_EQ(read->regions[2].name, program.regions[2].name);
    EXPECT_EQ(read->image, program.image);
    EXPECT_EQ(read->logits_beat, program.logits_beat);
    EXPECT_EQ(read->total_beats, program.total_beats);
    EXPECT_EQ(read->has_head, program.has_head);
    EXPECT_EQ(SerializeProgram(*read), bytes);
  }
}

/// The first MATVEC of the decode program.
size_t FirstMatvec(const Program& p) {
  size_t i = 0;
  while (p.decode.instructions[i].GetAs<isa::Opcode>(isa::kOpcode) != isa::Opcode::kMatvec) ++i;
  return i;
}

/// Message for the file of `p` after its decode list was changed: image and list agree.
std::string FileError(Program p) {
  const size_t step = size_t(p.design.instruction_beats()) * size_t(p.design.wide_bytes());
  uint8_t* at = &p.image[p.decode.beat * size_t(p.design.wide_bytes())];
  for (const isa::Instruction& in : p.decode.instructions) {
    at += step;
    std::copy_n(reinterpret_cast<const uint8_t*>(in.words.data()), isa::kInstructionBytes, at);
  }
  const auto read = ParseProgram(SerializeProgram(p));
  return read ? "" : read.error().message;
}

/// Name of the region that holds a wide beat.
std::string RegionOf(const Program& p, uint64_t beat) {
  for (const MemoryRegion& region : p.regions) {
    if (beat >= region.beat && beat < region.beat + region.beats) return region.name;
  }
  return "";
}

TEST(ProgramFile, PlacesAreWhereTheStreamsLie) {
  const Program p = Small("kv260");
  for (const InstructionList* list : {&p.decode, &p.prefill}) {
    for (size_t i = 0; i + 1 < list->instructions.size(); ++i) {
      const isa::Instruction& in = list->instructions[i];
      const ModelPlace& place = list->notes[i].place;
      ASSERT_NE(place.part, Part::kOther) << list->notes[i].text;
      ASSERT_EQ(place.layer < 0, place.part == Part::kEmbedding || place.part == Part::kHead);
      const auto opcode = in.GetAs<isa::Opcode>(isa::kOpcode);
      if (opcode == isa::Opcode::kVector) continue;
      const std::string region = RegionOf(p, in.Get(isa::kStreamAddress));
      if (opcode == isa::Opcode::kMatvec) {
        EXPECT_EQ(region, fmt::format("layer {} {} weights", place.layer, PartName(place.part)));
      } else if (place.part == Part::kAttention) {
        EXPECT_EQ(region, fmt::format("layer {} kv cache", place.layer));
      } else {
        EXPECT_EQ(place.part, Part::kHead);
      }
    }
  }
}

TEST(ProgramFile, RefusesUnknownPlaces) {
  Program p = Small("nano");
  p.decode.notes[2].place.part = Part(kParts);
  EXPECT_EQ(FileError(p), "program: decode 2: part 11, layer -1: must be below 11 and at least -1");
  p.decode.notes[2].place = {Part::kHead, -2};
  EXPECT_EQ(FileError(p), "program: decode 2: part 10, layer -2: must be below 11 and at least -1");
}

TEST(ProgramFile, TheDriverReadsTheSameFile) {
  for (const char* preset : {"nano", "arty-a7-35t", "kv260", "kv260-int8"}) {
    const Program program = Small(preset);
    const std::vector<uint8_t> bytes = SerializeProgram(program);
    EXPECT_EQ(bytes.capacity(), bytes.size());
    const auto view = driver::ParseProgramView(bytes);
    ASSERT_TRUE(view) << view.error().message;
    EXPECT_EQ(view->design_hash, program.design_hash);
    EXPECT_EQ(view->total_beats, program.total_beats);
    EXPECT_TRUE(std::ranges::equal(view->image, program.image));
    EXPECT_EQ(view->decode_beat, program.decode.beat);
    EXPECT_EQ(view->prefill_beat, program.design.batch > 1 ? program.prefill.beat : 0);
    EXPECT_EQ(view->logits_beat, program.logits_beat);
    EXPECT_EQ(view->has_head, program.has_head);
    EXPECT_EQ(view->vocab, uint32_t(program.vocab));
    EXPECT_EQ(view->context, uint32_t(program.context));
  }
}

TEST(ProgramFile, RefusesInvalidWeights) {
  for (const WeightCode code : {WeightCode::kBase3, WeightCode::kTwoBit}) {
    const Program good = Small("nano", code);
    ASSERT_EQ(FileError(good), "");
    const isa::Instruction& in = good.decode.instructions[FirstMatvec(good)];
    const uint64_t first = in.Get(isa::kStreamAddress);
    const uint64_t last = first + in.Get(isa::kStreamBeats) - 1;
    const int wide = good.design.wide_bytes();
    for (int byte = 0; byte < 256; ++byte) {
      std::vector<int8_t> trits(size_t(TritsPerByte(code)));
      const uint8_t one = uint8_t(byte);
      const bool valid = UnpackBeat({&one, 1}, code, trits).has_value();
      for (const uint64_t at : {first * wide, last * wide + wide - 1}) {
        if (at != first * wide && byte % 16 != 15) continue;  // the last byte: some values
        Program p = good;
        p.image[at] = one;
        EXPECT_EQ(FileError(p), valid ? ""
                                      : fmt::format("program: weights at beat {}: byte {} = {}: "
                                                    "must be a code",
                                                    at / wide, at % wide, byte));
      }
    }
  }
}

TEST(ProgramFile, RefusesWeightsWithTwoShapes) {
  Program p = Small("nano");
  const size_t i = FirstMatvec(p);
  isa::Instruction& in = p.decode.instructions[i];
  ASSERT_EQ(p.decode.instructions[i].Get(isa::kMvGroups) % 2, 0u);
  // The prefill program still has the whole stream.
  in.Set(isa::kMvGroups, in.Get(isa::kMvGroups) / 2);
  in.Set(isa::kStreamBeats, in.Get(isa::kStreamBeats) / 2);
  EXPECT_THAT(FileError(p), HasSubstr("must not overlap"));
  in.Set(isa::kStreamAddress, in.Get(isa::kStreamAddress) + 1);
  EXPECT_THAT(FileError(p), HasSubstr("must not overlap"));
}

TEST(ProgramFile, RefusesWritesToWeights) {
  Program p = Small("nano");
  const uint32_t weights = p.decode.instructions[FirstMatvec(p)].Get(isa::kStreamAddress);
  for (isa::Instruction& in : p.decode.instructions) {
    if (in.GetAs<isa::Opcode>(isa::kOpcode) != isa::Opcode::kVector) continue;
    const auto to = in.GetAs<isa::Destination>(isa::kVDst);
    if (to != isa::Destination::kMemI8 && to != isa::Destination::kMemElement) continue;
    const isa::Instruction kept = in;
    in.Set(isa::kVMemAddress, weights);
    EXPECT_THAT(FileError(p), HasSubstr(fmt::format("must not touch the weights at {}", weights)));
    in = kept;
  }
  EXPECT_EQ(FileError(p), "");
}

TEST(ProgramFile, RefusesStreamsThatMove) {
  const Program good = Small("nano");
  for (const isa::Opcode opcode :
       {isa::Opcode::kMatvec, isa::Opcode::kDot, isa::Opcode::kAccumulate}) {
    size_t i = 0;
    while (good.decode.instructions[i].GetAs<isa::Opcode>(isa::kOpcode) != opcode) ++i;
    for (const isa::Field& field : {isa::kStreamIndex, isa::kStreamStride}) {
      Program p = good;
      p.decode.instructions[i].Set(field, 1);
      EXPECT_THAT(FileError(p),
                  HasSubstr(fmt::format("{} = 1: must be 0 but for VECTOR", field.name)));
    }
  }
}

TEST(ProgramFile, RefusesNormsThatTheUnitDoesNotHave) {
  const Program good = Small("nano");
  const auto is_vector = [](const isa::Instruction& in) {
    return in.GetAs<isa::Opcode>(isa::kOpcode) == isa::Opcode::kVector;
  };
  const auto is_norm = [&](const isa::Instruction& in) {
    return is_vector(in) && in.Get(isa::kVNorm) != 0;
  };
  const auto& list = good.decode.instructions;
  const size_t norm = size_t(std::ranges::find_if(list, is_norm) - list.begin());
  ASSERT_LT(norm, list.size());
  struct Case {
    isa::Field field;
    uint32_t value;
    const char* rule;
  };
  for (const Case& c : {Case{isa::kVJoin, 0, "1 in a norm"},
                        {isa::kVReduce, 2, "ABSMAX in a norm"},
                        {isa::kVA, 1, "no stream in a norm"},
                        {isa::kVB, 4, "a source but the stream in a norm"},
                        {isa::kVB, 0, "a source but the stream in a norm"},
                        {isa::kVDst, 0, "VM in a norm"},
                        {isa::kVCombine, 1, "none in a norm"},
                        {isa::kDynamicLength, 1, "0 in a norm"},
                        {isa::kVSumFrom, 1, "a multiple of VL"},
                        {isa::kVSumFrom, 66, "0 or 0"}}) {
    Program p = good;
    p.decode.instructions[norm].Set(isa::kVAInt, 0);
    p.decode.instructions[norm].Set(c.field, c.value);
    EXPECT_THAT(FileError(p),
                HasSubstr(fmt::format("{} = {}: must be {}", c.field.name, c.value, c.rule)));
  }
  for (const isa::Field& field : {isa::kVSumLast, isa::kVSumFrom, isa::kVJoin}) {
    Program p = good;
    isa::Instruction& in = *std::ranges::find_if(p.decode.instructions, [&](const auto& i) {
      return is_vector(i) && !is_norm(i) && i.Get(isa::kVReduce) == 0;
    });
    in.Set(field, 1);
    EXPECT_THAT(FileError(p), HasSubstr(fmt::format("{} = 1: must be 0 but for", field.name)));
  }
}

TEST(ProgramFile, RefusesNormsThatDoNotGoOnWithTheirSum) {
  const Program good = Small("nano");
  std::vector<size_t> norms;  // of the first sum: the heads' results
  for (size_t i = 0; i < good.decode.instructions.size(); ++i) {
    const isa::Instruction& in = good.decode.instructions[i];
    const bool vector = in.GetAs<isa::Opcode>(isa::kOpcode) == isa::Opcode::kVector;
    if (!vector || in.Get(isa::kVNorm) == 0) continue;
    norms.push_back(i);
    if (in.Get(isa::kVSumLast) != 0) break;
  }
  ASSERT_GE(norms.size(), 2u);
  const auto error_with = [&](size_t norm, const isa::Field& field, uint32_t value) {
    Program p = good;
    p.decode.instructions[norms[norm]].Set(field, value);
    return FileError(p);
  };
  const uint32_t from = good.decode.instructions[norms[1]].Get(isa::kVSumFrom);
  ASSERT_GT(from, 0u);
  EXPECT_THAT(error_with(1, isa::kVSumFrom, from + 2), HasSubstr(fmt::format("be {} or 0", from)));
  EXPECT_EQ(error_with(1, isa::kVSumFrom, 0), "");
  EXPECT_THAT(error_with(0, isa::kVSumLast, 1), HasSubstr("must be 0 or 0"));
  EXPECT_THAT(error_with(1, isa::kPredicate, 1),
              HasSubstr("Predicate = 1: must be 0, as where the sum began"));
}

TEST(ProgramFile, RefusesMaximaThatBeginWithWhatMoves) {
  const Program good = Small("nano");
  const auto& list = good.decode.instructions;
  const auto initial = [](const isa::Instruction& in, isa::SourceC c) {
    return in.GetAs<isa::Opcode>(isa::kOpcode) == isa::Opcode::kVector &&
           in.Get(isa::kVCombine) == 0 && in.GetAs<isa::SourceC>(isa::kVC) == c;
  };
  for (const isa::SourceC c : {isa::SourceC::kScalar, isa::SourceC::kImmediate}) {
    const size_t at = size_t(
        std::ranges::find_if(list, [&](const auto& in) { return initial(in, c); }) - list.begin());
    ASSERT_LT(at, list.size());
    for (const isa::Field& field : {isa::kVNegC, isa::kVCStride}) {
      Program p = good;
      p.decode.instructions[at].Set(field, 1);
      EXPECT_THAT(FileError(p),
                  HasSubstr(fmt::format("{} = 1: must be 0 for an initial maximum", field.name)));
    }
    Program p = good;
    p.decode.instructions[at].Set(isa::kVC, isa::SourceC::kVm);
    EXPECT_THAT(FileError(p), HasSubstr("VC = 3: must be a scalar or an immediate"));
  }
  const auto weights = std::ranges::find_if(list, [&](const auto& in) {
    return initial(in, isa::SourceC::kScalar) && in.Get(isa::kVNorm) == 0;
  });
  ASSERT_NE(weights, list.end());
  Program p = good;
  p.decode.instructions[size_t(weights - list.begin())].Set(isa::kVJoin, 0);
  EXPECT_THAT(FileError(p), HasSubstr("VC = 1: must be an immediate for a maximum"));
}

TEST(ProgramFile, BoundsMemory) {
  Program p = Small("nano");
  p.design.memory_bytes = (uint64_t{1} << 40) + 1;
  EXPECT_EQ(FileError(p),
            "program: design memory_bytes = 1099511627777: must be at most 1099511627776");
  p.design.memory_bytes = uint64_t{1} << 40;
  EXPECT_EQ(FileError(p), "");
  const uint64_t wide = uint64_t(p.design.wide_bytes());
  const uint64_t zeros = (uint64_t{1} << 30) + 64 * p.image.size();
  p.total_beats = (p.image.size() + zeros) / wide;
  EXPECT_EQ(FileError(p), "");
  ++p.total_beats;
  EXPECT_EQ(FileError(p),
            fmt::format("program: {} bytes of memory beyond an image of {}: must be at most {}",
                        zeros + wide, p.image.size(), zeros));
}

TEST(ProgramFile, RefusesAnyTruncation) {
  const std::vector<uint8_t> bytes = SerializeProgram(Small("nano"));
  for (size_t size = 0; size < bytes.size(); size += size < 3000 ? 1 : 977) {
    const auto read = ParseProgram({bytes.data(), size_t(size)});
    ASSERT_FALSE(read) << size;
  }
  std::vector<uint8_t> longer = bytes;
  longer.push_back(0);
  EXPECT_THAT(ParseProgram(longer).error().message, HasSubstr("must end after"));
}

TEST(ProgramFile, RefusesOtherVersions) {
  std::vector<uint8_t> bytes = SerializeProgram(Small("nano"));
  bytes[4] = 9;
  EXPECT_EQ(ParseProgram(bytes).error().message, "program: versions 9 and 3: must be 3 and 3");
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
