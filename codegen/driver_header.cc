// SPDX-License-Identifier: Apache-2.0
#include "codegen/driver_header.h"

#include "codegen/registers.h"
#include "codegen/text_writer.h"
#include "codegen/top_writer.h"

namespace ternfab {
namespace {

void EmitDesign(TextWriter& out, const DesignSignature& s) {
  const DesignParams& d = s.params;
  out.Raw("// ---- Design");
  out.Line("inline constexpr char kName[] = \"{}\";", s.name);
  out.Line("inline constexpr uint64_t kDesignHash = 0x{:016x};", s.hash);
  out.Line("inline constexpr uint32_t kIsaVersion = {};", s.isa_version);
  out.Line("inline constexpr double kClockMhz = {};  ///< given by the spec", s.clock_mhz);
  const auto number = [&](const char* name, int64_t value, const char* text) {
    out.Line("inline constexpr uint32_t {} = {};  ///< {}", name, value, text);
  };
  number("kPorts", d.ports, "memory ports and ternary engines");
  number("kPortBytes", d.port_bytes(), "of one port's beat");
  number("kWideBytes", d.wide_bytes(), "of a wide beat; int8 lanes");
  number("kLanes", d.lanes, "trits of one port's beat");
  number("kBatch", d.batch, "slots of a run");
  number("kQueries", d.queries, "query heads that share a pass over the KV cache");
  number("kVectorLanes", d.vector_lanes, "fp32 lanes");
  number("kMaxHidden", d.limits.hidden, "of the largest model: width of its residual stream");
  number("kMaxFfn", d.limits.ffn, "of the largest model: width of its feed-forward part");
  number("kMaxContext", d.limits.context, "of the largest model: tokens");
  number("kMaxVocab", d.limits.vocab, "of the largest model: tokens");
  out.Line("inline constexpr uint64_t kMemoryBytes = {};  ///< given by the spec", d.memory_bytes);
  out.Raw("static_assert(kPorts * kPortBytes == kWideBytes);");
  out.Blank();
}

void EmitRegisters(TextWriter& out, const DesignSignature& s) {
  out.Raw("// ---- Registers: byte offsets; arrays have a count and a stride; fields a mask");
  for (const Register& r : s.registers) {
    out.Line("inline constexpr uint32_t k{} = 0x{:03x};  ///< {}", r.name, r.offset, r.text);
    if (r.count > 1 || r.stride != 4) {
      out.Line("inline constexpr uint32_t k{}Count = {};", r.name, r.count);
      out.Line("inline constexpr uint32_t k{}Stride = {};", r.name, r.stride);
    }
    for (const RegisterField& f : r.fields) {
      const uint64_t mask = ((uint64_t{1} << f.width) - 1) << f.lsb;
      out.Line("inline constexpr uint32_t k{}{} = 0x{:x};  ///< {}", r.name, f.name, mask, f.text);
    }
  }
  out.Line("inline constexpr uint32_t kRegisterBytes = {};", 1 << kRegisterAddressBits);
  out.Raw("static_assert(kTokenCount >= kBatch && kPortBaseLoCount == kPorts);");
  out.Raw("static_assert(kPortBaseHi == kPortBaseLo + 4);");
  out.Blank();
}

void EmitErrors(TextWriter& out) {
  out.Raw("// ---- Causes in the register Error, counters in the order of their registers");
  out.Raw("enum class Error : uint32_t {");
  for (const ErrorCauseText& e : kErrorCauses) {
    out.Line("  k{} = {},  ///< {}", e.name, uint32_t(e.cause), e.text);
  }
  out.Raw("};");
  out.Raw("inline constexpr ternfab::driver::ErrorMeaning kErrors[] = {");
  for (const ErrorCauseText& e : kErrorCauses) {
    out.Line("    {{uint32_t(Error::k{}), \"{}\"}},", e.name, e.text);
  }
  out.Raw("};");
  out.Raw("inline constexpr const char* kCounterNames[] = {");
  for (const RunCounter& counter : kRunCounters) {
    out.Line("    \"{}\",  // {}", counter.name, counter.text);
  }
  out.Raw("};");
  out.Line("static_assert(kVectorBusyHi + 4 == kCyclesLo + 8 * {});", kRunCounters.size());
  out.Blank();
}

void EmitInfo(TextWriter& out) {
  out.Raw("/// What ternfab::driver::Driver::Open takes; it refuses a device with another hash.");
  out.Raw("inline constexpr ternfab::driver::DesignInfo kDesign{");
  out.Raw("    .name = kName,");
  out.Raw("    .design_hash = kDesignHash,");
  out.Raw("    .isa_version = kIsaVersion,");
  out.Raw("    .ports = kPorts,");
  out.Raw("    .port_bytes = kPortBytes,");
  out.Raw("    .batch = kBatch,");
  out.Raw("    .counter_count = sizeof(kCounterNames) / sizeof(kCounterNames[0]),");
  out.Raw("    .counter_names = kCounterNames,");
  out.Raw("    .error_count = sizeof(kErrors) / sizeof(kErrors[0]),");
  out.Raw("    .errors = kErrors,");
  out.Raw("    .offsets = {.ap_ctrl = kApCtrl,");
  for (const char* line :
       {".gie = kGie,", ".ier = kIer,", ".isr = kIsr,", ".program = kProgram,",
        ".position = kPosition,", ".count = kCount,", ".token = kToken,",
        ".port_base_lo = kPortBaseLo,", ".port_base_hi = kPortBaseHi,",
        ".port_base_stride = kPortBaseLoStride,", ".control = kControl,",
        ".isa_version = kIsaVersionRegister,", ".design_hash_lo = kDesignHashLo,",
        ".design_hash_hi = kDesignHashHi,", ".error = kError,", ".error_index = kErrorIndex,",
        ".counters = kCyclesLo}};"}) {
    out.Line("                {}", line);
  }
}

}  // namespace

std::string EmitDriverHeader(const DesignSignature& s) {
  DesignSignature renamed = s;  // kIsaVersion is the number, its register has another name
  static constexpr char kVersionRegister[] = "IsaVersionRegister";
  for (Register& r : renamed.registers) {
    if (std::string(r.name) == "IsaVersion") r.name = kVersionRegister;
  }
  TextWriter out;
  out.Raw("#pragma once");
  out.Blank();
  out.Raw("#include <cstdint>");
  out.Blank();
  out.Raw("#include \"host/driver/design_info.h\"");
  out.Blank();
  out.Line("namespace tf_{} {{", s.identifier);
  out.Blank();
  EmitDesign(out, s);
  EmitRegisters(out, renamed);
  EmitErrors(out);
  EmitInfo(out);
  out.Blank();
  out.Line("}}  // namespace tf_{}", s.identifier);
  return GeneratedBanner(s, "//", "What the host needs to know of the design.") + out.text();
}

}  // namespace ternfab
