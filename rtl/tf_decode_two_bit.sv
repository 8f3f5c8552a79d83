// SPDX-License-Identifier: Apache-2.0
//
// Decodes a beat of two-bit weights to the byte masks of the adder tree: trit j in bits 2j
// (non-zero) and 2j + 1 (negative) of the beat; 10, negative without non-zero, is invalid and
// becomes a zero.
//
//   pass_o[8j +: 8]  ones unless trit j is 0
//   neg_o[8j +: 8]   ones if trit j is -1; never without pass_o
//
// Latency 1: a beat with en_i in cycle c appears in cycle c + 1 and stays until the next one.
// invalid_o is one in cycle c + 1 if a code of the beat is 10. The 8 copies of a bit are one
// register in hardware. fault_i (simulation) turns lane 0 into a zero.
module tf_decode_two_bit #(
  parameter int Bytes = 16
) (
  input  logic                clk_i,
  input  logic                en_i,
  input  logic [8*Bytes-1:0]  beat_i,
`ifndef SYNTHESIS
  input  logic                fault_i,
`endif
  output logic [32*Bytes-1:0] pass_o,
  output logic [32*Bytes-1:0] neg_o,
  output logic                invalid_o
);
  logic [32*Bytes-1:0] pass, neg, keep;
  logic [Bytes-1:0]    invalid;

  for (genvar i = 0; i < Bytes; i++) begin : gen_byte
    logic [7:0] code;
    logic [3:0] nonzero, negative;
    logic [7:0] unused;
    logic [7:0] unused_neg;
    assign code       = beat_i[8*i +: 8];
    assign nonzero    = {code[6], code[4], code[2], code[0]};
    assign negative   = {code[7], code[5], code[3], code[1]};
    assign invalid[i] = (negative & ~nonzero) != '0;
    tf_lane_masks u_pass (
      .bits_i ({1'b0, nonzero}),
      .masks_o({unused, pass[32*i +: 32]})
    );
    tf_lane_masks u_neg (
      .bits_i ({1'b0, negative & nonzero}),
      .masks_o({unused_neg, neg[32*i +: 32]})
    );
  end

`ifndef SYNTHESIS
  assign keep = ~(32*Bytes)'({8{fault_i}});
`else
  assign keep = '1;
`endif

  always_ff @(posedge clk_i) begin
    invalid_o <= en_i && (invalid != '0);
    if (en_i) begin
      pass_o <= pass & keep;
      neg_o  <= neg & keep;
    end
  end
endmodule
