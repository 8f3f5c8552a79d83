// SPDX-License-Identifier: Apache-2.0
// Three ternary units (Engines, Batch, Lanes, VectorLanes): 0 (4, 4, 80, 16), 1 (2, 2, 40, 4),
// 2 (1, 1, 40, 1); tern_select_i chooses the one that takes part. Its buses are the low bits of the
// wide ones. The test stands in for the engines.
`ifdef BENCH_PORTS
  , input  logic [1:0]    tern_select_i
  , input  logic [3:0]    tern_count_i
  , input  logic          tern_instr_valid_i
  , output logic          tern_instr_ready_o
  , input  logic [511:0]  tern_instr_i
  , input  logic          tern_skip_i
  , output logic          tern_issue_o
  , output logic          tern_starved_o
  , output logic          tern_consumed_o
  , input  logic [3:0]    tern_tok_avail_i
  , output logic [3:0]    tern_tok_take_o
  , output logic [3:0]    tern_tok_put_o
  , input  logic          tern_stream_valid_i
  , output logic          tern_stream_ready_o
  , input  logic [511:0]  tern_stream_data_i
  , input  logic          tern_am_we_i
  , input  logic [2:0]    tern_am_slot_i
  , input  logic [15:0]   tern_am_addr_i
  , input  logic [639:0]  tern_am_data_i
  , output logic          tern_beat_valid_o
  , output logic [511:0]  tern_beat_o
  , output logic [2559:0] tern_act_o
  , output logic          tern_first_o
  , output logic          tern_last_o
  , output logic [3:0]    tern_slice_en_o
  , input  logic          tern_row_valid_i
  , input  logic [511:0]  tern_row_i
  , output logic          tern_vm_valid_o
  , input  logic          tern_vm_ready_i
  , output logic [19:0]   tern_vm_addr_o
  , output logic [511:0]  tern_vm_data_o
`endif
`ifdef BENCH_BODY
  localparam int TernShapes = 3;
  logic [TernShapes-1:0]      tern_ready, tern_issue, tern_starved, tern_consumed;
  logic [TernShapes-1:0]      tern_stream_ready, tern_beat_valid, tern_first, tern_last;
  logic [TernShapes-1:0]      tern_vm_valid;
  logic [TernShapes*4-1:0]    tern_take, tern_put, tern_slice_en;
  logic [TernShapes*20-1:0]   tern_vm_addr;
  logic [TernShapes*512-1:0]  tern_beat, tern_vm_data;
  logic [TernShapes*2560-1:0] tern_act;

  for (genvar i = 0; i < TernShapes; i++) begin : gen_tern
    localparam int Engines     = (i == 0) ? 4 : (i == 1) ? 2 : 1;
    localparam int Batch       = (i == 0) ? 4 : (i == 1) ? 2 : 1;
    localparam int Lanes       = (i == 0) ? 80 : 40;
    localparam int WidthBits   = (i == 0) ? 128 : 64;
    localparam int VectorLanes = (i == 0) ? 16 : (i == 1) ? 4 : 1;
    logic                         used;
    logic [Engines*WidthBits-1:0] beat;
    logic [Batch*Lanes*8-1:0]     act;
    logic [Batch-1:0]             slice_en;
    logic [VectorLanes*32-1:0]    data;
    assign used = tern_select_i == 2'(i);
    tf_ternary_unit #(
      .Engines    (Engines),
      .Batch      (Batch),
      .Lanes      (Lanes),
      .WidthBits  (WidthBits),
      .VectorLanes(VectorLanes),
      .AmWords    (48)
    ) u_ternary (
      .clk_i,
      .rst_ni,
      .count_i       (tern_count_i),
      .instr_valid_i (tern_instr_valid_i && used),
      .instr_ready_o (tern_ready[i]),
      .instr_i       (tern_instr_i),
      .skip_i        (tern_skip_i),
      .issue_o       (tern_issue[i]),
      .starved_o     (tern_starved[i]),
      .consumed_o    (tern_consumed[i]),
      .tok_avail_i   (tern_tok_avail_i),
      .tok_take_o    (tern_take[i*4 +: 4]),
      .tok_put_o     (tern_put[i*4 +: 4]),
      .stream_valid_i(tern_stream_valid_i && used),
      .stream_ready_o(tern_stream_ready[i]),
      .stream_data_i (tern_stream_data_i[Engines*WidthBits-1:0]),
      .am_we_i       (tern_am_we_i && used),
      .am_slot_i     (tern_am_slot_i),
      .am_addr_i     (tern_am_addr_i),
      .am_data_i     (tern_am_data_i[Lanes*8-1:0]),
      .beat_valid_o  (tern_beat_valid[i]),
      .beat_o        (beat),
      .act_o         (act),
      .first_o       (tern_first[i]),
      .last_o        (tern_last[i]),
      .slice_en_o    (slice_en),
      .row_valid_i   (tern_row_valid_i && used),
      .row_i         (tern_row_i[Batch*Engines*32-1:0]),
      .vm_valid_o    (tern_vm_valid[i]),
      .vm_ready_i    (tern_vm_ready_i),
      .vm_addr_o     (tern_vm_addr[i*20 +: 20]),
      .vm_data_o     (data)
    );
    assign tern_beat[i*512 +: 512]    = 512'(beat);
    assign tern_act[i*2560 +: 2560]   = 2560'(act);
    assign tern_slice_en[i*4 +: 4]    = 4'(slice_en);
    assign tern_vm_data[i*512 +: 512] = 512'(data);
  end
  assign tern_instr_ready_o  = tern_ready[tern_select_i];
  assign tern_issue_o        = tern_issue[tern_select_i];
  assign tern_starved_o      = tern_starved[tern_select_i];
  assign tern_consumed_o     = tern_consumed[tern_select_i];
  assign tern_tok_take_o     = tern_take[tern_select_i*4 +: 4];
  assign tern_tok_put_o      = tern_put[tern_select_i*4 +: 4];
  assign tern_stream_ready_o = tern_stream_ready[tern_select_i];
  assign tern_beat_valid_o   = tern_beat_valid[tern_select_i];
  assign tern_beat_o         = tern_beat[tern_select_i*512 +: 512];
  assign tern_act_o          = tern_act[tern_select_i*2560 +: 2560];
  assign tern_first_o        = tern_first[tern_select_i];
  assign tern_last_o         = tern_last[tern_select_i];
  assign tern_slice_en_o     = tern_slice_en[tern_select_i*4 +: 4];
  assign tern_vm_valid_o     = tern_vm_valid[tern_select_i];
  assign tern_vm_addr_o      = tern_vm_addr[tern_select_i*20 +: 20];
  assign tern_vm_data_o      = tern_vm_data[tern_select_i*512 +: 512];
`endif
