// SPDX-License-Identifier: Apache-2.0
// Pairs of lanes in Xilinx primitives (models of rtl/) beside their arithmetic. lut6_i: the trits of
// a and b as {neg, pass} each, then the carry.
`ifdef BENCH_PORTS
  , input  logic [7:0] lut6_a_i
  , input  logic [7:0] lut6_b_i
  , input  logic [4:0] lut6_i
  , output logic [8:0] lut6_pair_words_o
  , output logic [8:0] lut6_pair_o
  , output logic [9:0] lut6_last_words_o
  , output logic [9:0] lut6_last_o
`endif
`ifdef BENCH_BODY
  tf_lut6_pair u_pair_words (
    .a_i(lut6_a_i), .a_pass_i({8{lut6_i[0]}}), .a_neg_i({8{lut6_i[1]}}),
    .b_i(lut6_b_i), .b_pass_i({8{lut6_i[2]}}), .b_neg_i({8{lut6_i[3]}}),
    .carry_i(lut6_i[4]), .sum_o(lut6_pair_words_o)
  );
  tf_lut6_pair #(.Primitives(1)) u_pair (
    .a_i(lut6_a_i), .a_pass_i({8{lut6_i[0]}}), .a_neg_i({8{lut6_i[1]}}),
    .b_i(lut6_b_i), .b_pass_i({8{lut6_i[2]}}), .b_neg_i({8{lut6_i[3]}}),
    .carry_i(lut6_i[4]), .sum_o(lut6_pair_o)
  );
  tf_lut6_last u_last_words (
    .a_i(lut6_a_i), .a_pass_i({8{lut6_i[0]}}), .a_neg_i({8{lut6_i[1]}}),
    .b_i(lut6_b_i), .b_pass_i({8{lut6_i[2]}}), .b_neg_i({8{lut6_i[3]}}),
    .carry_i(lut6_i[4]), .sum_o(lut6_last_words_o)
  );
  tf_lut6_last #(.Primitives(1)) u_last (
    .a_i(lut6_a_i), .a_pass_i({8{lut6_i[0]}}), .a_neg_i({8{lut6_i[1]}}),
    .b_i(lut6_b_i), .b_pass_i({8{lut6_i[2]}}), .b_neg_i({8{lut6_i[3]}}),
    .carry_i(lut6_i[4]), .sum_o(lut6_last_o)
  );
`endif
