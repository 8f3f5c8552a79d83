// SPDX-License-Identifier: Apache-2.0
#include "codegen/board_kv260_tcl.h"

#include <algorithm>

#include "codegen/text_writer.h"
#include "codegen/top_writer.h"

namespace ternfab::kv260 {
namespace {

void EmitProject(TextWriter& out, const DesignSignature& s) {
  out.Raw("set root [file normalize [file join [file dirname [info script]] ..]]");
  out.Line("set name tf_{}", s.identifier);
  out.Raw("set board [lindex [lsort [get_board_parts -quiet xilinx.com:kv260_som:part0:*]] end]");
  out.Raw("if {$board eq \"\"} { error \"Vivado has no board files of the KV260\" }");
  out.Raw("create_project -force $name [file join $root build $name] -part xck26-sfvc784-2LV-c");
  out.Raw("set_property board_part $board [current_project]");
  out.Raw("set_property ip_repo_paths [file join $root ip] [current_project]");
  out.Raw("update_ip_catalog");
  out.Raw("create_bd_design system");
  out.Blank();
}

void EmitProcessors(TextWriter& out, const DesignSignature& s, int used) {
  out.Raw("# Processing system: one clock, one control port, HP ports of 128 bits, all of the DDR");
  out.Raw("set ps [create_bd_cell -type ip -vlnv xilinx.com:ip:zynq_ultra_ps_e ps]");
  out.Raw("apply_bd_automation -rule xilinx.com:bd_rule:zynq_ultra_ps_e \\");
  out.Raw("  -config {apply_board_preset 1} $ps");
  out.Raw("set_property -dict [list \\");
  out.Raw("  CONFIG.PSU__FPGA_PL0_ENABLE {1} \\");
  out.Line("  CONFIG.PSU__CRL_APB__PL0_REF_CTRL__FREQMHZ {{{}}} \\", s.clock_mhz);
  out.Raw("  CONFIG.PSU__HIGH_ADDRESS__ENABLE {1} \\");
  out.Raw("  CONFIG.PSU__USE__IRQ0 {1} \\");
  out.Raw("  CONFIG.PSU__USE__M_AXI_GP0 {1} \\");
  out.Raw("  CONFIG.PSU__USE__M_AXI_GP1 {0} \\");
  out.Raw("  CONFIG.PSU__USE__M_AXI_GP2 {0} \\");
  for (int h = 0; h < used; ++h) {
    out.Line("  CONFIG.PSU__USE__S_AXI_GP{} {{1}} \\", h + 2);
    out.Line("  CONFIG.PSU__SAXIGP{}__DATA_WIDTH {{128}} \\", h + 2);
  }
  out.Raw("] $ps");
  out.Blank();
}

void EmitClocks(TextWriter& out, int used) {
  out.Raw("# Design, clock, reset, interrupt");
  out.Raw("create_bd_cell -type ip -vlnv ternfab:designs:$name design");
  out.Raw("create_bd_cell -type ip -vlnv xilinx.com:ip:proc_sys_reset reset");
  out.Raw("set clocked {design/ap_clk reset/slowest_sync_clk ps/maxihpm0_fpd_aclk}");
  for (int h = 0; h < used; ++h) out.Line("lappend clocked ps/saxihp{}_fpd_aclk", h);
  out.Raw("foreach pin $clocked {");
  out.Raw("  connect_bd_net [get_bd_pins ps/pl_clk0] [get_bd_pins $pin]");
  out.Raw("}");
  out.Raw("connect_bd_net [get_bd_pins ps/pl_resetn0] [get_bd_pins reset/ext_reset_in]");
  out.Raw("connect_bd_net [get_bd_pins reset/peripheral_aresetn] [get_bd_pins design/ap_rst_n]");
  out.Raw("connect_bd_net [get_bd_pins design/interrupt] [get_bd_pins ps/pl_ps_irq0]");
  out.Blank();
}

void EmitConnections(TextWriter& out, const DesignSignature& s, int used) {
  out.Raw("proc interconnect {name subordinates} {");
  out.Raw("  create_bd_cell -type ip -vlnv xilinx.com:ip:smartconnect $name");
  out.Raw("  set_property -dict [list CONFIG.NUM_SI $subordinates CONFIG.NUM_MI 1] \\");
  out.Raw("    [get_bd_cells $name]");
  out.Raw("  connect_bd_net [get_bd_pins ps/pl_clk0] [get_bd_pins $name/aclk]");
  out.Raw("  connect_bd_net [get_bd_pins reset/interconnect_aresetn] [get_bd_pins $name/aresetn]");
  out.Raw("}");
  out.Raw("proc join {from to} {");
  out.Raw("  connect_bd_intf_net [get_bd_intf_pins $from] [get_bd_intf_pins $to]");
  out.Raw("}");
  out.Blank();
  out.Raw("interconnect control 1");
  out.Raw("join ps/M_AXI_HPM0_FPD control/S00_AXI");
  out.Raw("join control/M00_AXI design/s_axi_control");
  for (int h = 0; h < used; ++h) {
    const int ports = (s.params.ports - h + kHpPorts - 1) / kHpPorts;
    out.Line("interconnect memory{} {}", h, ports);
    for (int i = 0; i < ports; ++i) {
      out.Line("join design/m_axi_p{} memory{}/S{:02}_AXI", h + i * kHpPorts, h, i);
    }
    out.Line("join memory{0}/M00_AXI ps/S_AXI_HP{0}_FPD", h);
  }
  out.Blank();
}

void EmitImplementation(TextWriter& out) {
  out.Raw("# Addresses: control registers at a fixed place, everything else as the tool likes");
  out.Line("assign_bd_address -offset 0x{:x} -range 4K \\", kControlAddress);
  out.Raw("  -target_address_space [get_bd_addr_spaces ps/Data] \\");
  out.Raw("  [get_bd_addr_segs design/s_axi_control/*]");
  out.Raw("assign_bd_address");
  out.Raw("validate_bd_design");
  out.Raw("save_bd_design");
  out.Blank();
  out.Raw("set wrapper [make_wrapper -files [get_files system.bd] -top]");
  out.Raw("add_files -norecurse $wrapper");
  out.Raw("set_property top system_wrapper [current_fileset]");
  out.Raw("launch_runs impl_1 -to_step write_bitstream -jobs 4");
  out.Raw("wait_on_run impl_1");
  out.Raw("if {[get_property PROGRESS [get_runs impl_1]] ne \"100%\"} { error \"impl_1 failed\" }");
  out.Raw("open_run impl_1");
  out.Raw("report_utilization -file [file join $root build $name utilization.txt]");
  out.Raw("report_timing_summary -file [file join $root build $name timing.txt]");
  out.Raw("file copy -force [glob [get_property DIRECTORY [get_runs impl_1]]/*.bit] \\");
  out.Raw("  [file join $root board $name.bit]");
}

}  // namespace

std::string EmitBlockDesign(const DesignSignature& s) {
  const int used = std::min(s.params.ports, kHpPorts);
  TextWriter out;
  out.Raw("#");
  out.Raw("# vivado -mode batch -source board/block_design.tcl");
  out.Raw(
      "# after scripts/package_ip.tcl; leaves the bitstream in board/. Not run: see README.md.");
  EmitProject(out, s);
  EmitProcessors(out, s, used);
  EmitClocks(out, used);
  EmitConnections(out, s, used);
  EmitImplementation(out);
  return GeneratedBanner(s, "#", "Block design for the KV260.") + out.text();
}

}  // namespace ternfab::kv260
