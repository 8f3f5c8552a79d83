// SPDX-License-Identifier: Apache-2.0
//
// One Xilinx LUT6_2 (AMD UG953, Vivado 7 Series Libraries Guide): a table of 64 bits that also
// gives out its lower half.
//
//   o6_o = Init[in_i]         o5_o = Init[in_i[4:0]], whatever in_i[5] is
//
// Synthesis instantiates the primitive; simulators and Verilator's lint have this file's model.
module tf_lut6_2 #(
  parameter bit [63:0] Init = 64'd0
) (
  input  logic [5:0] in_i,
  output logic       o5_o,
  output logic       o6_o
);
`ifdef VERILATOR
  `define TF_LUT6_2_MODEL
`elsif SYNTHESIS
`else
  `define TF_LUT6_2_MODEL
`endif

`ifdef TF_LUT6_2_MODEL
  assign o6_o = Init[in_i];
  assign o5_o = Init[{1'b0, in_i[4:0]}];
  `undef TF_LUT6_2_MODEL
`else
  LUT6_2 #(
    .INIT(Init)
  ) u_lut (
    .I0(in_i[0]),
    .I1(in_i[1]),
    .I2(in_i[2]),
    .I3(in_i[3]),
    .I4(in_i[4]),
    .I5(in_i[5]),
    .O5(o5_o),
    .O6(o6_o)
  );
`endif
endmodule
