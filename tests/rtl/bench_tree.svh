// SPDX-License-Identifier: Apache-2.0
// Generated adder trees and engines (tests/rtl/tree_units.h). A tree of n lanes has the first n
// lanes of the operands; the engines have the first bytes of the beat and their slices packed from
// bit 0 of the activations on.
`ifdef BENCH_PORTS
  , input  logic          tree_en_i
  , input  logic [639:0]  tree_pass_i
  , input  logic [639:0]  tree_neg_i
  , input  logic [639:0]  tree_act_i
  , output logic [15:0]   tree_valid_o
  , output logic [8:0]  tree_sum_l1_o
  , output logic [9:0]  tree_sum_l2_o
  , output logic [9:0]  tree_sum_l3_o
  , output logic [10:0] tree_sum_l5_o
  , output logic [12:0] tree_sum_l20_o
  , output logic [13:0] tree_sum_l33_o
  , output logic [13:0] tree_sum_l40_o
  , output logic [14:0] tree_sum_l64_o
  , output logic [14:0] tree_sum_l80_o
  , output logic [8:0] tree_lut6_l1_o
  , output logic [9:0] tree_lut6_l2_o
  , output logic [9:0] tree_lut6_l3_o
  , output logic [13:0] tree_lut6_l33_o
  , output logic [13:0] tree_lut6_l40_o
  , output logic [14:0] tree_lut6_l64_o
  , output logic [14:0] tree_lut6_l80_o
  , input  logic [7:0]    tree_eng_valid_i
  , input  logic [127:0]  tree_eng_beat_i
  , input  logic [1279:0] tree_eng_act_i
  , input  logic          tree_eng_first_i
  , input  logic          tree_eng_last_i
  , input  logic [2:0]    tree_eng_slice_en_i
  , input  logic [1:0]    tree_eng_fault_i
  , output logic [7:0]    tree_eng_row_valid_o
  , output logic [7:0]    tree_eng_invalid_o
  , output logic [63:0]   tree_eng_row0_o
  , output logic [95:0]   tree_eng_row1_o
  , output logic [31:0]   tree_eng_row2_o
  , output logic [31:0]   tree_eng_row3_o
  , output logic [63:0]   tree_eng_row4_o
  , output logic [31:0]   tree_eng_row5_o
  , output logic [31:0]   tree_eng_row6_o
  , output logic [63:0]   tree_eng_row7_o
`endif
`ifdef BENCH_BODY
  tf_tree_l1 u_tree_l1 (
    .clk_i, .en_i(tree_en_i), .pass_i(tree_pass_i[7:0]), .neg_i(tree_neg_i[7:0]),
    .act_i(tree_act_i[7:0]), .sum_o(tree_sum_l1_o), .valid_o(tree_valid_o[0])
  );
  tf_tree_l2 u_tree_l2 (
    .clk_i, .en_i(tree_en_i), .pass_i(tree_pass_i[15:0]), .neg_i(tree_neg_i[15:0]),
    .act_i(tree_act_i[15:0]), .sum_o(tree_sum_l2_o), .valid_o(tree_valid_o[1])
  );
  tf_tree_l3 u_tree_l3 (
    .clk_i, .en_i(tree_en_i), .pass_i(tree_pass_i[23:0]), .neg_i(tree_neg_i[23:0]),
    .act_i(tree_act_i[23:0]), .sum_o(tree_sum_l3_o), .valid_o(tree_valid_o[2])
  );
  tf_tree_l5 u_tree_l5 (
    .clk_i, .en_i(tree_en_i), .pass_i(tree_pass_i[39:0]), .neg_i(tree_neg_i[39:0]),
    .act_i(tree_act_i[39:0]), .sum_o(tree_sum_l5_o), .valid_o(tree_valid_o[3])
  );
  tf_tree_l20 u_tree_l20 (
    .clk_i, .en_i(tree_en_i), .pass_i(tree_pass_i[159:0]), .neg_i(tree_neg_i[159:0]),
    .act_i(tree_act_i[159:0]), .sum_o(tree_sum_l20_o), .valid_o(tree_valid_o[4])
  );
  tf_tree_l33 u_tree_l33 (
    .clk_i, .en_i(tree_en_i), .pass_i(tree_pass_i[263:0]), .neg_i(tree_neg_i[263:0]),
    .act_i(tree_act_i[263:0]), .sum_o(tree_sum_l33_o), .valid_o(tree_valid_o[5])
  );
  tf_tree_l40 u_tree_l40 (
    .clk_i, .en_i(tree_en_i), .pass_i(tree_pass_i[319:0]), .neg_i(tree_neg_i[319:0]),
    .act_i(tree_act_i[319:0]), .sum_o(tree_sum_l40_o), .valid_o(tree_valid_o[6])
  );
  tf_tree_l64 u_tree_l64 (
    .clk_i, .en_i(tree_en_i), .pass_i(tree_pass_i[511:0]), .neg_i(tree_neg_i[511:0]),
    .act_i(tree_act_i[511:0]), .sum_o(tree_sum_l64_o), .valid_o(tree_valid_o[7])
  );
  tf_tree_l80 u_tree_l80 (
    .clk_i, .en_i(tree_en_i), .pass_i(tree_pass_i[639:0]), .neg_i(tree_neg_i[639:0]),
    .act_i(tree_act_i[639:0]), .sum_o(tree_sum_l80_o), .valid_o(tree_valid_o[8])
  );
  tf_lut6_tree_l1 u_lut6_tree_l1 (
    .clk_i, .en_i(tree_en_i), .pass_i(tree_pass_i[7:0]), .neg_i(tree_neg_i[7:0]),
    .act_i(tree_act_i[7:0]), .sum_o(tree_lut6_l1_o), .valid_o(tree_valid_o[9])
  );
  tf_lut6_tree_l2 u_lut6_tree_l2 (
    .clk_i, .en_i(tree_en_i), .pass_i(tree_pass_i[15:0]), .neg_i(tree_neg_i[15:0]),
    .act_i(tree_act_i[15:0]), .sum_o(tree_lut6_l2_o), .valid_o(tree_valid_o[10])
  );
  tf_lut6_tree_l3 u_lut6_tree_l3 (
    .clk_i, .en_i(tree_en_i), .pass_i(tree_pass_i[23:0]), .neg_i(tree_neg_i[23:0]),
    .act_i(tree_act_i[23:0]), .sum_o(tree_lut6_l3_o), .valid_o(tree_valid_o[11])
  );
  tf_lut6_tree_l33 u_lut6_tree_l33 (
    .clk_i, .en_i(tree_en_i), .pass_i(tree_pass_i[263:0]), .neg_i(tree_neg_i[263:0]),
    .act_i(tree_act_i[263:0]), .sum_o(tree_lut6_l33_o), .valid_o(tree_valid_o[12])
  );
  tf_lut6_tree_l40 u_lut6_tree_l40 (
    .clk_i, .en_i(tree_en_i), .pass_i(tree_pass_i[319:0]), .neg_i(tree_neg_i[319:0]),
    .act_i(tree_act_i[319:0]), .sum_o(tree_lut6_l40_o), .valid_o(tree_valid_o[13])
  );
  tf_lut6_tree_l64 u_lut6_tree_l64 (
    .clk_i, .en_i(tree_en_i), .pass_i(tree_pass_i[511:0]), .neg_i(tree_neg_i[511:0]),
    .act_i(tree_act_i[511:0]), .sum_o(tree_lut6_l64_o), .valid_o(tree_valid_o[14])
  );
  tf_lut6_tree_l80 u_lut6_tree_l80 (
    .clk_i, .en_i(tree_en_i), .pass_i(tree_pass_i[639:0]), .neg_i(tree_neg_i[639:0]),
    .act_i(tree_act_i[639:0]), .sum_o(tree_lut6_l80_o), .valid_o(tree_valid_o[15])
  );
  tf_engine_l80_b2 u_engine_l80_b2 (
    .clk_i, .rst_ni, .fault_i(tree_eng_fault_i), .beat_valid_i(tree_eng_valid_i[0]),
    .beat_i(tree_eng_beat_i[127:0]), .act_i(tree_eng_act_i[1279:0]),
    .first_i(tree_eng_first_i), .last_i(tree_eng_last_i), .slice_en_i(tree_eng_slice_en_i[1:0]),
    .row_valid_o(tree_eng_row_valid_o[0]), .row_o(tree_eng_row0_o),
    .invalid_o(tree_eng_invalid_o[0])
  );
  tf_engine_l40_b3 u_engine_l40_b3 (
    .clk_i, .rst_ni, .fault_i(tree_eng_fault_i), .beat_valid_i(tree_eng_valid_i[1]),
    .beat_i(tree_eng_beat_i[63:0]), .act_i(tree_eng_act_i[959:0]),
    .first_i(tree_eng_first_i), .last_i(tree_eng_last_i), .slice_en_i(tree_eng_slice_en_i[2:0]),
    .row_valid_o(tree_eng_row_valid_o[1]), .row_o(tree_eng_row1_o),
    .invalid_o(tree_eng_invalid_o[1])
  );
  tf_engine_l20_b1 u_engine_l20_b1 (
    .clk_i, .rst_ni, .fault_i(tree_eng_fault_i), .beat_valid_i(tree_eng_valid_i[2]),
    .beat_i(tree_eng_beat_i[39:0]), .act_i(tree_eng_act_i[159:0]),
    .first_i(tree_eng_first_i), .last_i(tree_eng_last_i), .slice_en_i(tree_eng_slice_en_i[0]),
    .row_valid_o(tree_eng_row_valid_o[2]), .row_o(tree_eng_row2_o),
    .invalid_o(tree_eng_invalid_o[2])
  );
  tf_engine_lut6_l40_b1 u_engine_lut6_l40_b1 (
    .clk_i, .rst_ni, .fault_i(tree_eng_fault_i), .beat_valid_i(tree_eng_valid_i[3]),
    .beat_i(tree_eng_beat_i[63:0]), .act_i(tree_eng_act_i[319:0]),
    .first_i(tree_eng_first_i), .last_i(tree_eng_last_i), .slice_en_i(tree_eng_slice_en_i[0]),
    .row_valid_o(tree_eng_row_valid_o[3]), .row_o(tree_eng_row3_o),
    .invalid_o(tree_eng_invalid_o[3])
  );
  tf_engine_int8_l16_b2 u_engine_int8_l16_b2 (
    .clk_i, .rst_ni, .fault_i(tree_eng_fault_i), .beat_valid_i(tree_eng_valid_i[4]),
    .beat_i(tree_eng_beat_i[127:0]), .act_i(tree_eng_act_i[255:0]),
    .first_i(tree_eng_first_i), .last_i(tree_eng_last_i), .slice_en_i(tree_eng_slice_en_i[1:0]),
    .row_valid_o(tree_eng_row_valid_o[4]), .row_o(tree_eng_row4_o),
    .invalid_o(tree_eng_invalid_o[4])
  );
  tf_engine_int8_l4_b1 u_engine_int8_l4_b1 (
    .clk_i, .rst_ni, .fault_i(tree_eng_fault_i), .beat_valid_i(tree_eng_valid_i[5]),
    .beat_i(tree_eng_beat_i[31:0]), .act_i(tree_eng_act_i[31:0]),
    .first_i(tree_eng_first_i), .last_i(tree_eng_last_i), .slice_en_i(tree_eng_slice_en_i[0]),
    .row_valid_o(tree_eng_row_valid_o[5]), .row_o(tree_eng_row5_o),
    .invalid_o(tree_eng_invalid_o[5])
  );
  logic [27*130-1:0] tree_tables_l80;
  tf_triple_tables #(.Lanes(80)) u_tables_l80 (
    .clk_i, .en_i(tree_eng_valid_i[6] && tree_eng_slice_en_i[0]), .act_i(tree_eng_act_i[639:0]),
    .tables_o(tree_tables_l80)
  );
  tf_engine_table_l80_b1 u_engine_table_l80_b1 (
    .clk_i, .rst_ni, .fault_i(tree_eng_fault_i), .beat_valid_i(tree_eng_valid_i[6]),
    .beat_i(tree_eng_beat_i[127:0]), .tables_i(tree_tables_l80),
    .first_i(tree_eng_first_i), .last_i(tree_eng_last_i), .slice_en_i(tree_eng_slice_en_i[0]),
    .row_valid_o(tree_eng_row_valid_o[6]), .row_o(tree_eng_row6_o),
    .invalid_o(tree_eng_invalid_o[6])
  );
  logic [2*7*130-1:0] tree_tables_l20;
  for (genvar t = 0; t < 2; t++) begin : gen_tree_tables
    tf_triple_tables #(.Lanes(20)) u_tables_l20 (
      .clk_i, .en_i(tree_eng_valid_i[7] && tree_eng_slice_en_i[t]),
      .act_i(tree_eng_act_i[160*t +: 160]), .tables_o(tree_tables_l20[910*t +: 910])
    );
  end
  tf_engine_table_l20_b2 u_engine_table_l20_b2 (
    .clk_i, .rst_ni, .fault_i(tree_eng_fault_i), .beat_valid_i(tree_eng_valid_i[7]),
    .beat_i(tree_eng_beat_i[39:0]), .tables_i(tree_tables_l20),
    .first_i(tree_eng_first_i), .last_i(tree_eng_last_i), .slice_en_i(tree_eng_slice_en_i[1:0]),
    .row_valid_o(tree_eng_row_valid_o[7]), .row_o(tree_eng_row7_o),
    .invalid_o(tree_eng_invalid_o[7])
  );
`endif
