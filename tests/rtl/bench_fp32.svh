// SPDX-License-Identifier: Apache-2.0
// The fp32 units, all fed with the same operands. Results: see the latencies of tf_fp32_pkg;
// minimum and maximum are combinational.
`ifdef BENCH_PORTS
  , input  logic        fp32_valid_i
  , input  logic [31:0] fp32_a_i
  , input  logic [31:0] fp32_b_i
  , output logic        fp32_add_valid_o
  , output logic [31:0] fp32_add_o
  , output logic        fp32_mul_valid_o
  , output logic [31:0] fp32_mul_o
  , output logic        fp32_i2f_valid_o
  , output logic [31:0] fp32_i2f_o
  , output logic        fp32_f2i8_valid_o
  , output logic [7:0]  fp32_f2i8_o
  , output logic [31:0] fp32_max_o
  , output logic [31:0] fp32_min_o
`endif
`ifdef BENCH_BODY
  tf_fp32_add u_fp32_add (
    .clk_i, .rst_ni, .valid_i(fp32_valid_i), .a_i(fp32_a_i), .b_i(fp32_b_i),
    .valid_o(fp32_add_valid_o), .y_o(fp32_add_o)
  );
  tf_fp32_mul u_fp32_mul (
    .clk_i, .rst_ni, .valid_i(fp32_valid_i), .a_i(fp32_a_i), .b_i(fp32_b_i),
    .valid_o(fp32_mul_valid_o), .y_o(fp32_mul_o)
  );
  tf_i32_to_fp32 u_i32_to_fp32 (
    .clk_i, .rst_ni, .valid_i(fp32_valid_i), .a_i(fp32_a_i),
    .valid_o(fp32_i2f_valid_o), .y_o(fp32_i2f_o)
  );
  tf_fp32_to_i8 u_fp32_to_i8 (
    .clk_i, .rst_ni, .valid_i(fp32_valid_i), .a_i(fp32_a_i),
    .valid_o(fp32_f2i8_valid_o), .y_o(fp32_f2i8_o)
  );
  tf_fp32_minmax u_fp32_max (
    .is_min_i(1'b0), .a_i(fp32_a_i), .b_i(fp32_b_i), .y_o(fp32_max_o)
  );
  tf_fp32_minmax u_fp32_min (
    .is_min_i(1'b1), .a_i(fp32_a_i), .b_i(fp32_b_i), .y_o(fp32_min_o)
  );
`endif
