// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codegen/plan/disassemble.h"
#include "codegen/plan/scalars.h"
#include "codegen/plan/verify.h"
#include "codegen/spec.h"
#include "common/integer.h"
#include "tests/codegen/test_models.h"

namespace ternfab {
namespace {

using testing::HasSubstr;

DesignParams Design(const std::string& preset) {
  const auto spec = FindSpec(preset);
  TF_CHECK(spec.has_value(), "{}", spec.error().message);
  return Derive(*spec);
}

/// kv260 with 8 slots: as many as two ports and 16 fp32 lanes allow.
DesignParams EightSlots() {
  HardwareSpec spec = *FindSpec("kv260");
  spec.memory.ports = spec.engine.count = 2;
  spec.memory.width_bits = 256;
  spec.engine.lanes = 128;
  spec.engine.weight_code = WeightCode::kTwoBit;
  spec.engine.batch = 8;
  spec.int8.queries = 8;
  const auto valid = Validate(spec);
  TF_CHECK(valid.has_value(), "{}", valid.error().message);
  return Derive(spec);
}

std::vector<ModelConfig> Configs() {
  std::vector<ModelConfig> configs;
  for (int group = 1; group <= 8; ++group) {
    ModelConfig c = SmallConfig();
    c.name = fmt::format("group {}", group);
    c.heads = group % 2 == 0 || group > 4 ? group : 2 * group;
    c.kv_heads = c.heads / group;
    c.head_dim = 2 * group + 16;
    c.hidden = 50 + group;
    c.ffn = 1 + 95 * group;
    c.sub_norms = group % 2 == 0;
    c.activation = group % 3 == 0 ? Activation::kSilu : Activation::kRelu2;
    c.tied_head = group < 5;
    c.vocab = group == 7 ? 1024 : 511 + group;  // around a chunk of the head
    configs.push_back(c);
  }
  ModelConfig wide = SmallConfig();
  wide.name = "head_dim 100";
  wide.head_dim = 100;
  wide.heads = 2;
  wide.kv_heads = 1;
  wide.context = 256;
  configs.push_back(wide);
  ModelConfig least = SmallConfig();
  least.name = "least";
  least.hidden = least.ffn = least.heads = least.kv_heads = least.vocab = least.context = 1;
  least.head_dim = 2;
  least.layers = 1;
  configs.push_back(least);
  return configs;
}

TEST(Planner, ProgramsAreWellFormed) {
  for (const DesignParams& design :
       {Design("nano"), Design("arty-a7-35t"), Design("kv260"), EightSlots()}) {
    for (const ModelConfig& config : Configs()) {
      ModelConfig fitting = config;
      if (design.limits.hidden < config.heads * 32) fitting.heads = fitting.kv_heads = 1;
      SCOPED_TRACE(design.name + " " + config.name);
      const auto program = BuildProgram(RandomModel(fitting, 7), design, 5);
      ASSERT_TRUE(program) << program.error().message;
      const auto verified = VerifyProgram(*program);
      EXPECT_TRUE(verified) << verified.error().message;
      EXPECT_EQ(program->prefill.instructions.empty(), design.batch == 1);
      EXPECT_EQ(program->context, config.context);
      EXPECT_EQ(program->design_hash, 5u);
    }
  }
}

TEST(Planner, PartsCoverAllRowsInWholeSteps) {
  std::vector<ModelConfig> configs = Configs();
  for (const char* name : {"bitnet-2b4t", "bitnet-3b", "llama3-8b-1.58"}) {
    configs.push_back(*FindModelPreset(name));
  }
  for (const DesignParams& design : {Design("nano"), Design("kv260"), EightSlots()}) {
    const int step = std::max(16, design.wide_bytes() / 4);
    for (const ModelConfig& config : configs) {
      const auto shape = MakePlanShape(config, design, {});
      if (!shape) continue;  // beyond the design's limits
      SCOPED_TRACE(design.name + " " + config.name);
      const auto covers = [&](const std::vector<RowPart>& parts, int rows) {
        int next = 0;
        for (const RowPart& part : parts) {
          EXPECT_EQ(part.first, next);
          EXPECT_EQ(part.first % step, 0);
          EXPECT_GT(part.rows, 0);
          next += part.rows;
        }
        EXPECT_EQ(next, rows);
      };
      covers(shape->ffn_parts, config.ffn);
      covers(shape->o_parts, config.hidden);
      covers(shape->down_parts, config.hidden);
    }
  }
}

/// The passes that make a sub norm's input apply its weights, sum its squares and find its absmax:
/// all that the vector unit still does with the elements is to quantise them.
TEST(Planner, SubNormsAreInThePassesThatMakeTheirInput) {
  for (const DesignParams& design : {Design("nano"), Design("kv260"), EightSlots()}) {
    ModelConfig config = SmallConfig();
    ASSERT_TRUE(config.sub_norms);
    const auto program = BuildProgram(RandomModel(config, 7), design, 5);
    ASSERT_TRUE(program) << program.error().message;
    int sub_norms = 0;
    int squares = 0;
    int weights = 0;
    for (const isa::Instruction& in : program->decode.instructions) {
      if (in.GetAs<isa::Opcode>(isa::kOpcode) != isa::Opcode::kVector) continue;
      sub_norms += in.Get(isa::kVSumLast) != 0;
      squares += in.GetAs<isa::Reduce>(isa::kVReduce) == isa::Reduce::kSum &&
                 in.GetAs<isa::SourceB>(isa::kVB) == isa::SourceB::kA;
      weights += in.GetAs<isa::Reduce>(isa::kVReduce) == isa::Reduce::kAbsMax &&
                 in.GetAs<isa::SourceB>(isa::kVB) == isa::SourceB::kStreamF32 &&
                 in.GetAs<isa::SourceC>(isa::kVC) == isa::SourceC::kImmediate;
    }
    EXPECT_EQ(sub_norms, 2 * config.layers);
    // Passes of their own are left to the norms of x: attention, ffn, output.
    EXPECT_EQ(squares, 2 * config.layers + 1);
    EXPECT_EQ(weights, 2 * config.layers + 1);
  }
}

TEST(Planner, LittleIsLeftAfterTheLastPart) {
  const auto shape = MakePlanShape(*FindModelPreset("bitnet-2b4t"), Design("kv260"), {});
  ASSERT_TRUE(shape) << shape.error().message;
  EXPECT_LE(shape->ffn_parts.back().rows, 64);
  EXPECT_LE(shape->o_parts.back().rows, 2560 / 8);
  EXPECT_LE(shape->down_parts.back().rows, 2560 / 16);
}

TEST(Planner, EveryStreamedWeightBeatIsStreamedOnce) {
  const auto program = BuildProgram(RandomModel(SmallConfig(), 1), Design("kv260"), 0);
  ASSERT_TRUE(program) << program.error().message;
  uint64_t regions = 0;
  for (const MemoryRegion& region : program->regions) {
    if (region.name.find("weights") != std::string::npos) regions += region.beats;
  }
  for (const InstructionList* list : {&program->decode, &program->prefill}) {
    uint64_t streamed = 0;
    for (const isa::Instruction& in : list->instructions) {
      if (in.GetAs<isa::Opcode>(isa::kOpcode) == isa::Opcode::kMatvec) {
        streamed += in.Get(isa::kStreamBeats);
      }
    }
    EXPECT_EQ(streamed, regions);
  }
}

std::string ErrorOf(const ModelConfig& config, const std::string& preset,
                    const PlanOptions& options = {}) {
  const auto program = BuildProgram(RandomModel(config, 1), Design(preset), 0, options);
  return program ? "" : program.error().message;
}

TEST(Planner, RefusesWhatDoesNotFit) {
  ModelConfig c = SmallConfig();
  c.hidden = 257;
  EXPECT_EQ(ErrorOf(c, "nano"),
            "model small: hidden = 257: must be at most 256 (limits.hidden of spec nano)");
  c = SmallConfig();
  c.ffn = 769;
  EXPECT_EQ(ErrorOf(c, "nano"),
            "model small: ffn = 769: must be at most 768 (limits.ffn of spec nano)");
  c = SmallConfig();
  c.vocab = 1025;
  EXPECT_EQ(ErrorOf(c, "nano"),
            "model small: vocab = 1025: must be at most 1024 (limits.vocab of spec nano)");
  c = SmallConfig();
  c.heads = 3;
  c.kv_heads = 1;
  c.head_dim = 66;
  EXPECT_EQ(ErrorOf(c, "nano"),
            "model small: heads * padded head_dim = 288: must be at most 256 (limits.hidden of "
            "spec nano)");
  c = SmallConfig();
  c.heads = 9;
  c.kv_heads = 1;
  EXPECT_EQ(ErrorOf(c, "kv260"), "model small: heads / kv_heads = 9: must be at most 8");
  c = SmallConfig();
  c.heads = c.kv_heads = 1;
  c.head_dim = 258;
  EXPECT_EQ(ErrorOf(c, "kv260"), "model small: head_dim = 258: must be at most 256");
}

TEST(Planner, RefusesContextAndLayers) {
  const ModelConfig c = SmallConfig();
  PlanOptions options;
  options.context = 41;
  EXPECT_EQ(ErrorOf(c, "nano", options),
            "context = 41: must be 1 to 40 (model small: 40, limits.context of spec nano: 256)");
  options = {};
  options.first_layer = 1;
  options.last_layer = 3;
  EXPECT_EQ(ErrorOf(c, "nano", options), "layers 1..3: must be a range within 0..2 of model small");
}

TEST(Planner, RefusesMoreThanTheMemory) {
  DesignParams design = Design("nano");
  const Model model = RandomModel(SmallConfig(), 1);
  const uint64_t bytes = BuildProgram(model, design, 0)->total_beats * design.wide_bytes();
  design.memory_bytes = bytes;
  EXPECT_TRUE(BuildProgram(model, design, 0));
  design.memory_bytes = bytes - 1;
  const auto program = BuildProgram(model, design, 0);
  ASSERT_FALSE(program);
  EXPECT_THAT(program.error().message, HasSubstr("model small: main memory at context 40 = "));
  EXPECT_THAT(program.error().message, HasSubstr("memory.capacity_mib of spec nano"));
}

/// MiB of main memory for a public model, at the greatest context of the design.
double MebibytesOf(const std::string& model, const std::string& preset) {
  const DesignParams design = Design(preset);
  const ModelConfig config = *FindModelPreset(model);
  const auto shape = MakePlanShape(config, design, {});
  TF_CHECK(shape.has_value(), "{}", shape.error().message);
  const MemoryMap map = MakeMemoryMap(config, design, *shape, true, 40000, 0);
  return double(map.total_beats) * design.wide_bytes() / (1 << 20);
}

TEST(Planner, PublicModelsFitTheirBoards) {
  EXPECT_LE(MebibytesOf("bitnet-0.7b", "arty-a7-35t"), 256);
  EXPECT_LE(MebibytesOf("bitnet-2b4t", "kv260"), 3584);
  EXPECT_LE(MebibytesOf("bitnet-2b4t", "kv260-int8"), 3584);
  EXPECT_LE(MebibytesOf("bitnet-3b", "kv260"), 3584);
  EXPECT_LE(MebibytesOf("llama3-8b-1.58", "kv260"), 3584);
}

TEST(Planner, RefusesScalesThatAreNoScales) {
  Model model = RandomModel(SmallConfig(), 1);
  model.layers[1].up.set_scale(-1);
  const auto program = BuildProgram(model, Design("nano"), 0);
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().message,
            "model small: layer 1 up scale = -1: must be finite and at least 0");
}

TEST(Planner, ContextIsTheLesserOfModelAndDesign) {
  ModelConfig c = SmallConfig();
  c.context = 1000;
  const auto program = BuildProgram(RandomModel(c, 1), Design("nano"), 0);
  ASSERT_TRUE(program) << program.error().message;
  EXPECT_EQ(program->context, 256);
}

TEST(Planner, PartOfAModelHasItsWeightsOnly) {
  PlanOptions options;
  options.first_layer = 1;
  options.with_head = false;
  const auto program = BuildProgram(RandomModel(SmallConfig(), 1), Design("nano"), 0, options);
  ASSERT_TRUE(program) << program.error().message;
  EXPECT_EQ(program->Find("layer 0 norms"), nullptr);
  EXPECT_NE(program->Find("layer 1 norms"), nullptr);
  EXPECT_EQ(program->Find("logits"), nullptr);
  EXPECT_EQ(program->Find("hidden state")->beat, program->logits_beat);
  EXPECT_TRUE(VerifyProgram(*program));
}

TEST(Planner, SameInputSameProgram) {
  const Model model = RandomModel(SmallConfig(), 3);
  const auto first = BuildProgram(model, Design("nano"), 1);
  const auto second = BuildProgram(model, Design("nano"), 1);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(SerializeProgram(*first), SerializeProgram(*second));
}

TEST(Planner, DisassemblesEveryInstruction) {
  const auto program = BuildProgram(RandomModel(SmallConfig(), 1), Design("nano"), 0);
  ASSERT_TRUE(program) << program.error().message;
  const std::string text = Disassemble(program->prefill);
  EXPECT_EQ(size_t(std::count(text.begin(), text.end(), '\n')),
            program->prefill.instructions.size());
  EXPECT_THAT(text, HasSubstr("; layer 1 kv head 1 slot 1 heads 0+2: p . v"));
  EXPECT_THAT(text, HasSubstr(" if slot 1 active"));
  EXPECT_EQ(text.find('?'), std::string::npos);
}

TEST(Verify, FindsFaults) {
  const auto built = BuildProgram(RandomModel(SmallConfig(), 1), Design("nano"), 0);
  ASSERT_TRUE(built) << built.error().message;
  const auto error = [&](const auto& fault) {
    Program p = *built;
    const size_t index = fault(p);
    const auto& in = p.decode.instructions[index];
    const uint64_t at =
        (p.decode.beat + (index + 1) * p.design.instruction_beats()) * p.design.wide_bytes();
    std::copy_n(reinterpret_cast<const uint8_t*>(in.words.data()), isa::kInstructionBytes,
                p.image.begin() + at);
    const auto verified = VerifyProgram(p);
    return verified ? std::string() : verified.error().message;
  };
  const auto first = [](Program& p, isa::Opcode opcode) {
    size_t i = 0;
    while (p.decode.instructions[i].GetAs<isa::Opcode>(isa::kOpcode) != opcode) ++i;
    return i;
  };
  EXPECT_THAT(error([&](Program& p) {
                const size_t i = first(p, isa::Opcode::kMatvec);
                p.decode.instructions[i].Set(isa::kSignal, 0);
                return i;
              }),
              HasSubstr("waits for token 1 that nothing before it signals"));
  EXPECT_THAT(error([&](Program& p) {
                const size_t i = first(p, isa::Opcode::kMatvec);
                p.decode.instructions[i].Set(isa::kMvDst, p.design.vm_words);
                return i;
              }),
              HasSubstr("MvDst = 4608: must be inside VM"));
  EXPECT_THAT(error([&](Program& p) {
                const size_t i = first(p, isa::Opcode::kDot);
                p.decode.instructions[i].Set(isa::kStreamAddress, p.total_beats);
                return i;
              }),
              HasSubstr("must be inside main memory"));
  EXPECT_THAT(error([&](Program& p) {
                p.decode.instructions[3].Set(isa::kOpcode, 0x7f);
                return size_t{3};
              }),
              HasSubstr("Opcode = 127: must be an opcode"));
}

TEST(Matvec, RefusesWhatDoesNotFit) {
  const DesignParams nano = Design("nano");
  const auto message = [&](int rows, int cols) {
    const auto program = BuildMatvecProgram(rows, cols, 1, nano, 0);
    return program ? "" : program.error().message;
  };
  EXPECT_EQ(message(1, 0),
            "matvec: columns = 0: must be 1 to 1360 (activation memory of spec nano)");
  EXPECT_EQ(message(1, 1361),
            "matvec: columns = 1361: must be 1 to 1360 (activation memory of spec nano)");
  EXPECT_EQ(message(0, 1), "matvec: rows = 0: must be 1 to 16777216");
  EXPECT_THAT(message(1000000, 1360), HasSubstr("must be at most 32 (memory.capacity_mib"));
  EXPECT_EQ(message(1, 1360), "");
}

}  // namespace
}  // namespace ternfab
