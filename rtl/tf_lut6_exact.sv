// SPDX-License-Identifier: Apache-2.0
//
// The last lane of a ternary adder tree, negated with its +1, in 8 LUTs of a Xilinx device:
//
//   value_o = 128 + trit * activation     [0, 256]
//
// The gated byte and a carry of neg: the carry chain wants S = the gate, its operand is 0. Bit 8 is
// the carry out. Combinational. pass_i and neg_i as in tf_lut6_pair, as is Primitives.
module tf_lut6_exact #(
`ifdef SYNTHESIS
  parameter int Primitives = 1
`else
  parameter int Primitives = 0
`endif
) (
  input  logic [7:0] act_i,
  input  logic [7:0] pass_i,
  input  logic [7:0] neg_i,
  output logic [8:0] value_o
);
  if (Primitives != 0) begin : gen_primitives
    localparam bit [63:0] Gated = 64'h7878787878787878;  // (I0 & I1) ^ I2
    logic [7:0] gated, unused_low;
    for (genvar i = 0; i < 8; i++) begin : gen_bit
      tf_lut6_2 #(
        .Init(Gated ^ ((i < 7) ? 64'd0 : {64{1'b1}}))
      ) u_lut (
        .in_i({3'd0, neg_i[i], pass_i[i], act_i[i]}),
        .o5_o(unused_low[i]),
        .o6_o(gated[i])
      );
    end

    logic [3:0] carry_low, carry_high;
    tf_carry4 u_low (
      .ci_i    (1'b0),
      .cyinit_i(neg_i[0]),
      .di_i    (4'd0),
      .s_i     (gated[3:0]),
      .o_o     (value_o[3:0]),
      .co_o    (carry_low)
    );
    tf_carry4 u_high (
      .ci_i    (carry_low[3]),
      .cyinit_i(1'b0),
      .di_i    (4'd0),
      .s_i     (gated[7:4]),
      .o_o     (value_o[7:4]),
      .co_o    (carry_high)
    );
    assign value_o[8] = carry_high[3];
    logic unused;
    assign unused = ^{unused_low, carry_low[2:0], carry_high[2:0]};
  end else begin : gen_words
    logic [7:0] gated;
    assign gated   = (act_i & pass_i) ^ neg_i ^ 8'h80;
    assign value_o = 9'(gated) + 9'(neg_i[0]);
  end
endmodule
