// SPDX-License-Identifier: Apache-2.0
//
// Vector unit: brings the operands A, B and C of a word together.
//
// Follows the reads of tf_vector_issue through VM (latency 2), converts A from int32 or int8 to fp32
// (tf_i32_to_fp32, latency 2), reads scalars and pops the stream at the right moment, negates A, and
// puts the word into the operand registers. No back-pressure. Cycles from word_i to op_valid_o:
//
//   0        issue of the last read    int8 words of the stream are popped here and converted
//   2        VM data arrive            fp32 words of the stream are popped here, scalars read
//   3        operand registers         2 later when A is an int32 of VM
//
// An earlier operand of the same word waits in a hold register. A scalar's register number moves on
// by its stride with each segment. start_i comes before the first word; the fields hold.
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
  input  logic [2:1]          need_i,      // operands in VM: bit 1 B, bit 2 C
  input  logic                a_int_i,     // A is an int32 of VM
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
  output logic [Lanes*32-1:0] c_o
);
  // Tags of the reads in flight; [n] is n cycles after the issue. Only those of int32 words go beyond
  // [2], so that none is left when the next instruction comes.
  logic [4:1] read_q, word_q, last_q, final_q, is_a_q;
  logic [2:1] is_b_q, is_c_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      read_q <= '0;
      word_q <= '0;
    end else begin
      read_q <= {read_q[3], read_q[2] && a_int_i, read_q[1], read_i};
      word_q <= {word_q[3], word_q[2] && a_int_i, word_q[1], word_i};
    end
    last_q  <= {last_q[3:1], last_i};
    final_q <= {final_q[3:1], final_i};
    is_a_q  <= {is_a_q[3:1], operand_i == 2'd0};
    is_b_q  <= {is_b_q[1], operand_i == 2'd1};
    is_c_q  <= {is_c_q[1], operand_i == 2'd2};
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
                           a_int_i && read_q[2] && is_a_q[2] && (!last_q[2] || tail_mask_i[i]);
    tf_i32_to_fp32 u_i32_to_fp32 (
      .clk_i, .rst_ni, .valid_i(convert[i]), .a_i(integer_value),
      .valid_o(unused_valid), .y_o(converted[i*32 +: 32])
    );
    /* verilator lint_off UNUSEDSIGNAL */  // the tags tell when
    wire unused = unused_valid;
    /* verilator lint_on UNUSEDSIGNAL */
  end

  // Launch: the cycle in which the last operand is there.
  logic launch, launch_last, launch_final;

  assign launch       = a_int_i ? word_q[4] : word_q[2];
  assign launch_last  = a_int_i ? last_q[4] : last_q[2];
  assign launch_final = a_int_i ? final_q[4] : final_q[2];

  logic [Lanes*32-1:0] a_hold_q, b_hold_q, c_hold_q;

  always_ff @(posedge clk_i) begin
    if (a_int_i) begin
      if (read_q[4] && is_a_q[4]) a_hold_q <= converted;
    end else begin
      if (read_q[2] && is_a_q[2]) a_hold_q <= vm_data_i;
    end
    if (read_q[2] && is_b_q[2]) b_hold_q <= vm_data_i;
    if (read_q[2] && is_c_q[2]) c_hold_q <= vm_data_i;
  end

  // The stream.
  logic pop_f32;
  assign pop_f32    = src_a_i == tf_isa_pkg::SrcAStreamF32 || src_b_i == tf_isa_pkg::SrcBStreamF32;
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

  // Selection. The last of the operands in VM comes from its port unless A takes longer.
  always_ff @(posedge clk_i) begin : operands
    logic [Lanes*32-1:0] a, b, c;
    if (launch) begin
      case (src_a_i)
        tf_isa_pkg::SrcAScalar:    a = {Lanes{a_scalar_data_i}};
        tf_isa_pkg::SrcAStreamF32: a = stream_f32_i;
        tf_isa_pkg::SrcAStreamI8:  a = converted;
        default: a = (need_i != 2'd0) ? a_hold_q : a_int_i ? converted : vm_data_i;
      endcase
      a = a ^ {Lanes{neg_a_i, 31'd0}};
      case (src_b_i)
        tf_isa_pkg::SrcBScalar:    b = {Lanes{b_scalar_data_i}};
        tf_isa_pkg::SrcBImmediate: b = {Lanes{b_immediate_i}};
        tf_isa_pkg::SrcBStreamF32: b = stream_f32_i;
        tf_isa_pkg::SrcBVm:        b = (need_i[2] || a_int_i) ? b_hold_q : vm_data_i;
        default:                   b = a;
      endcase
      case (src_c_i)
        tf_isa_pkg::SrcCScalar: c = {Lanes{c_scalar_data_i}};
        tf_isa_pkg::SrcCVm:     c = a_int_i ? c_hold_q : vm_data_i;
        default:                c = {Lanes{c_immediate_i}};
      endcase
      c = c ^ {Lanes{neg_c_i, 31'd0}};
      a_o        <= a;
      b_o        <= b;
      c_o        <= c;
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
