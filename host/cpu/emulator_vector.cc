// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include "common/check.h"
#include "common/fp32.h"
#include "host/cpu/emulator.h"
#include "host/cpu/simd.h"

// The VECTOR instruction (docs/isa.md): one segment at a time through whole-array loops.

namespace ternfab {

using isa::Combine;
using isa::Destination;
using isa::Instruction;
using isa::Reduce;
using isa::SourceA;
using isa::SourceB;
using isa::SourceC;

namespace {

constexpr int kPartialMaxima = 32;

TF_SIMD void ConvertInts(uint32_t* a, int n) {
  for (int i = 0; i < n; ++i) a[i] = fp32::FromInt32Bits(int32_t(a[i]));
}

TF_SIMD void Negate(uint32_t* a, int n) {
  for (int i = 0; i < n; ++i) a[i] = fp32::Neg(a[i]);
}

TF_SIMD void Multiply(uint32_t* a, const uint32_t* b, int n) {
  for (int i = 0; i < n; ++i) a[i] = fp32::Mul(a[i], b[i]);
}

TF_SIMD void AddAll(uint32_t* m, const uint32_t* c, int n) {
  for (int i = 0; i < n; ++i) m[i] = fp32::Add(m[i], c[i]);
}

TF_SIMD void MaxAll(uint32_t* m, const uint32_t* c, int n) {
  for (int i = 0; i < n; ++i) m[i] = fp32::Max(m[i], c[i]);
}

void CombineAll(Combine op, uint32_t* m, const uint32_t* c, int n) {
  switch (op) {
    case Combine::kNone:
      return;
    case Combine::kAdd:
      return AddAll(m, c, n);
    case Combine::kMax:
      return MaxAll(m, c, n);
    case Combine::kMin:
      for (int i = 0; i < n; ++i) m[i] = fp32::Min(m[i], c[i]);
      return;
    case Combine::kSubShift:
      for (int i = 0; i < n; ++i) m[i] = c[i] - (m[i] >> 1);
      return;
    case Combine::kSub:
      for (int i = 0; i < n; ++i) m[i] = c[i] - m[i];
      return;
    case Combine::kAddExponent:
      for (int i = 0; i < n; ++i) m[i] = m[i] + (c[i] << 23);
      return;
    case Combine::kTag:
      for (int i = 0; i < n; ++i) m[i] = Tagged(m[i], c[i]);
      return;
  }
  TF_CHECK(false, "combine {}", int(op));
}

// 64 strided partial sums, then halves added pairwise (docs/numerics.md, "Sums").

using PartialSums = std::array<uint32_t, isa::kPartialSums>;

/// Adds m[i] to partial sum (from + i) mod 64.
void AddToPartials(PartialSums& partial, size_t from, const uint32_t* m, int n) {
  for (int i = 0; i < n;) {
    const int place = int((from + size_t(i)) % partial.size());
    const int count = std::min(int(partial.size()) - place, n - i);
    AddAll(&partial[place], m + i, count);
    i += count;
  }
}

uint32_t SumOf(PartialSums partial) {
  for (int width = isa::kPartialSums / 2; width >= 1; width /= 2) {
    AddAll(partial.data(), partial.data() + width, width);
  }
  return partial[0];
}

uint32_t SumAll(const uint32_t* m, int n) {
  PartialSums partial{};
  AddToPartials(partial, 0, m, n);
  return SumOf(partial);
}

// The greatest of several does not depend on their order: 32 partial ones.

TF_SIMD uint32_t MaxOfAll(const uint32_t* r, int n) {
  uint32_t best[kPartialMaxima];
  for (uint32_t& b : best) b = fp32::kInfBits | fp32::kSignBit;
  int i = 0;
  for (; i + kPartialMaxima <= n; i += kPartialMaxima) {
    for (int k = 0; k < kPartialMaxima; ++k) best[k] = fp32::Max(best[k], r[i + k]);
  }
  for (; i < n; ++i) best[0] = fp32::Max(best[0], r[i]);
  for (int k = 1; k < kPartialMaxima; ++k) best[0] = fp32::Max(best[0], best[k]);
  return best[0];
}

TF_SIMD uint32_t AbsMaxOfAll(const uint32_t* r, int n) {
  uint32_t best[kPartialMaxima] = {};
  int i = 0;
  for (; i + kPartialMaxima <= n; i += kPartialMaxima) {
    for (int k = 0; k < kPartialMaxima; ++k) best[k] = fp32::Max(best[k], fp32::Abs(r[i + k]));
  }
  for (; i < n; ++i) best[0] = fp32::Max(best[0], fp32::Abs(r[i]));
  for (int k = 1; k < kPartialMaxima; ++k) best[0] = fp32::Max(best[0], best[k]);
  return best[0];
}

TF_SIMD void ToInt8All(const uint32_t* a, uint8_t* bytes, int n) {
  for (int i = 0; i < n; ++i) bytes[i] = uint8_t(fp32::ToInt8(a[i]));
}

TF_SIMD void WidenInt8(const uint8_t* bytes, uint32_t* a, int n) {
  for (int i = 0; i < n; ++i) a[i] = uint32_t(int32_t(int8_t(bytes[i])));
}

}  // namespace

/// The resolved fields of one VECTOR instruction.
struct Emulator::VectorContext {
  const Instruction& in;
  WriteObserver* observer;
  uint32_t slot;
  uint32_t place;  ///< position + slot
  uint32_t length;
  uint64_t stream_beat;
  uint64_t stream_pitch;  ///< wide beats of a segment
  uint32_t maximum = 0;   ///< of the segments so far, with kVJoin
};

void Emulator::ExecuteVector(const Instruction& in, const RunArguments& args,
                             WriteObserver* observer) {
  const uint32_t slot = in.Get(isa::kSlot);
  const uint32_t place = args.position + slot;
  const uint32_t length = in.Get(isa::kDynamicLength) ? place + 1 : in.Get(isa::kVLength);
  const uint64_t index = StreamIndex(in, args);
  const int size = in.GetAs<SourceA>(isa::kVA) == SourceA::kStreamI8 ? 1 : 4;
  VectorContext v{in,
                  observer,
                  slot,
                  place,
                  length,
                  in.Get(isa::kStreamAddress) + index * in.Get(isa::kStreamStride),
                  uint64_t(CeilDiv(int64_t(length) * size, design_.wide_bytes()))};
  a_.resize(length);
  b_.resize(length);
  c_.resize(length);
  const auto combine = in.GetAs<Combine>(isa::kVCombine);
  for (uint32_t s = 0; s < in.Get(isa::kVSegments); ++s) {
    LoadA(v, int(s));
    if (in.GetAs<SourceB>(isa::kVB) != SourceB::kNone) {
      LoadB(v, int(s));
      Multiply(a_.data(), b_.data(), int(length));
    }
    if (in.Get(isa::kVNorm) != 0) WeightSegment(v, int(s));
    if (combine != Combine::kNone) LoadC(v, int(s));
    CombineAll(combine, a_.data(), c_.data(), int(length));
    ReduceSegment(v, int(s));
    StoreSegment(v, int(s));
  }
  if (in.Get(isa::kVSumLast) != 0) {
    StoreScalar(in.Get(isa::kVSumDst), SumOf(norm_sums_.at(slot)), observer);
  }
}

/// The middle of a norm: the squares to the slot's partial sums, then times the stream.
void Emulator::WeightSegment(const VectorContext& v, int segment) {
  PartialSums& sums = norm_sums_.at(v.slot);
  const uint32_t from = v.in.Get(isa::kVSumFrom);
  if (segment == 0 && from == 0) sums = {};
  std::copy(a_.begin(), a_.end(), c_.begin());
  Multiply(c_.data(), a_.data(), int(v.length));
  const int64_t pitch = RoundUp(int64_t(v.length), design_.vector_lanes);
  AddToPartials(sums, from + size_t(segment * pitch), c_.data(), int(v.length));
  LoadStream(v, segment, b_.data());
  Multiply(a_.data(), b_.data(), int(v.length));
}

void Emulator::LoadStream(const VectorContext& v, int segment, uint32_t* to) {
  const uint64_t beat = v.stream_beat + uint64_t(segment) * v.stream_pitch;
  CheckMemory(beat, v.stream_pitch);
  std::memcpy(to, &memory_[beat * design_.wide_bytes()], 4 * size_t(v.length));
}

void Emulator::LoadA(const VectorContext& v, int segment) {
  const Instruction& in = v.in;
  const uint64_t at = in.Get(isa::kVAAddress) + uint64_t(segment) * in.Get(isa::kVAStride);
  const uint64_t beat = v.stream_beat + uint64_t(segment) * v.stream_pitch;
  switch (in.GetAs<SourceA>(isa::kVA)) {
    case SourceA::kVm:
      TF_CHECK(at * design_.vector_lanes + v.length <= vm_.size(), "VM word {}", at);
      std::copy_n(&vm_[at * design_.vector_lanes], v.length, a_.begin());
      if (in.Get(isa::kVAInt)) ConvertInts(a_.data(), int(v.length));
      break;
    case SourceA::kStreamF32:
      LoadStream(v, segment, a_.data());
      break;
    case SourceA::kStreamI8:
      CheckMemory(beat, v.stream_pitch);
      WidenInt8(&memory_[beat * design_.wide_bytes()], a_.data(), int(v.length));
      ConvertInts(a_.data(), int(v.length));
      break;
    case SourceA::kScalar:
      a_[0] = scalars_.at(at);
      break;
  }
  if (in.Get(isa::kVNegA)) Negate(a_.data(), int(v.length));
}

void Emulator::LoadB(const VectorContext& v, int segment) {
  const Instruction& in = v.in;
  const uint64_t at = in.Get(isa::kVBAddress) + uint64_t(segment) * in.Get(isa::kVBStride);
  switch (in.GetAs<SourceB>(isa::kVB)) {
    case SourceB::kNone:
      return;
    case SourceB::kScalar:
      std::fill(b_.begin(), b_.end(), scalars_.at(at));
      return;
    case SourceB::kImmediate:
      std::fill(b_.begin(), b_.end(), in.Get(isa::kVBImmediate));
      return;
    case SourceB::kVm:
      TF_CHECK(at * design_.vector_lanes + v.length <= vm_.size(), "VM word {}", at);
      std::copy_n(&vm_[at * design_.vector_lanes], v.length, b_.begin());
      return;
    case SourceB::kStreamF32:
      return LoadStream(v, segment, b_.data());
    case SourceB::kA:
      b_ = a_;
      return;
  }
  TF_CHECK(false, "source B {}", in.Get(isa::kVB));
}

void Emulator::LoadC(const VectorContext& v, int segment) {
  const Instruction& in = v.in;
  const uint64_t at = in.Get(isa::kVCAddress) + uint64_t(segment) * in.Get(isa::kVCStride);
  switch (in.GetAs<SourceC>(isa::kVC)) {
    case SourceC::kNone:
      return;
    case SourceC::kScalar:
      std::fill(c_.begin(), c_.end(), scalars_.at(at));
      break;
    case SourceC::kImmediate:
      std::fill(c_.begin(), c_.end(), in.Get(isa::kVCImmediate));
      break;
    case SourceC::kVm:
      TF_CHECK(at * design_.vector_lanes + v.length <= vm_.size(), "VM word {}", at);
      std::copy_n(&vm_[at * design_.vector_lanes], v.length, c_.begin());
      break;
  }
  if (in.Get(isa::kVNegC)) Negate(c_.data(), int(v.length));
}

void Emulator::ReduceSegment(VectorContext& v, int segment) {
  uint32_t result = 0;
  switch (v.in.GetAs<Reduce>(isa::kVReduce)) {
    case Reduce::kNone:
      return;
    case Reduce::kSum:
      result = SumAll(a_.data(), int(v.length));
      break;
    case Reduce::kMax:
      result = MaxOfAll(a_.data(), int(v.length));
      break;
    case Reduce::kAbsMax:
      result = AbsMaxOfAll(a_.data(), int(v.length));
      break;
  }
  if (v.in.GetAs<Combine>(isa::kVCombine) == Combine::kNone) {
    const auto c = v.in.GetAs<SourceC>(isa::kVC);
    if (c == SourceC::kScalar) result = fp32::Max(scalars_.at(v.in.Get(isa::kVCAddress)), result);
    if (c == SourceC::kImmediate) result = fp32::Max(v.in.Get(isa::kVCImmediate), result);
  }
  const uint32_t at = v.in.Get(isa::kVReduceDst);
  if (v.in.Get(isa::kVJoin) == 0) return StoreScalar(at + segment, result, v.observer);
  v.maximum = segment == 0 ? result : fp32::Max(v.maximum, result);
  if (segment + 1 == int(v.in.Get(isa::kVSegments))) StoreScalar(at, v.maximum, v.observer);
}

void Emulator::StoreScalar(uint64_t at, uint32_t value, WriteObserver* observer) {
  scalars_.at(at) = value;
  if (!observer) return;
  MemoryWrite write{Space::kScalar, 0, at, 0, std::vector<uint8_t>(4)};
  std::memcpy(write.bytes.data(), &value, 4);
  observer->OnWrite(std::move(write));
}

void Emulator::StoreSegment(const VectorContext& v, int segment) {
  const Instruction& in = v.in;
  const uint64_t at = in.Get(isa::kVDAddress) + uint64_t(segment) * in.Get(isa::kVDStride);
  switch (in.GetAs<Destination>(isa::kVDst)) {
    case Destination::kNone:
      return;
    case Destination::kVm:
      return StoreVm(at, {a_.data(), v.length}, v.observer);
    case Destination::kScalar:
      return StoreScalar(at, a_[0], v.observer);
    case Destination::kMemElement: {
      const uint64_t byte = program_.ByteOf(in.Get(isa::kVMemAddress), v.place);
      CheckMemory(byte / design_.wide_bytes(), 1);
      std::memcpy(&memory_[byte], &a_[0], 4);
      if (!v.observer) return;
      MemoryWrite write{Space::kMemory, 0, byte / design_.wide_bytes(),
                        uint32_t(byte % design_.wide_bytes()), std::vector<uint8_t>(4)};
      std::memcpy(write.bytes.data(), &a_[0], 4);
      return v.observer->OnWrite(std::move(write));
    }
    default:
      return StoreBytes(v, segment);
  }
}

void Emulator::StoreBytes(const VectorContext& v, int segment) {
  const Instruction& in = v.in;
  const auto destination = in.GetAs<Destination>(isa::kVDst);
  const int unit = destination == Destination::kAm ? design_.lanes : design_.wide_bytes();
  const bool fp32_out = destination == Destination::kMemF32;
  const size_t size = fp32_out ? 4 * size_t(v.length) : v.length;
  std::vector<uint8_t> bytes(RoundUp(int64_t(size), unit), 0);
  if (fp32_out) {
    std::memcpy(bytes.data(), a_.data(), size);
  } else {
    ToInt8All(a_.data(), bytes.data(), int(v.length));
  }
  const uint64_t words = bytes.size() / unit;
  MemoryWrite write{Space::kMemory, 0, in.Get(isa::kVDAddress), 0, {}};
  uint8_t* target = nullptr;
  if (destination == Destination::kAm || destination == Destination::kQm) {
    const bool am = destination == Destination::kAm;
    am_writes_ += am;
    write.space = am ? Space::kAm : Space::kQm;
    write.bank = am ? v.slot : in.Get(isa::kVBank) + segment;
    std::vector<int8_t>& bank = am ? am_.at(write.bank) : qm_.at(write.bank);
    TF_CHECK((write.address + words) * unit <= bank.size(), "AM/QM word {}", write.address);
    target = reinterpret_cast<uint8_t*>(&bank[write.address * unit]);
  } else {
    write.address =
        in.Get(isa::kVMemAddress) + uint64_t(v.place) * in.Get(isa::kVMemStride) + segment * words;
    CheckMemory(write.address, words);
    target = &memory_[write.address * unit];
  }
  std::copy(bytes.begin(), bytes.end(), target);
  for (uint64_t w = 0; v.observer && w < words; ++w) {
    MemoryWrite one = write;
    one.address += w;
    one.bytes.assign(bytes.begin() + w * unit, bytes.begin() + (w + 1) * unit);
    v.observer->OnWrite(std::move(one));
  }
}

}  // namespace ternfab
