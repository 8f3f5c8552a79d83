// SPDX-License-Identifier: Apache-2.0
//
// fp32 minimum (is_min_i) or maximum of two, combinational. +0 is greater than -0, subnormals are
// zeros of their sign, and the result is 7fc00000 if either operand is NaN. For Max(x, +0) tie b_i
// and is_min_i to 0.
module tf_fp32_minmax (
  input  logic        is_min_i,
  input  logic [31:0] a_i,
  input  logic [31:0] b_i,
  output logic [31:0] y_o
);
  logic        either_nan, less;
  logic [31:0] picked;

  assign either_nan = ((a_i[30:23] == 8'hff) && (a_i[22:0] != 23'd0)) ||
                      ((b_i[30:23] == 8'hff) && (b_i[22:0] != 23'd0));
  // Which of two subnormals of one sign is picked does not matter: both give the same zero.
  assign less   = (a_i[31] != b_i[31]) ? a_i[31] : ((a_i[30:0] < b_i[30:0]) ^ a_i[31]);
  assign picked = (less ^ is_min_i) ? b_i : a_i;
  assign y_o    = either_nan ? tf_fp32_pkg::CanonicalNan :
                  (picked[30:23] == 8'd0) ? {picked[31], 31'd0} : picked;
endmodule
