// SPDX-License-Identifier: Apache-2.0
//
// fp32 addition: y_o = a_i + b_i, round to nearest even; subnormal operands and results are zeros
// of their sign, every NaN is 7fc00000.
//
// Latency: tf_fp32_pkg::AddLatency (4), one operation a cycle. No back-pressure: the caller has
// room for every result. valid_o is valid_i delayed; the registers of a stage change only for a
// valid operation. a - b: invert b_i[31] outside.
//
//   1 order by magnitude | 2 align and add | 3 find the leading nibble | 4 normalise, round, pack
//
// The sum of stage 2 has 28 bits: carry, 24 bits of significand, guard, round, sticky.
module tf_fp32_add (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        valid_i,
  input  logic [31:0] a_i,
  input  logic [31:0] b_i,
  output logic        valid_o,
  output logic [31:0] y_o
);
  logic [3:1] valid_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      {valid_o, valid_q} <= '0;
    end else begin
      {valid_o, valid_q} <= {valid_q, valid_i};
    end
  end

  // Stage 1: the operand of greater magnitude first; how far the other is to be shifted.
  logic        sign1_q, subtract1_q, nan1_q, inf1_q;
  logic [7:0]  exponent1_q;
  logic [23:0] major1_q, minor1_q;
  logic [4:0]  distance1_q;

  always_ff @(posedge clk_i) begin : stage1
    logic        swap, subtract;
    logic [31:0] major;
    logic [30:0] minor;  // without its sign
    logic [7:0]  distance;
    if (valid_i) begin
      swap     = a_i[30:0] < b_i[30:0];
      major    = swap ? b_i : a_i;
      minor    = swap ? a_i[30:0] : b_i[30:0];
      subtract = a_i[31] ^ b_i[31];
      distance = major[30:23] - minor[30:23];
      sign1_q     <= major[31];
      subtract1_q <= subtract;
      exponent1_q <= major[30:23];
      major1_q    <= (major[30:23] == 8'd0) ? 24'd0 : {1'b1, major[22:0]};
      minor1_q    <= (minor[30:23] == 8'd0) ? 24'd0 : {1'b1, minor[22:0]};
      distance1_q <= (distance[7:5] != 3'd0) ? 5'd31 : distance[4:0];
      // A NaN is greater than infinity in magnitude, so that `major` tells both.
      inf1_q      <= major[30:23] == 8'hff;
      nan1_q      <= (major[30:23] == 8'hff) &&
                     ((major[22:0] != 23'd0) || (subtract && (minor[30:23] == 8'hff)));
    end
  end

  // Stage 2: major +- (minor >> distance); the bits shifted out make the sticky bit.
  logic        sign2_q, subtract2_q, nan2_q, inf2_q;
  logic [7:0]  exponent2_q;
  logic [27:0] sum2_q;

  always_ff @(posedge clk_i) begin : stage2
    logic [54:0] shifted;
    logic [26:0] aligned;
    if (valid_q[1]) begin
      shifted = {minor1_q, 31'd0} >> distance1_q;
      aligned = {shifted[54:29], shifted[28:0] != 29'd0};
      sum2_q  <= {1'b0, major1_q, 3'd0} + ({28{subtract1_q}} ^ {1'b0, aligned}) +
                 28'(subtract1_q);
      sign2_q     <= sign1_q;
      subtract2_q <= subtract1_q;
      exponent2_q <= exponent1_q;
      nan2_q      <= nan1_q;
      inf2_q      <= inf1_q;
    end
  end

  // Stage 3: shift out the leading zeros by nibbles. The leading one stays in the first nibble of
  // `shifted3_q`, which is zero only for the sum 0.
  logic        sign3_q, subtract3_q, nan3_q, inf3_q;
  logic [9:0]  exponent3_q;  // two's complement; of the leading bit of shifted3_q, biased
  logic [27:0] shifted3_q;

  always_ff @(posedge clk_i) begin : stage3
    logic [2:0] nibbles;
    if (valid_q[2]) begin
      nibbles = (sum2_q[27:24] != 4'd0) ? 3'd0 :
                (sum2_q[23:20] != 4'd0) ? 3'd1 :
                (sum2_q[19:16] != 4'd0) ? 3'd2 :
                (sum2_q[15:12] != 4'd0) ? 3'd3 :
                (sum2_q[11:8]  != 4'd0) ? 3'd4 :
                (sum2_q[7:4]   != 4'd0) ? 3'd5 : 3'd6;
      shifted3_q  <= sum2_q << {nibbles, 2'd0};
      exponent3_q <= {2'd0, exponent2_q} + 10'd1 - {5'd0, nibbles, 2'd0};
      sign3_q     <= sign2_q;
      subtract3_q <= subtract2_q;
      nan3_q      <= nan2_q;
      inf3_q      <= inf2_q;
    end
  end

  // Stage 4: the last 0 to 3 places, rounding, special results. A carry out of the fraction
  // increments the exponent; from 254 that makes infinity. A sum below 2^-126 is exact, so that the
  // exponent before rounding tells the range.
  always_ff @(posedge clk_i) begin : stage4
    logic [1:0]  places;
    logic [26:0] normal;  // without the leading one: fraction, guard and three more bits
    logic [9:0]  exponent;
    logic        round_up, is_zero;
    logic [30:0] rounded;  // exponent and fraction
    if (valid_q[3]) begin
      places   = shifted3_q[27] ? 2'd0 : shifted3_q[26] ? 2'd1 : shifted3_q[25] ? 2'd2 : 2'd3;
      normal   = shifted3_q[26:0] << places;
      exponent = exponent3_q - 10'(places);
      round_up = normal[3] && (normal[4] || (normal[2:0] != 3'd0));
      rounded  = {exponent[7:0], normal[26:4]} + 31'(round_up);
      is_zero  = shifted3_q[27:24] == 4'd0;
      if (nan3_q) begin
        y_o <= tf_fp32_pkg::CanonicalNan;
      end else if (is_zero || exponent[9] || (exponent == 10'd0)) begin
        y_o <= {sign3_q && !(is_zero && subtract3_q), 31'd0};
      end else if (inf3_q || (exponent >= 10'd255)) begin
        y_o <= {sign3_q, 8'hff, 23'd0};
      end else begin
        y_o <= {sign3_q, rounded};
      end
    end
  end
endmodule
