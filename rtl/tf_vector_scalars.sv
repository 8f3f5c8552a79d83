// SPDX-License-Identifier: Apache-2.0
//
// The 256 scalar registers S of the vector unit: three read ports without latency (a copy in
// distributed RAM each), one write port. A read in the cycle of a write to the same register
// gives the old value.
module tf_vector_scalars (
  input  logic        clk_i,
  input  logic        we_i,
  input  logic [7:0]  waddr_i,
  input  logic [31:0] wdata_i,
  input  logic [7:0]  a_addr_i,
  output logic [31:0] a_o,
  input  logic [7:0]  b_addr_i,
  output logic [31:0] b_o,
  input  logic [7:0]  c_addr_i,
  output logic [31:0] c_o
);
  (* ram_style = "distributed" *) logic [31:0] a_q [256];
  (* ram_style = "distributed" *) logic [31:0] b_q [256];
  (* ram_style = "distributed" *) logic [31:0] c_q [256];

  always_ff @(posedge clk_i) begin
    if (we_i) begin
      a_q[waddr_i] <= wdata_i;
      b_q[waddr_i] <= wdata_i;
      c_q[waddr_i] <= wdata_i;
    end
  end

  assign a_o = a_q[a_addr_i];
  assign b_o = b_q[b_addr_i];
  assign c_o = c_q[c_addr_i];
endmodule
