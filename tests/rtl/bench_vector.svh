// SPDX-License-Identifier: Apache-2.0
// Vector units of several shapes: `BENCH_VECTOR(name, Lanes, WideBytes, EngineLanes)`. The ports of
// each are those of tf_vector_unit with the prefix vec_<name>_.
`ifdef BENCH_PORTS
`define BENCH_VECTOR(name, lanes, wide, engine) \
  , input  logic                 vec_``name``_instr_valid_i \
  , output logic                 vec_``name``_instr_ready_o \
  , input  logic [511:0]         vec_``name``_instr_i \
  , input  logic                 vec_``name``_instr_skip_i \
  , input  logic [31:0]          vec_``name``_instr_length_i \
  , input  logic [31:0]          vec_``name``_instr_mem_addr_i \
  , input  logic [31:0]          vec_``name``_instr_mem_elem_i \
  , output logic                 vec_``name``_issue_o \
  , input  logic [3:0]           vec_``name``_tok_avail_i \
  , output logic [3:0]           vec_``name``_tok_take_o \
  , output logic [3:0]           vec_``name``_tok_put_o \
  , output logic                 vec_``name``_go_o \
  , input  logic                 vec_``name``_stream_valid_i \
  , output logic                 vec_``name``_stream_ready_o \
  , input  logic [wide*8-1:0]    vec_``name``_stream_data_i \
  , input  logic                 vec_``name``_tern_vm_valid_i \
  , output logic                 vec_``name``_tern_vm_ready_o \
  , input  logic [19:0]          vec_``name``_tern_vm_addr_i \
  , input  logic [lanes*32-1:0]  vec_``name``_tern_vm_data_i \
  , input  logic                 vec_``name``_int8_vm_valid_i \
  , output logic                 vec_``name``_int8_vm_ready_o \
  , input  logic [19:0]          vec_``name``_int8_vm_addr_i \
  , input  logic [lanes*32-1:0]  vec_``name``_int8_vm_data_i \
  , output logic                 vec_``name``_am_we_o \
  , output logic [2:0]           vec_``name``_am_slot_o \
  , output logic [15:0]          vec_``name``_am_addr_o \
  , output logic [engine*8-1:0]  vec_``name``_am_data_o \
  , output logic                 vec_``name``_qm_we_o \
  , output logic [2:0]           vec_``name``_qm_bank_o \
  , output logic [15:0]          vec_``name``_qm_addr_o \
  , output logic [wide*8-1:0]    vec_``name``_qm_data_o \
  , input  logic                 vec_``name``_tag_read_i \
  , output logic                 vec_``name``_tag_ready_o \
  , input  logic [23:0]          vec_``name``_tag_element_i \
  , output logic                 vec_``name``_tag_valid_o \
  , output logic [11:0]          vec_``name``_tag_o \
  , output logic                 vec_``name``_wr_valid_o \
  , input  logic                 vec_``name``_wr_ready_i \
  , output logic [31:0]          vec_``name``_wr_addr_o \
  , output logic [wide*8-1:0]    vec_``name``_wr_data_o \
  , output logic [wide-1:0]      vec_``name``_wr_strb_o \
  , output logic                 vec_``name``_trace_s_we_o \
  , output logic [7:0]           vec_``name``_trace_s_addr_o \
  , output logic [31:0]          vec_``name``_trace_s_data_o \
  , output logic                 vec_``name``_trace_vm_we_o \
  , output logic [19:0]          vec_``name``_trace_vm_addr_o \
  , output logic [lanes*32-1:0]  vec_``name``_trace_vm_data_o \
  , input  logic                 vec_``name``_fault_add_i \
  , input  logic                 vec_``name``_fault_mul_i
`endif
`ifdef BENCH_BODY
`define BENCH_VECTOR(name, lanes, wide, engine) \
  tf_vector_unit #( \
    .Lanes(lanes), .WideBytes(wide), .EngineLanes(engine), .Slots(8), .Queries(8), .VmWords(4096), \
    .AmWords(128), .QmWords(128) \
  ) u_vec_``name ( \
    .clk_i, .rst_ni, \
    .instr_valid_i(vec_``name``_instr_valid_i), .instr_ready_o(vec_``name``_instr_ready_o), \
    .instr_i(vec_``name``_instr_i), .instr_skip_i(vec_``name``_instr_skip_i), \
    .instr_length_i(vec_``name``_instr_length_i), \
    .instr_mem_addr_i(vec_``name``_instr_mem_addr_i), \
    .instr_mem_elem_i(vec_``name``_instr_mem_elem_i), .issue_o(vec_``name``_issue_o), \
    .tok_avail_i(vec_``name``_tok_avail_i), .tok_take_o(vec_``name``_tok_take_o), \
    .tok_put_o(vec_``name``_tok_put_o), .go_o(vec_``name``_go_o), \
    .stream_valid_i(vec_``name``_stream_valid_i), .stream_ready_o(vec_``name``_stream_ready_o), \
    .stream_data_i(vec_``name``_stream_data_i), \
    .tern_vm_valid_i(vec_``name``_tern_vm_valid_i), \
    .tern_vm_ready_o(vec_``name``_tern_vm_ready_o), \
    .tern_vm_addr_i(vec_``name``_tern_vm_addr_i), .tern_vm_data_i(vec_``name``_tern_vm_data_i), \
    .int8_vm_valid_i(vec_``name``_int8_vm_valid_i), \
    .int8_vm_ready_o(vec_``name``_int8_vm_ready_o), \
    .int8_vm_addr_i(vec_``name``_int8_vm_addr_i), .int8_vm_data_i(vec_``name``_int8_vm_data_i), \
    .am_we_o(vec_``name``_am_we_o), .am_slot_o(vec_``name``_am_slot_o), \
    .am_addr_o(vec_``name``_am_addr_o), .am_data_o(vec_``name``_am_data_o), \
    .qm_we_o(vec_``name``_qm_we_o), .qm_bank_o(vec_``name``_qm_bank_o), \
    .qm_addr_o(vec_``name``_qm_addr_o), .qm_data_o(vec_``name``_qm_data_o), \
    .tag_read_i(vec_``name``_tag_read_i), .tag_ready_o(vec_``name``_tag_ready_o), \
    .tag_element_i(vec_``name``_tag_element_i), .tag_valid_o(vec_``name``_tag_valid_o), \
    .tag_o(vec_``name``_tag_o), \
    .wr_valid_o(vec_``name``_wr_valid_o), .wr_ready_i(vec_``name``_wr_ready_i), \
    .wr_addr_o(vec_``name``_wr_addr_o), .wr_data_o(vec_``name``_wr_data_o), \
    .wr_strb_o(vec_``name``_wr_strb_o), \
    .trace_s_we_o(vec_``name``_trace_s_we_o), .trace_s_addr_o(vec_``name``_trace_s_addr_o), \
    .trace_s_data_o(vec_``name``_trace_s_data_o), \
    .trace_vm_we_o(vec_``name``_trace_vm_we_o), \
    .trace_vm_addr_o(vec_``name``_trace_vm_addr_o), \
    .trace_vm_data_o(vec_``name``_trace_vm_data_o), \
    .fault_add_i(vec_``name``_fault_add_i), .fault_mul_i(vec_``name``_fault_mul_i) \
  );
`endif
`BENCH_VECTOR(v1, 1, 4, 5)
`BENCH_VECTOR(v2, 2, 16, 20)
`BENCH_VECTOR(v16, 16, 64, 80)
`undef BENCH_VECTOR
