// SPDX-License-Identifier: Apache-2.0
//
// fp32 to int8: round half to even, then saturate to -128..127; NaN gives 0.
//
// Latency: tf_fp32_pkg::F2i8Latency (2), one operation a cycle. No back-pressure: the caller has
// room for every result. valid_o is valid_i delayed; the registers of a stage change only for a
// valid operation.
module tf_fp32_to_i8 (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        valid_i,
  input  logic [31:0] a_i,
  output logic        valid_o,
  output logic [7:0]  y_o
);
  logic valid_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      {valid_o, valid_q} <= '0;
    end else begin
      {valid_o, valid_q} <= {valid_q, valid_i};
    end
  end

  // Stage 1: the magnitude in fixed point, or a flag that it is 256 or more. Below 0.5 it is 0.
  logic       sign1_q, huge1_q, guard1_q, sticky1_q;
  logic [7:0] integer1_q;

  always_ff @(posedge clk_i) begin : stage1
    logic       is_nan, in_range;
    logic [3:0] distance;
    logic [8:0] shifted, lost;  // integer and guard bit; what is shifted out below them
    if (valid_i) begin
      is_nan      = (a_i[30:23] == 8'hff) && (a_i[22:0] != 23'd0);
      in_range    = (a_i[30:23] >= 8'd126) && (a_i[30:23] <= 8'd134);  // [2^-1, 2^8)
      distance    = {a_i[26], ~a_i[25:23]};  // 135 - exponent: 1 to 9 in range
      shifted     = 9'({1'b1, a_i[22:15], 1'b0} >> distance);
      lost        = a_i[22:14] & ~(9'h1ff << distance);
      sign1_q     <= a_i[31];
      huge1_q     <= (a_i[30:23] > 8'd134) && !is_nan;
      integer1_q  <= in_range ? shifted[8:1] : 8'd0;
      guard1_q    <= in_range && shifted[0];
      sticky1_q   <= in_range && ((a_i[13:0] != 14'd0) || (lost != 9'd0));
    end
  end

  // Stage 2: round, saturate, apply the sign.
  always_ff @(posedge clk_i) begin : stage2
    logic [8:0] rounded;
    if (valid_q) begin
      rounded = {1'b0, integer1_q} + 9'(guard1_q && (integer1_q[0] || sticky1_q));
      if (huge1_q || (rounded >= 9'd128)) begin
        y_o <= sign1_q ? 8'h80 : 8'h7f;
      end else begin
        y_o <= ({8{sign1_q}} ^ rounded[7:0]) + 8'(sign1_q);
      end
    end
  end
endmodule
