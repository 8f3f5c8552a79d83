// SPDX-License-Identifier: Apache-2.0
// The four dependence-token counters (bits as in tf_isa_pkg::Tok*).
//
// avail_o[k]: counter k is positive. A unit takes with a one-cycle pulse when it starts an
// instruction and puts when it retires one; both act in the next cycle. Every counter has one
// consumer, so that avail_o holds until that unit takes.
// Constraint: at most 65535 tokens of a kind are outstanding. clr_i sets all counters to 0.
module tf_tokens (
  input  logic       clk_i,
  input  logic       rst_ni,
  input  logic       clr_i,

  output logic [3:0] avail_o,
  input  logic [3:0] tern_take_i,
  input  logic [3:0] tern_put_i,
  input  logic [3:0] int8_take_i,
  input  logic [3:0] int8_put_i,
  input  logic [3:0] vec_take_i,
  input  logic [3:0] vec_put_i
);
  for (genvar k = 0; k < 4; k++) begin : gen_counter
    logic [15:0] count_q, puts, takes;

    assign puts       = 16'(tern_put_i[k]) + 16'(int8_put_i[k]) + 16'(vec_put_i[k]);
    assign takes      = 16'(tern_take_i[k]) + 16'(int8_take_i[k]) + 16'(vec_take_i[k]);
    assign avail_o[k] = count_q != '0;

    always_ff @(posedge clk_i) begin
      if (!rst_ni || clr_i) count_q <= '0;
      else count_q <= count_q + puts - takes;
    end

`ifndef SYNTHESIS
    always @(posedge clk_i) begin
      if (rst_ni && !clr_i) begin
        assert (count_q >= takes)
        else $error("tf_tokens: counter %0d: %0d taken of %0d", k, takes, count_q);
      end
    end
`endif
  end
endmodule
