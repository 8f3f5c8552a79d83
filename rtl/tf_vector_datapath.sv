// SPDX-License-Identifier: Apache-2.0
//
// Vector unit: the lanes and the word-level pipeline around them, from operand registers to results
// and reductions.
//
//   operands --- m (0 or 4 cycles) --- r (1, or 4 with the adder) -+- results (int8: 2 more)
//                      |                                           +- MAX, ABSMAX (tf_vector_max)
//                      +- SUM (tf_vector_sum)
//
// Norm: m comes back to the multiplier in the cycle in which it leaves it and in the next (the
// words of tf_vector_issue leave these two free), so that
//
//   operands - m (4) -+- m c (4) --- r (1) -+- results
//                     |                     +- ABSMAX
//                     +- m m (5) --- SUM of the slot
//
// One word a cycle (norm: one in three), no back-pressure. The instruction's fields hold while
// words are in flight.
module tf_vector_datapath #(
  parameter int Lanes = 16,
  parameter int Slots = 1,
  localparam int BankW = $clog2(Slots + 1)
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  // instruction
  input  logic                use_mul_i,
  input  logic [2:0]          combine_i,
  input  logic [1:0]          reduce_i,
  input  logic                results_i,     // the instruction has a destination
  input  logic                int8_i,        // results are int8
  input  logic [31:0]         length_i,
  input  logic                start_i,
  input  logic                join_i,        // one maximum of all segments
  input  logic                use_initial_i, // a maximum begins with initial_i
  input  logic [31:0]         initial_i,
  input  logic                norm_i,
  input  logic                sum_last_i,    // norm: the sum ends with this instruction
  input  logic [6:0]          sum_from_i,    // with start_i
  input  logic [BankW-1:0]    sum_bank_i,    // a norm's slot, Slots for SUM
  // operands
  input  logic                op_valid_i,
  input  logic                op_last_i,
  input  logic                op_final_i,
  input  logic [Lanes-1:0]    op_mask_i,
  input  logic [Lanes*32-1:0] a_i,
  input  logic [Lanes*32-1:0] b_i,
  input  logic [Lanes*32-1:0] c_i,
  input  logic [Lanes-1:0]    a_nan_i,   // as tf_vector_fetch marks them
  input  logic [Lanes-1:0]    a_zero_i,
  input  logic [Lanes-1:0]    c_nan_i,
  input  logic [Lanes-1:0]    c_zero_i,
  // results; elements that the mask excludes are 0
  output logic                valid_o,
  output logic                last_o,
  output logic                final_o,
  output logic [Lanes*32-1:0] data_o,
  // reductions
  output logic                reduced_valid_o,
  output logic                reduced_final_o,
  output logic [31:0]         reduced_o,
  output logic                sum_done_o,
  // the last word of an instruction with neither results nor a reduction
  output logic                finished_o
`ifndef SYNTHESIS
  ,
  input  logic                fault_add_i,
  input  logic                fault_mul_i
`endif
);
  localparam int Rows  = 64 / Lanes;
  localparam int RowW  = $clog2(Rows);
  localparam int LaneW = $clog2(Lanes);
  localparam int TagW  = Lanes + 2;

  logic is_sum, is_max, is_add;
  assign is_sum = reduce_i == tf_isa_pkg::RedSum;
  assign is_max = reduce_i == tf_isa_pkg::RedMax || reduce_i == tf_isa_pkg::RedAbsMax;
  assign is_add = combine_i == tf_isa_pkg::CombAdd;

  // Words at the operands, during the multiplication, and at m. A tag is {final, last, mask}.
  logic [4:1]            mul_valid_q;
  logic [4*TagW-1:0]     mul_tag_q;
  logic [4*Lanes*32-1:0] mul_c_q;
  logic                  m_valid, m_last, m_final;
  logic [Lanes-1:0]      m_mask;
  logic [Lanes*32-1:0]   c, m_c;

  for (genvar i = 0; i < Lanes; i++) begin : gen_c
    assign c[i*32 +: 32] = c_nan_i[i] ? tf_fp32_pkg::CanonicalNan
                                      : c_i[i*32 +: 32] & ~{9'd0, {23{c_zero_i[i]}}};
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      mul_valid_q <= '0;
    end else begin
      mul_valid_q <= {mul_valid_q[3:1], op_valid_i && use_mul_i};
    end
    mul_tag_q <= {mul_tag_q[3*TagW-1:0], op_final_i, op_last_i, op_mask_i};
    if (op_valid_i || mul_valid_q != '0) mul_c_q <= {mul_c_q[3*Lanes*32-1:0], c};
  end

  assign m_valid = use_mul_i ? mul_valid_q[4] : op_valid_i;
  assign m_c     = use_mul_i ? mul_c_q[4*Lanes*32-1 -: Lanes*32] : c;
  assign {m_final, m_last, m_mask} =
      use_mul_i ? mul_tag_q[4*TagW-1 -: TagW] : {op_final_i, op_last_i, op_mask_i};

  // Words of a norm since m: [1] at the second way back, [4] at m c, [5] at m m.
  logic [5:1]          back_valid_q;
  logic [5*TagW-1:0]   back_tag_q;
  logic [Lanes-1:0]    back_mask, square_mask;
  logic                square_final;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      back_valid_q <= '0;
    end else begin
      back_valid_q <= {back_valid_q[4:1], m_valid && norm_i};
    end
    back_tag_q <= {back_tag_q[4*TagW-1:0], m_final, m_last, m_mask};
  end

  assign back_mask    = back_tag_q[Lanes-1:0];
  assign square_mask  = back_tag_q[4*TagW +: Lanes];
  assign square_final = back_tag_q[5*TagW-1];

  // Words before r, and at the adder of SUM.
  logic             x_valid, x_last, x_final, s_valid, s_last, s_final;
  logic [Lanes-1:0] x_mask, s_mask;

  assign x_valid = norm_i ? back_valid_q[4] : m_valid && !is_sum;
  assign {x_final, x_last, x_mask} =
      norm_i ? back_tag_q[4*TagW-1 -: TagW] : {m_final, m_last, m_mask};
  assign s_valid = norm_i ? back_valid_q[5] : m_valid && is_sum;
  assign s_last  = norm_i ? square_final && sum_last_i : m_last;
  assign s_final = norm_i ? square_final : m_final;
  assign s_mask  = norm_i ? square_mask : m_mask;

  // Words at r. Only those of the adder go beyond [1].
  logic [4:1]          r_valid_q;
  logic [4*TagW-1:0]   r_tag_q;
  logic                r_valid, r_last, r_final;
  logic [Lanes-1:0]    r_mask;
  logic [Lanes*32-1:0] r;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      r_valid_q <= '0;
    end else begin
      r_valid_q <= {r_valid_q[3:2], r_valid_q[1] && is_add, x_valid};
    end
    r_tag_q <= {r_tag_q[3*TagW-1:0], x_final, x_last, x_mask};
  end

  assign r_valid = is_add ? r_valid_q[4] : r_valid_q[1];
  assign {r_final, r_last, r_mask} =
      is_add ? r_tag_q[4*TagW-1 -: TagW] : r_tag_q[TagW-1:0];

  // SUM.
  logic             sum_tree, sum_fold, sum_x_zero, sum_p_zero, sum_we, sum_final;
  logic [1:0]       sum_level;
  logic [Lanes-1:0] sum_active;
  logic [RowW-1:0]  sum_x_row, sum_p_row, sum_wrow;

  tf_vector_sum #(.Lanes(Lanes)) u_sum (
    .clk_i, .rst_ni, .start_i, .norm_i, .from_i(sum_from_i), .length_i,
    .m_valid_i(s_valid), .m_last_i(s_last), .m_final_i(s_final),
    .tree_o(sum_tree), .fold_o(sum_fold), .level_o(sum_level), .active_o(sum_active),
    .x_row_o(sum_x_row), .x_zero_o(sum_x_zero), .p_row_o(sum_p_row), .p_zero_o(sum_p_zero),
    .we_o(sum_we), .wrow_o(sum_wrow), .done_o(sum_done_o), .final_o(sum_final)
  );

  // Lanes.
  logic [Lanes*32-1:0] sums;
  logic [Lanes*8-1:0]  int8;

  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    // above: the lanes 1, 2, 4 and 8 higher, those of them that the tree adds to this one.
    logic [4*32-1:0] above;
    for (genvar l = 0; l < 4; l++) begin : gen_above
      if (l < LaneW && (i >> l) == 0) begin : gen_used
        assign above[l*32 +: 32] = sums[(i + (1 << l))*32 +: 32];
      end else begin : gen_unused
        assign above[l*32 +: 32] = 32'd0;
      end
    end

`ifndef SYNTHESIS
    localparam bit IsFirst = i == 0;
`endif
    tf_vector_lane #(.Rows(Rows), .Banks(Slots + 1)) u_lane (
      .clk_i, .rst_ni,
      .op_valid_i(op_valid_i && op_mask_i[i]), .use_mul_i,
      .a_i(a_i[i*32 +: 32]), .b_i(b_i[i*32 +: 32]),
      .a_nan_i(a_nan_i[i]), .a_zero_i(a_zero_i[i]),
      .back_weight_i(norm_i && m_valid && m_mask[i]),
      .back_square_i(back_valid_q[1] && back_mask[i]),
      .combine_i, .m_mask_i(s_mask[i]), .m_c_i(m_c[i*32 +: 32]),
      .alu_valid_i(x_valid && x_mask[i] && !is_add),
      .add_valid_i(is_sum || norm_i ? sum_active[i] : is_add && m_valid && m_mask[i]),
      .sum_i(is_sum || norm_i), .sum_tree_i(sum_tree), .sum_fold_i(sum_fold),
      .fold_i(above[32*32'(sum_level) +: 32]), .sum_bank_i,
      .sum_x_row_i(sum_x_row), .sum_x_zero_i(sum_x_zero),
      .sum_p_row_i(sum_p_row), .sum_p_zero_i(sum_p_zero),
      .sum_we_i(sum_we), .sum_wrow_i(sum_wrow),
      .use_add_i(is_add), .add_o(sums[i*32 +: 32]), .r_o(r[i*32 +: 32]),
      .int8_valid_i(r_valid && r_mask[i] && int8_i), .int8_o(int8[i*8 +: 8])
`ifndef SYNTHESIS
      , .fault_add_i(fault_add_i && IsFirst), .fault_mul_i(fault_mul_i && IsFirst)
`endif
    );
  end

  // Results.
  logic [2:1]        int8_valid_q;
  logic [2*TagW-1:0] int8_tag_q;
  logic [Lanes-1:0]  mask;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      int8_valid_q <= '0;
    end else begin
      int8_valid_q <= {int8_valid_q[1], r_valid && int8_i};
    end
    int8_tag_q <= {int8_tag_q[TagW-1:0], r_final, r_last, r_mask};
  end

  assign finished_o = r_valid && r_final && !results_i && reduce_i == tf_isa_pkg::RedNone;

  assign valid_o = results_i && (int8_i ? int8_valid_q[2] : r_valid);
  assign {final_o, last_o, mask} =
      int8_i ? int8_tag_q[2*TagW-1 -: TagW] : {r_final, r_last, r_mask};

  for (genvar i = 0; i < Lanes; i++) begin : gen_word
    // int8 results lie in the low Lanes bytes: word i holds those of lanes 4i .. 4i + 3.
    logic [31:0] bytes;
    for (genvar k = 0; k < 4; k++) begin : gen_byte
      if (4*i + k < Lanes) begin : gen_used
        assign bytes[k*8 +: 8] = mask[4*i+k] ? int8[(4*i+k)*8 +: 8] : 8'd0;
      end else begin : gen_zero
        assign bytes[k*8 +: 8] = 8'd0;
      end
    end
    assign data_o[i*32 +: 32] = int8_i ? bytes : mask[i] ? r[i*32 +: 32] : 32'd0;
  end

  // Reductions.
  logic        max_valid, max_final;
  logic [31:0] max;

  tf_vector_max #(.Lanes(Lanes)) u_max (
    .clk_i, .rst_ni, .valid_i(r_valid && is_max),
    .last_i(join_i ? r_final : r_last), .final_i(r_final), .use_initial_i, .initial_i,
    .absolute_i(reduce_i == tf_isa_pkg::RedAbsMax), .mask_i(r_mask), .data_i(r),
    .valid_o(max_valid), .final_o(max_final), .max_o(max)
  );

  // A norm has the maximum first, long before the tree ends.
  assign reduced_valid_o = sum_done_o || max_valid;
  assign reduced_final_o = sum_done_o ? sum_final : max_final && !(norm_i && sum_last_i);
  assign reduced_o       = sum_done_o ? sums[31:0] : max;
endmodule
