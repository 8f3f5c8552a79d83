// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "codegen/top_body.h"

// Ports, registers, sequencer, tokens and DMAs of the top module.

namespace ternfab::top {

namespace {

struct AxiSignal {
  const char* name;   ///< as in m_axi_p0_<name> and axi_<name>
  const char* width;  ///< of one port: "1", "64", "W", "S" (strobes)
  bool output;
};

constexpr AxiSignal kAxiSignals[] = {
    {"awaddr", "64", true}, {"awlen", "8", true},  {"awsize", "3", true},  {"awburst", "2", true},
    {"awcache", "4", true}, {"awprot", "3", true}, {"awvalid", "1", true}, {"awready", "1", false},
    {"wdata", "W", true},   {"wstrb", "S", true},  {"wlast", "1", true},   {"wvalid", "1", true},
    {"wready", "1", false}, {"bresp", "2", false}, {"bvalid", "1", false}, {"bready", "1", true},
    {"araddr", "64", true}, {"arlen", "8", true},  {"arsize", "3", true},  {"arburst", "2", true},
    {"arcache", "4", true}, {"arprot", "3", true}, {"arvalid", "1", true}, {"arready", "1", false},
    {"rdata", "W", false},  {"rresp", "2", false}, {"rlast", "1", false},  {"rvalid", "1", false},
    {"rready", "1", true}};

int AxiWidth(const AxiSignal& signal, const DesignParams& d) {
  const std::string width = signal.width;
  if (width == "W") return d.width_bits;
  return width == "S" ? d.width_bits / 8 : std::stoi(width);
}

TopBody::Pins AxiPins(bool read) {
  TopBody::Pins pins;
  for (const AxiSignal& signal : kAxiSignals) {
    const bool is_read = signal.name[0] == 'r' || std::string_view(signal.name).starts_with("ar");
    if (is_read == read) {
      pins.push_back({fmt::format("axi_{}_{}", signal.name, signal.output ? 'o' : 'i'),
                      std::string("axi_") + signal.name});
    }
  }
  pins.push_back(read ? TopBody::Pin{"axi_arid_o", "unused_arid"}
                      : TopBody::Pin{"axi_awid_o", "unused_awid"});
  return pins;
}

}  // namespace

void EmitMemoryPorts(TopBody& body) {
  const DesignParams& d = body.signature().params;
  body.Heading("Memory ports: bus axi_x holds m_axi_p<p>_x at [p*width +: width]");
  for (const AxiSignal& signal : kAxiSignals) {
    body.Line("logic [{}:0] axi_{};", d.ports * AxiWidth(signal, d) - 1, signal.name);
  }
  body.Nets(body.Pkg("Ports"), {"unused_awid", "unused_arid"});
  for (int p = 0; p < d.ports; ++p) {
    body.Blank();
    for (const AxiSignal& signal : kAxiSignals) {
      const int width = AxiWidth(signal, d);
      const std::string port = fmt::format("m_axi_p{}_{}", p, signal.name);
      const std::string part = fmt::format("axi_{}[{}*{} +: {}]", signal.name, p, width, width);
      if (signal.output) {
        body.Line("assign {:18} = {};", port, part);
      } else {
        body.Line("assign {:24} = {};", part, port);
      }
    }
  }
}

void EmitRegisters(TopBody& body) {
  body.Heading("Control registers");
  body.Nets("", {"start", "done", "idle", "soft_reset", "soft_reset_done"});
  body.Nets("32", {"program_beat", "position", "count"});
  body.Nets("256", {"token"});
  body.Nets(body.Pkg("Ports") + "*64", {"port_base"});
  body.Nets("8", {"error_cause"});
  body.Nets("32", {"error_index"});
  body.Nets("tf_regs_pkg::Counters*64", {"counters"});
  body.Blank();
  const TopBody::Pins bus =
      Same("axil_", "s_axi_control_",
           "awvalid_i awready_o awaddr_i wvalid_i wready_o wdata_i wstrb_i bvalid_o bready_i "
           "bresp_o arvalid_i arready_o araddr_i rvalid_o rready_i rdata_o rresp_o");
  const TopBody::Pins rest = {{"interrupt_o", "interrupt"},
                              {"start_o", "start"},
                              {"done_i", "done"},
                              {"idle_i", "idle"},
                              {"reset_o", "soft_reset"},
                              {"reset_done_i", "soft_reset_done"},
                              {"program_o", "program_beat"},
                              {"position_o", "position"},
                              {"count_o", "count"},
                              {"token_o", "token"},
                              {"port_base_o", "port_base"},
                              {"error_cause_i", "error_cause"},
                              {"error_index_i", "error_index"},
                              {"counters_i", "counters"}};
  body.Instance("tf_axil_regs", body.PkgParameters("Ports DesignHash"), "u_regs",
                Join({Clock("ap_rst_n"), bus, rest}));
}

namespace {

void EmitSequencerNets(TopBody& body) {
  body.Comment("to the units");
  body.Nets("", {"unit_rst_n", "token_clear", "flush"});
  body.Nets("4", {"slots"});
  for (const char* unit : {"tern", "int8", "vec"}) {
    for (const char* bit : {"valid", "ready", "skip", "issue"}) {
      body.Line("logic {}_{};", unit, bit);
    }
    body.Line("logic [511:0] {}_instr;", unit);
    body.Line("logic [31:0] {}_index;", unit);
  }
  body.Nets("", {"tern_starved", "tern_consumed", "tern_bad_code"});
  body.Nets("32", {"int8_length", "vec_length", "vec_mem_addr", "vec_mem_elem"});
  body.Nets("", {"tag_read", "tag_ready", "tag_valid"});
  body.Nets("24", {"tag_element"});
  body.Nets("tf_isa_pkg::TagBits", {"tag"});
  body.Blank();
  body.Comment("to the DMAs; clients i instructions, v vector, k int8, w ternary");
  for (const char* client : {"i", "v", "k", "w"}) {
    body.Line("logic {0}_valid, {0}_ready, {0}_desc_valid, {0}_desc_ready;", client);
    body.Line("logic [31:0] {0}_desc_addr, {0}_desc_beats;", client);
    body.Line("logic [{}-1:0] {}_data;", body.Pkg("WideBits"), client);
  }
  body.Nets("", {"v_desc_dep", "k_desc_dep", "v_go", "k_go", "rd_flushed", "rd_idle", "rd_beat",
                 "rd_slverr", "rd_decerr", "rd_protocol", "wr_flushed", "wr_idle", "wr_beat",
                 "wr_slverr", "wr_decerr"});
  body.Blank();
}

/// Descriptor pins of one client; `out` is 'o' where they leave the sequencer, 'i' at the DMA.
TopBody::Pins Descriptor(const std::string& client, char out, bool dependent) {
  const char in = out == 'o' ? 'i' : 'o';
  const std::string prefix = client + "_desc_";
  return Same(prefix, prefix,
              fmt::format("valid_{0} ready_{1} addr_{0} beats_{0}{2}", out, in,
                          dependent ? fmt::format(" dep_{}", out) : ""));
}

/// Run, arguments and errors of the sequencer, and its fault inputs.
TopBody::Pins SequencerControl() {
  const TopBody::Pins control = {{"start_i", "start"},
                                 {"done_o", "done"},
                                 {"idle_o", "idle"},
                                 {"reset_i", "soft_reset"},
                                 {"reset_done_o", "soft_reset_done"},
                                 {"unit_rst_no", "unit_rst_n"},
                                 {"error_cause_o", "error_cause"},
                                 {"error_index_o", "error_index"},
                                 {"counters_o", "counters"},
                                 {"program_i", "program_beat"},
                                 {"position_i", "position"},
                                 {"count_i", "count"},
                                 {"token_i", "token"},
                                 {"count_o", "slots"},
                                 {"tok_clr_o", "token_clear"},
                                 {"flush_o", "flush"}};
  const TopBody::Pins faults = {
      {"fault_token_i", fmt::format("fault_i[{}]", int(kFaultToken)), true},
      {"fault_kv_i", fmt::format("fault_i[{}]", int(kFaultKvAddress)), true}};
  return Join({faults, control});
}

}  // namespace

void EmitSequencer(TopBody& body) {
  body.Heading("Sequencer");
  EmitSequencerNets(body);
  const TopBody::Pins dma =
      Same("", "",
           "rd_flushed_i wr_flushed_i rd_idle_i wr_idle_i rd_beat_i wr_beat_i rd_slverr_i "
           "rd_decerr_i rd_protocol_i wr_slverr_i wr_decerr_i i_valid_i i_ready_o i_data_i");
  TopBody::Pins units;
  for (const std::string unit : {"tern_", "int8_", "vec_"}) {
    const TopBody::Pins common = Same(unit, unit, "valid_o ready_i instr_o index_o skip_o issue_i");
    units.insert(units.end(), common.begin(), common.end());
  }
  const TopBody::Pins extra = Same("", "",
                                   "tern_starved_i tern_consumed_i tern_bad_code_i int8_length_o "
                                   "vec_length_o vec_mem_addr_o vec_mem_elem_o tag_read_o "
                                   "tag_ready_i tag_element_o tag_valid_i tag_i");
  body.Instance("tf_sequencer",
                body.PkgParameters("Ports WidthBits Batch TernKeep Int8Keep VecKeep"),
                "u_sequencer",
                Join({Clock("ap_rst_n"), SequencerControl(), dma, Descriptor("i", 'o', false),
                      Descriptor("v", 'o', true), Descriptor("k", 'o', true),
                      Descriptor("w", 'o', false), units, extra}));
}

void EmitTokens(TopBody& body) {
  body.Heading("Dependence tokens");
  body.Nets("4",
            {"tok_avail", "tern_take", "tern_put", "int8_take", "int8_put", "vec_take", "vec_put"});
  body.Blank();
  body.Instance(
      "tf_tokens", {}, "u_tokens",
      Join({Clock("ap_rst_n"),
            {{"clr_i", "token_clear"}, {"avail_o", "tok_avail"}},
            Same("", "", "tern_take_i tern_put_i int8_take_i int8_put_i vec_take_i vec_put_i")}));
}

void EmitReadDma(TopBody& body) {
  body.Heading("Read DMA: streams of the sequencer and the units");
  TopBody::Pins streams;
  for (const std::string client : {"i_", "v_", "k_", "w_"}) {
    const TopBody::Pins pins = Same(client, client, "valid_o ready_i data_o");
    streams.insert(streams.end(), pins.begin(), pins.end());
  }
  const TopBody::Pins fault = {{"fault_dma_i", fmt::format("fault_i[{}]", int(kFaultDma)), true}};
  const TopBody::Pins state = {{"flush_i", "flush"},         {"flushed_o", "rd_flushed"},
                               {"idle_o", "rd_idle"},        {"beat_o", "rd_beat"},
                               {"slverr_o", "rd_slverr"},    {"decerr_o", "rd_decerr"},
                               {"protocol_o", "rd_protocol"}};
  body.Instance("tf_read_dma",
                body.PkgParameters("Ports WidthBits MaxBurst IDepth VDepth KDepth WDepth"),
                "u_read_dma",
                Join({Clock("ap_rst_n"),
                      fault,
                      {{"port_base_i", "port_base"}},
                      Descriptor("i", 'i', false),
                      Descriptor("v", 'i', true),
                      Descriptor("k", 'i', true),
                      Descriptor("w", 'i', false),
                      Same("", "", "v_go_i k_go_i wr_idle_i"),
                      streams,
                      state,
                      AxiPins(true)}));
}

void EmitWriteDma(TopBody& body) {
  body.Heading("Write DMA: results of the vector unit");
  body.Nets("", {"wr_valid", "wr_ready"});
  body.Nets("32", {"wr_addr"});
  body.Nets(body.Pkg("WideBits"), {"wr_data"});
  body.Nets(body.Pkg("WideBytes"), {"wr_strb"});
  body.Blank();
  body.Instance("tf_write_dma",
                {{"Ports", body.Pkg("Ports")},
                 {"WidthBits", body.Pkg("WidthBits")},
                 {"Writes", body.Pkg("WriteDepth")}},
                "u_write_dma",
                Join({Clock("ap_rst_n"),
                      {{"port_base_i", "port_base"}},
                      Same("", "", "wr_valid_i wr_ready_o wr_addr_i wr_data_i wr_strb_i"),
                      {{"flush_i", "flush"},
                       {"flushed_o", "wr_flushed"},
                       {"idle_o", "wr_idle"},
                       {"beat_o", "wr_beat"},
                       {"slverr_o", "wr_slverr"},
                       {"decerr_o", "wr_decerr"}},
                      AxiPins(false)}));
}

}  // namespace ternfab::top
