// SPDX-License-Identifier: Apache-2.0
// MATVEC, DOT, ACCUMULATE, predicates and dynamic fields of the emulator against the sums that
// docs/isa.md writes down.
#include "host/cpu/emulator.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>

#include "codegen/plan/emitter.h"
#include "codegen/plan/planner.h"
#include "codegen/spec.h"
#include "models/random.h"

namespace ternfab {
namespace {

/// The writes of one instruction to VM, word by word.
class VmWrites : public WriteObserver {
 public:
  void OnWrite(MemoryWrite write) override {
    ASSERT_EQ(write.space, Space::kVm);
    EXPECT_TRUE(words_.emplace(write.address, std::move(write.bytes)).second) << write.address;
  }
  bool Has(uint64_t word) const { return words_.contains(word); }
  size_t size() const { return words_.size(); }
  int32_t Element(uint64_t word, uint64_t i, int lanes) const {
    int32_t value = 0;
    const auto& bytes = words_.at(word + i / uint64_t(lanes));
    std::memcpy(&value, &bytes.at(4 * (i % uint64_t(lanes))), 4);
    return value;
  }

 private:
  std::map<uint64_t, std::vector<uint8_t>> words_;
};

DesignParams Design(int ports, WeightCode code, int vector_lanes, int batch) {
  HardwareSpec spec = *FindSpec("nano");
  spec.memory.ports = spec.engine.count = ports;
  spec.engine.weight_code = code;
  spec.engine.lanes = LanesOf(code, spec.memory.width_bits);
  spec.engine.batch = batch;
  spec.int8.lanes = ports * spec.memory.width_bits / 8;
  spec.vector.lanes = vector_lanes;
  spec.int8.queries = std::min(vector_lanes, 3);
  const Expected<void> valid = Validate(spec);
  EXPECT_TRUE(valid.has_value()) << valid.error().message;
  return Derive(spec);
}

std::vector<DesignParams> Designs() {
  return {Design(1, WeightCode::kBase3, 2, 2), Design(1, WeightCode::kTwoBit, 1, 1),
          Design(2, WeightCode::kTwoBit, 4, 2), Design(4, WeightCode::kBase3, 8, 2)};
}

TEST(Emulator, MatvecIsTheSumOfTritsTimesActivations) {
  constexpr uint64_t kSeed = 11;
  for (const DesignParams& design : Designs()) {
    for (const auto& [rows, cols] :
         {std::pair{1, 1}, std::pair{3, design.lanes}, std::pair{37, 2 * design.lanes + 1}}) {
      SCOPED_TRACE(fmt::format("{} ports, {} x {}", design.ports, rows, cols));
      const auto program = BuildMatvecProgram(rows, cols, kSeed, design, 0);
      ASSERT_TRUE(program.has_value()) << program.error().message;
      const InstructionList& list = design.batch > 1 ? program->prefill : program->decode;
      for (uint32_t count = 1; count <= uint32_t(design.batch); ++count) {
        Emulator emulator(*program);
        VmWrites writes;
        const isa::Instruction* matvec = nullptr;
        for (const isa::Instruction& in : list.instructions) {
          const bool is = in.GetAs<isa::Opcode>(isa::kOpcode) == isa::Opcode::kMatvec;
          emulator.Execute(in, {0, count, {}}, is ? &writes : nullptr);
          if (is) matvec = &in;
          if (is) break;
        }
        ASSERT_NE(matvec, nullptr);
        const int vl = design.vector_lanes;
        const uint64_t words = uint64_t(CeilDiv(RoundUp(rows, design.ports), vl));
        EXPECT_EQ(writes.size(), words * count) << "slots from count on are not written";
        for (uint32_t b = 0; b < count; ++b) {
          const uint64_t word = matvec->Get(isa::kMvDst) + b * matvec->Get(isa::kMvPitch);
          for (int r = 0; r < int(words) * vl; ++r) {
            int32_t want = 0;
            for (int c = 0; c < cols && r < rows; ++c) {
              want += MatvecTrit(kSeed, cols, r, c) * MatvecActivation(kSeed, int(b), c);
            }
            ASSERT_EQ(writes.Element(word, uint64_t(r), vl), want) << "slot " << b << " row " << r;
          }
        }
      }
    }
  }
}

/// A Program with nothing but random bytes in main memory and the given instructions.
struct Bench {
  explicit Bench(const DesignParams& design) {
    program.design = design;
    program.total_beats = 4096;
    program.image.resize(program.total_beats * uint64_t(design.wide_bytes()));
    Random random(5, 1);
    for (uint8_t& byte : program.image) byte = uint8_t(random.Next() >> 40);
  }
  int Byte(uint64_t beat, uint64_t i) const {
    return int8_t(program.image[beat * uint64_t(program.design.wide_bytes()) + i]);
  }
  Program program;
};

constexpr int kQmBeat = 1000, kRowsBeat = 100;

/// Fills QM banks 0.. from wide beat kQmBeat (a bank each 100 beats), then executes `op`.
VmWrites RunInt8(const Bench& bench, isa::Opcode opcode, const Int8Op& op, int qm_bytes,
                 const RunArguments& arguments) {
  Emitter emit(bench.program.design, 0);
  for (int q = 0; q < op.queries; ++q) {
    VectorOp load;
    load.a = StreamI8({uint64_t(kQmBeat + 100 * q)});
    load.to = ToQm(q, op.qm);
    load.length = qm_bytes;
    emit.Vector(load, "query");
  }
  if (opcode == isa::Opcode::kDot) emit.Dot(op, "dot");
  if (opcode == isa::Opcode::kAccumulate) emit.Accumulate(op, "accumulate");
  const InstructionList list = emit.Finish(0);
  Emulator emulator(bench.program);
  VmWrites writes;
  for (const isa::Instruction& in : list.instructions) {
    const bool is = in.GetAs<isa::Opcode>(isa::kOpcode) == opcode;
    emulator.Execute(in, arguments, is ? &writes : nullptr);
  }
  return writes;
}

TEST(Emulator, DotIsTheSumOverARow) {
  for (const DesignParams& design : Designs()) {
    const Bench bench(design);
    const int wide = design.wide_bytes(), vl = design.vector_lanes;
    for (const int rows : {1, vl, vl + 1, 33}) {
      for (const bool dynamic : {false, true}) {
        SCOPED_TRACE(fmt::format("{} ports, {} rows, dynamic {}", design.ports, rows, dynamic));
        Int8Op op;
        op.rows = {kRowsBeat};
        op.row_beats = 3;
        op.qm = 2;
        op.qm_words = 3;
        op.row_count = dynamic ? 64 : rows;
        op.dynamic = dynamic;
        op.queries = design.queries;
        op.to = 10;
        op.pitch = 50;
        const VmWrites writes = RunInt8(bench, isa::Opcode::kDot, op, 3 * wide,
                                        {dynamic ? uint32_t(rows - 1) : 7, 1, {}});
        const int words = int(CeilDiv(rows, vl));
        EXPECT_EQ(writes.size(), size_t(words * design.queries));
        for (int q = 0; q < design.queries; ++q) {
          for (int t = 0; t < words * vl; ++t) {
            int32_t want = 0;
            for (int i = 0; i < 3 * wide && t < rows; ++i) {
              want += bench.Byte(kRowsBeat, uint64_t(t * 3 * wide + i)) *
                      bench.Byte(uint64_t(kQmBeat + 100 * q), uint64_t(i));
            }
            ASSERT_EQ(writes.Element(uint64_t(10 + 50 * q), uint64_t(t), vl), want)
                << q << " " << t;
          }
        }
      }
    }
  }
}

TEST(Emulator, AccumulateIsTheSumOverRows) {
  for (const DesignParams& design : Designs()) {
    const Bench bench(design);
    const int wide = design.wide_bytes(), vl = design.vector_lanes;
    for (const int rows : {1, wide, wide + 1, 41}) {
      for (const bool dynamic : {false, true}) {
        SCOPED_TRACE(fmt::format("{} ports, {} rows, dynamic {}", design.ports, rows, dynamic));
        Int8Op op;
        op.rows = {kRowsBeat};
        op.row_beats = 2;
        op.qm = 1;
        op.qm_words = int(CeilDiv(rows, wide));
        op.row_count = dynamic ? 64 : rows;
        op.dynamic = dynamic;
        op.queries = design.queries;
        op.to = 30;
        op.pitch = 40;
        op.out_words = 2 * wide / vl - 1;
        const VmWrites writes = RunInt8(bench, isa::Opcode::kAccumulate, op, rows,
                                        {dynamic ? uint32_t(rows - 1) : 7, 1, {}});
        EXPECT_EQ(writes.size(), size_t(op.out_words * design.queries));
        for (int q = 0; q < design.queries; ++q) {
          for (int i = 0; i < op.out_words * vl; ++i) {
            int32_t want = 0;
            for (int t = 0; t < rows; ++t) {
              want += bench.Byte(uint64_t(kQmBeat + 100 * q), uint64_t(t)) *
                      bench.Byte(kRowsBeat, uint64_t(t * 2 * wide + i));
            }
            ASSERT_EQ(writes.Element(uint64_t(30 + 40 * q), uint64_t(i), vl), want)
                << q << " " << i;
          }
        }
      }
    }
  }
}

TEST(Emulator, PredicatesOfSlots) {
  const DesignParams design = Design(1, WeightCode::kBase3, 2, 2);
  const Bench bench(design);
  for (const auto predicate :
       {isa::Predicate::kAlways, isa::Predicate::kSlotActive, isa::Predicate::kSlotLast}) {
    for (uint32_t slot = 0; slot < 2; ++slot) {
      for (uint32_t count = 1; count <= 2; ++count) {
        Emitter emit(design, 0);
        emit.SetSlot(int(slot), predicate);
        VectorOp op;
        op.a = StreamI8({5});
        op.to = ToVm(20);
        op.length = 2;
        emit.Vector(op, "slot");
        Emulator emulator(bench.program);
        VmWrites writes;
        emulator.Execute(emit.Finish(0).instructions[0], {0, count, {}}, &writes);
        const bool runs = predicate == isa::Predicate::kAlways ||
                          (predicate == isa::Predicate::kSlotActive && slot < count) ||
                          (predicate == isa::Predicate::kSlotLast && slot == count - 1);
        EXPECT_EQ(writes.Has(20), runs) << int(predicate) << " " << slot << " " << count;
      }
    }
  }
}

TEST(Emulator, StreamIndexIsPositionOrToken) {
  const DesignParams design = Design(2, WeightCode::kBase3, 4, 2);
  const Bench bench(design);
  for (const auto index : {isa::Index::kZero, isa::Index::kPosition, isa::Index::kToken}) {
    for (uint32_t slot = 0; slot < 2; ++slot) {
      Emitter emit(design, 0);
      emit.SetSlot(int(slot), isa::Predicate::kAlways);
      VectorOp op;
      op.a = StreamF32({100, 3, index, -1});
      op.to = ToVm(20);
      op.length = 4;
      emit.Vector(op, "row");
      Emulator emulator(bench.program);
      VmWrites writes;
      emulator.Execute(emit.Finish(0).instructions[0], {40, 2, {7, 90}}, &writes);
      const uint64_t at = index == isa::Index::kZero       ? 0
                          : index == isa::Index::kPosition ? 40 + slot
                                                           : std::array{7, 90}[slot];
      for (uint64_t i = 0; i < 4; ++i) {
        int32_t want = 0;
        std::memcpy(&want, &bench.program.image[(100 + 3 * at) * 16 + 4 * i], 4);
        EXPECT_EQ(writes.Element(20, i, 4), want);
      }
    }
  }
}

TEST(Emulator, KernelsAndThreadsComputeTheSame) {
  ModelConfig config = *FindModelPreset("bitnet-2b4t");
  config.hidden = 320;
  config.heads = 5;
  config.kv_heads = 5;
  config.head_dim = 64;
  config.ffn = 900;
  config.layers = 2;
  config.vocab = 500;
  config.context = 64;
  const Model model = *SynthesizeModel(config, 2);
  const HardwareSpec spec = *FindSpec("kv260");
  const auto program = BuildProgram(model, Derive(spec), DesignHash(spec));
  ASSERT_TRUE(program.has_value()) << program.error().message;
  RunArguments prompt{0, uint32_t(program->design.batch), {}};
  for (uint32_t i = 0; i < prompt.count; ++i) prompt.tokens[i] = 100 + i;
  const auto memory_after = [&](const EmulatorOptions& options) {
    Emulator emulator(*program, options);
    emulator.Run(program->prefill, prompt);
    emulator.Run(program->decode, {prompt.count, 1, {7}});
    return std::vector<uint8_t>(emulator.memory().begin(), emulator.memory().end());
  };
  const std::vector<uint8_t> want = memory_after({1, &ScalarKernels()});
  for (const Kernels* kernels : SupportedKernels()) {
    for (const int threads : {1, 3}) {
      EXPECT_TRUE(memory_after({threads, kernels}) == want) << kernels->name << " " << threads;
    }
  }
}

}  // namespace
}  // namespace ternfab
