// SPDX-License-Identifier: Apache-2.0
// Two int8 units (Lanes, Queries, VectorLanes): 0 (64, 4, 16) and 1 (8, 2, 2); int8_select_i chooses
// the one that takes part. Its buses are the low bits of the wide ones.
`ifdef BENCH_PORTS
  , input  logic          int8_select_i
  , input  logic          int8_instr_valid_i
  , output logic          int8_instr_ready_o
  , input  logic [511:0]  int8_instr_i
  , input  logic          int8_skip_i
  , input  logic [31:0]   int8_length_i
  , output logic          int8_issue_o
  , input  logic [3:0]    int8_tok_avail_i
  , output logic [3:0]    int8_tok_take_o
  , output logic [3:0]    int8_tok_put_o
  , output logic          int8_go_o
  , input  logic          int8_stream_valid_i
  , output logic          int8_stream_ready_o
  , input  logic [511:0]  int8_stream_data_i
  , input  logic          int8_qm_we_i
  , input  logic [2:0]    int8_qm_bank_i
  , input  logic [15:0]   int8_qm_addr_i
  , input  logic [511:0]  int8_qm_data_i
  , output logic          int8_vm_valid_o
  , input  logic          int8_vm_ready_i
  , output logic [19:0]   int8_vm_addr_o
  , output logic [511:0]  int8_vm_data_o
  , input  logic          int8_fault_i
`endif
`ifdef BENCH_BODY
  logic [1:0]    int8_ready, int8_issue, int8_go, int8_stream_ready, int8_vm_valid;
  logic [7:0]    int8_take, int8_put;
  logic [39:0]   int8_vm_addr;
  logic [1023:0] int8_vm_data;

  for (genvar i = 0; i < 2; i++) begin : gen_int8
    localparam int Lanes       = (i == 0) ? 64 : 8;
    localparam int Queries     = (i == 0) ? 4 : 2;
    localparam int VectorLanes = (i == 0) ? 16 : 2;
    logic                      used;
    logic [VectorLanes*32-1:0] data;
    assign used = int8_select_i == 1'(i);
    tf_int8_unit #(
      .Lanes      (Lanes),
      .Queries    (Queries),
      .VectorLanes(VectorLanes),
      .QmWords    (64)
    ) u_int8 (
      .clk_i,
      .rst_ni,
      .instr_valid_i (int8_instr_valid_i && used),
      .instr_ready_o (int8_ready[i]),
      .instr_i       (int8_instr_i),
      .skip_i        (int8_skip_i),
      .length_i      (int8_length_i),
      .issue_o       (int8_issue[i]),
      .tok_avail_i   (int8_tok_avail_i),
      .tok_take_o    (int8_take[i*4 +: 4]),
      .tok_put_o     (int8_put[i*4 +: 4]),
      .go_o          (int8_go[i]),
      .stream_valid_i(int8_stream_valid_i && used),
      .stream_ready_o(int8_stream_ready[i]),
      .stream_data_i (int8_stream_data_i[Lanes*8-1:0]),
      .qm_we_i       (int8_qm_we_i && used),
      .qm_bank_i     (int8_qm_bank_i),
      .qm_addr_i     (int8_qm_addr_i),
      .qm_data_i     (int8_qm_data_i[Lanes*8-1:0]),
      .vm_valid_o    (int8_vm_valid[i]),
      .vm_ready_i    (int8_vm_ready_i),
      .vm_addr_o     (int8_vm_addr[i*20 +: 20]),
      .vm_data_o     (data),
      .fault_i       (int8_fault_i)
    );
    assign int8_vm_data[i*512 +: 512] = 512'(data);
  end
  assign int8_instr_ready_o  = int8_ready[int8_select_i];
  assign int8_issue_o        = int8_issue[int8_select_i];
  assign int8_tok_take_o     = int8_take[int8_select_i*4 +: 4];
  assign int8_tok_put_o      = int8_put[int8_select_i*4 +: 4];
  assign int8_go_o           = int8_go[int8_select_i];
  assign int8_stream_ready_o = int8_stream_ready[int8_select_i];
  assign int8_vm_valid_o     = int8_vm_valid[int8_select_i];
  assign int8_vm_addr_o      = int8_vm_addr[int8_select_i*20 +: 20];
  assign int8_vm_data_o      = int8_vm_data[int8_select_i*512 +: 512];
`endif
