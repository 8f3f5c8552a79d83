// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/emulator.h"

#include <algorithm>
#include <cstring>

#include "common/check.h"

namespace ternfab {

using isa::Instruction;
using isa::Opcode;

namespace {

constexpr int64_t kLeastBytes = 16 << 10;  // of memory a thread works on, or waking it costs more

}  // namespace

Emulator::Emulator(const Program& program, const EmulatorOptions& options)
    : program_(program),
      design_(program.design),
      kernels_(options.kernels ? *options.kernels : BestKernels()),
      pool_(options.threads),
      memory_(program.total_beats * design_.wide_bytes(), 0),
      vm_(size_t(design_.vm_words) * design_.vector_lanes, 0),
      am_(design_.batch, std::vector<int8_t>(size_t(design_.am_words) * design_.lanes)),
      qm_(design_.queries, std::vector<int8_t>(size_t(design_.qm_words) * design_.int8_lanes())) {
  TF_CHECK(program.image.size() <= memory_.size(), "image of {} bytes in {} bytes of memory",
           program.image.size(), memory_.size());
  std::copy(program.image.begin(), program.image.end(), memory_.begin());
}

void Emulator::Run(const InstructionList& list, const RunArguments& arguments) {
  tag_indices_.clear();
  for (const Instruction& in : list.instructions) Execute(in, arguments, nullptr);
}

void Emulator::Execute(const Instruction& in, const RunArguments& args, WriteObserver* observer) {
  const uint32_t slot = in.Get(isa::kSlot);
  switch (in.GetAs<isa::Predicate>(isa::kPredicate)) {
    case isa::Predicate::kAlways:
      break;
    case isa::Predicate::kSlotActive:
      if (slot >= args.count) return;
      break;
    case isa::Predicate::kSlotLast:
      if (slot + 1 != args.count) return;
      break;
  }
  switch (in.GetAs<Opcode>(isa::kOpcode)) {
    case Opcode::kEnd:
      return;
    case Opcode::kMatvec:
      return ExecuteMatvec(in, args, observer);
    case Opcode::kDot:
    case Opcode::kAccumulate:
      return ExecuteInt8(in, args, observer);
    case Opcode::kVector:
      return ExecuteVector(in, args, observer);
  }
  TF_CHECK(false, "opcode {:#x}", in.Get(isa::kOpcode));
}

void Emulator::Write(const MemoryPatch& patch) {
  CheckMemory(patch.beat, uint64_t(CeilDiv(int64_t(patch.bytes.size()), design_.wide_bytes())));
  std::copy(patch.bytes.begin(), patch.bytes.end(), memory_.begin() + program_.ByteOf(patch.beat));
}

std::vector<float> Emulator::Logits() const {
  if (!program_.has_head) return {};
  const HeadResult result = HeadResultOf(design_, program_.vocab);
  return result.Logits(memory().subspan(program_.ByteOf(program_.logits_beat), result.bytes()));
}

uint32_t Emulator::StreamIndex(const Instruction& in, const RunArguments& args) {
  const uint32_t slot = in.Get(isa::kSlot);
  switch (in.GetAs<isa::Index>(isa::kStreamIndex)) {
    case isa::Index::kZero:
      break;
    case isa::Index::kPosition:
      return args.position + slot;
    case isa::Index::kToken:
      return args.tokens[slot];
    case isa::Index::kTag:
      TF_CHECK(in.Get(isa::kTagElement) < vm_.size(), "VM element {}", in.Get(isa::kTagElement));
      tag_indices_.push_back(TagIndex(vm_[in.Get(isa::kTagElement)], in.Get(isa::kTagLimit)));
      return tag_indices_.back();
  }
  return 0;
}

void Emulator::CheckMemory(uint64_t beat, uint64_t beats) const {
  TF_CHECK(beat + beats <= program_.total_beats, "beats {}..{} of a memory of {}", beat,
           beat + beats, program_.total_beats);
}

void Emulator::StoreVm(uint64_t word, std::span<const uint32_t> values, WriteObserver* observer) {
  const int lanes = design_.vector_lanes;
  const uint64_t words = CeilDiv(values.size(), lanes);
  TF_CHECK((word + words) * lanes <= vm_.size(), "VM words {}..{}", word, word + words);
  uint32_t* out = &vm_[word * lanes];
  std::copy(values.begin(), values.end(), out);
  std::fill(out + values.size(), out + words * lanes, 0u);
  for (uint64_t w = 0; observer && w < words; ++w) {
    MemoryWrite write{Space::kVm, 0, word + w, 0, std::vector<uint8_t>(4 * lanes)};
    std::memcpy(write.bytes.data(), out + w * lanes, 4 * lanes);
    observer->OnWrite(std::move(write));
  }
}

const uint8_t* Emulator::Weights(uint64_t beat, const TernaryShape& shape, uint32_t groups) {
  const uint64_t beats = uint64_t(groups) * uint64_t(shape.row_beats);
  CheckMemory(beat, beats);
  const uint8_t* weights = &memory_[beat * design_.wide_bytes()];
  if (checked_weights_.emplace(beat, beats).second) {
    TF_CHECK(ValidWeights(shape.code, {weights, size_t(beats) * design_.wide_bytes()}),
             "weights at wide beat {}: invalid code", beat);
  }
  return weights;
}

void Emulator::SetInput(const TernaryShape& shape, uint32_t word, uint32_t count) {
  // Several instructions multiply the same vector: q, k, v of each KV group, gate and up.
  const std::array<uint64_t, 4> key = {am_writes_ + 1, uint64_t(shape.row_beats), word, count};
  if (key == input_key_) return;
  const size_t first = size_t(word) * design_.lanes;
  std::vector<const int8_t*> x;
  for (uint32_t slot = 0; slot < count; ++slot) {
    TF_CHECK(first + shape.cols() <= am_[slot].size(), "AM word {}", word);
    x.push_back(am_[slot].data() + first);
  }
  input_.Set(shape, kernels_.block_bytes, x);
  input_key_ = key;
}

void Emulator::ExecuteMatvec(const Instruction& in, const RunArguments& args,
                             WriteObserver* observer) {
  const uint32_t groups = in.Get(isa::kMvGroups);
  const TernaryShape shape{design_.weight_code, design_.ports, design_.port_bytes(),
                           int(in.Get(isa::kMvBeats))};
  SetInput(shape, in.Get(isa::kMvAm), args.count);
  const size_t rows = size_t(groups) * design_.ports;
  results_.resize(rows * args.count);
  const uint8_t* weights = Weights(in.Get(isa::kStreamAddress), shape, groups);
  pool_.Split(groups, kLeastBytes / shape.group_bytes(), [&](int64_t from, int64_t to) {
    kernels_.ternary({shape, weights, &input_, int(from), int(to), results_.data(), int64_t(rows)});
  });
  for (uint32_t slot = 0; slot < args.count; ++slot) {
    StoreVm(in.Get(isa::kMvDst) + uint64_t(slot) * in.Get(isa::kMvPitch),
            {reinterpret_cast<const uint32_t*>(&results_[slot * rows]), rows}, observer);
  }
}

void Emulator::ExecuteInt8(const Instruction& in, const RunArguments& args,
                           WriteObserver* observer) {
  const bool dot = in.GetAs<Opcode>(isa::kOpcode) == Opcode::kDot;
  const uint32_t rows =
      in.Get(isa::kDynamicLength) ? args.position + in.Get(isa::kSlot) + 1 : in.Get(isa::kI8Rows);
  const uint32_t row_beats = in.Get(isa::kI8RowBeats);
  const int64_t row_bytes = int64_t(row_beats) * design_.wide_bytes();
  const uint64_t beat =
      in.Get(isa::kStreamAddress) + uint64_t(StreamIndex(in, args)) * in.Get(isa::kStreamStride);
  CheckMemory(beat, uint64_t(rows) * row_beats);
  const int8_t* stream =
      reinterpret_cast<const int8_t*>(&memory_[size_t(beat) * design_.wide_bytes()]);
  const uint32_t queries = in.Get(isa::kI8Queries);
  const size_t out = dot ? rows : size_t(in.Get(isa::kI8OutWords)) * design_.vector_lanes;
  const size_t first = size_t(in.Get(isa::kI8Qm)) * design_.int8_lanes();
  for (uint32_t q = 0; q < queries; ++q) {
    TF_CHECK(first + (dot ? size_t(row_bytes) : rows) <= qm_[q].size(), "QM word {}",
             in.Get(isa::kI8Qm));
  }
  results_.resize(out * queries);
  if (dot) {
    pool_.Split(rows, kLeastBytes / row_bytes, [&](int64_t from, int64_t to) {
      for (uint32_t q = 0; q < queries; ++q) {
        kernels_.dot(stream + from * row_bytes, row_bytes, to - from, &qm_[q][first],
                     &results_[q * out + size_t(from)]);
      }
    });
  } else {
    TF_CHECK(int64_t(out) <= row_bytes, "{} sums of rows of {}", out, row_bytes);
    pool_.Split(queries, kLeastBytes / (rows * row_bytes), [&](int64_t from, int64_t to) {
      for (size_t q = size_t(from); q < size_t(to); ++q) {
        kernels_.accumulate(stream, row_bytes, rows, &qm_[q][first], int(out), &results_[q * out]);
      }
    });
  }
  for (uint32_t q = 0; q < queries; ++q) {
    StoreVm(in.Get(isa::kI8Dst) + uint64_t(q) * in.Get(isa::kI8Pitch),
            {reinterpret_cast<const uint32_t*>(&results_[q * out]), out}, observer);
  }
}

}  // namespace ternfab
