// SPDX-License-Identifier: Apache-2.0
//
// One batch slice of an int8 engine: a multiplier for each lane and the tree of their sums.
//
//   sum_o = sum over the lanes of weight * activation, exact: [-127 * 128 * Lanes, 128 * 128 * Lanes]
//
// Latency 1 + (clog2(Lanes) + 1) / 2 (tf_int_tree): operands with en_i in cycle c, sum_o and valid_o
// in cycle c + latency. No handshake: operands in every cycle if wanted. Registers change only when
// operands pass. Lanes is a power of two, at least 2.
//
// Synthesis makes a DSP block of each multiplier.
module tf_int8_mac #(
  parameter int Lanes = 16
) (
  input  logic                               clk_i,
  input  logic                               rst_ni,
  input  logic                               en_i,
  input  logic [8*Lanes-1:0]                 weight_i,  // lane j at [8j +: 8]: int8
  input  logic [8*Lanes-1:0]                 act_i,     // lane j at [8j +: 8]: int8
  output logic signed [16+$clog2(Lanes)-1:0] sum_o,
  output logic                               valid_o
);
  function automatic logic [16*Lanes-1:0] products(input logic [8*Lanes-1:0] a,
                                                   input logic [8*Lanes-1:0] b);
    for (int i = 0; i < Lanes; i++) begin
      products[i*16 +: 16] = 16'($signed(a[i*8 +: 8])) * 16'($signed(b[i*8 +: 8]));
    end
  endfunction

  logic                valid_q;
  logic [16*Lanes-1:0] product_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= 1'b0;
    else valid_q <= en_i;
    if (en_i) product_q <= products(weight_i, act_i);
  end

  tf_int_tree #(
    .N(Lanes),
    .W(16)
  ) u_tree (
    .clk_i,
    .rst_ni,
    .valid_i(valid_q),
    .data_i (product_q),
    .valid_o,
    .sum_o
  );
endmodule
