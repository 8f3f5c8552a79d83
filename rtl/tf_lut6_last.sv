// SPDX-License-Identifier: Apache-2.0
//
// The last two lanes of a ternary adder tree, gated and added, in 17 LUTs of a Xilinx device:
//
//   sum_o = 256 + (a & a_pass ^ a_neg) + trit_b * b + carry_i     [0, 512]
//
// Lane b, the last one, is exact (tf_lut6_exact), lane a lacks its +1 as in tf_lut6_pair.
// Combinational. A bit of the sum is one LUT: S = ga ^ exact, DI = exact; bit 9 is the carry out.
// Masks and Primitives as in tf_lut6_pair.
module tf_lut6_last #(
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
  output logic [9:0] sum_o
);
  logic [8:0] exact;
  tf_lut6_exact #(
    .Primitives(Primitives)
  ) u_exact (
    .act_i  (b_i),
    .pass_i (b_pass_i),
    .neg_i  (b_neg_i),
    .value_o(exact)
  );

  if (Primitives != 0) begin : gen_primitives
    // Bits 0 to 7: ((I0 & I1) ^ I2) ^ I3, bit 7 inverted; bit 8: I3.
    localparam bit [63:0] Half   = 64'h8778877887788778;
    localparam bit [63:0] Bypass = 64'hff00ff00ff00ff00;
    logic [8:0] half, unused_low;
    for (genvar i = 0; i < 9; i++) begin : gen_bit
      localparam int Bit = (i < 8) ? i : 7;
      tf_lut6_2 #(
        .Init((i == 8) ? Bypass : Half ^ ((i == 7) ? {64{1'b1}} : 64'd0))
      ) u_lut (
        .in_i({2'd0, exact[i], a_neg_i[Bit], a_pass_i[Bit], a_i[Bit]}),
        .o5_o(unused_low[i]),
        .o6_o(half[i])
      );
    end

    logic [3:0] carry_low, carry_high, carry_top, top;
    tf_carry4 u_low (
      .ci_i    (1'b0),
      .cyinit_i(carry_i),
      .di_i    (exact[3:0]),
      .s_i     (half[3:0]),
      .o_o     (sum_o[3:0]),
      .co_o    (carry_low)
    );
    tf_carry4 u_high (
      .ci_i    (carry_low[3]),
      .cyinit_i(1'b0),
      .di_i    (exact[7:4]),
      .s_i     (half[7:4]),
      .o_o     (sum_o[7:4]),
      .co_o    (carry_high)
    );
    tf_carry4 u_top (
      .ci_i    (carry_high[3]),
      .cyinit_i(1'b0),
      .di_i    ({3'd0, exact[8]}),
      .s_i     ({3'd0, half[8]}),
      .o_o     (top),
      .co_o    (carry_top)
    );
    assign sum_o[9:8] = {carry_top[0], top[0]};
    logic unused;
    assign unused = ^{unused_low, carry_low[2:0], carry_high[2:0], carry_top[3:1], top[3:1]};
  end else begin : gen_words
    logic [7:0] gated;
    assign gated = (a_i & a_pass_i) ^ a_neg_i ^ 8'h80;
    assign sum_o = 10'(exact) + 10'(gated) + 10'(carry_i);
  end
endmodule
