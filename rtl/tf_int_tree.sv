// SPDX-License-Identifier: Apache-2.0
//
// Sum of N signed values of W bits, pipelined: a register after every second level.
//
// Latency: (clog2(N) + 1) / 2 cycles, valid_i to valid_o; one sum a cycle, no stall. Registers of a
// stage change only when a sum passes. N is a power of two, at least 2.
//
// The sums stand inside the clocked blocks, under their enable: a simulator then evaluates nothing
// in an idle cycle.
module tf_int_tree #(
  parameter int N = 64,
  parameter int W = 16
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,
  input  logic                          valid_i,
  input  logic [N*W-1:0]                data_i,
  output logic                          valid_o,
  output logic signed [W+$clog2(N)-1:0] sum_o
);
  // Stage s adds four values each of 2s more bits; the last one two, when two are left.
  localparam int Stages = ($clog2(N) + 1) / 2;

  for (genvar s = 0; s < Stages; s++) begin : gen_stage
    localparam int InN   = N >> (2 * s);
    localparam int InW   = W + 2 * s;
    localparam int Terms = (InN >= 4) ? 4 : 2;
    localparam int OutN  = InN / Terms;
    localparam int OutW  = InW + $clog2(Terms);

    logic                 valid_in, valid_q;
    logic [InN*InW-1:0]   terms;
    logic [OutN*OutW-1:0] sums_q;

    if (s == 0) begin : gen_first
      assign valid_in = valid_i;
      assign terms    = data_i;
    end else begin : gen_later
      assign valid_in = gen_stage[s-1].valid_q;
      assign terms    = gen_stage[s-1].sums_q;
    end

    always_ff @(posedge clk_i) begin
      if (!rst_ni) valid_q <= 1'b0;
      else valid_q <= valid_in;
    end

    if (Terms == 4) begin : gen_four
      always_ff @(posedge clk_i) begin
        if (valid_in) begin
          for (int i = 0; i < OutN; i++) begin
            sums_q[i*OutW +: OutW] <= (OutW'($signed(terms[4*i*InW +: InW])) +
                                       OutW'($signed(terms[(4*i+1)*InW +: InW]))) +
                                      (OutW'($signed(terms[(4*i+2)*InW +: InW])) +
                                       OutW'($signed(terms[(4*i+3)*InW +: InW])));
          end
        end
      end
    end else begin : gen_two
      always_ff @(posedge clk_i) begin
        if (valid_in) begin
          sums_q <= OutW'($signed(terms[0 +: InW])) + OutW'($signed(terms[InW +: InW]));
        end
      end
    end
  end

  assign valid_o = gen_stage[Stages-1].valid_q;
  assign sum_o   = $signed(gen_stage[Stages-1].sums_q);

`ifndef SYNTHESIS
  initial begin
    if (N < 2 || (1 << $clog2(N)) != N) begin
      $fatal(1, "tf_int_tree: N = %0d: must be a power of two, at least 2", N);
    end
  end
`endif
endmodule
