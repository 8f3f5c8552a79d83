// SPDX-License-Identifier: Apache-2.0
//
// Decodes a beat of base3 weights, 5 trits a byte, to the byte masks of the adder tree: lane j is
// trit j % 5 of byte j / 5.
//
//   pass_o[8j +: 8]  ones unless trit j is 0
//   neg_o[8j +: 8]   ones if trit j is -1; never without pass_o
//
// Latency 1: a beat with en_i in cycle c appears in cycle c + 1 and stays until the next one.
// invalid_o is one in cycle c + 1 if a byte of the beat is 243 or more. The 8 copies of a bit are
// one register in hardware. fault_i (simulation) turns lane 0 into a zero.
module tf_decode_base3 #(
  parameter int Bytes = 16
) (
  input  logic                clk_i,
  input  logic                en_i,
  input  logic [8*Bytes-1:0]  beat_i,
`ifndef SYNTHESIS
  input  logic                fault_i,
`endif
  output logic [40*Bytes-1:0] pass_o,
  output logic [40*Bytes-1:0] neg_o,
  output logic                invalid_o
);
  logic [40*Bytes-1:0] pass, neg, keep;
  logic [Bytes-1:0]    invalid;

  for (genvar i = 0; i < Bytes; i++) begin : gen_byte
    tf_base3_byte u_byte (
      .byte_i   (beat_i[8*i +: 8]),
      .pass_o   (pass[40*i +: 40]),
      .neg_o    (neg[40*i +: 40]),
      .invalid_o(invalid[i])
    );
  end

`ifndef SYNTHESIS
  assign keep = ~(40*Bytes)'({8{fault_i}});
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
