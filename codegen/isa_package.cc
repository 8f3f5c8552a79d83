// SPDX-License-Identifier: Apache-2.0
#include "codegen/isa_package.h"

#include <fmt/format.h>

#include <initializer_list>
#include <string_view>
#include <utility>

#include "codegen/plan/isa.h"

namespace ternfab {
namespace {

struct Value {
  std::string_view name;
  uint32_t value;
};

template <class E>
Value Of(std::string_view name, E value) {
  return {name, static_cast<uint32_t>(value)};
}

void EmitEnum(std::string& out, std::string_view prefix, std::string_view comment, int width,
              std::initializer_list<Value> values) {
  out += fmt::format("\n  // {}\n", comment);
  for (const Value& v : values) {
    out += fmt::format("  localparam bit [{}:0] {}{} = {}'h{:x};\n", width - 1, prefix, v.name,
                       width, v.value);
  }
}

void EmitConstants(std::string& out) {
  out += fmt::format("  localparam bit [31:0] Version = 32'h{:08x};\n", isa::kVersion);
  out += fmt::format("  localparam bit [31:0] Magic = 32'h{:08x};\n", isa::kMagic);
  const std::initializer_list<std::pair<std::string_view, int>> integers = {
      {"InstructionWords", isa::kInstructionWords},
      {"InstructionBytes", isa::kInstructionBytes},
      {"ScalarRegisters", isa::kScalarRegisters},
      {"MaxBatch", isa::kMaxBatch},
      {"TagBits", kTagBits},
      {"PartialSums", isa::kPartialSums},
      {"HeaderMagic", isa::kHeaderMagic},
      {"HeaderVersion", isa::kHeaderVersion},
      {"HeaderCount", isa::kHeaderCount}};
  for (const auto& [name, value] : integers) {
    out += fmt::format("  localparam int {} = {};\n", name, value);
  }
}

void EmitUnitEnums(std::string& out) {
  using isa::Index, isa::Opcode, isa::Predicate;
  EmitEnum(out, "Op", "Opcode", isa::kOpcode.width,
           {Of("End", Opcode::kEnd), Of("Matvec", Opcode::kMatvec), Of("Dot", Opcode::kDot),
            Of("Accumulate", Opcode::kAccumulate), Of("Vector", Opcode::kVector)});
  EmitEnum(out, "Pred", "Predicate", isa::kPredicate.width,
           {Of("Always", Predicate::kAlways), Of("SlotActive", Predicate::kSlotActive),
            Of("SlotLast", Predicate::kSlotLast)});
  EmitEnum(out, "Tok", "Tokens, bits of Wait and Signal", isa::kWait.width,
           {Of("MatvecToVector", isa::kMatvecToVector), Of("VectorToMatvec", isa::kVectorToMatvec),
            Of("Int8ToVector", isa::kInt8ToVector), Of("VectorToInt8", isa::kVectorToInt8)});
  EmitEnum(out, "Index", "StreamIndex", isa::kStreamIndex.width,
           {Of("Zero", Index::kZero), Of("Position", Index::kPosition), Of("Token", Index::kToken),
            Of("Tag", Index::kTag)});
}

void EmitVectorEnums(std::string& out) {
  using isa::Combine, isa::Destination, isa::Reduce, isa::SourceA, isa::SourceB, isa::SourceC;
  EmitEnum(out, "SrcA", "VA", isa::kVA.width,
           {Of("Vm", SourceA::kVm), Of("StreamF32", SourceA::kStreamF32),
            Of("StreamI8", SourceA::kStreamI8), Of("Scalar", SourceA::kScalar)});
  EmitEnum(out, "SrcB", "VB", isa::kVB.width,
           {Of("None", SourceB::kNone), Of("Scalar", SourceB::kScalar),
            Of("Immediate", SourceB::kImmediate), Of("Vm", SourceB::kVm),
            Of("StreamF32", SourceB::kStreamF32), Of("A", SourceB::kA)});
  EmitEnum(out, "SrcC", "VC", isa::kVC.width,
           {Of("None", SourceC::kNone), Of("Scalar", SourceC::kScalar),
            Of("Immediate", SourceC::kImmediate), Of("Vm", SourceC::kVm)});
  EmitEnum(out, "Comb", "VCombine", isa::kVCombine.width,
           {Of("None", Combine::kNone), Of("Add", Combine::kAdd), Of("Max", Combine::kMax),
            Of("Min", Combine::kMin), Of("SubShift", Combine::kSubShift), Of("Sub", Combine::kSub),
            Of("AddExponent", Combine::kAddExponent), Of("Tag", Combine::kTag)});
  EmitEnum(out, "Red", "VReduce", isa::kVReduce.width,
           {Of("None", Reduce::kNone), Of("Sum", Reduce::kSum), Of("Max", Reduce::kMax),
            Of("AbsMax", Reduce::kAbsMax)});
  EmitEnum(out, "Dst", "VDst", isa::kVDst.width,
           {Of("None", Destination::kNone), Of("Vm", Destination::kVm), Of("Am", Destination::kAm),
            Of("Qm", Destination::kQm), Of("MemF32", Destination::kMemF32),
            Of("MemI8", Destination::kMemI8), Of("Scalar", Destination::kScalar),
            Of("MemElement", Destination::kMemElement)});
}

void EmitFields(std::string& out) {
  out += "\n  // Fields: word, least bit, width. Bit of the whole instruction: 32 * Word + Lsb.\n";
  for (const isa::Field& f : isa::kFields) {
    out += fmt::format(
        "  localparam int {0}Word = {1};\n  localparam int {0}Lsb = {2};\n"
        "  localparam int {0}Width = {3};\n",
        f.name, f.word, f.lsb, f.width);
  }
}

}  // namespace

std::string EmitIsaPackage() {
  std::string out =
      "// SPDX-License-Identifier: Apache-2.0\n"
      "// AUTO-GENERATED from codegen/plan/isa.h by codegen/isa_package.cc; do not edit.\n"
      "// The instruction set that docs/isa.md explains.\n"
      "/* verilator lint_off UNUSEDPARAM */  // every module uses some of these\n"
      "package tf_isa_pkg;\n";
  EmitConstants(out);
  EmitUnitEnums(out);
  EmitVectorEnums(out);
  EmitFields(out);
  out +=
      "endpackage\n"
      "/* verilator lint_on UNUSEDPARAM */\n";
  return out;
}

}  // namespace ternfab
