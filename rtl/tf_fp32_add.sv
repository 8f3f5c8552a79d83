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
    logic        swap, subtract, a_max, b_max, a_zero, b_zero;
    logic [31:0] major;
    logic [30:0] minor;  // without its sign
    logic [7:0]  distance;
    if (valid_i) begin
      swap     = a_i[30:0] < b_i[30:0];
      major    = swap ? b_i : a_i;
      minor    = swap ? a_i[30:0] : b_i[30:0];
      subtract = a_i[31] ^ b_i[31];
      distance = major[30:23] - minor[30:23];
      a_zero   = a_i[30:23] == 8'd0;
      b_zero   = b_i[30:23] == 8'd0;
      a_max    = a_i[30:23] == 8'hff;
      b_max    = b_i[30:23] == 8'hff;
      sign1_q     <= major[31];
      subtract1_q <= subtract;
      exponent1_q <= major[30:23];
      major1_q    <= (a_zero && b_zero) ? 24'd0 : {1'b1, major[22:0]};
      minor1_q    <= (a_zero || b_zero) ? 24'd0 : {1'b1, minor[22:0]};
      distance1_q <= (distance[7:5] != 3'd0) ? 5'd31 : distance[4:0];
      inf1_q      <= a_max || b_max;
      nan1_q      <= (a_max && (a_i[22:0] != 23'd0)) || (b_max && (b_i[22:0] != 23'd0)) ||
                     (subtract && a_max && b_max);
    end
  end

  // Stage 2: major +- (minor >> distance); the bits shifted out make the sticky bit.
  logic        sign2_q, subtract2_q, nan2_q, inf2_q;
  logic [7:0]  exponent2_q;
  logic [27:0] sum2_q;

  always_ff @(posedge clk_i) begin : stage2
    logic [25:0] lost;
    logic [26:0] aligned;
    if (valid_q[1]) begin
      // The lowest bit stands for those that are shifted out.
      lost    = {minor1_q, 2'd0} & ~(26'h3ffffff << distance1_q);
      aligned = {26'({minor1_q, 2'd0} >> distance1_q), lost != 26'd0};
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
    logic [5:0]  zero;     // nibbles, the first in bit 0
    logic [2:0]  nibbles;  // how many of them before the first other one: 0 to 6
    logic [27:0] shifted;
    if (valid_q[2]) begin
      for (int i = 0; i < 6; i++) zero[i] = sum2_q[27-4*i -: 4] == 4'd0;
      nibbles     = {zero[3:0] == 4'hf,
                     zero[1:0] == 2'h3 && (!zero[2] || !zero[3] || (zero[4] && zero[5])),
                     zero[0] && (!zero[1] || (zero[2] && (!zero[3] || (zero[4] && !zero[5]))))};
      shifted     = nibbles[2] ? sum2_q << 16 : sum2_q;
      shifted     = nibbles[1] ? shifted << 8 : shifted;
      shifted3_q  <= nibbles[0] ? shifted << 4 : shifted;
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
    logic [7:0]  exponent;
    logic        round_up, is_zero, is_tiny, is_huge;
    logic [30:0] rounded;  // exponent and fraction
    if (valid_q[3]) begin
      places   = shifted3_q[27] ? 2'd0 : shifted3_q[26] ? 2'd1 : shifted3_q[25] ? 2'd2 : 2'd3;
      normal   = shifted3_q[26:0] << places;
      exponent = exponent3_q[7:0] - 8'(places);
      round_up = normal[3] && (normal[4] || (normal[2:0] != 3'd0));
      rounded  = {exponent, normal[26:4]} + 31'(round_up);
      is_zero  = shifted3_q[27:24] == 4'd0;
      // The exponent is at most 0: no one stands in the first exponent3_q places. It is 255, which
      // is the most that finite operands give.
      is_tiny  = exponent3_q[9] || (exponent3_q[8:2] == 7'd0 &&
                                    (shifted3_q[27:25] & ~(3'h7 >> exponent3_q[1:0])) == 3'd0);
      is_huge  = exponent3_q[7:0] == 8'hff && places == 2'd0;
      if (nan3_q) begin
        y_o <= tf_fp32_pkg::CanonicalNan;
      end else if (is_zero || is_tiny) begin
        y_o <= {sign3_q && !(is_zero && subtract3_q), 31'd0};
      end else if (inf3_q || is_huge) begin
        y_o <= {sign3_q, 8'hff, 23'd0};
      end else begin
        y_o <= {sign3_q, rounded};
      end
    end
  end
endmodule
