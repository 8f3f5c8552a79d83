// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "codegen/plan/decoder.h"
#include "codegen/plan/image.h"
#include "codegen/plan/planner.h"
#include "common/integer.h"

namespace ternfab {
namespace {

/// splitmix64 of a position in one of the seed's sequences.
uint64_t Mix(uint64_t seed, uint64_t index) {
  uint64_t z = seed + (index + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

constexpr uint64_t kActivationSeed = 0x6a09e667f3bcc908;

/// What one matrix-vector Program is made of, sizes and first wide beats.
struct MatvecPlan {
  int rows = 0;
  int cols = 0;
  int beats = 0;               // of a ternary row
  int chunk = 0;               // rows of one MATVEC
  int vm_words = 0;            // of a chunk
  uint64_t input_stride = 0;   // wide beats of a slot's activations
  uint64_t result_stride = 0;  // and of its results
  uint64_t weights = 0;
  uint64_t input = 0;
  uint64_t result = 0;

  int chunks() const { return int(CeilDiv(rows, chunk)); }
  int ChunkRows(int c) const { return std::min(chunk, rows - c * chunk); }
};

Expected<MatvecPlan> MakeMatvecPlan(int rows, int cols, const DesignParams& design) {
  MatvecPlan plan;
  const int64_t most = int64_t(design.am_words) * design.lanes;
  if (cols < 1 || cols > most) {
    return Fail("matvec: columns = {}: must be 1 to {} (activation memory of spec {})", cols, most,
                design.name);
  }
  if (rows < 1 || rows > (1 << 24)) {
    return Fail("matvec: rows = {}: must be 1 to {}", rows, 1 << 24);
  }
  plan.rows = rows;
  plan.cols = cols;
  plan.beats = int(CeilDiv(cols, design.lanes));
  // Two chunks of every slot share VM; a chunk's results begin at a new wide beat.
  const int64_t step = std::max(16, design.wide_bytes() / 4);
  const int64_t room = int64_t(design.vm_words / (2 * design.batch)) * design.vector_lanes;
  plan.chunk = int(std::min(room / step * step, RoundUp(rows, step)));
  if (plan.chunk == 0) {
    return Fail("matvec: spec {}: vector memory = {} words: must hold {} rows of {} slots twice",
                design.name, design.vm_words, step, design.batch);
  }
  plan.vm_words = plan.chunk / design.vector_lanes;
  plan.input_stride = CeilDiv(cols, design.wide_bytes());
  plan.result_stride = CeilDiv(int64_t(rows) * 4, design.wide_bytes());
  return plan;
}

/// VM word of slot b's results of chunk c; chunks take turns between two places.
int ChunkWord(const MatvecPlan& plan, const DesignParams& design, int c, int b) {
  return (c % 2 * design.batch + b) * plan.vm_words;
}

void EmitProduct(const MatvecPlan& plan, Emitter& emit, int c, int slots) {
  const DesignParams& design = emit.design();
  emit.SetSlot(0, isa::Predicate::kAlways);
  MatvecOp op;
  op.groups = int(CeilDiv(plan.ChunkRows(c), design.ports));
  op.beats = plan.beats;
  op.beat = plan.weights + uint64_t(c) * (plan.chunk / design.ports) * plan.beats;
  op.to = ChunkWord(plan, design, c, 0);
  op.pitch = plan.vm_words;
  op.slots = slots;
  emit.Matvec(op, fmt::format("rows {}+{}", c * plan.chunk, plan.ChunkRows(c)));
}

void EmitStore(const MatvecPlan& plan, Emitter& emit, int c) {
  const DesignParams& design = emit.design();
  const int b = emit.slot();
  const uint64_t beat =
      plan.result + b * plan.result_stride + uint64_t(c) * plan.chunk * 4 / design.wide_bytes();
  VectorOp store;
  store.a = Vm(ChunkWord(plan, design, c, b));
  store.to = ToMemory(isa::Destination::kMemF32, beat, 0, -1);
  store.length = plan.ChunkRows(c);
  emit.Vector(store,
              fmt::format("slot {}: rows {}+{} to memory", b, c * plan.chunk, plan.ChunkRows(c)));
}

InstructionList EmitMatvec(const MatvecPlan& plan, const DesignParams& design, int slots,
                           uint64_t beat) {
  Emitter emit(design, 0);
  const SlotLoop loop{emit, slots, slots == 1};
  loop.Each([&](int b) {
    VectorOp load;
    load.a = StreamI8({plan.input + b * plan.input_stride});
    load.to = ToAm(0);
    load.length = plan.cols;
    emit.Vector(load, fmt::format("slot {}: activations", b));
  });
  EmitProduct(plan, emit, 0, slots);
  if (plan.chunks() > 1) EmitProduct(plan, emit, 1, slots);
  for (int c = 0; c < plan.chunks(); ++c) {
    loop.Each([&](int) { EmitStore(plan, emit, c); });
    if (c + 2 < plan.chunks()) EmitProduct(plan, emit, c + 2, slots);
  }
  return emit.Finish(beat);
}

/// Places everything one after the other; `program` has the lists of a first, unplaced pass.
void Place(MatvecPlan& plan, Program& program) {
  const DesignParams& design = program.design;
  uint64_t next = 0;
  const auto take = [&](const char* name, uint64_t beats) {
    if (beats > 0) program.regions.push_back({name, next, beats});
    next += beats;
    return next - beats;
  };
  const auto list_beats = [&](const InstructionList& list) {
    const size_t count = list.instructions.size();
    return count == 0 ? 0 : (count + 1) * uint64_t(design.instruction_beats());
  };
  program.decode.beat = take("decode program", list_beats(program.decode));
  program.prefill.beat = take("prefill program", list_beats(program.prefill));
  plan.weights = take("weights", uint64_t(CeilDiv(plan.rows, design.ports)) * plan.beats);
  plan.input = take(kMatvecInputRegion, plan.input_stride * design.batch);
  program.image.resize(next * design.wide_bytes());
  plan.result = take(kMatvecResultRegion, plan.result_stride * design.batch);
  program.logits_beat = plan.result;
  program.total_beats = next;
}

void WriteMatvec(const MatvecPlan& plan, uint64_t seed, Program& program) {
  ImageWriter writer(program.design, program.image);
  writer.Instructions(program.decode);
  if (!program.prefill.instructions.empty()) writer.Instructions(program.prefill);
  writer.TernaryRows(plan.weights, plan.rows, plan.beats, [&](int r, std::span<int8_t> trits) {
    for (int c = 0; c < plan.cols; ++c) trits[c] = int8_t(MatvecTrit(seed, plan.cols, r, c));
  });
  for (int b = 0; b < program.design.batch; ++b) {
    const std::span<uint8_t> bytes = writer.Bytes(plan.input + b * plan.input_stride, plan.cols);
    for (int c = 0; c < plan.cols; ++c) bytes[c] = uint8_t(MatvecActivation(seed, b, c));
  }
}

}  // namespace

int MatvecTrit(uint64_t seed, int cols, int r, int c) {
  return int((Mix(seed, uint64_t(r) * cols + c) >> 32) % 3) - 1;
}

int8_t MatvecActivation(uint64_t seed, int b, int c) {
  return int8_t(uint8_t(Mix(seed ^ kActivationSeed, uint64_t(b) << 32 | uint32_t(c)) >> 56));
}

uint64_t SlotByte(const DesignParams& design, uint64_t beat, int b, uint64_t elements, uint64_t r) {
  const uint64_t beats = CeilDiv(int64_t(elements) * 4, design.wide_bytes());
  return (beat + b * beats) * design.wide_bytes() + 4 * r;
}

Expected<Program> BuildMatvecProgram(int rows, int cols, uint64_t seed, const DesignParams& design,
                                     uint64_t design_hash) {
  TF_ASSIGN_OR_RETURN(MatvecPlan plan, MakeMatvecPlan(rows, cols, design));
  Program program;
  program.design = design;
  program.design_hash = design_hash;
  program.model = fmt::format("matvec {}x{} seed {}", rows, cols, seed);
  program.vocab = 1;
  program.context = design.batch;
  program.has_head = false;
  const uint64_t least = (plan.result_stride + plan.input_stride) * design.batch +
                         uint64_t(CeilDiv(rows, design.ports)) * plan.beats;
  const auto emit = [&] {
    program.decode = EmitMatvec(plan, design, 1, program.decode.beat);
    if (design.batch == 1) return;
    program.prefill = EmitMatvec(plan, design, design.batch, program.prefill.beat);
  };
  const auto fail = [&](uint64_t beats) {
    return Fail("matvec: {}x{} = {} MiB: must be at most {} (memory.capacity_mib of spec {})", rows,
                cols, CeilDiv(int64_t(beats) * design.wide_bytes(), 1 << 20),
                design.memory_bytes >> 20, design.name);
  };
  if (least * design.wide_bytes() > design.memory_bytes) return fail(least);
  emit();
  Place(plan, program);
  if (program.total_beats * design.wide_bytes() > design.memory_bytes) {
    return fail(program.total_beats);
  }
  emit();
  WriteMatvec(plan, seed, program);
  return program;
}

}  // namespace ternfab
