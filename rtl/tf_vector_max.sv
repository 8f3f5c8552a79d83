// SPDX-License-Identifier: Apache-2.0
//
// Vector unit: MAX and ABSMAX of the elements of each segment, and with use_initial_i of initial_i.
//
// Takes a word of results a cycle (valid_i; mask_i says which lanes have an element; last_i ends a
// segment, which has at least one element). The maximum appears log2(Lanes) + 2 cycles after the
// last word, for one cycle; segments may follow one another without a gap.
//
// Numbers are compared as unsigned keys, ordered like fp32 with -0 below +0, subnormals as zeros,
// NaN above all and key 0 below all:
//
//   1 keys | 2 maximum of each lane so far | levels of the tree over the lanes
module tf_vector_max #(
  parameter int Lanes = 16
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                valid_i,
  input  logic                last_i,
  input  logic                final_i,
  input  logic                absolute_i,
  input  logic                use_initial_i,
  input  logic [31:0]         initial_i,
  input  logic [Lanes-1:0]    mask_i,
  input  logic [Lanes*32-1:0] data_i,
  output logic                valid_o,
  output logic                final_o,
  output logic [31:0]         max_o
);
  localparam int Levels = $clog2(Lanes);
  localparam logic [31:0] NanKey = tf_fp32_pkg::CanonicalNan ^ 32'h8000_0000;

  // Stage 1: keys.
  logic                key_valid_q, key_first_q, key_last_q, key_final_q;
  logic [Lanes*32-1:0] key_q;

  function automatic logic [31:0] Key(input logic [31:0] x);
    if (x[30:23] == 8'd0) Key = x[31] ? 32'h7fff_ffff : 32'h8000_0000;
    else if (x[30:23] == 8'hff && x[22:0] != 23'd0) Key = NanKey;
    else Key = x[31] ? ~x : {1'b1, x[30:0]};
  endfunction

  logic [31:0] initial_q;  // the key that lane 0 begins with

  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      for (int i = 0; i < Lanes; i++) begin
        key_q[i*32 +: 32] <=
            mask_i[i] ? Key({data_i[i*32+31] && !absolute_i, data_i[i*32 +: 31]}) : 32'd0;
      end
      initial_q   <= use_initial_i ? Key(initial_i) : 32'd0;
      key_last_q  <= last_i;
      key_final_q <= final_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      key_valid_q <= 1'b0;
      key_first_q <= 1'b1;
    end else begin
      key_valid_q <= valid_i;
      if (key_valid_q) key_first_q <= key_last_q;
    end
  end

  // Stage 2: the running maxima; after the last word they are the tree's leaves. Stage 2 + n: level
  // n of the tree, 2**(Levels - n) keys.
  logic [Levels:0] tree_valid_q, tree_final_q;
  // Node n, in bits [32n +: 32], has children 2n and 2n + 1; lane i is node Lanes + i; 0 is unused.
  logic [2*Lanes*32-1:32] tree_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      tree_valid_q <= '0;
    end else begin
      tree_valid_q <= (Levels+1)'({tree_valid_q, key_valid_q && key_last_q});
    end
    tree_final_q <= (Levels+1)'({tree_final_q, key_final_q});
  end

  for (genvar i = 0; i < Lanes; i++) begin : gen_leaf
    logic [31:0] key, so_far;
    assign key    = key_q[i*32 +: 32];
    assign so_far = tree_q[(Lanes+i)*32 +: 32];
    if (i == 0) begin : gen_initial
      logic [31:0] begun;
      assign begun = key_first_q ? initial_q : so_far;
      always_ff @(posedge clk_i) begin
        if (key_valid_q) tree_q[(Lanes+i)*32 +: 32] <= (key > begun) ? key : begun;
      end
    end else begin : gen_key
      always_ff @(posedge clk_i) begin
        if (key_valid_q && (key_first_q || key > so_far)) tree_q[(Lanes+i)*32 +: 32] <= key;
      end
    end
  end

  for (genvar n = 1; n < Lanes; n++) begin : gen_node
    // Nodes 2**d .. 2**(d+1)-1 are at depth d; the leaves, at depth Levels, are level 0.
    localparam int Level = Levels - $clog2(n + 1) + 1;
    always_ff @(posedge clk_i) begin
      if (tree_valid_q[Level-1]) begin
        tree_q[n*32 +: 32] <= (tree_q[2*n*32 +: 32] > tree_q[(2*n+1)*32 +: 32])
                              ? tree_q[2*n*32 +: 32] : tree_q[(2*n+1)*32 +: 32];
      end
    end
  end

  assign valid_o = tree_valid_q[Levels];
  assign final_o = tree_final_q[Levels];
  assign max_o   = tree_q[63] ? {1'b0, tree_q[62:32]} : ~tree_q[63:32];
endmodule
