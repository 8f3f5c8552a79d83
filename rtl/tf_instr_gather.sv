// SPDX-License-Identifier: Apache-2.0
// Wide beats to units of 64 bytes: program headers and instructions.
//
// Beats of less than 64 bytes are collected in order; of a longer beat the first 64 bytes count.
// Latency: none where a wide beat has 64 bytes or more, else one cycle after the last beat.
// Handshake: ready/valid. clr_i drops what was collected.
// Constraint: WideBits is a power of two, at least 32.
module tf_instr_gather #(
  parameter int WideBits = 64
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                clr_i,

  input  logic                beat_valid_i,
  output logic                beat_ready_o,
  input  logic [WideBits-1:0] beat_i,

  output logic                valid_o,
  input  logic                ready_i,
  output logic [511:0]        data_o
);
  if (WideBits >= 512) begin : gen_direct
    logic unused;

    assign valid_o      = beat_valid_i;
    assign beat_ready_o = ready_i;
    assign data_o       = beat_i[511:0];
    assign unused       = clk_i ^ rst_ni ^ clr_i ^ (^beat_i);
  end else begin : gen_collect
    localparam int Beats     = 512 / WideBits;
    localparam int CountBits = $clog2(Beats + 1);

    logic [CountBits-1:0] count_q;
    logic [511:0]         data_q;

    assign valid_o      = count_q == CountBits'(Beats);
    assign beat_ready_o = !valid_o;
    assign data_o       = data_q;

    always_ff @(posedge clk_i) begin
      if (!rst_ni || clr_i) count_q <= '0;
      else if (valid_o && ready_i) count_q <= '0;
      else if (beat_valid_i && beat_ready_o) count_q <= count_q + 1'b1;
    end
    always_ff @(posedge clk_i) begin
      if (beat_valid_i && beat_ready_o) data_q <= {beat_i, data_q[511:WideBits]};
    end
  end
endmodule
