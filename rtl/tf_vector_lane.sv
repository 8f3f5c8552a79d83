// SPDX-License-Identifier: Apache-2.0
//
// Vector unit: one fp32 lane.  m = a * b (or a), then r = combine(m, c), then int8(r).
//
//   a,b --- mul 4 ---- m -+- add 4 -------+- r --- int8 2
//   a --(use_mul_i 0)-/   +- alu 1 -------/
//
// Norm: m goes back into the multiplier, with c in the cycle in which it leaves it (back_weight_i)
// and with itself in the next (back_square_i). m c is then r, by the alu; m m goes to the adder.
//
// Every stage has its own enable and changes nothing without it; the word-level pipeline around the
// lanes (tf_vector_datapath) knows when results appear. m_c_i belongs to m.
//
// SUM: the adder accumulates into the lane's partial sums, for each of Banks sums Rows = 64/Lanes
// words of two-port distributed RAM, under control of tf_vector_sum. Its left operand is m (-0,
// which changes no sum, where the lane has no element), a row of partial sums, or its own result of
// this very cycle (sum_fold_i); its right operand a row (+0 if sum_*_zero_i), or the result of a
// higher lane, fold_i. A row is written with add_o by sum_we_i; a row written in this cycle is read
// right (forwarded).
module tf_vector_lane #(
  parameter int Rows    = 4,
  parameter int Banks   = 2,
  localparam int RowW   = $clog2(Rows),
  localparam int BankW  = $clog2(Banks)
) (
  input  logic            clk_i,
  input  logic            rst_ni,
  // multiply
  input  logic            op_valid_i,
  input  logic            use_mul_i,
  input  logic [31:0]     a_i,
  input  logic [31:0]     b_i,
  input  logic            a_nan_i,     // a is negated and a NaN
  input  logic            a_zero_i,    // ... and a subnormal or zero
  input  logic            back_weight_i,
  input  logic            back_square_i,
  // combine
  input  logic [2:0]      combine_i,
  input  logic            m_mask_i,    // the lane has an element at the adder
  input  logic [31:0]     m_c_i,
  input  logic            alu_valid_i,
  input  logic            add_valid_i,
  // SUM
  input  logic            sum_i,
  input  logic            sum_tree_i,
  input  logic            sum_fold_i,
  input  logic [31:0]     fold_i,
  input  logic [BankW-1:0] sum_bank_i,
  input  logic [RowW-1:0] sum_x_row_i,
  input  logic            sum_x_zero_i,
  input  logic [RowW-1:0] sum_p_row_i,
  input  logic            sum_p_zero_i,
  input  logic            sum_we_i,
  input  logic [RowW-1:0] sum_wrow_i,
  // results
  input  logic            use_add_i,   // r is the adder's result
  output logic [31:0]     add_o,
  output logic [31:0]     r_o,
  input  logic            int8_valid_i,
  output logic [7:0]      int8_o
`ifndef SYNTHESIS
  ,
  input  logic            fault_add_i,
  input  logic            fault_mul_i
`endif
);
  logic        unused_mul_valid, unused_add_valid, unused_int8_valid;
  logic [31:0] product, product_raw, sum_raw, m;

  logic [31:0] back_q, mul_a, mul_b;

  assign mul_a = back_weight_i ? product : back_square_i ? back_q : a_i;
  assign mul_b = back_weight_i ? m_c_i : back_square_i ? back_q : b_i;

  always_ff @(posedge clk_i) begin
    if (back_weight_i) back_q <= product;
  end

  tf_fp32_mul u_mul (
    .clk_i, .rst_ni, .valid_i((op_valid_i && use_mul_i) || back_weight_i || back_square_i),
    .a_i(mul_a), .b_i(mul_b), .valid_o(unused_mul_valid), .y_o(product_raw)
  );

`ifndef SYNTHESIS
  assign product = product_raw ^ {31'd0, fault_mul_i};
  assign add_o   = sum_raw ^ {31'd0, fault_add_i};
`else
  assign product = product_raw;
  assign add_o   = sum_raw;
`endif

  // The multiplier cleans its operands itself.
  assign m = use_mul_i ? product :
             a_nan_i ? tf_fp32_pkg::CanonicalNan : a_i & ~{9'd0, {23{a_zero_i}}};

  // Partial sums, one copy for each read port.
  (* ram_style = "distributed" *) logic [31:0] x_rows_q [Banks*Rows];
  (* ram_style = "distributed" *) logic [31:0] p_rows_q [Banks*Rows];
  logic [31:0] x_row, p_row, add_x, add_p;
  logic        p_forward;

  always_ff @(posedge clk_i) begin
    if (sum_we_i) begin
      x_rows_q[{sum_bank_i, sum_wrow_i}] <= add_o;
      p_rows_q[{sum_bank_i, sum_wrow_i}] <= add_o;
    end
  end

  assign x_row     = sum_x_zero_i ? 32'd0 : x_rows_q[{sum_bank_i, sum_x_row_i}];
  assign p_forward = sum_we_i && sum_wrow_i == sum_p_row_i;
  assign p_row     = sum_p_zero_i ? 32'd0 :
                     p_forward ? add_o : p_rows_q[{sum_bank_i, sum_p_row_i}];

  assign add_x = sum_fold_i ? add_o : sum_tree_i ? x_row :
                 (sum_i && !m_mask_i) ? 32'h8000_0000 : m;
  assign add_p = sum_fold_i ? fold_i : sum_i ? p_row : m_c_i;

  tf_fp32_add u_add (
    .clk_i, .rst_ni, .valid_i(add_valid_i), .a_i(add_x), .b_i(add_p),
    .valid_o(unused_add_valid), .y_o(sum_raw)
  );

  logic [31:0] minmax, alu_q;

  tf_fp32_minmax u_minmax (
    .is_min_i(combine_i == tf_isa_pkg::CombMin), .a_i(m), .b_i(m_c_i), .y_o(minmax)
  );

  // One adder for the integer operations: c - (m >> 1), c - m, m + (c << 23). A tag replaces the
  // low bits and makes the number normal.
  always_ff @(posedge clk_i) begin : alu
    logic        add_exponent, is_integer;
    logic [31:0] left, right, other;
    logic [7:0]  exponent;
    if (alu_valid_i) begin
      add_exponent = combine_i == tf_isa_pkg::CombAddExponent;
      left         = add_exponent ? m : m_c_i;
      right        = add_exponent ? {m_c_i[8:0], 23'd0} :
                     (combine_i == tf_isa_pkg::CombSubShift) ? {1'b1, ~m[31:1]} : ~m;
      exponent     = m[30:23];
      if (m[30:23] == 8'd0) exponent = 8'd1;
      if (m[30:23] == 8'hff) exponent = 8'hfe;
      case (combine_i)
        tf_isa_pkg::CombMax, tf_isa_pkg::CombMin: other = minmax;
        tf_isa_pkg::CombTag:
          other = {m[31], exponent, m[22:tf_isa_pkg::TagBits], m_c_i[tf_isa_pkg::TagBits-1:0]};
        default:                                  other = m;
      endcase
      is_integer = combine_i == tf_isa_pkg::CombSubShift || combine_i == tf_isa_pkg::CombSub ||
                   add_exponent;
      alu_q <= is_integer ? left + right + {31'd0, !add_exponent} : other;
    end
  end

  assign r_o = use_add_i ? add_o : alu_q;

  tf_fp32_to_i8 u_int8 (
    .clk_i, .rst_ni, .valid_i(int8_valid_i), .a_i(r_o),
    .valid_o(unused_int8_valid), .y_o(int8_o)
  );

  /* verilator lint_off UNUSEDSIGNAL */  // the word-level pipeline knows the latencies
  wire unused = unused_mul_valid | unused_add_valid | unused_int8_valid;
  /* verilator lint_on UNUSEDSIGNAL */
endmodule
