// SPDX-License-Identifier: Apache-2.0
//
// One Xilinx CARRY4 (AMD UG953, Vivado 7 Series Libraries Guide): four bits of a carry chain. For
// UltraScale+, Vivado turns it into half a CARRY8.
//
//   o_o[i] = s_i[i] ^ carry into bit i        co_o[i] = s_i[i] ? carry into bit i : di_i[i]
//
// The carry into bit 0 is ci_i | cyinit_i: ci_i from the CARRY4 below, cyinit_i where a chain
// begins; the other one is 0. Synthesis instantiates the primitive; simulators and Verilator's lint
// have this file's model.
module tf_carry4 (
  input  logic       ci_i,
  input  logic       cyinit_i,
  input  logic [3:0] di_i,
  input  logic [3:0] s_i,
  output logic [3:0] o_o,
  output logic [3:0] co_o
);
`ifdef VERILATOR
  `define TF_CARRY4_MODEL
`elsif SYNTHESIS
`else
  `define TF_CARRY4_MODEL
`endif

`ifdef TF_CARRY4_MODEL
  logic c0, c1, c2, c3;
  assign c0   = ci_i | cyinit_i;
  assign c1   = s_i[0] ? c0 : di_i[0];
  assign c2   = s_i[1] ? c1 : di_i[1];
  assign c3   = s_i[2] ? c2 : di_i[2];
  assign co_o = {s_i[3] ? c3 : di_i[3], c3, c2, c1};
  assign o_o  = s_i ^ {c3, c2, c1, c0};
  `undef TF_CARRY4_MODEL
`else
  CARRY4 u_carry (
    .CI    (ci_i),
    .CYINIT(cyinit_i),
    .DI    (di_i),
    .S     (s_i),
    .O     (o_o),
    .CO    (co_o)
  );
`endif
endmodule
