// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/gate_stimulus.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/check.h"
#include "host/cpu/emulator.h"

namespace ternfab {
namespace {

using isa::Instruction;

/// AM of slot 0 and QM of bank 0 as the vector unit has written them.
class OperandMemories : public WriteObserver {
 public:
  void OnWrite(MemoryWrite write) override {
    if (write.bank != 0) return;
    if (write.space == Space::kAm) {
      am_[write.address] = std::move(write.bytes);
    } else if (write.space == Space::kQm) {
      qm_[write.address] = std::move(write.bytes);
    }
  }
  /// The first `lanes` bytes of a word; zeros if it was never written.
  std::vector<int8_t> Am(uint64_t word, int lanes) const { return First(am_, word, lanes); }
  std::vector<int8_t> Qm(uint64_t word, int lanes) const { return First(qm_, word, lanes); }

 private:
  using Words = std::map<uint64_t, std::vector<uint8_t>>;
  static std::vector<int8_t> First(const Words& words, uint64_t word, int lanes) {
    std::vector<int8_t> first(size_t(lanes), 0);
    const auto found = words.find(word);
    if (found == words.end()) return first;
    for (size_t i = 0; i < std::min(first.size(), found->second.size()); ++i) {
      first[i] = int8_t(found->second[i]);
    }
    return first;
  }

  Words am_, qm_;
};

bool IsHead(const InstructionList& list, size_t i) {
  return list.instructions[i].GetAs<isa::Opcode>(isa::kOpcode) == isa::Opcode::kDot &&
         list.notes[i].place.part == Part::kHead;
}

class Collector {
 public:
  Collector(const Program& program, const Emulator& emulator, int lanes)
      : design_(program.design), emulator_(emulator), lanes_(lanes) {}

  void AddMatvec(const Instruction& i, const OperandMemories& memories, size_t most) {
    const uint64_t beats = i.Get(isa::kMvBeats), groups = i.Get(isa::kMvGroups);
    for (uint64_t n = 0; n < std::min<uint64_t>(beats * groups, most); ++n) {
      const uint64_t beat = i.Get(isa::kStreamAddress) + n;
      std::vector<int8_t> trits(size_t(design_.lanes));
      const auto bytes = Beat(beat).first(size_t(design_.port_bytes()));
      TF_CHECK(UnpackBeat(bytes, design_.weight_code, trits), "wide beat {}", beat);
      trits.resize(size_t(lanes_));
      zeros_ += size_t(std::count(trits.begin(), trits.end(), 0));
      data.ternary.push_back(
          {memories.Am(i.Get(isa::kMvAm) + n % beats, lanes_), std::move(trits)});
    }
  }

  /// After the emulator has executed `i`: a row that a tag picks is known then.
  void AddHead(const Instruction& i, const OperandMemories& memories, size_t most) {
    const uint64_t beats = i.Get(isa::kI8RowBeats), rows = i.Get(isa::kI8Rows);
    const bool picked = i.GetAs<isa::Index>(isa::kStreamIndex) == isa::Index::kTag;
    const uint64_t row = picked ? emulator_.tag_indices().back() : 0;
    const uint64_t first = i.Get(isa::kStreamAddress) + row * i.Get(isa::kStreamStride);
    const int lanes = std::min(lanes_, design_.int8_lanes());
    for (uint64_t n = 0; n < std::min<uint64_t>(beats * rows, most); ++n) {
      const auto bytes = Beat(first + n).first(size_t(lanes));
      data.int8.push_back({memories.Qm(i.Get(isa::kI8Qm) + n % beats, lanes),
                           std::vector<int8_t>(bytes.begin(), bytes.end())});
    }
  }

  GateData Take() {
    const double trits = double(data.ternary.size()) * lanes_;
    data.zero_trits = trits > 0 ? double(zeros_) / trits : 0;
    return std::move(data);
  }

  GateData data;

 private:
  std::span<const uint8_t> Beat(uint64_t beat) const {
    const size_t wide = size_t(design_.wide_bytes());
    return emulator_.memory().subspan(size_t(beat) * wide, wide);
  }

  const DesignParams& design_;
  const Emulator& emulator_;
  int lanes_;
  size_t zeros_ = 0;
};

}  // namespace

GateData CollectGateData(const Program& program, std::span<const int> ids, int lanes, size_t most) {
  TF_CHECK(!ids.empty() && lanes <= program.design.lanes, "{} lanes", lanes);
  Emulator emulator(program);
  RunArguments arguments;
  for (size_t i = 0; i + 1 < ids.size(); ++i) {
    arguments.position = uint32_t(i);
    arguments.tokens[0] = uint32_t(ids[i]);
    emulator.Run(program.decode, arguments);
  }
  arguments.position = uint32_t(ids.size() - 1);
  arguments.tokens[0] = uint32_t(ids.back());
  const InstructionList& list = program.decode;
  size_t matvecs = 0, heads = 0;
  for (size_t i = 0; i < list.instructions.size(); ++i) {
    matvecs += list.instructions[i].GetAs<isa::Opcode>(isa::kOpcode) == isa::Opcode::kMatvec;
    heads += IsHead(list, i);
  }
  /// Operands of one instruction of `of`.
  const auto share = [&](size_t of) { return std::max<size_t>(1, most / std::max<size_t>(1, of)); };
  OperandMemories memories;
  Collector collector(program, emulator, lanes);
  for (size_t i = 0; i < list.instructions.size(); ++i) {
    const Instruction& instruction = list.instructions[i];
    emulator.Execute(instruction, arguments, &memories);  // products do not write to their operands
    if (instruction.GetAs<isa::Opcode>(isa::kOpcode) == isa::Opcode::kMatvec) {
      collector.AddMatvec(instruction, memories, share(matvecs));
    } else if (IsHead(list, i)) {
      collector.AddHead(instruction, memories, share(heads));
    }
  }
  return collector.Take();
}

}  // namespace ternfab
