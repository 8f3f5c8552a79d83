// SPDX-License-Identifier: Apache-2.0
//
// Two lanes of a ternary adder tree, gated and added, in 9 LUTs of a Xilinx device:
//
//   sum_o = 256 + (a & a_pass ^ a_neg) + (b & b_pass ^ b_neg) + carry_i     [0, 511]
//
// where a and b are int8 and the gates are those of the tree (a negated lane lacks its +1).
// Combinational. Constraint: a neg mask is ones only where its pass mask is ones.
//
// A bit of both gates and of their sum is one LUT6_2. The carry chain wants the sum's half,
// S = ga ^ gb, and one operand, DI = ga:
//
//   a, a_pass, a_neg, b, b_neg -> I0..I4, b_pass -> I5
//   O5 = (a & a_pass) ^ a_neg                        = ga
//   O6 = b_pass ? ga ^ b ^ b_neg : ga                = ga ^ gb
//
// With I5 = 0 a LUT6_2 has O6 = O5: so it must be b_pass, and a neg without its pass would be lost.
// Bit 8 is the sign of the sum, inverted: O6 of bit 7 once more, inverted, and the carry.
//
// Primitives = 0, for simulation, says the same in one line of arithmetic; a test compares both
// for every operand.
module tf_lut6_pair #(
`ifdef SYNTHESIS
  parameter int Primitives = 1
`else
  parameter int Primitives = 0
`endif
) (
  input  logic [7:0] a_i,
  input  logic [7:0] a_pass_i,
  input  logic [7:0] a_neg_i,
  input  logic [7:0] b_i,
  input  logic [7:0] b_pass_i,
  input  logic [7:0] b_neg_i,
  input  logic       carry_i,
  output logic [8:0] sum_o
);
  if (Primitives != 0) begin : gen_primitives
    localparam bit [31:0] GatedA = 32'h78787878;  // (I0 & I1) ^ I2
    localparam bit [31:0] Half   = 32'h78878778;  // that ^ I3 ^ I4
    logic [8:0] half;
    logic [8:0] operand;
    for (genvar i = 0; i < 9; i++) begin : gen_bit
      localparam int        Bit  = (i < 8) ? i : 7;
      localparam bit [63:0] Init = {Half, GatedA} ^ ((i < 8) ? 64'd0 : {64{1'b1}});
      tf_lut6_2 #(
        .Init(Init)
      ) u_lut (
        .in_i({b_pass_i[Bit], b_neg_i[Bit], b_i[Bit], a_neg_i[Bit], a_pass_i[Bit], a_i[Bit]}),
        .o5_o(operand[i]),
        .o6_o(half[i])
      );
    end

    logic [3:0] carry_low, carry_high, unused_carry;
    logic [3:0] top;
    tf_carry4 u_low (
      .ci_i    (1'b0),
      .cyinit_i(carry_i),
      .di_i    (operand[3:0]),
      .s_i     (half[3:0]),
      .o_o     (sum_o[3:0]),
      .co_o    (carry_low)
    );
    tf_carry4 u_high (
      .ci_i    (carry_low[3]),
      .cyinit_i(1'b0),
      .di_i    (operand[7:4]),
      .s_i     (half[7:4]),
      .o_o     (sum_o[7:4]),
      .co_o    (carry_high)
    );
    tf_carry4 u_sign (
      .ci_i    (carry_high[3]),
      .cyinit_i(1'b0),
      .di_i    (4'd0),
      .s_i     ({3'd0, half[8]}),
      .o_o     (top),
      .co_o    (unused_carry)
    );
    assign sum_o[8] = top[0];
    logic unused;
    assign unused = ^{carry_low[2:0], carry_high[2:0], unused_carry, top[3:1], operand[8]};
  end else begin : gen_words
    logic [7:0] gated_a, gated_b;
    assign gated_a = (a_i & a_pass_i) ^ a_neg_i ^ 8'h80;
    assign gated_b = (b_i & b_pass_i) ^ b_neg_i ^ 8'h80;
    assign sum_o   = 9'(gated_a) + 9'(gated_b) + 9'(carry_i);
  end
endmodule
