// SPDX-License-Identifier: Apache-2.0
#include "codegen/scripts.h"

#include <string_view>
#include <utility>

#include "codegen/text_writer.h"
#include "codegen/top_writer.h"
#include "common/check.h"

namespace ternfab {
namespace {

/// Vivado's name of the device with package and speed grade; "" where Vivado has no such device.
std::string_view VivadoPart(std::string_view device) {
  static constexpr std::pair<std::string_view, std::string_view> kParts[] = {
      {"xc7a35t", "xc7a35ticsg324-1L"},    // Arty A7-35T
      {"xc7a100t", "xc7a100tcsg324-1"},    // Arty A7-100T
      {"kv260", "xck26-sfvc784-2LV-c"},    // Kria K26
      {"zcu102", "xczu9eg-ffvb1156-2-e"},  //
      {"u280", "xcu280-fsvh2892-2L-e"},    //
      {"vck5000", "xcvc1902-vsvd1760-2MP-e-S"}};
  for (const auto& [name, part] : kParts) {
    if (name == device) return part;
  }
  return "";
}

}  // namespace

std::string YosysCommands(const Device& device, const std::string& top) {
  if (device.family == "ecp5") return "synth_ecp5 -noflatten -top " + top;
  if (device.family == "ice40") return "synth_ice40 -noflatten -dsp -top " + top;
  const std::string synth =
      fmt::format("synth_xilinx -family {}{} -abc9 -noiopad -noclkbuf -top {}",
                  device.family == "xc7" ? "xc7" : "xcup", device.uram > 0 ? " -uram" : "", top);
  // In between, the pins of block RAMs get their widths: abc9 of Yosys 0.23 aborts at wider ones.
  return fmt::format("{0} -run :map_luts\nhierarchy -check -top {1}\n{0} -run map_luts:", synth,
                     top);
}

bool HasVivadoPart(const DesignSignature& s) { return !VivadoPart(s.device).empty(); }

std::string EmitFileList(const DesignSignature& s, const std::vector<std::string>& sources) {
  TextWriter out;
  for (const std::string& source : sources) {
    TF_CHECK(source.starts_with("rtl/"), "{}", source);
    out.Raw(source.substr(4));
  }
  return GeneratedBanner(s, "//", "Sources in the order of dependence.") + out.text();
}

std::string EmitYosysScript(const DesignSignature& s, const std::vector<std::string>& sources) {
  TextWriter out;
  out.Raw("#");
  out.Raw("# In the design's folder: yosys -l synth.log scripts/synth.ys");
  out.Raw("# The hierarchy is kept: one flat netlist would take hours.");
  for (const std::string& source : sources) out.Line("read_verilog -sv {}", source);
  if (s.kind == EngineKind::kAdderTreeLut6) {
    out.Raw("read_verilog -lib +/xilinx/cells_sim.v");  // LUT6_2, CARRY4
  }
  out.Line("hierarchy -check -top {}", s.top);
  const Device* device = FindDevice(s.device);
  TF_CHECK(device != nullptr, "no device {}", s.device);
  out.Raw(YosysCommands(*device, s.top));
  out.Raw(device->family == "ecp5" || device->family == "ice40" ? "stat" : "stat -tech xilinx");
  return GeneratedBanner(s, "#", "Yosys synthesis.") + out.text();
}

std::string EmitFuseSocCore(const DesignSignature& s, const std::vector<std::string>& sources) {
  TextWriter out;
  out.Line("name: ternfab:designs:{}:{}.0.0", s.identifier, s.isa_version);
  out.Line("description: ternary-LLM accelerator {}", s.name);
  out.Raw("filesets:");
  out.Raw("  rtl:");
  out.Raw("    file_type: systemVerilogSource");
  out.Raw("    files:");
  for (const std::string& source : sources) out.Line("      - {}", source);
  out.Raw("targets:");
  out.Raw("  default: &default");
  out.Raw("    filesets: [rtl]");
  out.Line("    toplevel: {}", s.top);
  out.Raw("  lint:");
  out.Raw("    <<: *default");
  out.Raw("    default_tool: verilator");
  out.Raw("    tools:");
  out.Raw("      verilator:");
  out.Raw("        mode: lint-only");
  out.Raw("        verilator_options: [-Wall]");
  if (HasVivadoPart(s)) {
    out.Raw("  synth:");
    out.Raw("    <<: *default");
    out.Raw("    default_tool: vivado");
    out.Raw("    tools:");
    out.Raw("      vivado:");
    out.Line("        part: {}", VivadoPart(s.device));
  }
  return "CAPI=2:\n" + GeneratedBanner(s, "#", "FuseSoC core.") + out.text();
}

std::string EmitPackageIp(const DesignSignature& s, const std::vector<std::string>& sources) {
  TextWriter out;
  out.Raw("#");
  out.Raw("# vivado -mode batch -source scripts/package_ip.tcl -tclargs ?PART?");
  out.Raw("# leaves the IP in ip/. Written for Vivado 2022.1 and later.");
  out.Raw("set root [file normalize [file join [file dirname [info script]] ..]]");
  out.Line("set part {}", VivadoPart(s.device));
  out.Raw("if {[llength $argv] > 0} { set part [lindex $argv 0] }");
  out.Line("create_project -force tf_{0}_ip [file join $root build ip] -part $part", s.identifier);
  out.Raw("foreach source {");
  for (const std::string& source : sources) out.Line("  {}", source);
  out.Raw("} {");
  out.Raw("  add_files -norecurse [file join $root $source]");
  out.Raw("  set_property file_type SystemVerilog [get_files [file join $root $source]]");
  out.Raw("}");
  out.Line("add_files -norecurse [file join $root scripts tf_{}_ip.v]", s.identifier);
  out.Line("set_property top tf_{}_ip [current_fileset]", s.identifier);
  out.Raw("update_compile_order -fileset sources_1");
  out.Blank();
  out.Raw(
      "ipx::package_project -root_dir [file join $root ip] -vendor ternfab -library designs \\");
  out.Raw("  -taxonomy /UserIP -import_files -force");
  out.Raw("set core [ipx::current_core]");
  out.Line("set_property name tf_{} $core", s.identifier);
  out.Line("set_property version {}.0 $core", s.isa_version);
  out.Line("set_property display_name {{ternfab {}}} $core", s.name);
  out.Raw("set clocked s_axi_control");
  for (int p = 0; p < s.params.ports; ++p) out.Line("lappend clocked m_axi_p{}", p);
  out.Raw("foreach bus $clocked {");
  out.Raw("  ipx::associate_bus_interfaces -busif $bus -clock ap_clk $core");
  out.Raw("}");
  out.Raw("ipx::associate_bus_interfaces -clock ap_clk -reset ap_rst_n $core");
  out.Raw("ipx::update_checksums $core");
  out.Raw("ipx::check_integrity $core");
  out.Raw("ipx::save_core $core");
  out.Raw("close_project");
  return GeneratedBanner(s, "#", "Packages the design as IP for Vivado.") + out.text();
}

std::string EmitIpWrapper(const DesignSignature& s) {
  std::vector<SignaturePort> ports;
  for (const SignaturePortGroup& group : s.ports) {
    for (const SignaturePort& port : group.ports) {
      if (!port.simulation) ports.push_back(port);
    }
  }
  TextWriter out;
  out.Line("module tf_{}_ip (", s.identifier);
  out.Indent();
  for (const SignaturePort& port : ports) {
    if (port.name == "ap_rst_n") {
      out.Raw("(* X_INTERFACE_PARAMETER = \"POLARITY ACTIVE_LOW\" *)");
    } else if (port.name == "interrupt") {
      out.Raw("(* X_INTERFACE_INFO = \"xilinx.com:signal:interrupt:1.0 interrupt INTERRUPT\",");
      out.Raw("   X_INTERFACE_PARAMETER = \"SENSITIVITY LEVEL_HIGH\" *)");
    }
    const std::string range = port.width == 1 ? "" : fmt::format("[{}:0]", port.width - 1);
    out.Line("{:6} wire {:8} {}{}", port.output ? "output" : "input", range, port.name,
             &port == &ports.back() ? "" : ",");
  }
  out.Outdent();
  out.Raw(");");
  out.Indent();
  out.Line("{} u_top (", s.top);
  out.Indent();
  out.Edge("`ifndef SYNTHESIS");
  out.Line(".fault_i({}'d0),", int(kFaultBits));
  out.Edge("`endif");
  for (const SignaturePort& port : ports) {
    out.Line(".{0}({0}){1}", port.name, &port == &ports.back() ? "" : ",");
  }
  out.Outdent();
  out.Raw(");");
  out.Outdent();
  out.Raw("endmodule");
  return GeneratedBanner(s, "//", "Verilog wrapper that Vivado's block designs accept.") +
         out.text();
}

}  // namespace ternfab
