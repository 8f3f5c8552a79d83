// SPDX-License-Identifier: Apache-2.0
#include "codegen/top_writer.h"

#include <algorithm>
#include <utility>

#include "codegen/text_writer.h"

namespace ternfab {
namespace {

std::string Range(int width) { return width == 1 ? "" : fmt::format("[{}:0]", width - 1); }

/// Writes the body of the top module: declarations, instances and headings.
class TopBody {
 public:
  explicit TopBody(const DesignSignature& s) : s_(s) {}

  void Heading(const std::string& text) {
    out_.Blank();
    out_.Raw("// ---- " + text + " " + std::string(90 - std::min<size_t>(text.size(), 80), '-'));
    out_.Blank();
  }
  void Comment(const std::string& text) { out_.Raw("// " + text); }
  void Raw(const std::string& line) { out_.Raw(line); }
  void Blank() { out_.Blank(); }
  void SimulationOnly() { out_.Edge("`ifndef SYNTHESIS"); }
  void EndSimulationOnly() { out_.Edge("`endif"); }

  /// `logic [width-1:0] name;` for each name.
  void Nets(const std::string& width, std::initializer_list<const char*> names) {
    for (const char* name : names) {
      const bool number = width.find_first_not_of("0123456789") == std::string::npos;
      const std::string top =
          number && !width.empty() ? std::to_string(std::stoi(width) - 1) : width + "-1";
      out_.Raw(width.empty() ? fmt::format("logic {};", name)
                             : fmt::format("logic [{}:0] {};", top, name));
    }
  }

  struct Pin {
    std::string name;
    std::string net;
    bool simulation = false;
  };
  using Pins = std::vector<Pin>;
  using Parameters = std::vector<std::pair<std::string, std::string>>;

  void Instance(const std::string& module, const Parameters& parameters,
                const std::string& instance, const Pins& pins) {
    if (parameters.empty()) {
      out_.Line("{} {} (", module, instance);
    } else {
      out_.Line("{} #(", module);
      WriteParameters(parameters);
      out_.Line(") {} (", instance);
    }
    WritePins(pins);
    out_.Raw(");");
  }

  TextWriter& out() { return out_; }
  const DesignSignature& signature() const { return s_; }
  std::string Pkg(const char* name) const { return s_.package + "::" + name; }

 private:
  void WriteParameters(const Parameters& parameters) {
    size_t width = 0;
    for (const auto& [name, value] : parameters) width = std::max(width, name.size());
    out_.Indent();
    for (size_t i = 0; i < parameters.size(); ++i) {
      out_.Line(".{:{}}({}){}", parameters[i].first, width, parameters[i].second,
                i + 1 < parameters.size() ? "," : "");
    }
    out_.Outdent();
  }

  /// Pins of the simulation stand before a pin of the hardware, so that commas always fit.
  void WritePins(const Pins& pins) {
    size_t width = 0;
    for (const Pin& pin : pins) width = std::max(width, pin.name.size());
    out_.Indent();
    for (size_t i = 0; i < pins.size(); ++i) {
      const bool opens = pins[i].simulation && (i == 0 || !pins[i - 1].simulation);
      const bool closes = pins[i].simulation && !pins[i + 1].simulation;
      if (opens) out_.Edge("`ifndef SYNTHESIS");
      out_.Line(".{:{}}({}){}", pins[i].name, width, pins[i].net, i + 1 < pins.size() ? "," : "");
      if (closes) out_.Edge("`endif");
    }
    out_.Outdent();
  }

  const DesignSignature& s_;
  TextWriter out_;
};

/// Pins `<name>_i`/`<name>_o` on nets of the same names; `directions` has one letter for each.
TopBody::Pins Same(const std::string& pin_prefix, const std::string& net_prefix,
                   std::initializer_list<std::pair<const char*, char>> names) {
  TopBody::Pins pins;
  for (const auto& [name, direction] : names) {
    pins.push_back(
        {fmt::format("{}{}_{}", pin_prefix, name, direction), net_prefix + std::string(name)});
  }
  return pins;
}

TopBody::Pins Join(std::initializer_list<TopBody::Pins> groups) {
  TopBody::Pins all;
  for (const TopBody::Pins& group : groups) all.insert(all.end(), group.begin(), group.end());
  return all;
}

TopBody::Pins Clock(const char* reset) { return {{"clk_i", "ap_clk"}, {"rst_ni", reset}}; }

// -------------------------------------------------------------------------------------------------
// Memory ports

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

void EmitMemoryPorts(TopBody& body) {
  const DesignParams& d = body.signature().params;
  body.Heading("Memory ports: bus axi_x holds m_axi_p<p>_x at [p*width +: width]");
  for (const AxiSignal& signal : kAxiSignals) {
    body.out().Line("logic [{}:0] axi_{};", d.ports * AxiWidth(signal, d) - 1, signal.name);
  }
  body.Nets(body.Pkg("Ports"), {"unused_awid", "unused_arid"});
  for (int p = 0; p < d.ports; ++p) {
    body.Blank();
    for (const AxiSignal& signal : kAxiSignals) {
      const int width = AxiWidth(signal, d);
      const std::string port = fmt::format("m_axi_p{}_{}", p, signal.name);
      const std::string part = fmt::format("axi_{}[{}*{} +: {}]", signal.name, p, width, width);
      if (signal.output) {
        body.out().Line("assign {:18} = {};", port, part);
      } else {
        body.out().Line("assign {:24} = {};", part, port);
      }
    }
  }
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

// -------------------------------------------------------------------------------------------------
// Control

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
  const TopBody::Pins bus = Same("axil_", "s_axi_control_",
                                 {{"awvalid", 'i'},
                                  {"awready", 'o'},
                                  {"awaddr", 'i'},
                                  {"wvalid", 'i'},
                                  {"wready", 'o'},
                                  {"wdata", 'i'},
                                  {"wstrb", 'i'},
                                  {"bvalid", 'o'},
                                  {"bready", 'i'},
                                  {"bresp", 'o'},
                                  {"arvalid", 'i'},
                                  {"arready", 'o'},
                                  {"araddr", 'i'},
                                  {"rvalid", 'o'},
                                  {"rready", 'i'},
                                  {"rdata", 'o'},
                                  {"rresp", 'o'}});
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
  body.Instance("tf_axil_regs",
                {{"Ports", body.Pkg("Ports")}, {"DesignHash", body.Pkg("DesignHash")}}, "u_regs",
                Join({Clock("ap_rst_n"), bus, rest}));
}

void EmitSequencerNets(TopBody& body) {
  body.Comment("to the units");
  body.Nets("", {"unit_rst_n", "token_clear", "flush"});
  body.Nets("4", {"slots"});
  for (const char* unit : {"tern", "int8", "vec"}) {
    for (const char* bit : {"valid", "ready", "skip", "issue"}) {
      body.out().Line("logic {}_{};", unit, bit);
    }
    body.out().Line("logic [511:0] {}_instr;", unit);
    body.out().Line("logic [31:0] {}_index;", unit);
  }
  body.Nets("", {"tern_starved", "tern_consumed", "tern_bad_code"});
  body.Nets("32", {"int8_length", "vec_length", "vec_mem_addr", "vec_mem_elem"});
  body.Blank();
  body.Comment("to the DMAs; clients i instructions, v vector, k int8, w ternary");
  for (const char* client : {"i", "v", "k", "w"}) {
    body.out().Line("logic {0}_valid, {0}_ready, {0}_desc_valid, {0}_desc_ready;", client);
    body.out().Line("logic [31:0] {0}_desc_addr, {0}_desc_beats;", client);
    body.out().Line("logic [{}-1:0] {}_data;", body.Pkg("WideBits"), client);
  }
  body.Nets("", {"v_desc_dep", "k_desc_dep", "v_go", "k_go", "rd_flushed", "rd_idle", "rd_beat",
                 "rd_slverr", "rd_decerr", "rd_protocol", "wr_flushed", "wr_idle", "wr_beat",
                 "wr_slverr", "wr_decerr"});
  body.Blank();
}

/// Descriptor pins of one client; 'o' towards the DMA, 'i' into it.
TopBody::Pins Descriptor(const std::string& client, char out, bool dependent) {
  const char in = out == 'o' ? 'i' : 'o';
  TopBody::Pins pins = Same(client + "_desc_", client + "_desc_",
                            {{"valid", out}, {"ready", in}, {"addr", out}, {"beats", out}});
  if (dependent) pins.push_back({fmt::format("{}_desc_dep_{}", client, out), client + "_desc_dep"});
  return pins;
}

void EmitSequencer(TopBody& body) {
  body.Heading("Sequencer");
  EmitSequencerNets(body);
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
  const TopBody::Pins dma = Same("", "",
                                 {{"rd_flushed", 'i'},
                                  {"wr_flushed", 'i'},
                                  {"rd_idle", 'i'},
                                  {"wr_idle", 'i'},
                                  {"rd_beat", 'i'},
                                  {"wr_beat", 'i'},
                                  {"rd_slverr", 'i'},
                                  {"rd_decerr", 'i'},
                                  {"rd_protocol", 'i'},
                                  {"wr_slverr", 'i'},
                                  {"wr_decerr", 'i'},
                                  {"i_valid", 'i'},
                                  {"i_ready", 'o'},
                                  {"i_data", 'i'}});
  TopBody::Pins units;
  for (const std::string unit : {"tern_", "int8_", "vec_"}) {
    const TopBody::Pins common = Same(unit, unit,
                                      {{"valid", 'o'},
                                       {"ready", 'i'},
                                       {"instr", 'o'},
                                       {"index", 'o'},
                                       {"skip", 'o'},
                                       {"issue", 'i'}});
    units.insert(units.end(), common.begin(), common.end());
  }
  const TopBody::Pins extra = Same("", "",
                                   {{"tern_starved", 'i'},
                                    {"tern_consumed", 'i'},
                                    {"tern_bad_code", 'i'},
                                    {"int8_length", 'o'},
                                    {"vec_length", 'o'},
                                    {"vec_mem_addr", 'o'},
                                    {"vec_mem_elem", 'o'}});
  body.Instance("tf_sequencer",
                {{"Ports", body.Pkg("Ports")},
                 {"WidthBits", body.Pkg("WidthBits")},
                 {"Batch", body.Pkg("Batch")}},
                "u_sequencer",
                Join({Clock("ap_rst_n"), faults, control, dma, Descriptor("i", 'o', false),
                      Descriptor("v", 'o', true), Descriptor("k", 'o', true),
                      Descriptor("w", 'o', false), units, extra}));
}

void EmitTokens(TopBody& body) {
  body.Heading("Dependence tokens");
  body.Nets("4",
            {"tok_avail", "tern_take", "tern_put", "int8_take", "int8_put", "vec_take", "vec_put"});
  body.Blank();
  body.Instance("tf_tokens", {}, "u_tokens",
                Join({Clock("ap_rst_n"),
                      {{"clr_i", "token_clear"}, {"avail_o", "tok_avail"}},
                      Same("", "",
                           {{"tern_take", 'i'},
                            {"tern_put", 'i'},
                            {"int8_take", 'i'},
                            {"int8_put", 'i'},
                            {"vec_take", 'i'},
                            {"vec_put", 'i'}})}));
}

// -------------------------------------------------------------------------------------------------
// DMAs

void EmitReadDma(TopBody& body) {
  body.Heading("Read DMA: streams of the sequencer and the units");
  TopBody::Pins streams;
  for (const std::string client : {"i_", "v_", "k_", "w_"}) {
    const TopBody::Pins pins =
        Same(client, client, {{"valid", 'o'}, {"ready", 'i'}, {"data", 'o'}});
    streams.insert(streams.end(), pins.begin(), pins.end());
  }
  const TopBody::Pins fault = {{"fault_dma_i", fmt::format("fault_i[{}]", int(kFaultDma)), true}};
  const TopBody::Pins state = {{"flush_i", "flush"},         {"flushed_o", "rd_flushed"},
                               {"idle_o", "rd_idle"},        {"beat_o", "rd_beat"},
                               {"slverr_o", "rd_slverr"},    {"decerr_o", "rd_decerr"},
                               {"protocol_o", "rd_protocol"}};
  body.Instance("tf_read_dma",
                {{"Ports", body.Pkg("Ports")},
                 {"WidthBits", body.Pkg("WidthBits")},
                 {"MaxBurst", body.Pkg("MaxBurst")},
                 {"IDepth", body.Pkg("IDepth")},
                 {"VDepth", body.Pkg("VDepth")},
                 {"KDepth", body.Pkg("KDepth")},
                 {"WDepth", body.Pkg("WDepth")}},
                "u_read_dma",
                Join({Clock("ap_rst_n"),
                      fault,
                      {{"port_base_i", "port_base"}},
                      Descriptor("i", 'i', false),
                      Descriptor("v", 'i', true),
                      Descriptor("k", 'i', true),
                      Descriptor("w", 'i', false),
                      Same("", "", {{"v_go", 'i'}, {"k_go", 'i'}, {"wr_idle", 'i'}}),
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
                      Same("", "",
                           {{"wr_valid", 'i'},
                            {"wr_ready", 'o'},
                            {"wr_addr", 'i'},
                            {"wr_data", 'i'},
                            {"wr_strb", 'i'}}),
                      {{"flush_i", "flush"},
                       {"flushed_o", "wr_flushed"},
                       {"idle_o", "wr_idle"},
                       {"beat_o", "wr_beat"},
                       {"slverr_o", "wr_slverr"},
                       {"decerr_o", "wr_decerr"}},
                      AxiPins(false)}));
}

// -------------------------------------------------------------------------------------------------
// Units

TopBody::Pins TokenPins(const std::string& unit) {
  return {
      {"tok_avail_i", "tok_avail"}, {"tok_take_o", unit + "_take"}, {"tok_put_o", unit + "_put"}};
}

TopBody::Pins StreamPins(const std::string& client) {
  return {{"stream_valid_i", client + "_valid"},
          {"stream_ready_o", client + "_ready"},
          {"stream_data_i", client + "_data"}};
}

TopBody::Pins VmPins(const std::string& unit) {
  return Same("vm_", unit + "_vm_", {{"valid", 'o'}, {"ready", 'i'}, {"addr", 'o'}, {"data", 'o'}});
}

void EmitUnitMemoryNets(TopBody& body) {
  body.Heading("Writes of VM, AM and QM");
  for (const char* unit : {"tern", "int8"}) {
    body.out().Line("logic {0}_vm_valid, {0}_vm_ready;", unit);
    body.out().Line("logic [19:0] {}_vm_addr;", unit);
    body.out().Line("logic [{}*32-1:0] {}_vm_data;", body.Pkg("VectorLanes"), unit);
  }
  body.Nets("", {"am_we", "qm_we"});
  body.Nets("3", {"am_slot", "qm_bank"});
  body.Nets("16", {"am_addr", "qm_addr"});
  body.Nets(body.Pkg("EngineLanes") + "*8", {"am_data"});
  body.Nets(body.Pkg("WideBits"), {"qm_data"});
}

void EmitTernaryUnit(TopBody& body) {
  body.Heading("Ternary unit");
  body.Nets("", {"eng_valid", "eng_first", "eng_last", "row_valid"});
  body.Nets(body.Pkg("WideBits"), {"eng_beat"});
  body.Nets(body.Pkg("Batch") + "*" + body.Pkg("EngineLanes") + "*8", {"eng_act"});
  body.Nets(body.Pkg("Batch"), {"slice_en"});
  body.Comment("slice-major: slice b of engine e at [(b*Ports + e)*32 +: 32]");
  body.Nets(body.Pkg("Batch") + "*" + body.Pkg("Ports") + "*32", {"row"});
  body.Blank();
  body.Instance(
      "tf_ternary_unit",
      {{"Engines", body.Pkg("Ports")},
       {"Batch", body.Pkg("Batch")},
       {"Lanes", body.Pkg("EngineLanes")},
       {"WidthBits", body.Pkg("WidthBits")},
       {"VectorLanes", body.Pkg("VectorLanes")},
       {"AmWords", body.Pkg("AmWords")}},
      "u_ternary",
      Join({Clock("unit_rst_n"),
            {{"count_i", "slots"},
             {"instr_valid_i", "tern_valid"},
             {"instr_ready_o", "tern_ready"},
             {"instr_i", "tern_instr"},
             {"skip_i", "tern_skip"},
             {"issue_o", "tern_issue"},
             {"starved_o", "tern_starved"},
             {"consumed_o", "tern_consumed"}},
            TokenPins("tern"),
            StreamPins("w"),
            Same("", "", {{"am_we", 'i'}, {"am_slot", 'i'}, {"am_addr", 'i'}, {"am_data", 'i'}}),
            {{"beat_valid_o", "eng_valid"},
             {"beat_o", "eng_beat"},
             {"act_o", "eng_act"},
             {"first_o", "eng_first"},
             {"last_o", "eng_last"},
             {"slice_en_o", "slice_en"},
             {"row_valid_i", "row_valid"},
             {"row_i", "row"}},
            VmPins("tern")}));
}

void EmitEngines(TopBody& body) {
  const DesignParams& d = body.signature().params;
  body.Heading("Ternary engines: engine e has the weights of port e; all advance together");
  body.Nets(body.Pkg("Ports"), {"row_valids", "bad_codes"});
  body.Raw("assign row_valid     = row_valids[0];");
  body.Raw("assign tern_bad_code = |bad_codes;");
  body.Blank();
  body.out().Line("for (genvar e = 0; e < {}; e++) begin : gen_engine", body.Pkg("Ports"));
  body.out().Indent();
  body.Nets(body.Pkg("Batch") + "*32", {"engine_row"});
  body.SimulationOnly();
  body.Raw("localparam int Engine = e;");
  body.Raw("logic [1:0] engine_fault;");
  body.out().Line("assign engine_fault = (Engine == 0) ? {{fault_i[{}], fault_i[{}]}} : 2'b00;",
                  int(kFaultDecoder), int(kFaultTree));
  body.EndSimulationOnly();
  body.Instance(fmt::format("tf_engine_l{}_b{}", d.lanes, d.batch), {}, "u_engine",
                Join({Clock("unit_rst_n"),
                      {{"fault_i", "engine_fault", true},
                       {"beat_valid_i", "eng_valid"},
                       {"beat_i", fmt::format("eng_beat[e*{0} +: {0}]", body.Pkg("WidthBits"))},
                       {"act_i", "eng_act"},
                       {"first_i", "eng_first"},
                       {"last_i", "eng_last"},
                       {"slice_en_i", "slice_en"},
                       {"row_valid_o", "row_valids[e]"},
                       {"row_o", "engine_row"},
                       {"invalid_o", "bad_codes[e]"}}}));
  body.out().Line("for (genvar b = 0; b < {}; b++) begin : gen_slice", body.Pkg("Batch"));
  body.out().Line("  assign row[(b*{} + e)*32 +: 32] = engine_row[b*32 +: 32];", body.Pkg("Ports"));
  body.Raw("end");
  body.out().Outdent();
  body.Raw("end");
}

void EmitInt8Unit(TopBody& body) {
  body.Heading("int8 unit");
  body.Instance(
      "tf_int8_unit",
      {{"Lanes", body.Pkg("WideBytes")},
       {"Queries", body.Pkg("Queries")},
       {"VectorLanes", body.Pkg("VectorLanes")},
       {"QmWords", body.Pkg("QmWords")}},
      "u_int8",
      Join({Clock("unit_rst_n"),
            {{"fault_i", fmt::format("fault_i[{}]", int(kFaultInt8)), true},
             {"instr_valid_i", "int8_valid"},
             {"instr_ready_o", "int8_ready"},
             {"instr_i", "int8_instr"},
             {"skip_i", "int8_skip"},
             {"length_i", "int8_length"},
             {"issue_o", "int8_issue"}},
            TokenPins("int8"),
            {{"go_o", "k_go"}},
            StreamPins("k"),
            Same("", "", {{"qm_we", 'i'}, {"qm_bank", 'i'}, {"qm_addr", 'i'}, {"qm_data", 'i'}}),
            VmPins("int8")}));
}

TopBody::Pins VectorTrace() {
  TopBody::Pins pins = {{"fault_add_i", fmt::format("fault_i[{}]", int(kFaultFp32Add)), true},
                        {"fault_mul_i", fmt::format("fault_i[{}]", int(kFaultFp32Multiply)), true}};
  for (const char* name : {"s_we", "s_addr", "s_data"}) {
    pins.push_back({fmt::format("trace_{}_o", name), fmt::format("trace_{}", name), true});
  }
  for (const char* name : {"we", "addr", "data"}) {
    pins.push_back({fmt::format("trace_vm_{}_o", name), fmt::format("vec_vm_{}", name), true});
  }
  return pins;
}

void EmitVectorUnit(TopBody& body) {
  body.Heading("Vector unit, with VM");
  body.SimulationOnly();
  body.Raw("logic vec_vm_we;");
  body.Raw("logic [19:0] vec_vm_addr;");
  body.out().Line("logic [{}*32-1:0] vec_vm_data;", body.Pkg("VectorLanes"));
  body.EndSimulationOnly();
  TopBody::Pins memories;
  for (const std::string unit : {"tern_vm_", "int8_vm_"}) {
    const TopBody::Pins pins =
        Same(unit, unit, {{"valid", 'i'}, {"ready", 'o'}, {"addr", 'i'}, {"data", 'i'}});
    memories.insert(memories.end(), pins.begin(), pins.end());
  }
  body.Instance("tf_vector_unit",
                {{"Lanes", body.Pkg("VectorLanes")},
                 {"WideBytes", body.Pkg("WideBytes")},
                 {"EngineLanes", body.Pkg("EngineLanes")},
                 {"Queries", body.Pkg("Queries")},
                 {"VmWords", body.Pkg("VmWords")},
                 {"AmWords", body.Pkg("AmWords")},
                 {"QmWords", body.Pkg("QmWords")},
                 {"VmStyle", body.Pkg("VmStyle")}},
                "u_vector",
                Join({Clock("unit_rst_n"),
                      VectorTrace(),
                      {{"instr_valid_i", "vec_valid"},
                       {"instr_ready_o", "vec_ready"},
                       {"instr_i", "vec_instr"},
                       {"instr_skip_i", "vec_skip"},
                       {"instr_length_i", "vec_length"},
                       {"instr_mem_addr_i", "vec_mem_addr"},
                       {"instr_mem_elem_i", "vec_mem_elem"},
                       {"issue_o", "vec_issue"}},
                      TokenPins("vec"),
                      {{"go_o", "v_go"}},
                      StreamPins("v"),
                      memories,
                      Same("", "",
                           {{"am_we", 'o'},
                            {"am_slot", 'o'},
                            {"am_addr", 'o'},
                            {"am_data", 'o'},
                            {"qm_we", 'o'},
                            {"qm_bank", 'o'},
                            {"qm_addr", 'o'},
                            {"qm_data", 'o'},
                            {"wr_valid", 'o'},
                            {"wr_ready", 'i'},
                            {"wr_addr", 'o'},
                            {"wr_data", 'o'},
                            {"wr_strb", 'o'}})}));
}

void EmitTrace(TopBody& body) {
  body.Heading("Trace and checks of the simulation");
  body.SimulationOnly();
  const auto assign = [&](const std::string& port, const std::string& value) {
    body.out().Line("assign trace_{:12} = {};", port, value);
  };
  for (const std::string unit : {"tern", "int8", "vec"}) {
    assign(unit + "_issue", unit + "_issue");
    assign(unit + "_retire", unit + "_valid && " + unit + "_ready");
    assign(unit + "_skip", unit + "_skip");
    assign(unit + "_index", unit + "_index");
  }
  body.Blank();
  body.Raw("logic tern_vm_we, int8_vm_we;");
  body.Raw("assign tern_vm_we = tern_vm_valid && tern_vm_ready;");
  body.Raw("assign int8_vm_we = int8_vm_valid && int8_vm_ready;");
  assign("vm_we", "tern_vm_we || int8_vm_we || vec_vm_we");
  assign("vm_writer", "tern_vm_we ? 2'd0 : int8_vm_we ? 2'd1 : 2'd2");
  assign("vm_addr", "tern_vm_we ? tern_vm_addr : int8_vm_we ? int8_vm_addr : vec_vm_addr");
  assign("vm_data", "tern_vm_we ? tern_vm_data : int8_vm_we ? int8_vm_data : vec_vm_data");
  for (const char* port :
       {"am_we", "am_slot", "am_addr", "am_data", "qm_we", "qm_bank", "qm_addr", "qm_data"}) {
    assign(port, port);
  }
  assign("mem_we", "wr_valid && wr_ready");
  assign("mem_addr", "wr_addr");
  assign("mem_data", "wr_data");
  assign("mem_strb", "wr_strb");
  body.Blank();
  body.Raw("always_ff @(posedge ap_clk) begin");
  body.Raw("  if (unit_rst_n) begin");
  body.Raw("    assert (row_valids == '0 || row_valids == '1)");
  body.out().Line("    else $error(\"{}: engines out of step\");", body.signature().top);
  body.Raw("    assert (2'(tern_vm_we) + 2'(int8_vm_we) + 2'(vec_vm_we) <= 2'd1)");
  body.out().Line("    else $error(\"{}: two writes of VM\");", body.signature().top);
  body.Raw("  end");
  body.Raw("end");
  body.EndSimulationOnly();
}

/// One port a line; the group of the simulation comes last, so that its `ifndef holds its comma.
void EmitPorts(TextWriter& out, const DesignSignature& s) {
  size_t type_width = 0, name_width = 0;
  for (const SignaturePortGroup& group : s.ports) {
    for (const SignaturePort& port : group.ports) {
      type_width = std::max(type_width, Range(port.width).size());
      name_width = std::max(name_width, port.name.size() + 1);
    }
  }
  bool first = true;
  for (const SignaturePortGroup& group : s.ports) {
    const bool simulation = !group.ports.empty() && group.ports.front().simulation;
    if (simulation) {
      out.Edge("`ifndef SYNTHESIS");
      out.Raw(",");
    } else if (!first) {
      out.Blank();
    }
    first = false;
    out.Raw("// " + group.text);
    const bool last_group = &group == &s.ports.back() || (&group + 1)->ports.front().simulation;
    for (const SignaturePort& port : group.ports) {
      const bool last = last_group && &port == &group.ports.back();
      const std::string name = port.name + (last ? "" : ",");
      const bool reserved = port.name == "interrupt";
      if (reserved) out.Raw("/* verilator lint_off SYMRSVDWORD */  // the vendor's name");
      out.Line("{:6} logic {:{}} {:{}}{}", port.output ? "output" : "input", Range(port.width),
               type_width, name, name_width, port.text.empty() ? "" : "  // " + port.text);
      if (reserved) out.Raw("/* verilator lint_on SYMRSVDWORD */");
    }
    if (simulation) out.Edge("`endif");
  }
}

}  // namespace

std::string GeneratedBanner(const DesignSignature& s, const std::string& comment,
                            const std::string& what) {
  const DesignParams& d = s.params;
  return fmt::format(
      "{0} SPDX-License-Identifier: Apache-2.0\n"
      "{0} AUTO-GENERATED by `ternfab generate`; do not edit.\n"
      "{0}\n"
      "{0} {1}\n"
      "{0} Spec {2} for {3} at {4} MHz (given), design hash {5:016x}:\n"
      "{0} {6} engines x {7} lanes x batch {8}, int8 {9} lanes x {10} queries, {11} fp32 lanes,\n"
      "{0} {6} memory ports x {12} bits.\n",
      comment, what, s.name, s.device, s.clock_mhz, s.hash, d.ports, d.lanes, d.batch,
      d.int8_lanes(), d.queries, d.vector_lanes, d.width_bits);
}

std::string EmitDesignPackage(const DesignSignature& s) {
  const DesignParams& d = s.params;
  TextWriter out;
  out.Raw("/* verilator lint_off UNUSEDPARAM */  // some constants only describe the design");
  out.Line("package {};", s.package);
  out.Indent();
  const auto constant = [&](const char* name, int value, const char* text) {
    out.Line("localparam int {:11} = {:6};  // {}", name, value, text);
  };
  constant("Ports", d.ports, "memory ports and ternary engines");
  constant("WidthBits", d.width_bits, "of a port's beat");
  constant("WideBits", 8 * d.wide_bytes(), "of a wide beat: one beat of every port");
  constant("WideBytes", d.wide_bytes(), "of a wide beat; int8 lanes");
  constant("EngineLanes", d.lanes, "trits of a port's beat");
  constant("Batch", d.batch, "slots");
  constant("Queries", d.queries, "banks of QM");
  constant("VectorLanes", d.vector_lanes, "fp32 lanes; elements of a word of VM");
  constant("VmWords", d.vm_words, "of VectorLanes x 32 bits");
  constant("VmStyle", s.vm_style, "of tf_ram_sdp");
  constant("AmWords", d.am_words, "of EngineLanes x 8 bits, for each slot");
  constant("QmWords", d.qm_words, "of WideBits, for each bank");
  constant("MaxBurst", s.max_burst_beats, "beats of a read burst");
  constant("IDepth", s.depths.instruction, "wide beats of the instruction stream's queue");
  constant("VDepth", s.depths.vector, "of the vector unit's");
  constant("KDepth", s.depths.int8, "of the int8 unit's");
  constant("WDepth", s.depths.weight, "of the ternary unit's");
  constant("WriteDepth", s.write_depth, "writes queued or unacknowledged");
  out.Line("localparam bit [63:0] DesignHash = 64'h{:016x};", s.hash);
  out.Outdent();
  out.Raw("endpackage");
  out.Raw("/* verilator lint_on UNUSEDPARAM */");
  return GeneratedBanner(s, "//", "Constants of the design.") + out.text();
}

std::string EmitTop(const DesignSignature& s) {
  TextWriter head;
  head.Raw("//");
  head.Raw("// AXI4-Lite for control, one AXI4 manager a memory port; the units between them are");
  head.Raw("// the modules of this folder. A run: write the arguments and ap_start, wait for");
  head.Raw("// interrupt or ap_done. The trace ports exist in simulation only.");
  head.Line("module {} (", s.top);
  head.Indent();
  EmitPorts(head, s);
  head.Outdent();
  head.Raw(");");

  TopBody body(s);
  body.out().Indent();
  EmitMemoryPorts(body);
  EmitRegisters(body);
  EmitSequencer(body);
  EmitTokens(body);
  EmitReadDma(body);
  EmitWriteDma(body);
  EmitUnitMemoryNets(body);
  EmitTernaryUnit(body);
  EmitEngines(body);
  EmitInt8Unit(body);
  EmitVectorUnit(body);
  EmitTrace(body);
  body.Blank();
  body.Raw("logic unused;");
  body.Raw("assign unused = ^{unused_awid, unused_arid};");
  return GeneratedBanner(s, "//", "Top module.") + head.text() + body.out().text() + "endmodule\n";
}

}  // namespace ternfab
