// SPDX-License-Identifier: Apache-2.0
//
// Takes a beat of int8 weights, a byte a lane: a register, so that weights and activations reach the
// multipliers in one cycle as in the other engines. Every byte is a weight: invalid_o is 0.
//
// Latency 1: a beat with en_i in cycle c appears in cycle c + 1 and stays until the next one.
// fault_i (simulation) turns lane 0 into a zero.
module tf_decode_int8 #(
  parameter int Bytes = 16
) (
  input  logic               clk_i,
  input  logic               en_i,
  input  logic [8*Bytes-1:0] beat_i,
`ifndef SYNTHESIS
  input  logic               fault_i,
`endif
  output logic [8*Bytes-1:0] weight_o,
  output logic               invalid_o
);
  logic [8*Bytes-1:0] keep;
`ifndef SYNTHESIS
  assign keep = ~(8*Bytes)'({8{fault_i}});
`else
  assign keep = '1;
`endif

  always_ff @(posedge clk_i) begin
    if (en_i) weight_o <= beat_i & keep;
  end
  assign invalid_o = 1'b0;
endmodule
