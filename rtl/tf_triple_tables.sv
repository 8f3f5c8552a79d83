// SPDX-License-Identifier: Apache-2.0
//
// Tables of a beat's activations, for engines that look up sums of three lanes at once: group g has
// lanes 3g, 3g + 1, 3g + 2 (a, b, c; 0 beyond the last lane), and its table every sum that trits can
// make of them, but for the sign:
//
//   entry   0  1  2  3    4    5    6    7    8    9      10     11     12
//           a  b  c  a+b  a-b  a+c  a-c  b+c  b-c  a+b+c  a+b-c  a-b+c  a-b-c
//
// Entry e of group g is signed and stands at [130g + 10e +: 10].
//
// Latency 2: activations with en_i in cycle c, their tables in cycle c + 2 until the next ones.
// 10 adders a group; one table serves all engines, which differ in weights only.
module tf_triple_tables #(
  parameter int Lanes   = 80,
  localparam int Groups = (Lanes + 2) / 3
) (
  input  logic                  clk_i,
  input  logic                  en_i,
  input  logic [8*Lanes-1:0]    act_i,    // lane j at [8j +: 8]: int8
  output logic [130*Groups-1:0] tables_o
);
  logic [24*Groups-1:0] act;
  assign act = (24*Groups)'(act_i);

  logic en_q;
  always_ff @(posedge clk_i) en_q <= en_i;

  for (genvar g = 0; g < Groups; g++) begin : gen_group
    logic signed [7:0] a_q, b_q, c_q;
    logic signed [8:0] plus_q, minus_q;  // a + b, a - b
    always_ff @(posedge clk_i) begin
      if (en_i) begin
        a_q     <= $signed(act[24*g +: 8]);
        b_q     <= $signed(act[24*g+8 +: 8]);
        c_q     <= $signed(act[24*g+16 +: 8]);
        plus_q  <= 9'($signed(act[24*g +: 8])) + 9'($signed(act[24*g+8 +: 8]));
        minus_q <= 9'($signed(act[24*g +: 8])) - 9'($signed(act[24*g+8 +: 8]));
      end
      if (en_q) begin
        tables_o[130*g +: 130] <= {
          10'(minus_q) - 10'(c_q), 10'(minus_q) + 10'(c_q),
          10'(plus_q) - 10'(c_q), 10'(plus_q) + 10'(c_q),
          10'(9'(b_q) - 9'(c_q)), 10'(9'(b_q) + 9'(c_q)),
          10'(9'(a_q) - 9'(c_q)), 10'(9'(a_q) + 9'(c_q)),
          10'(minus_q), 10'(plus_q),
          10'(c_q), 10'(b_q), 10'(a_q)
        };
      end
    end
  end
endmodule
