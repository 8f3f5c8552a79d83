// SPDX-License-Identifier: Apache-2.0
// Queue of the instructions of one unit, and whether the unit has one in work.
//
// Latency: one cycle from push_i to valid_o. Handshake: ready/valid; the unit raises ready_i for
// the cycle in which the head retires, and pulses issue_i in the cycle in which it starts it (both
// may be the same cycle). busy_o: the cycles from issue to retire, both included.
// clr_i empties the queue and forgets the instruction in work.
// Keep: the instruction's words that the unit reads; the others are 0 behind the queue.
module tf_unit_queue #(
  parameter int        ExtraBits = 32,  // resolved fields beside instruction, index and skip
  parameter int        Depth     = 16,
  parameter bit [15:0] Keep      = 16'hffff
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 clr_i,

  input  logic                 push_i,  // only while ready_o
  output logic                 ready_o,
  input  logic [511:0]         instr_i,
  input  logic [31:0]          index_i,
  input  logic                 skip_i,
  input  logic [ExtraBits-1:0] extra_i,

  output logic                 valid_o,
  input  logic                 ready_i,
  output logic [511:0]         instr_o,
  output logic [31:0]          index_o,
  output logic                 skip_o,
  output logic [ExtraBits-1:0] extra_o,

  input  logic                 issue_i,
  output logic                 busy_o
);
  // Kept words below word w.
  function automatic int kept(input int w);
    kept = 0;
    for (int i = 0; i < w; i++) kept = kept + (Keep[i] ? 1 : 0);
  endfunction

  localparam int Words = kept(16);

  logic                working_q;
  logic [Words*32-1:0] words_in, words_out;

  for (genvar w = 0; w < 16; w++) begin : gen_word
    if (Keep[w]) begin : gen_kept
      localparam int Place = kept(w);
      assign words_in[Place*32 +: 32] = instr_i[w*32 +: 32];
      assign instr_o[w*32 +: 32]      = words_out[Place*32 +: 32];
    end else begin : gen_dropped
      logic unused_word;
      assign unused_word         = ^instr_i[w*32 +: 32];
      assign instr_o[w*32 +: 32] = 32'd0;
    end
  end

  tf_fifo #(
    .Width(Words * 32 + 32 + 1 + ExtraBits),
    .Depth(Depth)
  ) u_fifo (
    .clk_i,
    .rst_ni,
    .clr_i,
    .wr_valid_i(push_i),
    .wr_ready_o(ready_o),
    .wr_data_i ({extra_i, skip_i, index_i, words_in}),
    .rd_valid_o(valid_o),
    .rd_ready_i(ready_i),
    .rd_data_o ({extra_o, skip_o, index_o, words_out})
  );

  assign busy_o = working_q || issue_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clr_i) working_q <= 1'b0;
    else working_q <= busy_o && !(valid_o && ready_i);
  end
endmodule
