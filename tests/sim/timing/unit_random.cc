// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/timing/unit_random.h"

#include <algorithm>

namespace ternfab::timing {
namespace {

void DrawCommon(Random& random, DrawnInstruction& i, isa::Opcode opcode) {
  DecodedInstruction& d = i.decoded;
  d.opcode = opcode;
  d.wait = uint8_t(Below(random, 16));
  d.signal = uint8_t(Below(random, 16));
  d.dependent = Below(random, 2) != 0;
  d.skip = Below(random, 8) == 0;
  i.words.Set(isa::kOpcode, opcode);
  i.words.Set(isa::kWait, d.wait);
  i.words.Set(isa::kSignal, d.signal);
  i.words.Set(isa::kDependent, d.dependent);
}

}  // namespace

DrawnInstruction InstructionSource::Matvec(Random& random) {
  DrawnInstruction i;
  DrawCommon(random, i, isa::Opcode::kMatvec);
  DecodedInstruction& d = i.decoded;
  d.mv_beats = 1 + (Below(random, 2) != 0 ? Below(random, 3) : Below(random, 40));
  d.mv_groups = 1 + (Below(random, 2) != 0 ? Below(random, 5) : Below(random, 30));
  i.words.Set(isa::kMvBeats, d.mv_beats);
  i.words.Set(isa::kMvGroups, d.mv_groups);
  i.words.Set(isa::kMvPitch, 20);
  return i;
}

DrawnInstruction InstructionSource::Int8(Random& random, int lanes, int queries, int vector_lanes) {
  DrawnInstruction i;
  const bool dot = Below(random, 2) != 0;
  DrawCommon(random, i, dot ? isa::Opcode::kDot : isa::Opcode::kAccumulate);
  DecodedInstruction& d = i.decoded;
  const uint32_t most = dot ? 5 : uint32_t(std::max(1, 256 / lanes));
  d.row_beats = 1 + (Below(random, 2) != 0 ? 0 : Below(random, most));
  d.length = 1 + (Below(random, 2) != 0 ? Below(random, 100) : Below(random, 6));
  d.queries = 1 + Below(random, uint32_t(queries));
  d.out_words = 1 + Below(random, d.row_beats * uint32_t(lanes / vector_lanes));
  i.words.Set(isa::kI8RowBeats, d.row_beats);
  i.words.Set(isa::kI8Rows, d.length + Below(random, 3));  // the resolved length counts
  i.words.Set(isa::kI8Queries, d.queries);
  i.words.Set(isa::kI8OutWords, d.out_words);
  i.words.Set(isa::kI8Pitch, 200);
  return i;
}

DrawnInstruction InstructionSource::Vector(Random& random, VectorCaseSource& source) {
  const VectorCase c = source.Next();
  const isa::Instruction& w = c.instruction;
  DrawnInstruction i;
  i.words = w;
  DecodedInstruction& d = i.decoded;
  d.opcode = isa::Opcode::kVector;
  d.wait = uint8_t(w.Get(isa::kWait));
  d.signal = uint8_t(w.Get(isa::kSignal));
  d.dependent = w.Get(isa::kDependent) != 0;
  d.skip = Below(random, 8) == 0;
  d.stream = isa::HasStream(w);
  d.length = c.arguments.length;
  d.a = w.GetAs<isa::SourceA>(isa::kVA);
  d.b = w.GetAs<isa::SourceB>(isa::kVB);
  d.c = w.GetAs<isa::SourceC>(isa::kVC);
  d.combine = w.GetAs<isa::Combine>(isa::kVCombine);
  d.reduce = w.GetAs<isa::Reduce>(isa::kVReduce);
  d.dst = w.GetAs<isa::Destination>(isa::kVDst);
  d.a_int = w.Get(isa::kVAInt) != 0;
  d.join = w.Get(isa::kVJoin) != 0;
  d.norm = w.Get(isa::kVNorm) != 0;
  d.sum_last = w.Get(isa::kVSumLast) != 0;
  d.segments = w.Get(isa::kVSegments);
  d.mem_addr = c.arguments.mem_addr;
  d.mem_elem = c.arguments.mem_elem;
  return i;
}

UnitWeather UnitWeather::Draw(Random& random) {
  const auto percent = [&](uint32_t most) {
    return Below(random, 3) == 0 ? 0 : Below(random, most);
  };
  return {percent(90), percent(95), percent(90), percent(90), percent(90)};
}

UnitIn UnitSurroundings::Draw(Random& random, const UnitWeather& weather,
                              const DecodedInstruction& next) {
  const auto chance = [&](uint32_t percent) { return Below(random, 100) < percent; };
  offered_ = offered_ || !chance(weather.instruction_gap);
  stream_ = stream_ || !chance(weather.stream_gap);
  UnitIn in;
  in.head = offered_ ? &next : nullptr;
  in.tokens = chance(weather.token_gap) ? uint8_t(Below(random, 16)) : uint8_t{15};
  in.stream_valid = stream_;
  in.vm_ready = !chance(weather.vm_stall);
  in.wr_ready = !chance(weather.write_stall);
  return in;
}

bool UnitSurroundings::Settle(const UnitOut& out) {
  if (out.stream_pop) stream_ = false;
  if (out.retire) offered_ = false;
  return out.retire;
}

}  // namespace ternfab::timing
