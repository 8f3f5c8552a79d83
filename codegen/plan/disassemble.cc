// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/disassemble.h"

#include <fmt/format.h>

#include <bit>

namespace ternfab {
namespace {

using isa::Field;
using isa::Instruction;

std::string Tokens(const char* label, uint32_t mask) {
  static constexpr const char* kNames[] = {"matvec>vector", "vector>matvec", "int8>vector",
                                           "vector>int8"};
  std::string text;
  for (int bit = 0; bit < 4; ++bit) {
    if ((mask >> bit & 1) != 0) text += fmt::format("{}{}", text.empty() ? "" : ",", kNames[bit]);
  }
  return text.empty() ? "" : fmt::format(" {}={}", label, text);
}

/// "vm[12+8s]": word 12 of the first segment, 8 words from segment to segment.
std::string Place(const char* memory, uint32_t address, uint32_t stride) {
  return stride == 0 ? fmt::format("{}[{}]", memory, address)
                     : fmt::format("{}[{}+{}s]", memory, address, stride);
}

std::string Immediate(uint32_t bits) {
  return fmt::format("{} ({:08x})", std::bit_cast<float>(bits), bits);
}

std::string Stream(const Instruction& in) {
  static constexpr const char* kIndex[] = {"", "+position", "+token", "+tag"};
  std::string text = fmt::format("{}", in.Get(isa::kStreamAddress));
  const uint32_t index = in.Get(isa::kStreamIndex);
  if (index != 0) text += fmt::format("{}*{}", kIndex[index], in.Get(isa::kStreamStride));
  if (in.GetAs<isa::Index>(isa::kStreamIndex) == isa::Index::kTag) {
    text +=
        fmt::format(" of element {}, at most {}", in.Get(isa::kTagElement), in.Get(isa::kTagLimit));
  }
  return fmt::format("{}[{}, {} beats]", in.Get(isa::kDependent) != 0 ? "dependent" : "stream",
                     text, in.Get(isa::kStreamBeats));
}

std::string SourceA(const Instruction& in) {
  std::string text;
  switch (in.GetAs<isa::SourceA>(isa::kVA)) {
    case isa::SourceA::kVm:
      text = Place("vm", in.Get(isa::kVAAddress), in.Get(isa::kVAStride));
      break;
    case isa::SourceA::kStreamF32:
      text = fmt::format("f32 {}", Stream(in));
      break;
    case isa::SourceA::kStreamI8:
      text = fmt::format("i8 {}", Stream(in));
      break;
    case isa::SourceA::kScalar:
      text = Place("s", in.Get(isa::kVAAddress), in.Get(isa::kVAStride));
      break;
  }
  return fmt::format("{}{}{}", in.Get(isa::kVNegA) != 0 ? "-" : "",
                     in.Get(isa::kVAInt) != 0 ? "int " : "", text);
}

std::string SourceB(const Instruction& in) {
  switch (in.GetAs<isa::SourceB>(isa::kVB)) {
    case isa::SourceB::kScalar:
      return Place("s", in.Get(isa::kVBAddress), in.Get(isa::kVBStride));
    case isa::SourceB::kImmediate:
      return Immediate(in.Get(isa::kVBImmediate));
    case isa::SourceB::kVm:
      return Place("vm", in.Get(isa::kVBAddress), in.Get(isa::kVBStride));
    case isa::SourceB::kStreamF32:
      return fmt::format("f32 {}", Stream(in));
    case isa::SourceB::kA:
      return "A";
    default:
      return "?";
  }
}

std::string SourceC(const Instruction& in) {
  const char* sign = in.Get(isa::kVNegC) != 0 ? "-" : "";
  switch (in.GetAs<isa::SourceC>(isa::kVC)) {
    case isa::SourceC::kScalar:
      return fmt::format("{}{}", sign, Place("s", in.Get(isa::kVCAddress), in.Get(isa::kVCStride)));
    case isa::SourceC::kImmediate:
      return fmt::format("{}{}", sign, Immediate(in.Get(isa::kVCImmediate)));
    case isa::SourceC::kVm:
      return fmt::format("{}{}", sign,
                         Place("vm", in.Get(isa::kVCAddress), in.Get(isa::kVCStride)));
    default:
      return "?";
  }
}

std::string Destination(const Instruction& in) {
  const uint32_t address = in.Get(isa::kVDAddress);
  const uint32_t beat = in.Get(isa::kVMemAddress);
  switch (in.GetAs<isa::Destination>(isa::kVDst)) {
    case isa::Destination::kNone:
      return "";
    case isa::Destination::kVm:
      return fmt::format(" -> {}", Place("vm", address, in.Get(isa::kVDStride)));
    case isa::Destination::kAm:
      return fmt::format(" -> am{}[{}]", in.Get(isa::kSlot), address);
    case isa::Destination::kQm:
      return fmt::format(" -> qm{}+s[{}]", in.Get(isa::kVBank), address);
    case isa::Destination::kScalar:
      return fmt::format(" -> {}", Place("s", address, in.Get(isa::kVDStride)));
    case isa::Destination::kMemElement:
      return fmt::format(" -> element[{}, +position]", beat);
    case isa::Destination::kMemF32:
    case isa::Destination::kMemI8:
      break;
  }
  const bool bytes = in.GetAs<isa::Destination>(isa::kVDst) == isa::Destination::kMemI8;
  return fmt::format(" -> {}[{}+position*{}]", bytes ? "i8" : "f32", beat,
                     in.Get(isa::kVMemStride));
}

std::string Vector(const Instruction& in) {
  static constexpr const char* kCombine[] = {"",      "+",        "max",   "min",
                                             "shift", "subtract", "scale", "tag"};
  static constexpr const char* kReduce[] = {"", "sum", "max", "absmax"};
  std::string text = fmt::format(" {}", SourceA(in));
  if (in.Get(isa::kVB) != 0) text += fmt::format(" * {}", SourceB(in));
  if (in.Get(isa::kVNorm) != 0) text += fmt::format(" norm {}", Stream(in));
  const bool joins = in.Get(isa::kVJoin) != 0;
  if (in.Get(isa::kVCombine) != 0) {
    text += fmt::format(" {} {}", kCombine[in.Get(isa::kVCombine)], SourceC(in));
  }
  text += Destination(in);
  if (const uint32_t reduce = in.Get(isa::kVReduce); reduce != 0) {
    text +=
        fmt::format(" {} s[{}{}]", kReduce[reduce], in.Get(isa::kVReduceDst), joins ? "" : "+s");
    if (in.Get(isa::kVCombine) == 0 && in.Get(isa::kVC) != 0) {
      text += fmt::format(" and {}", SourceC(in));
    }
  }
  if (in.Get(isa::kVNorm) != 0) text += fmt::format(" squares from {}", in.Get(isa::kVSumFrom));
  if (in.Get(isa::kVSumLast) != 0) text += fmt::format(" sum s[{}]", in.Get(isa::kVSumDst));
  text += in.Get(isa::kDynamicLength) != 0 ? " length=position+1"
                                           : fmt::format(" length={}", in.Get(isa::kVLength));
  if (in.Get(isa::kVSegments) != 1) text += fmt::format(" segments={}", in.Get(isa::kVSegments));
  return text;
}

std::string Matvec(const Instruction& in) {
  return fmt::format(" {} am[{}] -> vm[{}+{}b] groups={} beats={}", Stream(in), in.Get(isa::kMvAm),
                     in.Get(isa::kMvDst), in.Get(isa::kMvPitch), in.Get(isa::kMvGroups),
                     in.Get(isa::kMvBeats));
}

std::string Int8(const Instruction& in) {
  const std::string rows =
      in.Get(isa::kDynamicLength) != 0 ? "position+1" : fmt::format("{}", in.Get(isa::kI8Rows));
  std::string text =
      fmt::format(" {} qm[{}] -> vm[{}+{}q] rows={} row_beats={} queries={}", Stream(in),
                  in.Get(isa::kI8Qm), in.Get(isa::kI8Dst), in.Get(isa::kI8Pitch), rows,
                  in.Get(isa::kI8RowBeats), in.Get(isa::kI8Queries));
  if (in.Get(isa::kI8OutWords) != 0) {
    text += fmt::format(" out_words={}", in.Get(isa::kI8OutWords));
  }
  return text;
}

}  // namespace

std::string Disassemble(const Instruction& in) {
  std::string text;
  std::string body;
  switch (in.GetAs<isa::Opcode>(isa::kOpcode)) {
    case isa::Opcode::kEnd:
      text = "END";
      break;
    case isa::Opcode::kMatvec:
      text = "MATVEC";
      body = Matvec(in);
      break;
    case isa::Opcode::kDot:
      text = "DOT";
      body = Int8(in);
      break;
    case isa::Opcode::kAccumulate:
      text = "ACCUMULATE";
      body = Int8(in);
      break;
    case isa::Opcode::kVector:
      text = "VECTOR";
      body = Vector(in);
      break;
    default:
      text = fmt::format("OPCODE {:#04x}", in.Get(isa::kOpcode));
  }
  text += Tokens("wait", in.Get(isa::kWait)) + Tokens("signal", in.Get(isa::kSignal));
  const uint32_t predicate = in.Get(isa::kPredicate);
  if (predicate != 0) {
    text += fmt::format(" if slot {} {}", in.Get(isa::kSlot), predicate == 1 ? "active" : "last");
  }
  return text + body;
}

std::string Disassemble(const InstructionList& list) {
  std::string text;
  for (size_t i = 0; i < list.instructions.size(); ++i) {
    text += fmt::format("{:6} {}", i, Disassemble(list.instructions[i]));
    if (i < list.notes.size()) text += fmt::format("  ; {}", list.notes[i].text);
    text += "\n";
  }
  return text;
}

}  // namespace ternfab
