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
    logic [31:0] magnitude;
    logic [2:0]  nibbles;
    if (valid_i) begin
      magnitude = (a_i ^ {32{a_i[31]}}) + 32'(a_i[31]);
      nibbles   = (magnitude[31:28] != 4'd0) ? 3'd0 :
                  (magnitude[27:24] != 4'd0) ? 3'd1 :
                  (magnitude[23:20] != 4'd0) ? 3'd2 :
                  (magnitude[19:16] != 4'd0) ? 3'd3 :
                  (magnitude[15:12] != 4'd0) ? 3'd4 :
                  (magnitude[11:8]  != 4'd0) ? 3'd5 :
                  (magnitude[7:4]   != 4'd0) ? 3'd6 : 3'd7;
      shifted1_q <= magnitude << {nibbles, 2'd0};
      nibbles1_q <= nibbles;
      sign1_q    <= a_i[31];
    end
  end

  // Stage 2: the last 0 to 3 places, rounding. A carry out of the fraction increments the exponent.
  always_ff @(posedge clk_i) begin : stage2
    logic [1:0]  places;
    logic [30:0] normal;  // without the leading one: fraction and eight bits more
    logic [7:0]  exponent;
    logic        round_up;
    if (valid_q) begin
      places   = shifted1_q[31] ? 2'd0 : shifted1_q[30] ? 2'd1 : shifted1_q[29] ? 2'd2 : 2'd3;
      normal   = shifted1_q[30:0] << places;
      exponent = 8'd158 - {3'd0, nibbles1_q, places};  // 158 = 127 + 31
      round_up = normal[7] && (normal[8] || (normal[6:0] != 7'd0));
      if (shifted1_q[31:28] == 4'd0) begin
        y_o <= 32'd0;
      end else begin
        y_o <= {sign1_q, {exponent, normal[30:8]} + 31'(round_up)};
      end
    end
  end
endmodule
