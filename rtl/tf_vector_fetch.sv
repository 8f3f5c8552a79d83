// SPDX-License-Identifier: Apache-2.0
//
// Vector unit: brings the operands A, B and C of a word together.
//
// Follows the reads of tf_vector_issue through VM (latency 2), converts A from int32 or int8 to
// fp32 (tf_i32_to_fp32, latency 2), reads scalars and pops the stream at the right moment, negates
// A and C, and puts the word into the operand registers. No back-pressure.
//
// An operand from VM goes into its register when it arrives, the others at the launch, one cycle
// before op_valid_o: when the last operand arrives from VM, or, if A is an int32 of VM, when A has
// been converted (by then B and C have arrived). Operands of the next word come later than
// op_valid_o.
//
//   cycle    0        1        2              3           4            5
//   A, C     issue A  issue C  A arrives      C, launch   op_valid_o
//   int A    issue A           A arrives                  launch       op_valid_o
//   stream   issue             launch         op_valid_o      (int8: popped and converted from 0)
//
// A negated operand that is a NaN, or a zero or a subnormal, is marked (*_nan_o, *_zero_o, for each
// element): operations that take bits as they are make of it what the fp32 units do.
//
// A scalar's register number moves on by its stride with each segment. start_i comes before the
// first word; the fields hold.
module tf_vector_fetch #(
  parameter int Lanes = 16
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  // instruction
  input  logic                start_i,
  input  logic [1:0]          src_a_i,
  input  logic [2:0]          src_b_i,
  input  logic [1:0]          src_c_i,
  input  logic                a_int_i,     // A is an int32 of VM
  input  logic                c_stream_i,  // C is the fp32 stream (norm)
  input  logic                neg_a_i,
  input  logic                neg_c_i,
  input  logic [7:0]          a_scalar_i,
  input  logic [7:0]          a_stride_i,
  input  logic [7:0]          b_scalar_i,
  input  logic [7:0]          b_stride_i,
  input  logic [7:0]          c_scalar_i,
  input  logic [7:0]          c_stride_i,
  input  logic [31:0]         b_immediate_i,
  input  logic [31:0]         c_immediate_i,
  input  logic [Lanes-1:0]    tail_mask_i,  // elements of a segment's last word
  // from tf_vector_issue
  input  logic                read_i,
  input  logic [1:0]          operand_i,
  input  logic                word_i,
  input  logic                last_i,
  input  logic                final_i,
  // VM, scalars, stream
  input  logic [Lanes*32-1:0] vm_data_i,
  output logic [7:0]          a_scalar_o,
  input  logic [31:0]         a_scalar_data_i,
  output logic [7:0]          b_scalar_o,
  input  logic [31:0]         b_scalar_data_i,
  output logic [7:0]          c_scalar_o,
  input  logic [31:0]         c_scalar_data_i,
  output logic                pop_o,
  output logic                pop_last_o,
  input  logic [Lanes*32-1:0] stream_f32_i,
  input  logic [Lanes*8-1:0]  stream_i8_i,
  // operands
  output logic                op_valid_o,
  output logic                op_last_o,
  output logic                op_final_o,
  output logic [Lanes-1:0]    op_mask_o,
  output logic [Lanes*32-1:0] a_o,
  output logic [Lanes*32-1:0] b_o,
  output logic [Lanes*32-1:0] c_o,
  output logic [Lanes-1:0]    a_nan_o,
  output logic [Lanes-1:0]    a_zero_o,
  output logic [Lanes-1:0]    c_nan_o,
  output logic [Lanes-1:0]    c_zero_o
);
  // Tags of the reads in flight; [n] is n cycles after the issue. Only int32 words go beyond [2],
  // so that none is left when the next instruction comes.
  logic [4:1] a_read_q, last_q, final_q;
  logic [2:1] b_read_q, c_read_q, word_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      a_read_q <= '0;
      b_read_q <= '0;
      c_read_q <= '0;
      word_q   <= '0;
    end else begin
      a_read_q <= {a_read_q[3], a_read_q[2] && a_int_i, a_read_q[1], read_i && operand_i == 2'd0};
      b_read_q <= {b_read_q[1], read_i && operand_i == 2'd1};
      c_read_q <= {c_read_q[1], read_i && operand_i == 2'd2};
      word_q   <= {word_q[1], word_i};
    end
    last_q  <= {last_q[3:1], last_i};
    final_q <= {final_q[3:1], final_i};
  end

  // Conversion: an int8 word enters in its issue cycle, an int32 word when it arrives from VM.
  logic                a_int8;
  logic [Lanes-1:0]    convert;
  logic [Lanes*32-1:0] converted;

  assign a_int8 = src_a_i == tf_isa_pkg::SrcAStreamI8;

  for (genvar i = 0; i < Lanes; i++) begin : gen_convert
    logic [7:0]  byte_value;
    logic [31:0] integer_value;
    logic        unused_valid;
    assign byte_value    = stream_i8_i[i*8 +: 8];
    assign integer_value = a_int8 ? {{24{byte_value[7]}}, byte_value} : vm_data_i[i*32 +: 32];
    assign convert[i]    = a_int8 ? word_i && (!last_i || tail_mask_i[i]) :
                           a_int_i && a_read_q[2] && (!last_q[2] || tail_mask_i[i]);
    tf_i32_to_fp32 u_i32_to_fp32 (
      .clk_i, .rst_ni, .valid_i(convert[i]), .a_i(integer_value),
      .valid_o(unused_valid), .y_o(converted[i*32 +: 32])
    );
    /* verilator lint_off UNUSEDSIGNAL */  // the tags tell when
    wire unused = unused_valid;
    /* verilator lint_on UNUSEDSIGNAL */
  end

  logic launch, launch_last, launch_final;

  assign launch       = a_int_i ? a_read_q[4] : word_q[2];
  assign launch_last  = a_int_i ? last_q[4] : last_q[2];
  assign launch_final = a_int_i ? final_q[4] : final_q[2];

  // The stream.
  logic pop_f32;
  assign pop_f32    = src_a_i == tf_isa_pkg::SrcAStreamF32 ||
                      src_b_i == tf_isa_pkg::SrcBStreamF32 || c_stream_i;
  assign pop_o      = a_int8 ? word_i : pop_f32 && launch;
  assign pop_last_o = a_int8 ? last_i : launch_last;

  // Scalars.
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      {a_scalar_o, b_scalar_o, c_scalar_o} <= {a_scalar_i, b_scalar_i, c_scalar_i};
    end else if (launch && launch_last) begin
      a_scalar_o <= a_scalar_o + a_stride_i;
      b_scalar_o <= b_scalar_o + b_stride_i;
      c_scalar_o <= c_scalar_o + c_stride_i;
    end
  end

  // Operand registers. Selects of two bits, so that an operand's bit is one LUT of six inputs.
  logic                a_load, b_load, c_load, b_is_a, b_is_vm, c_is_vm;
  logic [1:0]          a_select, b_select;
  logic [Lanes*32-1:0] a, c;
  logic [31:0]         b_constant, c_constant;

  assign b_is_a  = src_b_i == tf_isa_pkg::SrcBA;
  assign b_is_vm = src_b_i == tf_isa_pkg::SrcBVm;
  assign c_is_vm = src_c_i == tf_isa_pkg::SrcCVm;
  assign a_load  = (src_a_i == tf_isa_pkg::SrcAVm && !a_int_i) ? a_read_q[2] : launch;
  assign b_load  = b_is_vm ? b_read_q[2] : b_is_a ? a_load : launch;
  assign c_load  = c_is_vm ? c_read_q[2] : launch;

  assign b_constant = (src_b_i == tf_isa_pkg::SrcBScalar) ? b_scalar_data_i : b_immediate_i;
  assign c_constant = (src_c_i == tf_isa_pkg::SrcCScalar) ? c_scalar_data_i : c_immediate_i;

  // A: 0 VM, 1 fp32 of the stream, 2 converted, 3 scalar. B: 0 constant, 1 VM, 2 stream, 3 A.
  assign a_select = a_int_i ? tf_isa_pkg::SrcAStreamI8 : src_a_i;
  assign b_select = b_is_a ? 2'd3 : b_is_vm ? 2'd1 :
                    (src_b_i == tf_isa_pkg::SrcBStreamF32) ? 2'd2 : 2'd0;
  assign a        = (a_select[1] ? (a_select[0] ? {Lanes{a_scalar_data_i}} : converted)
                                 : (a_select[0] ? stream_f32_i : vm_data_i)) ^
                    {Lanes{neg_a_i, 31'd0}};
  assign c        = (c_is_vm ? vm_data_i : c_stream_i ? stream_f32_i : {Lanes{c_constant}}) ^
                    {Lanes{neg_c_i, 31'd0}};

  always_ff @(posedge clk_i) begin
    if (a_load) a_o <= a;
    if (b_load) begin
      b_o <= b_select[1] ? (b_select[0] ? a : stream_f32_i)
                         : (b_select[0] ? vm_data_i : {Lanes{b_constant}});
    end
    if (c_load) c_o <= c;
    for (int i = 0; i < Lanes; i++) begin
      if (a_load) begin
        a_nan_o[i]  <= neg_a_i && a[i*32+23 +: 8] == 8'hff && a[i*32 +: 23] != 23'd0;
        a_zero_o[i] <= neg_a_i && a[i*32+23 +: 8] == 8'd0;
      end
      if (c_load) begin
        c_nan_o[i]  <= neg_c_i && c[i*32+23 +: 8] == 8'hff && c[i*32 +: 23] != 23'd0;
        c_zero_o[i] <= neg_c_i && c[i*32+23 +: 8] == 8'd0;
      end
    end
    if (launch) begin
      op_last_o  <= launch_last;
      op_final_o <= launch_final;
      op_mask_o  <= launch_last ? tail_mask_i : {Lanes{1'b1}};
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      op_valid_o <= 1'b0;
    end else begin
      op_valid_o <= launch;
    end
  end
endmodule
