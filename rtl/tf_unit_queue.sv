// SPDX-License-Identifier: Apache-2.0
// Queue of the instructions of one unit, and whether the unit has one in work.
//
// Latency: one cycle from push_i to valid_o. Handshake: ready/valid; the unit raises ready_i for
// the cycle in which the head retires, and pulses issue_i in the cycle in which it starts it (both
// may be the same cycle). busy_o: the cycles from issue to retire, both included.
// clr_i empties the queue and forgets the instruction in work.
module tf_unit_queue #(
  parameter int ExtraBits = 32,  // resolved fields beside instruction, index and skip
  parameter int Depth     = 16
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
  logic working_q;

  tf_fifo #(
    .Width(512 + 32 + 1 + ExtraBits),
    .Depth(Depth)
  ) u_fifo (
    .clk_i,
    .rst_ni,
    .clr_i,
    .wr_valid_i(push_i),
    .wr_ready_o(ready_o),
    .wr_data_i ({extra_i, skip_i, index_i, instr_i}),
    .rd_valid_o(valid_o),
    .rd_ready_i(ready_i),
    .rd_data_o ({extra_o, skip_o, index_o, instr_o})
  );

  assign busy_o = working_q || issue_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clr_i) working_q <= 1'b0;
    else working_q <= busy_o && !(valid_o && ready_i);
  end
endmodule
