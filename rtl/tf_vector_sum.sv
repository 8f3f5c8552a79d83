// SPDX-License-Identifier: Apache-2.0
//
// Vector unit: control of the SUM reduction in the lanes' adders (latency 4).
//
// Word w of a segment is added to row w mod Rows of 64 partial sums (Rows = 64/Lanes; element i to
// partial i mod 64). Then the tree: for w in 32, 16, 8, 4, 2, 1: p[i] = p[i] + p[i + w], i < w.
// Levels of whole rows (w >= Lanes) read two rows a cycle; levels within row 0 (w < Lanes) add the
// results of the level before, in the cycle in which they leave the adder, lane i with lane i + w.
//
// Levels with w >= length are left out: they would add +0 to partial sums of a single element,
// which are never -0. So a segment of one element needs no tree.
//
// m_valid_i, m_last_i, m_final_i: words at the adder's input (SUM, or the squares of a norm). The
// next segment's words come after done_o, which is the cycle in which lane 0's add_o is the sum.
//
// A norm's sum goes on through several instructions: start_i loads the row of its first word,
// (from_i / Lanes) mod Rows, and from_i[6] says that every row has been used. The tree, of all
// levels, follows only the word of m_last_i; without one the partial sums stay.
module tf_vector_sum #(
  parameter int Lanes  = 16,
  localparam int Rows  = 64 / Lanes,
  localparam int RowW  = $clog2(Rows)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             start_i,   // before the instruction's first word
  input  logic             norm_i,
  input  logic [6:0]       from_i,    // with start_i, 0 but for a norm
  input  logic [31:0]      length_i,
  input  logic             m_valid_i,
  input  logic             m_last_i,
  input  logic             m_final_i,
  // to the lanes
  output logic             tree_o,    // the adder's operands are rows
  output logic             fold_o,    // the adder's operands are its results
  output logic [1:0]       level_o,   // of a fold: w = 2 ** level_o
  output logic [Lanes-1:0] active_o,  // lanes that add
  output logic [RowW-1:0]  x_row_o,
  output logic             x_zero_o,
  output logic [RowW-1:0]  p_row_o,
  output logic             p_zero_o,
  output logic             we_o,
  output logic [RowW-1:0]  wrow_o,
  // result
  output logic             done_o,
  output logic             final_o
);
  localparam int LaneW = $clog2(Lanes);

  // Operations in the adder: valid, the last of a level, their row (oldest in the highest bits).
  logic [4:1]        valid_q, end_q;
  logic [4*RowW-1:0] rows_q;

  logic [RowW-1:0] word_row_q;     // row of the next word
  logic            wrapped_q;      // every row has been used
  logic            final_q;
  logic            tree_q;         // reading rows of a level
  logic [2:0]      level_q;        // the next level to add
  logic            more_q;         // there is a next level
  logic [RowW-1:0] index_q;        // row within the level
  logic [RowW-1:0] offset;
  logic [RowW:0]   used;           // rows that hold partial sums
  logic            issue, issue_end, level_end, next_fold;

  assign level_end = valid_q[4] && end_q[4];
  assign next_fold = 32'(level_q) + 32'd1 <= LaneW;
  assign fold_o    = level_end && more_q && next_fold;
  assign tree_o    = tree_q;
  assign level_o   = level_q[1:0];
  assign done_o    = level_end && !more_q;
  assign final_o   = final_q;

  // Rows of a level: index_q and index_q + offset, for index_q below offset = 2**level / Lanes.
  assign offset   = RowW'(32'd1 << (32'(level_q) - LaneW));
  assign used     = wrapped_q ? (RowW+1)'(Rows) : {1'b0, word_row_q};
  assign x_row_o  = index_q;
  assign p_row_o  = tree_q ? index_q + offset : word_row_q;
  assign x_zero_o = {1'b0, index_q} >= used;
  assign p_zero_o = tree_q ? {1'b0, p_row_o} >= used : !wrapped_q;
  assign we_o     = valid_q[4];
  assign wrow_o   = rows_q[4*RowW-1 -: RowW];

  assign issue     = m_valid_i || tree_q || fold_o;
  assign issue_end = m_valid_i ? m_last_i : fold_o || index_q == offset - RowW'(1);

  for (genvar i = 0; i < Lanes; i++) begin : gen_active
    assign active_o[i] = m_valid_i || tree_q || (fold_o && (i >> level_q) == 0);
  end

  // The first level: the greatest with 2**level < length.
  logic [2:0] first_level;
  logic [5:0] top;
  assign top = (norm_i || length_i > 32'd64) ? 6'd63 : 6'(length_i - 32'd1);
  always_comb begin
    first_level = 3'd0;
    for (int i = 0; i < 6; i++) begin
      if (top[i]) first_level = 3'(i);
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q    <= '0;
      tree_q     <= 1'b0;
      word_row_q <= '0;
      wrapped_q  <= 1'b0;
    end else begin
      valid_q <= {valid_q[3:1], issue};
      if (start_i) begin
        word_row_q <= RowW'(from_i >> LaneW);
        wrapped_q  <= from_i[6];
      end else if (m_valid_i) begin
        word_row_q <= word_row_q + RowW'(1);
        if (word_row_q == RowW'(Rows - 1)) wrapped_q <= 1'b1;
      end else if (done_o) begin
        word_row_q <= '0;
        wrapped_q  <= 1'b0;
      end
      if (level_end && more_q && !next_fold) begin
        tree_q <= 1'b1;
      end else if (tree_q && issue_end) begin
        tree_q <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    end_q   <= {end_q[3:1], issue_end};
    rows_q  <= {rows_q[3*RowW-1:0], m_valid_i ? word_row_q : fold_o ? RowW'(0) : index_q};
    index_q <= tree_q ? index_q + RowW'(1) : '0;
    if (start_i) begin
      {final_q, level_q, more_q} <= '0;
    end else if (m_valid_i) begin
      final_q <= m_final_i;
      level_q <= first_level;
      more_q  <= top != 6'd0;
    end else if (fold_o || (tree_q && issue_end)) begin
      level_q <= level_q - 3'd1;
      more_q  <= level_q != 3'd0;
    end
  end

`ifndef SYNTHESIS
  initial begin
    if (Lanes < 1 || Lanes > 16 || (Lanes & (Lanes - 1)) != 0) begin
      $fatal(1, "tf_vector_sum: Lanes = %0d: must be 1, 2, 4, 8 or 16", Lanes);
    end
  end
`endif
endmodule
