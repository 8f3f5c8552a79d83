// SPDX-License-Identifier: Apache-2.0
#include "codegen/engine_writer.h"
#include "codegen/table_tree.h"
#include "codegen/top_body.h"

// The three units, the engines and the trace of the top module.

namespace ternfab::top {

namespace {

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
  return Same("vm_", unit + "_vm_", "valid_o ready_i addr_o data_o");
}

}  // namespace

void EmitUnitMemoryNets(TopBody& body) {
  body.Heading("Writes of VM, AM and QM");
  for (const char* unit : {"tern", "int8"}) {
    body.Line("logic {0}_vm_valid, {0}_vm_ready;", unit);
    body.Line("logic [19:0] {}_vm_addr;", unit);
    body.Line("logic [{}*32-1:0] {}_vm_data;", body.Pkg("VectorLanes"), unit);
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
  body.Instance("tf_ternary_unit",
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
                      Same("", "", "am_we_i am_slot_i am_addr_i am_data_i"),
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

namespace {

/// Tables of the activations, one of each slice for all engines.
void EmitTables(TopBody& body, const EngineShape& shape) {
  const int bits = TripleTableBits(shape.lanes);
  body.Heading("Tables of the activations' sums, for all engines");
  body.Nets(std::to_string(shape.batch * bits), {"eng_tables"});
  body.Line("for (genvar t = 0; t < {}; t++) begin : gen_tables", body.Pkg("Batch"));
  body.Indent();
  body.Instance("tf_triple_tables", {{"Lanes", body.Pkg("EngineLanes")}}, "u_tables",
                {{"clk_i", "ap_clk"},
                 {"en_i", "eng_valid && slice_en[t]"},
                 {"act_i", fmt::format("eng_act[t*{0}*8 +: {0}*8]", body.Pkg("EngineLanes"))},
                 {"tables_o", fmt::format("eng_tables[t*{0} +: {0}]", bits)}});
  body.Outdent();
  body.Raw("end");
}

}  // namespace

void EmitEngines(TopBody& body) {
  const EngineShape shape = EngineShapeOf(body.signature());
  const bool table = shape.kind == EngineKind::kTable;
  if (table) EmitTables(body, shape);
  body.Heading("Ternary engines: engine e has the weights of port e; all advance together");
  body.Nets(body.Pkg("Ports"), {"row_valids", "bad_codes"});
  body.Raw("assign row_valid     = row_valids[0];");
  body.Raw("assign tern_bad_code = |bad_codes;");
  body.Blank();
  body.Line("for (genvar e = 0; e < {}; e++) begin : gen_engine", body.Pkg("Ports"));
  body.Indent();
  body.Nets(body.Pkg("Batch") + "*32", {"engine_row"});
  body.SimulationOnly();
  body.Raw("localparam int Engine = e;");
  body.Raw("logic [1:0] engine_fault;");
  body.Line("assign engine_fault = (Engine == 0) ? {{fault_i[{}], fault_i[{}]}} : 2'b00;",
            int(kFaultDecoder), int(kFaultTree));
  body.EndSimulationOnly();
  body.Instance(
      EngineModule(shape), {}, "u_engine",
      Join({Clock("unit_rst_n"),
            {{"fault_i", "engine_fault", true},
             {"beat_valid_i", "eng_valid"},
             {"beat_i", fmt::format("eng_beat[e*{0} +: {0}]", body.Pkg("WidthBits"))},
             table ? TopBody::Pin{"tables_i", "eng_tables"} : TopBody::Pin{"act_i", "eng_act"},
             {"first_i", "eng_first"},
             {"last_i", "eng_last"},
             {"slice_en_i", "slice_en"},
             {"row_valid_o", "row_valids[e]"},
             {"row_o", "engine_row"},
             {"invalid_o", "bad_codes[e]"}}}));
  body.Line("for (genvar b = 0; b < {}; b++) begin : gen_slice", body.Pkg("Batch"));
  body.Line("  assign row[(b*{} + e)*32 +: 32] = engine_row[b*32 +: 32];", body.Pkg("Ports"));
  body.Raw("end");
  body.Outdent();
  body.Raw("end");
}

void EmitInt8Unit(TopBody& body) {
  body.Heading("int8 unit");
  body.Instance("tf_int8_unit",
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
                      Same("", "", "qm_we_i qm_bank_i qm_addr_i qm_data_i"),
                      VmPins("int8")}));
}

namespace {

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

}  // namespace

void EmitVectorUnit(TopBody& body) {
  body.Heading("Vector unit, with VM");
  body.SimulationOnly();
  body.Raw("logic vec_vm_we;");
  body.Raw("logic [19:0] vec_vm_addr;");
  body.Line("logic [{}*32-1:0] vec_vm_data;", body.Pkg("VectorLanes"));
  body.EndSimulationOnly();
  TopBody::Pins memories;
  for (const std::string unit : {"tern_vm_", "int8_vm_"}) {
    const TopBody::Pins pins = Same(unit, unit, "valid_i ready_o addr_i data_i");
    memories.insert(memories.end(), pins.begin(), pins.end());
  }
  body.Instance("tf_vector_unit",
                {{"Lanes", body.Pkg("VectorLanes")},
                 {"WideBytes", body.Pkg("WideBytes")},
                 {"EngineLanes", body.Pkg("EngineLanes")},
                 {"Slots", body.Pkg("Batch")},
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
                      Same("", "", "tag_read_i tag_ready_o tag_element_i tag_valid_o tag_o"),
                      TokenPins("vec"),
                      {{"go_o", "v_go"}},
                      StreamPins("v"),
                      memories,
                      Same("", "",
                           "am_we_o am_slot_o am_addr_o am_data_o qm_we_o qm_bank_o qm_addr_o "
                           "qm_data_o wr_valid_o wr_ready_i wr_addr_o wr_data_o wr_strb_o")}));
}

void EmitTrace(TopBody& body) {
  body.Heading("Trace and checks of the simulation");
  body.SimulationOnly();
  const auto assign = [&](const std::string& port, const std::string& value) {
    body.Line("assign trace_{:12} = {};", port, value);
  };
  for (const std::string unit : {"tern", "int8", "vec"}) {
    assign(unit + "_issue", unit + "_issue");
    assign(unit + "_retire", unit + "_valid && " + unit + "_ready");
    assign(unit + "_skip", unit + "_skip");
    assign(unit + "_index", unit + "_index");
  }
  assign("run", "unit_rst_n && !idle");
  assign("head", "{vec_valid, int8_valid, tern_valid}");
  body.Raw("logic [3:0] stream_valid, stream_ready;");
  body.Raw("assign stream_valid = {w_valid, k_valid, v_valid, i_valid};");
  body.Raw("assign stream_ready = {w_ready, k_ready, v_ready, i_ready};");
  assign("beat", "stream_valid & stream_ready");
  assign("starved", "stream_ready & ~stream_valid");
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
  body.Line("    else $error(\"{}: engines out of step\");", body.signature().top);
  body.Raw("    assert (2'(tern_vm_we) + 2'(int8_vm_we) + 2'(vec_vm_we) <= 2'd1)");
  body.Line("    else $error(\"{}: two writes of VM\");", body.signature().top);
  body.Raw("  end");
  body.Raw("end");
  body.EndSimulationOnly();
}

}  // namespace ternfab::top
