// SPDX-License-Identifier: Apache-2.0
//
// Turns the trits of three lanes into the entry of tf_triple_tables that is their sum, and its sign:
//
//   index_o[4g +: 4]  entry of group g, 15 if its trits are all 0
//   minus_o[g]        the sum is the negative of the entry: the first trit that is not 0 is -1
//
// Latency 1: masks with en_i in cycle c (as a weight decoder gives them), indices in cycle c + 1
// until the next ones. One of these serves all batch slices of an engine.
module tf_triple_index #(
  parameter int Lanes   = 80,
  localparam int Groups = (Lanes + 2) / 3
) (
  input  logic                clk_i,
  input  logic                en_i,
  input  logic [8*Lanes-1:0]  pass_i,
  input  logic [8*Lanes-1:0]  neg_i,
  output logic [4*Groups-1:0] index_o,
  output logic [Groups-1:0]   minus_o
);
  // Entry and, in bit 4, sign.
  function automatic logic [4:0] entry(input logic [2:0] pass, input logic [2:0] neg);
    logic minus;
    minus = pass[0] ? neg[0] : pass[1] ? neg[1] : pass[2] & neg[2];
    case (pass)
      3'b000:  entry = {1'b0, 4'd15};
      3'b001:  entry = {minus, 4'd0};
      3'b010:  entry = {minus, 4'd1};
      3'b100:  entry = {minus, 4'd2};
      3'b011:  entry = {minus, 4'd3 + {3'd0, neg[1] ^ minus}};
      3'b101:  entry = {minus, 4'd5 + {3'd0, neg[2] ^ minus}};
      3'b110:  entry = {minus, 4'd7 + {3'd0, neg[2] ^ minus}};
      default: entry = {minus, 4'd9 + {2'd0, neg[1] ^ minus, neg[2] ^ minus}};
    endcase
  endfunction

  logic [24*Groups-1:0] pass, neg;
  assign pass = (24*Groups)'(pass_i);
  assign neg  = (24*Groups)'(neg_i);

  for (genvar g = 0; g < Groups; g++) begin : gen_group
    always_ff @(posedge clk_i) begin
      if (en_i) begin
        {minus_o[g], index_o[4*g +: 4]} <= entry({pass[24*g+16], pass[24*g+8], pass[24*g]},
                                                 {neg[24*g+16], neg[24*g+8], neg[24*g]});
      end
    end
  end

  logic unused;
  assign unused = ^{pass, neg};  // a mask's 8 bits are alike
endmodule
