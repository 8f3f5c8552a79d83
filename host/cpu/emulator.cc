// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/emulator.h"

#include <algorithm>
#include <cstring>

#include "common/check.h"
#include "common/trit.h"

namespace ternfab {

using isa::Instruction;
using isa::Opcode;

Emulator::Emulator(const Program& program)
    : program_(program),
      design_(program.design),
      memory_(program.total_beats * design_.wide_bytes(), 0),
      vm_(size_t(design_.vm_words) * design_.vector_lanes, 0),
      am_(design_.batch, std::vector<int8_t>(size_t(design_.am_words) * design_.lanes)),
      qm_(design_.queries, std::vector<int8_t>(size_t(design_.qm_words) * design_.int8_lanes())) {
  TF_CHECK(program.image.size() <= memory_.size(), "image of {} bytes in {} bytes of memory",
           program.image.size(), memory_.size());
  std::copy(program.image.begin(), program.image.end(), memory_.begin());
}

void Emulator::Run(const InstructionList& list, const RunArguments& arguments) {
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
  std::vector<float> logits(program_.vocab);
  std::memcpy(logits.data(), &memory_[program_.ByteOf(program_.logits_beat)], 4 * logits.size());
  return logits;
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

const TernaryBlock& Emulator::Weights(uint64_t beat, uint32_t groups, uint32_t row_beats) {
  std::unique_ptr<TernaryBlock>& block = weights_[beat];
  if (block) return *block;
  CheckMemory(beat, uint64_t(groups) * row_beats);
  const int cols = int(row_beats) * design_.lanes;
  block = std::make_unique<TernaryBlock>(int(groups) * design_.ports, cols);
  std::vector<int8_t> row(cols);
  const int bytes = design_.port_bytes();
  for (uint32_t g = 0; g < groups; ++g) {
    for (int e = 0; e < design_.ports; ++e) {
      for (uint32_t j = 0; j < row_beats; ++j) {
        const uint64_t wide = beat + uint64_t(g) * row_beats + j;
        const std::span<const uint8_t> codes(
            &memory_[wide * design_.wide_bytes() + uint64_t(e) * bytes], bytes);
        const auto unpacked =
            UnpackBeat(codes, design_.weight_code,
                       std::span<int8_t>(row).subspan(size_t(j) * design_.lanes, design_.lanes));
        TF_CHECK(unpacked.has_value(), "{}", unpacked.error().message);
      }
      block->SetRow(int(g) * design_.ports + e, row);
    }
  }
  return *block;
}

void Emulator::ExecuteMatvec(const Instruction& in, const RunArguments& args,
                             WriteObserver* observer) {
  const uint32_t groups = in.Get(isa::kMvGroups);
  const uint32_t row_beats = in.Get(isa::kMvBeats);
  const TernaryBlock& weights = Weights(in.Get(isa::kStreamAddress), groups, row_beats);
  TF_CHECK(weights.rows() == int(groups) * design_.ports &&
               weights.cols() == int(row_beats) * design_.lanes,
           "weights at {} used with two shapes", in.Get(isa::kStreamAddress));
  const size_t first = size_t(in.Get(isa::kMvAm)) * design_.lanes;
  std::vector<int8_t> x(weights.padded_cols(), 0);
  std::vector<int32_t> y(weights.rows());
  for (uint32_t slot = 0; slot < args.count; ++slot) {
    TF_CHECK(first + weights.cols() <= am_[slot].size(), "AM word {}", in.Get(isa::kMvAm));
    std::copy_n(am_[slot].begin() + first, weights.cols(), x.begin());
    weights.Multiply(x.data(), y.data());
    StoreVm(in.Get(isa::kMvDst) + uint64_t(slot) * in.Get(isa::kMvPitch),
            {reinterpret_cast<const uint32_t*>(y.data()), y.size()}, observer);
  }
}

void Emulator::ExecuteInt8(const Instruction& in, const RunArguments& args,
                           WriteObserver* observer) {
  const bool dot = in.GetAs<Opcode>(isa::kOpcode) == Opcode::kDot;
  const uint32_t rows =
      in.Get(isa::kDynamicLength) ? args.position + in.Get(isa::kSlot) + 1 : in.Get(isa::kI8Rows);
  const uint32_t row_beats = in.Get(isa::kI8RowBeats);
  const size_t row_bytes = size_t(row_beats) * design_.wide_bytes();
  CheckMemory(in.Get(isa::kStreamAddress), uint64_t(rows) * row_beats);
  const int8_t* stream = reinterpret_cast<const int8_t*>(
      &memory_[size_t(in.Get(isa::kStreamAddress)) * design_.wide_bytes()]);
  const size_t out = dot ? rows : size_t(in.Get(isa::kI8OutWords)) * design_.vector_lanes;
  std::vector<int32_t> y(std::max(out, row_bytes));
  for (uint32_t q = 0; q < in.Get(isa::kI8Queries); ++q) {
    const size_t first = size_t(in.Get(isa::kI8Qm)) * design_.int8_lanes();
    TF_CHECK(first + (dot ? row_bytes : rows) <= qm_[q].size(), "QM word {}", in.Get(isa::kI8Qm));
    const int8_t* x = &qm_[q][first];
    std::fill(y.begin(), y.end(), 0);
    for (uint32_t t = 0; t < rows; ++t) {
      if (dot) {
        y[t] = DotInt8(stream + t * row_bytes, x, int(row_bytes));
      } else {
        AccumulateInt8(x[t], stream + t * row_bytes, int(row_bytes), y.data());
      }
    }
    StoreVm(in.Get(isa::kI8Dst) + uint64_t(q) * in.Get(isa::kI8Pitch),
            {reinterpret_cast<const uint32_t*>(y.data()), out}, observer);
  }
}

}  // namespace ternfab
