// SPDX-License-Identifier: Apache-2.0
//
// fp32 multiplication: y_o = a_i * b_i, round to nearest even; subnormal operands are zeros, a
// result that is below 2^-126 after rounding to 24 bits is a zero, every NaN is 7fc00000.
//
// Latency: tf_fp32_pkg::MulLatency (4), one operation a cycle. No back-pressure: the caller has
// room for every result. valid_o is valid_i delayed; the registers of a stage change only for a
// valid operation.
//
//   1 operands | 2 two partial products | 3 their sum | 4 normalise, round, pack
//
// The 24x24 product takes two 25x18 multipliers; stages 1, 2 and 3 are their A/B, M and P
// registers.
module tf_fp32_mul (
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

  // Stage 1. The result's kind: nan, else inf or zero, not both. The significands of special
  // operands do not matter.
  logic        sign1_q, nan1_q, inf1_q, zero1_q;
  logic [8:0]  exponent1_q;  // the sum of the biased exponents
  logic [23:0] a1_q, b1_q;

  always_ff @(posedge clk_i) begin : stage1
    logic nan, inf, zero;
    if (valid_i) begin
      inf  = (a_i[30:23] == 8'hff) || (b_i[30:23] == 8'hff);
      zero = (a_i[30:23] == 8'd0) || (b_i[30:23] == 8'd0);
      nan  = ((a_i[30:23] == 8'hff) && (a_i[22:0] != 23'd0)) ||
             ((b_i[30:23] == 8'hff) && (b_i[22:0] != 23'd0)) || (inf && zero);
      nan1_q      <= nan;
      inf1_q      <= inf;
      zero1_q     <= zero;
      sign1_q     <= a_i[31] ^ b_i[31];
      exponent1_q <= {1'b0, a_i[30:23]} + {1'b0, b_i[30:23]};
      a1_q        <= {1'b1, a_i[22:0]};
      b1_q        <= {1'b1, b_i[22:0]};
    end
  end

  // Stage 2: partial products.
  logic        sign2_q, nan2_q, inf2_q, zero2_q;
  logic [8:0]  exponent2_q;
  logic [40:0] low2_q;
  logic [30:0] high2_q;

  always_ff @(posedge clk_i) begin : stage2
    if (valid_q[1]) begin
      low2_q      <= {17'd0, a1_q} * {24'd0, b1_q[16:0]};
      high2_q     <= {7'd0, a1_q} * {24'd0, b1_q[23:17]};
      sign2_q     <= sign1_q;
      exponent2_q <= exponent1_q;
      nan2_q      <= nan1_q;
      inf2_q      <= inf1_q;
      zero2_q     <= zero1_q;
    end
  end

  // Stage 3: the product, in [2^46, 2^48).
  logic        sign3_q, nan3_q, inf3_q, zero3_q;
  logic [9:0]  exponent3_q;  // two's complement, biased, of a product below 2^47
  logic [47:0] product3_q;

  always_ff @(posedge clk_i) begin : stage3
    if (valid_q[2]) begin
      product3_q  <= {7'd0, low2_q} + {high2_q, 17'd0};
      exponent3_q <= {1'b0, exponent2_q} - 10'd127;
      sign3_q     <= sign2_q;
      nan3_q      <= nan2_q;
      inf3_q      <= inf2_q;
      zero3_q     <= zero2_q;
    end
  end

  // Stage 4: a carry out of the fraction increments the exponent; from 254 that makes infinity,
  // from 0 the least normal number, which is not flushed.
  always_ff @(posedge clk_i) begin : stage4
    logic [22:0] fraction;
    logic        guard, sticky, round_up, carry;
    logic [9:0]  exponent;
    logic [30:0] rounded;  // exponent and fraction
    if (valid_q[3]) begin
      fraction = product3_q[47] ? product3_q[46:24] : product3_q[45:23];
      guard    = product3_q[47] ? product3_q[23] : product3_q[22];
      sticky   = (product3_q[47] && product3_q[22]) || (product3_q[21:0] != 22'd0);
      round_up = guard && (fraction[0] || sticky);
      exponent = exponent3_q + 10'(product3_q[47]);
      carry    = round_up && (fraction == 23'h7fffff);
      rounded  = {exponent[7:0], fraction} + 31'(round_up);
      if (nan3_q) begin
        y_o <= tf_fp32_pkg::CanonicalNan;
      end else if (zero3_q || (!inf3_q && (exponent[9] || (exponent == 10'd0 && !carry)))) begin
        y_o <= {sign3_q, 31'd0};
      end else if (inf3_q || (exponent >= 10'd255)) begin
        y_o <= {sign3_q, 8'hff, 23'd0};
      end else begin
        y_o <= {sign3_q, rounded};
      end
    end
  end
endmodule
