// SPDX-License-Identifier: Apache-2.0
//
// int32 to fp32, round to nearest even.
//
// Latency: tf_fp32_pkg::I2fLatency (2), one operation a cycle. No back-pressure: the caller has
// room for every result. valid_o is valid_i delayed; the registers of a stage change only for a
// valid operation.
module tf_i32_to_fp32 (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        valid_i,
  input  logic [31:0] a_i,
  output logic        valid_o,
  output logic [31:0] y_o
);
  logic valid_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      {valid_o, valid_q} <= '0;
    end else begin
      {valid_o, valid_q} <= {valid_q, valid_i};
    end
  end

  // Stage 1: the magnitude, its leading zeros shifted out by nibbles.
  logic        sign1_q;
  logic [2:0]  nibbles1_q;
  logic [31:0] shifted1_q;  // the first nibble is zero only for the integer 0

  always_ff @(posedge clk_i) begin : stage1
    logic [31:0] magnitude, shifted;
    logic [6:0]  zero;     // nibbles, the first in bit 0
    logic [2:0]  nibbles;  // how many of them before the first other one
    if (valid_i) begin
      magnitude  = (a_i ^ {32{a_i[31]}}) + 32'(a_i[31]);
      for (int i = 0; i < 7; i++) zero[i] = magnitude[31-4*i -: 4] == 4'd0;
      nibbles    = {zero[3:0] == 4'hf,
                    zero[1:0] == 2'h3 && (!zero[2] || !zero[3] || (zero[4] && zero[5])),
                    zero[0] && (!zero[1] || (zero[2] && (!zero[3] ||
                                (zero[4] && (!zero[5] || zero[6])))))};
      shifted    = nibbles[2] ? magnitude << 16 : magnitude;
      shifted    = nibbles[1] ? shifted << 8 : shifted;
      shifted1_q <= nibbles[0] ? shifted << 4 : shifted;
      nibbles1_q <= nibbles;
      sign1_q    <= a_i[31];
    end
  end

  // Stage 2: the last 0 to 3 places, rounding. A carry out of the fraction increments the exponent.
  always_ff @(posedge clk_i) begin : stage2
    logic [1:0]  places;
    logic [30:7] normal;  // without the leading one: fraction and the guard bit
    logic [7:0]  exponent;
    logic        sticky, round_up;
    if (valid_q) begin
      places   = shifted1_q[31] ? 2'd0 : shifted1_q[30] ? 2'd1 : shifted1_q[29] ? 2'd2 : 2'd3;
      normal   = 24'(shifted1_q[30:4] >> ~places);
      exponent = 8'd158 - {3'd0, nibbles1_q, places};  // 158 = 127 + 31
      sticky   = (shifted1_q[6:0] & (7'h7f >> places)) != 7'd0;
      round_up = normal[7] && (normal[8] || sticky);
      if (shifted1_q[31:28] == 4'd0) begin
        y_o <= 32'd0;
      end else begin
        y_o <= {sign1_q, {exponent, normal[30:8]} + 31'(round_up)};
      end
    end
  end
endmodule
