// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/vector_random.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace ternfab {
namespace {

using isa::Combine, isa::Destination, isa::Reduce, isa::SourceA, isa::SourceB, isa::SourceC;

// Where instructions read and write: sources and destinations are apart, but for the
// destinations in place.
constexpr uint32_t kSourceVm = 2450;      // words, from 0
constexpr uint32_t kDestinationVm = 950;  // words, from kSourceVm
constexpr uint32_t kMaxLength = 300;
constexpr uint32_t kMaxSegments = 8;

uint32_t Words(uint32_t length, int lanes) {
  return (length + uint32_t(lanes) - 1) / uint32_t(lanes);
}

}  // namespace

uint32_t VectorCaseSource::RandomElement() {
  const uint32_t bits = uint32_t(random_());
  switch (Below(8)) {
    case 0:
      return bits;
    case 1:
      return bits % 65536 - 32768;  // int32
    case 2:
      return (bits & 0x807fffff) | (100 + bits % 55) << 23;  // far exponents
    case 3: {
      constexpr uint32_t kSpecial[] = {0,          0x80000000, 1,          0x807fffff,
                                       0x00800000, 0x80800000, 0x7f7fffff, 0xff7fffff,
                                       0x7f800000, 0xff800000, 0x7fc00000, 0xffc12345};
      return Below(4) == 0 ? kSpecial[Below(std::size(kSpecial))] : 0x3f800000;
    }
    default:
      return (bits & 0x807fffff) | (120 + Below(12)) << 23;  // close exponents
  }
}

std::vector<uint8_t> VectorCaseSource::RandomBeats(uint32_t beats) {
  std::vector<uint8_t> bytes(size_t(beats) * size_t(shape_.wide_bytes));
  for (size_t at = 0; at < bytes.size(); at += 4) {
    const uint32_t element = RandomElement();
    std::memcpy(&bytes[at], &element, 4);
  }
  return bytes;
}

VectorCase VectorCaseSource::Next() {
  VectorCase c;
  isa::Instruction& i = c.instruction;
  i.Set(isa::kOpcode, isa::Opcode::kVector);
  i.Set(isa::kWait, Below(16));
  i.Set(isa::kSignal, Below(16));
  i.Set(isa::kSlot, Below(8));
  i.Set(isa::kDependent, Below(2));
  PickSources(i);
  PickDestination(i);
  PickCombine(i);
  if (Below(6) == 0) MakeNorm(i);
  PickSize(c);
  PickAddresses(c);
  if (i.Get(isa::kVNorm) != 0) PickSum(i);
  c.beats = RandomBeats(VectorStreamBeats(shape_, i, c.arguments.length));
  return c;
}

void VectorCaseSource::PickSources(isa::Instruction& i) {
  const bool a_vm = Half();
  i.Set(isa::kVA, a_vm ? SourceA::kVm : SourceA(Below(4)));
  i.Set(isa::kVAInt, a_vm ? Below(2) : 0);
  i.Set(isa::kVNegA, Below(2));
  const auto a = i.GetAs<SourceA>(isa::kVA);
  const bool a_streams = a == SourceA::kStreamF32 || a == SourceA::kStreamI8;
  SourceB b;
  do {
    b = SourceB(Below(6));
  } while (a_streams && b == SourceB::kStreamF32);
  i.Set(isa::kVB, b);
  i.Set(isa::kVBImmediate, RandomElement());
  i.Set(isa::kVCImmediate, RandomElement());
}

void VectorCaseSource::PickCombine(isa::Instruction& i) {
  const auto reduce = i.GetAs<Reduce>(isa::kVReduce);
  if ((reduce == Reduce::kMax || reduce == Reduce::kAbsMax) && Below(3) == 0) {
    const bool scalar = i.Get(isa::kVJoin) != 0 && Half() &&
                        i.GetAs<Destination>(isa::kVDst) != Destination::kScalar;
    i.Set(isa::kVC, scalar ? isa::SourceC::kScalar : isa::SourceC::kImmediate);
  }
  if (i.Get(isa::kVC) != 0 || i.GetAs<Reduce>(isa::kVReduce) == Reduce::kSum || Below(4) == 0) {
    return;
  }
  i.Set(isa::kVCombine, 1 + Below(7));
  i.Set(isa::kVC, 1 + Below(3));
  i.Set(isa::kVNegC, Below(2));
}

void VectorCaseSource::PickDestination(isa::Instruction& i) {
  i.Set(isa::kVReduce, Half() ? Reduce::kNone : Reduce(Below(4)));
  const auto reduce = i.GetAs<Reduce>(isa::kVReduce);
  if (reduce == Reduce::kMax || reduce == Reduce::kAbsMax) i.Set(isa::kVJoin, Below(2));
  if (i.GetAs<Reduce>(isa::kVReduce) != Reduce::kSum) i.Set(isa::kVDst, Below(8));
}

/// A norm of what the sources allow.
void VectorCaseSource::MakeNorm(isa::Instruction& i) {
  const auto a = i.GetAs<SourceA>(isa::kVA);
  if (a != SourceA::kVm && a != SourceA::kScalar) return;
  if (const auto b = i.GetAs<SourceB>(isa::kVB); b == SourceB::kNone || b == SourceB::kStreamF32) {
    i.Set(isa::kVB, Half() ? SourceB::kScalar : SourceB::kVm);
  }
  i.Set(isa::kVCombine, Combine::kNone);
  i.Set(isa::kVC, Below(3));  // none, a scalar, an immediate
  i.Set(isa::kVNegC, 0);
  i.Set(isa::kVNorm, 1);
  i.Set(isa::kVJoin, 1);
  i.Set(isa::kVReduce, Reduce::kAbsMax);
  i.Set(isa::kVDst, Destination::kVm);
}

/// Begins or goes on with the sum of a norm's slot.
void VectorCaseSource::PickSum(isa::Instruction& i) {
  uint32_t& summed = summed_[i.Get(isa::kSlot)];
  if (Below(3) == 0) summed = 0;
  constexpr uint32_t kSums = isa::kPartialSums;
  i.Set(isa::kVSumFrom, summed < kSums ? summed : kSums + summed % kSums);
  i.Set(isa::kVSumLast, Below(2));
  const uint32_t words = i.Get(isa::kVSegments) * Words(i.Get(isa::kVLength), shape_.lanes);
  summed = i.Get(isa::kVSumLast) != 0 ? 0 : summed + words * uint32_t(shape_.lanes);
  // Where the maximum is, too: the sum comes after it.
  const uint32_t maximum = i.Get(isa::kVReduceDst);
  i.Set(isa::kVSumDst, Below(4) == 0 ? maximum : (maximum & 128) + 64 + Below(64));
}

void VectorCaseSource::PickSize(VectorCase& c) {
  isa::Instruction& i = c.instruction;
  const auto dst = i.GetAs<Destination>(isa::kVDst);
  const bool single = i.GetAs<SourceA>(isa::kVA) == SourceA::kScalar ||
                      dst == Destination::kScalar || dst == Destination::kMemElement;
  const uint32_t lanes = uint32_t(shape_.lanes);
  const uint32_t edges[] = {1, 2, lanes, lanes + 1, 2 * lanes, 63, 64, 65, 32, 33, 128};
  const uint32_t length = Half() ? 1 + Below(kMaxLength) : edges[Below(std::size(edges))];
  c.arguments.length = single ? 1 : length;
  i.Set(isa::kVLength, c.arguments.length);
  const bool one_segment = dst == Destination::kAm || dst == Destination::kMemElement;
  uint32_t segments = one_segment ? 1 : 1 + Below(kMaxSegments);
  if (single && !one_segment && Below(4) == 0) segments = 1 + Below(64);
  i.Set(isa::kVSegments, segments);
}

void VectorCaseSource::PickAddresses(VectorCase& c) {
  isa::Instruction& i = c.instruction;
  const uint32_t segments = i.Get(isa::kVSegments);
  const uint32_t words = Words(c.arguments.length, shape_.lanes);
  // Source registers from `bank`, reduction results from bank + 128, destinations from bank + 192.
  const uint32_t bank = Half() ? 128 : 0;
  const auto vm_source = [&](const isa::Field& address, const isa::Field& stride) {
    i.Set(stride, segments == 1 ? Below(4096) : Half() ? words + Below(3) : Below(words + 1));
    const uint32_t extent = (segments - 1) * i.Get(stride) + words;
    i.Set(address, segments == 1 ? Below(kSourceVm - words) : Below(kSourceVm - extent));
  };
  const auto scalar_source = [&](const isa::Field& address, const isa::Field& stride) {
    i.Set(stride, Below(3) == 0 ? 0 : 1);
    i.Set(address, bank + Below(128 - segments));
  };
  if (i.GetAs<SourceA>(isa::kVA) == SourceA::kVm) vm_source(isa::kVAAddress, isa::kVAStride);
  if (i.GetAs<SourceB>(isa::kVB) == SourceB::kVm) vm_source(isa::kVBAddress, isa::kVBStride);
  if (i.GetAs<SourceC>(isa::kVC) == SourceC::kVm) vm_source(isa::kVCAddress, isa::kVCStride);
  if (i.GetAs<SourceA>(isa::kVA) == SourceA::kScalar) {
    scalar_source(isa::kVAAddress, isa::kVAStride);
  }
  if (i.GetAs<SourceB>(isa::kVB) == SourceB::kScalar) {
    scalar_source(isa::kVBAddress, isa::kVBStride);
  }
  if (i.GetAs<SourceC>(isa::kVC) == SourceC::kScalar) {
    scalar_source(isa::kVCAddress, isa::kVCStride);
  }
  if (i.GetAs<Combine>(isa::kVCombine) == Combine::kNone) i.Set(isa::kVCStride, 0);
  i.Set(isa::kVReduceDst, (bank + 128) % 256 + Below(64 - std::min(segments, 63u)));
  PickTargets(c, words);
}

void VectorCaseSource::PickTargets(VectorCase& c, uint32_t words) {
  isa::Instruction& i = c.instruction;
  const uint32_t segments = i.Get(isa::kVSegments);
  const uint32_t target_bank = i.Get(isa::kVReduceDst) & 128;
  switch (i.GetAs<Destination>(isa::kVDst)) {
    case Destination::kNone:
      break;
    case Destination::kVm: {
      const bool apart = segments == 1 || i.Get(isa::kVAStride) >= words;
      // In place; other sources in VM could overlap otherwise.
      if (i.GetAs<SourceA>(isa::kVA) == SourceA::kVm && apart && Half() &&
          i.GetAs<SourceB>(isa::kVB) != SourceB::kVm &&
          i.GetAs<SourceC>(isa::kVC) != SourceC::kVm) {
        i.Set(isa::kVDAddress, i.Get(isa::kVAAddress));
        i.Set(isa::kVDStride, i.Get(isa::kVAStride));
        break;
      }
      const uint32_t spare = (kDestinationVm - words) / segments;
      i.Set(isa::kVDStride, segments == 1 ? Below(4096) : Below(spare));
      i.Set(isa::kVDAddress, kSourceVm + Below(spare));
      break;
    }
    case Destination::kAm:
      i.Set(isa::kVDAddress, Below(kBenchAmWords / 2));
      break;
    case Destination::kQm:
      i.Set(isa::kVBank, Below(kBenchQueries));
      i.Set(isa::kVSegments, std::min(segments, uint32_t(kBenchQueries) - i.Get(isa::kVBank)));
      i.Set(isa::kVDAddress, Below(kBenchQmWords - kMaxLength / uint32_t(shape_.wide_bytes) - 1));
      break;
    case Destination::kScalar:
      i.Set(isa::kVDStride, Below(3) == 0 ? 0 : 1);
      i.Set(isa::kVDAddress, target_bank + 64 + Below(64 - std::min(segments, 63u)));
      break;
    case Destination::kMemElement:
      c.arguments.mem_elem = Below(uint32_t(shape_.wide_bytes) / 4);
      [[fallthrough]];
    case Destination::kMemF32:
    case Destination::kMemI8:
      c.arguments.mem_addr = uint32_t(random_());
      break;
  }
}

VectorCase VectorCaseSource::FillVm(uint32_t words) {
  VectorCase c;
  isa::Instruction& i = c.instruction;
  i.Set(isa::kVA, SourceA::kStreamF32);
  i.Set(isa::kVDst, Destination::kVm);
  i.Set(isa::kVSegments, 1);
  c.arguments.length = words * uint32_t(shape_.lanes);
  c.beats = RandomBeats(VectorStreamBeats(shape_, i, c.arguments.length));
  return c;
}

VectorCase VectorCaseSource::FillScalars() {
  VectorCase c;
  isa::Instruction& i = c.instruction;
  i.Set(isa::kVA, SourceA::kStreamF32);
  i.Set(isa::kVDst, Destination::kScalar);
  i.Set(isa::kVDStride, 1);
  i.Set(isa::kVSegments, isa::kScalarRegisters);
  c.arguments.length = 1;
  c.beats = RandomBeats(VectorStreamBeats(shape_, i, 1));
  return c;
}

VectorCase VectorCaseSource::DumpVm(uint32_t first, uint32_t words) const {
  VectorCase c;
  isa::Instruction& i = c.instruction;
  i.Set(isa::kVA, SourceA::kVm);
  i.Set(isa::kVAAddress, first);
  i.Set(isa::kVDst, Destination::kMemF32);
  i.Set(isa::kVSegments, 1);
  c.arguments.length = words * uint32_t(shape_.lanes);
  return c;
}

std::string Describe(const VectorCase& c) {
  const isa::Instruction& i = c.instruction;
  return fmt::format(
      "A {} int {} neg {}, B {}, combine {} C {} neg {}, reduce {} join {}, norm {} from {} last "
      "{}, "
      "destination {}, length {}, segments {}",
      i.Get(isa::kVA), i.Get(isa::kVAInt), i.Get(isa::kVNegA), i.Get(isa::kVB),
      i.Get(isa::kVCombine), i.Get(isa::kVC), i.Get(isa::kVNegC), i.Get(isa::kVReduce),
      i.Get(isa::kVJoin), i.Get(isa::kVNorm), i.Get(isa::kVSumFrom), i.Get(isa::kVSumLast),
      i.Get(isa::kVDst), c.arguments.length, i.Get(isa::kVSegments));
}

}  // namespace ternfab
