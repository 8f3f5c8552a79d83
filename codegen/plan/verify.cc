// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/verify.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "codegen/plan/verify_instruction.h"
#include "codegen/plan/verify_streams.h"
#include "codegen/plan/verify_weights.h"
#include "common/integer.h"
#include "common/printable.h"

namespace ternfab {
namespace {

constexpr int kMaxWideBytes = 1024;
constexpr uint64_t kMaxBeats = uint64_t{1} << 32;  // 32-bit addresses
constexpr uint64_t kMaxMemoryBytes = uint64_t{1} << 40;
// A small file does not make an executor take much memory: what is not in the image (KV cache,
// logits) has at most this many times its size and some more.
constexpr uint64_t kZerosPerImageByte = 64;
constexpr uint64_t kZeroBytes = uint64_t{1} << 30;

Expected<void> CheckMemory(const Program& p) {
  const uint64_t wide = p.design.wide_bytes();
  const uint64_t most = std::min(p.design.memory_bytes / wide, kMaxBeats);
  if (p.total_beats > most) {
    return Fail("program: total_beats = {}: must be at most {}", p.total_beats, most);
  }
  if (p.image.size() % wide != 0 || p.image.size() / wide > p.total_beats) {
    return Fail("program: image of {} bytes: must be at most {} wide beats of {} bytes",
                p.image.size(), p.total_beats, wide);
  }
  const uint64_t zeros = p.total_beats * wide - p.image.size();
  if (zeros > kZeroBytes + kZerosPerImageByte * p.image.size()) {
    return Fail("program: {} bytes of memory beyond an image of {}: must be at most {}", zeros,
                p.image.size(), kZeroBytes + kZerosPerImageByte * p.image.size());
  }
  uint64_t next = 0;
  for (const MemoryRegion& region : p.regions) {
    if (region.beat < next || region.beat > p.total_beats ||
        region.beats > p.total_beats - region.beat) {
      return Fail("program: region {} at {}+{}: must follow {} and end by {}",
                  Printable(region.name), region.beat, region.beats, next, p.total_beats);
    }
    next = region.beat + region.beats;
  }
  if (p.vocab < 1 || p.vocab > (1 << 22) || p.context < 1 || p.context > (1 << 22)) {
    return Fail("program: vocab = {}, context = {}: must be 1 to {}", p.vocab, p.context, 1 << 22);
  }
  const uint64_t logits =
      p.has_head ? CeilDiv(int64_t(HeadResultOf(p.design, p.vocab).bytes()), int64_t(wide)) : 0;
  if (p.logits_beat > p.total_beats || logits > p.total_beats - p.logits_beat) {
    return Fail("program: logits at {}: must end by {}", p.logits_beat, p.total_beats);
  }
  return {};
}

/// The list as the image holds it.
Expected<void> CheckImage(const Program& p, const InstructionList& list, const char* name) {
  const uint64_t wide = p.design.wide_bytes();
  const uint64_t step = wide * p.design.instruction_beats();
  const uint64_t bytes = (list.instructions.size() + 1) * step;
  if (list.beat > p.image.size() / wide || bytes > p.image.size() - list.beat * wide) {
    return Fail("program: {} at {}: must lie in the image", name, list.beat);
  }
  const uint8_t* at = p.image.data() + list.beat * wide;
  isa::Instruction header;
  std::memcpy(header.words.data(), at, isa::kInstructionBytes);
  if (header.words[isa::kHeaderMagic] != isa::kMagic ||
      header.words[isa::kHeaderVersion] != isa::kVersion ||
      header.words[isa::kHeaderCount] != list.instructions.size()) {
    return Fail("program: {}: header of the image must have magic, version {} and count {}", name,
                isa::kVersion, list.instructions.size());
  }
  for (size_t i = 0; i < list.instructions.size(); ++i) {
    if (std::memcmp(at + (i + 1) * step, list.instructions[i].words.data(),
                    isa::kInstructionBytes) != 0) {
      return Fail("program: {} {}: must equal the image", name, i);
    }
  }
  return {};
}

/// Signals and waits of each counter: equally many, and a wait never before its signal.
Expected<void> CheckTokens(const InstructionList& list, const char* name) {
  for (const uint32_t token :
       {isa::kMatvecToVector, isa::kVectorToMatvec, isa::kInt8ToVector, isa::kVectorToInt8}) {
    int64_t available = 0;
    for (size_t i = 0; i < list.instructions.size(); ++i) {
      const isa::Instruction& in = list.instructions[i];
      if ((in.Get(isa::kWait) & token) != 0 && --available < 0) {
        return Fail("program: {} {}: waits for token {} that nothing before it signals", name, i,
                    token);
      }
      available += (in.Get(isa::kSignal) & token) != 0;
    }
    if (available != 0) {
      return Fail("program: {}: {} signals of token {} without a wait", name, available, token);
    }
  }
  return {};
}

/// A norm goes on with its slot's sum where the norm before it has stopped, executed when that is,
/// or begins one.
Expected<void> CheckSums(const DesignParams& design, const InstructionList& list,
                         const char* name) {
  std::array<uint64_t, isa::kMaxBatch> summed{};  // elements of each slot's sum so far
  std::array<uint32_t, isa::kMaxBatch> predicates{};
  for (size_t i = 0; i < list.instructions.size(); ++i) {
    const isa::Instruction& in = list.instructions[i];
    const bool vector = in.GetAs<isa::Opcode>(isa::kOpcode) == isa::Opcode::kVector;
    if (!vector || in.Get(isa::kVNorm) == 0) continue;
    uint64_t& sum = summed.at(in.Get(isa::kSlot));
    const uint64_t from = in.Get(isa::kVSumFrom);
    if (from == 0) sum = 0;
    if (const uint64_t must = isa::SumFrom(sum); from != must) {
      return Fail("program: {} {}: VSumFrom = {}: must be {} or 0", name, i, from, must);
    }
    uint32_t& predicate = predicates.at(in.Get(isa::kSlot));
    if (from == 0) predicate = in.Get(isa::kPredicate);
    if (predicate != in.Get(isa::kPredicate)) {
      return Fail("program: {} {}: Predicate = {}: must be {}, as where the sum began", name, i,
                  in.Get(isa::kPredicate), predicate);
    }
    sum += in.Get(isa::kVSegments) *
           uint64_t(RoundUp(int64_t(in.Get(isa::kVLength)), design.vector_lanes));
    if (in.Get(isa::kVSumLast) != 0) sum = 0;
  }
  return {};
}

Expected<void> CheckList(const Program& p, const InstructionList& list, const char* name,
                         int slots) {
  if (list.instructions.size() != list.notes.size()) {
    return Fail("program: {}: {} notes: must be {}", name, list.notes.size(),
                list.instructions.size());
  }
  TF_RETURN_IF_ERROR(CheckImage(p, list, name));
  for (size_t i = 0; i < list.instructions.size(); ++i) {
    const isa::Instruction& in = list.instructions[i];
    const bool end = in.Get(isa::kOpcode) == uint32_t(isa::Opcode::kEnd);
    if (end != (i + 1 == list.instructions.size())) {
      return Fail("program: {} {}: END must be last and nowhere else", name, i);
    }
    const ModelPlace& place = list.notes[i].place;
    if (int(place.part) >= kParts || place.layer < -1) {
      return Fail("program: {} {}: part {}, layer {}: must be below {} and at least -1", name, i,
                  int(place.part), place.layer, kParts);
    }
    if (const std::string error = InstructionError(p, in, slots); !error.empty()) {
      return Fail("program: {} {} ({}): {}", name, i, Printable(list.notes[i].text), error);
    }
  }
  TF_RETURN_IF_ERROR(CheckTokens(list, name));
  TF_RETURN_IF_ERROR(CheckSums(p.design, list, name));
  return VerifyStreams(p, list, name);
}

}  // namespace

Expected<void> VerifyDesign(const DesignParams& d) {
  const auto fail = [&](const char* field, int64_t value) {
    return Fail("program: design {} = {}: out of range", field, value);
  };
  if (!IsPowerOfTwo(d.ports) || d.ports > 16) return fail("ports", d.ports);
  if (!IsPowerOfTwo(d.width_bits) || d.width_bits < 32 || d.width_bits > 512) {
    return fail("width_bits", d.width_bits);
  }
  if (d.wide_bytes() > kMaxWideBytes) return fail("ports", d.ports);
  if (d.lanes != LanesOf(d.weight_code, d.width_bits)) return fail("lanes", d.lanes);
  if (d.batch < 1 || d.batch > isa::kMaxBatch) return fail("batch", d.batch);
  if (d.queries < 1 || d.queries > 8) return fail("queries", d.queries);
  const int v = d.vector_lanes;
  if (!IsPowerOfTwo(v) || v > 16 || 4 * v > d.wide_bytes() || d.lanes % v != 0 ||
      v % d.ports != 0) {
    return fail("vector_lanes", v);
  }
  if (d.vm_words < 1 || d.vm_words > (1 << isa::kVDAddress.width)) {
    return fail("vm_words", d.vm_words);
  }
  if (d.am_words < 1 || d.am_words > (1 << isa::kMvAm.width)) return fail("am_words", d.am_words);
  if (d.shortlist_rows < 0 || d.shortlist_rows > kMaxShortlistRows) {
    return fail("shortlist_rows", d.shortlist_rows);
  }
  if (d.memory_bytes > kMaxMemoryBytes) {
    return Fail("program: design memory_bytes = {}: must be at most {}", d.memory_bytes,
                kMaxMemoryBytes);
  }
  if (d.qm_words < 1 || d.qm_words > (1 << isa::kI8Qm.width)) return fail("qm_words", d.qm_words);
  return {};
}

Expected<void> VerifyProgram(const Program& program) {
  TF_RETURN_IF_ERROR(VerifyDesign(program.design));
  TF_RETURN_IF_ERROR(CheckMemory(program));
  TF_RETURN_IF_ERROR(CheckList(program, program.decode, "decode", 1));
  if (program.decode.instructions.empty()) return Fail("program: decode: must not be empty");
  if (!program.prefill.instructions.empty()) {
    TF_RETURN_IF_ERROR(CheckList(program, program.prefill, "prefill", program.design.batch));
  } else if (program.design.batch > 1) {
    return Fail("program: prefill: must not be empty at batch {}", program.design.batch);
  }
  return VerifyWeightStreams(program);
}

}  // namespace ternfab
