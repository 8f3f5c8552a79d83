// SPDX-License-Identifier: Apache-2.0
// Package, SystemRDL and Markdown of the register table.
#include <fmt/format.h>

#include "codegen/registers.h"

namespace ternfab {
namespace {

const char* AccessText(RegisterAccess access) {
  switch (access) {
    case RegisterAccess::kReadWrite:
      return "read/write";
    case RegisterAccess::kReadOnly:
      return "read only";
    case RegisterAccess::kWriteSelfClear:
      return "write 1, clears itself";
    case RegisterAccess::kReadClear:
      return "read only, cleared by a read";
    case RegisterAccess::kToggle:
      return "write 1 toggles";
  }
  return "";
}

/// SystemRDL properties of a field.
const char* AccessRdl(RegisterAccess access) {
  switch (access) {
    case RegisterAccess::kReadWrite:
      return "sw = rw; hw = r;";
    case RegisterAccess::kReadOnly:
      return "sw = r; hw = w;";
    case RegisterAccess::kWriteSelfClear:
      return "sw = rw; hw = rw; onwrite = woset;";
    case RegisterAccess::kReadClear:
      return "sw = r; hw = w; onread = rclr;";
    case RegisterAccess::kToggle:
      return "sw = rw; hw = rw; onwrite = wot;";
  }
  return "";
}

std::vector<RegisterField> FieldsOf(const Register& r) {
  if (!r.fields.empty()) return r.fields;
  return {{"Value", 0, 32, r.access, r.text}};
}

/// The definition of one register; SystemRDL knows no interleaved arrays, so that those come
/// element by element.
std::string RdlRegister(const Register& r, const std::string& instance) {
  std::string out = fmt::format("\n  reg {{\n    name = \"{}\";\n    desc = \"{}\";\n",
                                RegisterName(r.name), r.text);
  for (const RegisterField& f : FieldsOf(r)) {
    out += fmt::format("    field {{ desc = \"{}\"; {} }} {}[{}:{}];\n", f.text,
                       AccessRdl(f.access), RegisterName(f.name), f.lsb + f.width - 1, f.lsb);
  }
  return out + "  } " + instance + ";\n";
}

std::string RdlRegisters(const Register& r) {
  const std::string name = RegisterName(r.name);
  if (r.count == 1) return RdlRegister(r, fmt::format("{} @ {:#05x}", name, r.offset));
  if (r.stride == 4) {
    return RdlRegister(r, fmt::format("{}[{}] @ {:#05x} += 4", name, r.count, r.offset));
  }
  std::string out;
  for (int i = 0; i < r.count; ++i) {
    out += RdlRegister(r, fmt::format("{}_{} @ {:#05x}", name, i, r.offset + i * r.stride));
  }
  return out;
}

}  // namespace

std::string EmitRegisterPackage() {
  std::string out =
      "// SPDX-License-Identifier: Apache-2.0\n"
      "// AUTO-GENERATED from codegen/registers.cc by codegen/registers_emit.cc; do not edit.\n"
      "// Register offsets, error causes and counters; the Markdown table of a design explains "
      "them.\n"
      "/* verilator lint_off UNUSEDPARAM */  // every module uses some of these\n"
      "package tf_regs_pkg;\n";
  out += fmt::format("  localparam int AddressBits = {};\n", kRegisterAddressBits);
  out += fmt::format("  localparam int MaxPorts = {};\n", kMaxRegisterPorts);
  out += "\n  // Byte offsets; arrays have a count and a stride.\n";
  for (const Register& r : RegisterMap(kMaxRegisterPorts)) {
    out += fmt::format("  localparam bit [{}:0] {} = {}'h{:03x};\n", kRegisterAddressBits - 1,
                       r.name, kRegisterAddressBits, r.offset);
    if (r.count == 1) continue;
    out += fmt::format("  localparam int {}Count = {};\n", r.name, r.count);
    out += fmt::format("  localparam int {}Stride = {};\n", r.name, r.stride);
  }
  out += "\n  // Causes in Error\n";
  for (const ErrorCauseText& e : kErrorCauses) {
    out += fmt::format("  // {}\n  localparam bit [7:0] Err{} = 8'd{};\n", e.text, e.name,
                       uint32_t(e.cause));
  }
  out += fmt::format("  localparam bit [31:0] NoInstruction = 32'h{:08x};\n", kNoInstruction);
  out += "\n  // 64-bit counters: index\n";
  for (size_t i = 0; i < kRunCounters.size(); ++i) {
    out += fmt::format("  // {}\n  localparam int Cnt{} = {};\n", kRunCounters[i].text,
                       kRunCounters[i].name, i);
  }
  out += fmt::format("  localparam int Counters = {};\n", kRunCounters.size());
  return out + "endpackage\n/* verilator lint_on UNUSEDPARAM */\n";
}

std::string EmitSystemRdl(int ports) {
  std::string out =
      "// SPDX-License-Identifier: Apache-2.0\n"
      "// AUTO-GENERATED from codegen/registers.cc; do not edit.\n"
      "addrmap ternfab {\n"
      "  name = \"ternfab control registers\";\n"
      "  default regwidth = 32;\n"
      "  default accesswidth = 32;\n";
  for (const Register& r : RegisterMap(ports)) out += RdlRegisters(r);
  return out + "};\n";
}

std::string EmitRegisterMarkdown(int ports) {
  std::string out =
      "# Registers\n\n"
      "<!-- AUTO-GENERATED from codegen/registers.cc; do not edit. -->\n\n"
      "AXI4-Lite, 12-bit byte address, 32-bit data, in the convention of Vitis kernels. Reads of\n"
      "other addresses return 0, writes to them are ignored; both are answered with OKAY.\n\n"
      "| offset | register | access | meaning |\n|---|---|---|---|\n";
  for (const Register& r : RegisterMap(ports)) {
    const std::string name = RegisterName(r.name);
    out += r.count > 1 ? fmt::format("| 0x{:03x} + {} i | `{}[{}]` | {} | {} |\n", r.offset,
                                     r.stride, name, r.count, AccessText(r.access), r.text)
                       : fmt::format("| 0x{:03x} | `{}` | {} | {} |\n", r.offset, name,
                                     AccessText(r.access), r.text);
    for (const RegisterField& f : r.fields) {
      const std::string bits = f.width == 1 ? fmt::format("{}", f.lsb)
                                            : fmt::format("{}:{}", f.lsb + f.width - 1, f.lsb);
      out += fmt::format("| | `{}` bit {} | {} | {} |\n", RegisterName(f.name), bits,
                         AccessText(f.access), f.text);
    }
  }
  out += "\n## Error causes\n\n| code | cause | meaning |\n|---|---|---|\n";
  for (const ErrorCauseText& e : kErrorCauses) {
    out += fmt::format("| {} | `{}` | {} |\n", uint32_t(e.cause), RegisterName(e.name), e.text);
  }
  return out;
}

}  // namespace ternfab
