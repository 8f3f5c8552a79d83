// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/vector_model.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "common/fp32.h"

namespace ternfab {
namespace {

using isa::Combine, isa::Destination, isa::Reduce, isa::SourceA, isa::SourceB, isa::SourceC;

int StreamElementBytes(const isa::Instruction& i) {
  if (i.GetAs<SourceA>(isa::kVA) == SourceA::kStreamI8) return 1;
  const bool is_f32 = i.GetAs<SourceA>(isa::kVA) == SourceA::kStreamF32 ||
                      i.GetAs<SourceB>(isa::kVB) == SourceB::kStreamF32 || i.Get(isa::kVNorm) != 0;
  return is_f32 ? 4 : 0;
}

uint32_t Negated(bool negate, uint32_t bits) { return negate ? fp32::Neg(bits) : bits; }

/// One execution: the instruction, its fields and what it reads and writes.
class Execution {
 public:
  Execution(const VectorShape& shape, const isa::Instruction& instruction,
            const VectorArguments& arguments, const std::vector<uint8_t>& beats, VectorState& state)
      : shape_(shape), i_(instruction), arguments_(arguments), beats_(beats), state_(state) {}

  VectorWrites Run() {
    const uint32_t segments = i_.Get(isa::kVSegments);
    for (uint32_t s = 0; s < segments; ++s) RunSegment(s);
    if (i_.Get(isa::kVJoin) != 0) WriteScalar(i_.Get(isa::kVReduceDst), joined_);
    if (i_.Get(isa::kVSumLast) != 0) {
      WriteScalar(i_.Get(isa::kVSumDst), Tree(state_.norm_sums[i_.Get(isa::kSlot)]));
    }
    std::stable_sort(writes_.scalars.begin(), writes_.scalars.end(),
                     [](const ScalarWrite& a, const ScalarWrite& b) { return a.addr < b.addr; });
    return writes_;
  }

 private:
  uint32_t VmElement(const isa::Field& address, const isa::Field& stride, uint32_t s,
                     uint32_t e) const {
    return state_.vm.at((i_.Get(address) + s * i_.Get(stride)) * uint32_t(shape_.lanes) + e);
  }
  uint32_t Scalar(const isa::Field& address, const isa::Field& stride, uint32_t s) const {
    return state_.scalars.at((i_.Get(address) + s * i_.Get(stride)) % isa::kScalarRegisters);
  }
  const uint8_t* StreamElement(uint32_t s, uint32_t e) const {
    const int size = StreamElementBytes(i_);
    const uint32_t segments = i_.Get(isa::kVSegments);
    return &beats_.at(beats_.size() / segments * s + e * uint32_t(size));
  }
  uint32_t StreamF32(uint32_t s, uint32_t e) const {
    uint32_t bits;
    std::memcpy(&bits, StreamElement(s, e), 4);
    return bits;
  }

  uint32_t A(uint32_t s, uint32_t e) const {
    uint32_t a = 0;
    switch (i_.GetAs<SourceA>(isa::kVA)) {
      case SourceA::kVm:
        a = VmElement(isa::kVAAddress, isa::kVAStride, s, e);
        if (i_.Get(isa::kVAInt) != 0) a = fp32::FromInt32Bits(int32_t(a));
        break;
      case SourceA::kStreamF32:
        a = StreamF32(s, e);
        break;
      case SourceA::kStreamI8:
        a = fp32::FromInt32Bits(int8_t(*StreamElement(s, e)));
        break;
      case SourceA::kScalar:
        a = Scalar(isa::kVAAddress, isa::kVAStride, s);
        break;
    }
    return Negated(i_.Get(isa::kVNegA) != 0, a);
  }
  uint32_t Multiplied(uint32_t s, uint32_t e) const {
    const uint32_t a = A(s, e);
    switch (i_.GetAs<SourceB>(isa::kVB)) {
      case SourceB::kNone:
        return a;
      case SourceB::kScalar:
        return fp32::Mul(a, Scalar(isa::kVBAddress, isa::kVBStride, s));
      case SourceB::kImmediate:
        return fp32::Mul(a, i_.Get(isa::kVBImmediate));
      case SourceB::kVm:
        return fp32::Mul(a, VmElement(isa::kVBAddress, isa::kVBStride, s, e));
      case SourceB::kStreamF32:
        return fp32::Mul(a, StreamF32(s, e));
      case SourceB::kA:
        return fp32::Mul(a, a);
    }
    return 0;
  }
  uint32_t C(uint32_t s, uint32_t e) const {
    uint32_t c = 0;
    switch (i_.GetAs<SourceC>(isa::kVC)) {
      case SourceC::kNone:
        break;
      case SourceC::kScalar:
        c = Scalar(isa::kVCAddress, isa::kVCStride, s);
        break;
      case SourceC::kImmediate:
        c = i_.Get(isa::kVCImmediate);
        break;
      case SourceC::kVm:
        c = VmElement(isa::kVCAddress, isa::kVCStride, s, e);
        break;
    }
    return Negated(i_.Get(isa::kVNegC) != 0, c);
  }
  uint32_t Combined(uint32_t m, uint32_t c) const {
    switch (i_.GetAs<Combine>(isa::kVCombine)) {
      case Combine::kNone:
        return m;
      case Combine::kAdd:
        return fp32::Add(m, c);
      case Combine::kMax:
        return fp32::Max(m, c);
      case Combine::kMin:
        return fp32::Min(m, c);
      case Combine::kSubShift:
        return c - (m >> 1);
      case Combine::kSub:
        return c - m;
      case Combine::kAddExponent:
        return m + (c << 23);
      case Combine::kTag: {
        uint32_t r = m / 4096 * 4096 + c % 4096;
        if ((m << 1) >> 24 == 0) r += 1u << 23;
        if ((m << 1) >> 24 == 255) r -= 1u << 23;
        return r;
      }
    }
    return 0;
  }

  using PartialSums = std::array<uint32_t, isa::kPartialSums>;

  static uint32_t Sum(const std::vector<uint32_t>& m) {
    PartialSums p{};
    for (size_t e = 0; e < m.size(); ++e) p[e % p.size()] = fp32::Add(p[e % p.size()], m[e]);
    return Tree(p);
  }
  static uint32_t Tree(PartialSums p) {
    for (size_t w = p.size() / 2; w >= 1; w /= 2) {
      for (size_t e = 0; e < w; ++e) p[e] = fp32::Add(p[e], p[e + w]);
    }
    return p[0];
  }

  void WriteScalar(uint32_t addr, uint32_t data) {
    addr %= isa::kScalarRegisters;
    state_.scalars.at(addr) = data;
    writes_.scalars.push_back({addr, data});
  }

  /// Element e of segment s of a norm: its square to the partial sums, and what it is times g.
  uint32_t Normed(uint32_t s, uint32_t e, uint32_t m) {
    const uint32_t lanes = uint32_t(shape_.lanes);
    const uint32_t from = i_.Get(isa::kVSumFrom);
    const uint32_t pitch = (arguments_.length + lanes - 1) / lanes * lanes;
    PartialSums& sums = state_.norm_sums[i_.Get(isa::kSlot)];
    if (from == 0 && s == 0 && e == 0) sums = {};
    uint32_t& sum = sums[(from + s * pitch + e) % isa::kPartialSums];
    sum = fp32::Add(sum, fp32::Mul(m, m));
    return fp32::Mul(m, StreamF32(s, e));
  }

  /// A maximum of a segment, or of all so far.
  void Maximum(uint32_t s, uint32_t max) {
    if (i_.GetAs<Combine>(isa::kVCombine) == Combine::kNone &&
        i_.GetAs<SourceC>(isa::kVC) != SourceC::kNone) {
      max = fp32::Max(C(s, 0), max);
    }
    if (i_.Get(isa::kVJoin) == 0) {
      WriteScalar(i_.Get(isa::kVReduceDst) + s, max);
    } else {
      joined_ = s == 0 ? max : fp32::Max(joined_, max);
    }
  }

  void RunSegment(uint32_t s) {
    std::vector<uint32_t> m, r;
    for (uint32_t e = 0; e < arguments_.length; ++e) {
      m.push_back(Multiplied(s, e));
      r.push_back(i_.Get(isa::kVNorm) != 0 ? Normed(s, e, m.back()) : Combined(m.back(), C(s, e)));
    }
    const uint32_t target = i_.Get(isa::kVReduceDst) + s;
    switch (i_.GetAs<Reduce>(isa::kVReduce)) {
      case Reduce::kNone:
        break;
      case Reduce::kSum:
        WriteScalar(target, Sum(m));
        return;
      case Reduce::kMax: {
        uint32_t max = fp32::kInfBits | fp32::kSignBit;
        for (const uint32_t x : r) max = fp32::Max(max, x);
        Maximum(s, max);
        break;
      }
      case Reduce::kAbsMax: {
        uint32_t max = 0;
        for (const uint32_t x : r) max = fp32::Max(max, fp32::Abs(x));
        Maximum(s, max);
        break;
      }
    }
    WriteResults(s, r);
  }

  /// `results` as bytes, padded with 0 to words of `word_bytes`.
  static std::vector<uint8_t> Bytes(const std::vector<uint32_t>& results, bool int8,
                                    int word_bytes) {
    std::vector<uint8_t> bytes;
    for (const uint32_t r : results) {
      if (int8) {
        bytes.push_back(uint8_t(fp32::ToInt8(r)));
      } else {
        for (int k = 0; k < 4; ++k) bytes.push_back(uint8_t(r >> (8 * k)));
      }
    }
    while (bytes.size() % size_t(word_bytes) != 0) bytes.push_back(0);
    return bytes;
  }

  static void Append(std::vector<VectorWrite>& writes, uint32_t bank, uint32_t addr,
                     const std::vector<uint8_t>& bytes, int word_bytes, bool strobes = false) {
    for (size_t at = 0; at < bytes.size(); at += size_t(word_bytes)) {
      const auto begin = bytes.begin() + std::ptrdiff_t(at);
      writes.push_back({bank, addr++, std::vector<uint8_t>(begin, begin + word_bytes),
                        std::vector<bool>(strobes ? size_t(word_bytes) : 0, true)});
    }
  }

  void WriteResults(uint32_t s, const std::vector<uint32_t>& r) {
    const int wide = shape_.wide_bytes;
    const uint32_t addr = i_.Get(isa::kVDAddress) + s * i_.Get(isa::kVDStride);
    const auto dst = i_.GetAs<Destination>(isa::kVDst);
    switch (dst) {
      case Destination::kNone:
        break;
      case Destination::kVm: {
        const std::vector<uint8_t> bytes = Bytes(r, false, 4 * shape_.lanes);
        std::memcpy(&state_.vm.at(addr * uint32_t(shape_.lanes)), bytes.data(), bytes.size());
        Append(writes_.vm, 0, addr, bytes, 4 * shape_.lanes);
        break;
      }
      case Destination::kAm:
        Append(writes_.am, i_.Get(isa::kSlot), i_.Get(isa::kVDAddress),
               Bytes(r, true, shape_.engine_lanes), shape_.engine_lanes);
        break;
      case Destination::kQm:
        Append(writes_.qm, i_.Get(isa::kVBank) + s, i_.Get(isa::kVDAddress), Bytes(r, true, wide),
               wide);
        break;
      case Destination::kMemF32:
      case Destination::kMemI8: {
        const uint32_t next = arguments_.mem_addr + uint32_t(writes_.memory.size());
        Append(writes_.memory, 0, next, Bytes(r, dst == Destination::kMemI8, wide), wide, true);
        break;
      }
      case Destination::kScalar:
        WriteScalar(addr, r.at(0));
        break;
      case Destination::kMemElement: {
        VectorWrite w{0, arguments_.mem_addr, std::vector<uint8_t>(size_t(wide)),
                      std::vector<bool>(size_t(wide))};
        for (size_t k = 0; k < 4; ++k) {
          w.data[4 * arguments_.mem_elem + k] = uint8_t(r.at(0) >> (8 * k));
          w.strobe[4 * arguments_.mem_elem + k] = true;
        }
        writes_.memory.push_back(w);
        break;
      }
    }
  }

  const VectorShape& shape_;
  const isa::Instruction& i_;
  const VectorArguments& arguments_;
  const std::vector<uint8_t>& beats_;
  VectorState& state_;
  VectorWrites writes_;
  uint32_t joined_ = 0;
};

}  // namespace

VectorWrites ExecuteVector(const VectorShape& shape, const isa::Instruction& instruction,
                           const VectorArguments& arguments, const std::vector<uint8_t>& beats,
                           VectorState& state) {
  return Execution(shape, instruction, arguments, beats, state).Run();
}

uint32_t VectorStreamBeats(const VectorShape& shape, const isa::Instruction& instruction,
                           uint32_t length) {
  const uint32_t wide = uint32_t(shape.wide_bytes);
  const uint32_t segment_bytes = length * uint32_t(StreamElementBytes(instruction));
  return instruction.Get(isa::kVSegments) * ((segment_bytes + wide - 1) / wide);
}

}  // namespace ternfab
