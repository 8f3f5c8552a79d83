// SPDX-License-Identifier: Apache-2.0
#include "sim/report/cycle_limits.h"

#include <algorithm>
#include <set>

#include "sim/timing/decode.h"

namespace ternfab {
namespace {

constexpr uint8_t Bit(Unit unit) { return uint8_t(1u << int(unit)); }
constexpr uint8_t Bit(StreamClient client) { return uint8_t(1u << int(client)); }

void AddTo(CauseCycles& sum, const CauseCycles& cycles) {
  for (size_t c = 0; c < sum.size(); ++c) sum[c] += cycles[c];
}

}  // namespace

std::string_view CauseName(Cause cause) {
  static constexpr std::array<std::string_view, kCauses> kNames = {
      "weights", "head", "memory", "engine", "int8", "vector", "dependence", "control"};
  return kNames[size_t(cause)];
}

void LimitTable::Add(const LimitTable& other) {
  if (rows_.size() < other.rows_.size()) rows_.resize(other.rows_.size());
  for (size_t row = 0; row < other.rows_.size(); ++row) AddTo(rows_[row], other.rows_[row]);
}

CauseCycles LimitTable::ByCause() const {
  CauseCycles sum{};
  for (const CauseCycles& row : rows_) AddTo(sum, row);
  return sum;
}

uint64_t LimitTable::total() const {
  uint64_t sum = 0;
  for (const uint64_t cycles : ByCause()) sum += cycles;
  return sum;
}

CauseCycles LimitTable::OfPart(Part part) const {
  CauseCycles sum{};
  for (int layer = -1; layer < layers(); ++layer) AddTo(sum, Of({part, layer}));
  return sum;
}

CauseCycles LimitTable::OfLayer(int layer) const {
  CauseCycles sum{};
  for (int part = 0; part < kParts; ++part) AddTo(sum, Of({Part(part), layer}));
  return sum;
}

CauseCycles LimitTable::Of(const ModelPlace& place) const {
  const size_t row = size_t(place.layer + 1) * kParts + size_t(place.part);
  return row < rows_.size() ? rows_[row] : CauseCycles{};
}

bool LimitTable::operator==(const LimitTable& other) const {
  for (int layer = -1; layer < std::max(layers(), other.layers()); ++layer) {
    for (int part = 0; part < kParts; ++part) {
      if (Of({Part(part), layer}) != other.Of({Part(part), layer})) return false;
    }
  }
  return true;
}

void CycleAccountant::Begin(const InstructionList& list, const DesignParams& design,
                            const RunArguments& arguments) {
  *this = {};
  std::set<uint64_t> streams;
  uint64_t vector_beats = 0;
  for (const timing::DecodedInstruction& d : timing::DecodeRun(list, design, arguments)) {
    const bool vector = d.opcode == isa::Opcode::kVector;
    const bool vector_stream = vector && d.stream;
    if (vector_stream) vector_beats += d.stream_beats;
    const bool head = d.opcode == isa::Opcode::kDot && !d.dependent;
    const bool first = !vector && d.stream && streams.insert(d.stream_addr).second;
    entries_.push_back(
        {list.notes[entries_.size()].place, head, first, vector_stream ? vector_beats : 0});
  }
}

CycleAccountant::Blame CycleAccountant::Find(const CycleActivity& a) const {
  const auto blame = [&](Cause cause, Unit unit) { return Blame{cause, HeadOf(a, unit).place}; };
  if (a.beat & Bit(StreamClient::kTernary)) return blame(Cause::kWeights, Unit::kTernary);
  if ((a.beat & Bit(StreamClient::kInt8)) && HeadOf(a, Unit::kInt8).head) {
    return blame(Cause::kHead, Unit::kInt8);
  }
  const uint8_t working = working_;
  if (working != 0) {
    if (a.starved & Bit(StreamClient::kTernary)) return blame(Cause::kMemory, Unit::kTernary);
    if (a.starved & Bit(StreamClient::kInt8)) return blame(Cause::kMemory, Unit::kInt8);
    // The vector unit reads ahead: it is ready for beats of later instructions, too.
    if ((a.starved & Bit(StreamClient::kVector)) && (working & Bit(Unit::kVector)) &&
        vector_beats_ < HeadOf(a, Unit::kVector).vector_beats) {
      return blame(Cause::kMemory, Unit::kVector);
    }
    if (working & Bit(Unit::kTernary)) return blame(Cause::kEngine, Unit::kTernary);
    if (working & Bit(Unit::kInt8)) return blame(Cause::kInt8, Unit::kInt8);
    return blame(Cause::kVector, Unit::kVector);
  }
  if (a.head == 0) return {};
  Unit first = Unit::kTernary;
  uint32_t least = UINT32_MAX;
  for (int u = 0; u < kUnits; ++u) {
    if (((a.head >> u) & 1) == 0 || a.index[size_t(u)] >= least) continue;
    least = a.index[size_t(u)];
    first = Unit(u);
  }
  return blame(Cause::kDependence, first);
}

void CycleAccountant::Add(const CycleActivity& a, uint64_t cycles) {
  working_ |= a.issue;
  const Blame blame = Find(a);
  table_.Add(blame.place, blame.cause, cycles);
  cycles_ += cycles;
  if (blame.cause == Cause::kWeights) {
    weight_cycles_ = cycles_;
    weight_beats_ += cycles;
  }
  if (a.beat & Bit(StreamClient::kTernary)) {
    if (HeadOf(a, Unit::kTernary).first) first_beats_ += cycles;
  }
  if (a.beat & Bit(StreamClient::kInt8)) {
    const Entry& entry = HeadOf(a, Unit::kInt8);
    if (entry.head && entry.first) first_beats_ += cycles;
  }
  if (a.beat & Bit(StreamClient::kVector)) vector_beats_ += cycles;
  working_ &= uint8_t(~a.retire);
}

}  // namespace ternfab
