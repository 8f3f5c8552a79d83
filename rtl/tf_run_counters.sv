// SPDX-License-Identifier: Apache-2.0
// The 64-bit counters of a run (tf_regs_pkg::Cnt*): counter i counts the cycles of event_i[i].
//
// Latency: one cycle. clr_i sets all to 0 and has priority.
module tf_run_counters (
  input  logic                                clk_i,
  input  logic                                rst_ni,
  input  logic                                clr_i,
  input  logic [tf_regs_pkg::Counters-1:0]    event_i,
  output logic [tf_regs_pkg::Counters*64-1:0] counters_o
);
  for (genvar i = 0; i < tf_regs_pkg::Counters; i++) begin : gen_counter
    logic [63:0] count_q;

    assign counters_o[i*64 +: 64] = count_q;
    always_ff @(posedge clk_i) begin
      if (!rst_ni || clr_i) count_q <= '0;
      else if (event_i[i]) count_q <= count_q + 64'd1;
    end
  end
endmodule
