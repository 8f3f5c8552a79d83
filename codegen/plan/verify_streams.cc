// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/verify_streams.h"

#include <algorithm>
#include <map>
#include <vector>

#include "codegen/plan/beat_range.h"
#include "codegen/plan/fetch_order.h"

namespace ternfab {
namespace {

/// The last instruction that wrote each wide beat.
class LastWrites {
 public:
  void Write(const BeatRange& range, int32_t index) {
    if (range.empty()) return;
    Split(range.first);
    Split(range.end);
    writes_.erase(writes_.lower_bound(range.first), writes_.lower_bound(range.end));
    writes_[range.first] = {range.end, index};
  }

  /// Of the beats of `range`; -1: none is written.
  int32_t Latest(const BeatRange& range) const {
    auto at = writes_.upper_bound(range.first);
    if (at != writes_.begin() && std::prev(at)->second.end > range.first) --at;
    int32_t latest = -1;
    for (; at != writes_.end() && at->first < range.end; ++at) {
      latest = std::max(latest, at->second.index);
    }
    return latest;
  }

 private:
  struct Part {
    uint64_t end = 0;
    int32_t index = -1;
  };
  /// Makes `beat` the beginning of a part, if it is inside one.
  void Split(uint64_t beat) {
    auto at = writes_.lower_bound(beat);
    if (at == writes_.begin()) return;
    --at;
    if (at->second.end <= beat) return;
    writes_[beat] = at->second;
    at->second.end = beat;
  }

  std::map<uint64_t, Part> writes_;  // disjoint, by first beat
};

Unit UnitOf(const isa::Instruction& in) {
  switch (in.GetAs<isa::Opcode>(isa::kOpcode)) {
    case isa::Opcode::kMatvec:
      return Unit::kTernary;
    case isa::Opcode::kDot:
    case isa::Opcode::kAccumulate:
      return Unit::kInt8;
    default:
      return Unit::kVector;
  }
}

}  // namespace

Expected<void> VerifyStreams(const Program& program, const InstructionList& list,
                             const char* name) {
  LastWrites writes;
  FetchOrder order;
  std::vector<int32_t> signals;  // instructions that give the int8 unit a token
  size_t taken = 0;              // tokens that it has taken
  for (int32_t i = 0; i < int32_t(list.instructions.size()); ++i) {
    const isa::Instruction& in = list.instructions[i];
    const Unit unit = UnitOf(in);
    if ((in.Get(isa::kWait) & isa::kVectorToInt8) != 0) ++taken;
    if (unit == Unit::kTernary) continue;  // weights are never written
    const BeatRange read = StreamedBeats(program, in);
    if (!read.empty() && in.Get(isa::kDependent) != 0) {
      const int32_t int8_retired = taken == 0 ? -1 : signals[taken - 1];
      order.AddDependent(unit, in, unit == Unit::kVector ? i - 1 : int8_retired);
    }
    if (!read.empty() && writes.Latest(read) > order.Complete(unit, in)) {
      return Fail("program: {} {}: reads beats {}..{} that {} writes: must be fetched after it",
                  name, i, read.first, read.end, writes.Latest(read));
    }
    if ((in.Get(isa::kSignal) & isa::kVectorToInt8) != 0) signals.push_back(i);
    writes.Write(WrittenBeats(program, in), i);
  }
  return {};
}

}  // namespace ternfab
