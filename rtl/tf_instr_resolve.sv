// SPDX-License-Identifier: Apache-2.0
// Decodes one instruction, checks it and resolves its dynamic fields (docs/isa.md).
//
// start_i: instr_i is new from the next cycle on. done_o is high from the seventh cycle after
// it, with all outputs constant, until the next start_i. instr_i and the arguments stay constant.
// One multiplier (two registers) serves, in this order: index * StreamStride; (position + slot) *
// VMemStride; the beats of the stream (groups * beats, rows * row beats, segments * segment beats).
// Constraint: Ports*WidthBits is a power of two, at least 32.
module tf_instr_resolve #(
  parameter int Ports     = 1,
  parameter int WidthBits = 64
) (
  input  logic         clk_i,
  input  logic         rst_ni,

  input  logic         start_i,
  output logic         done_o,
  input  logic [511:0] instr_i,
  input  logic [31:0]  position_i,
  input  logic [31:0]  count_i,
  input  logic [255:0] token_i,
  input  logic [tf_isa_pkg::TagBits-1:0] tag_i,  // index of a stream with IndexTag

  output logic         end_o,
  output logic         tern_o,
  output logic         int8_o,
  output logic         vec_o,
  output logic         bad_opcode_o,
  output logic         bad_length_o,  // a length is 0 or contradicts StreamBeats
  output logic         skip_o,
  output logic         stream_o,      // reads a stream (false where skipped)
  output logic [31:0]  stream_addr_o,
  output logic [31:0]  stream_beats_o,
  output logic [31:0]  length_o,
  output logic [31:0]  mem_addr_o,
  output logic [31:0]  mem_elem_o
);
  localparam int WideBytes = Ports * WidthBits / 8;
  localparam int ElemShift = $clog2(WideBytes / 4);  // fp32 elements of a wide beat

  // Fields.
  logic [7:0]  opcode;
  logic [1:0]  predicate, stream_index, src_a;
  logic [2:0]  slot, src_b, dst;
  logic        dynamic, norm, unused;
  logic [31:0] stream_base, stream_beats, stream_stride, mv_groups, i8_rows, mem_base, mem_stride;
  logic [15:0] mv_beats, row_beats;
  logic [3:0]  queries;
  logic [19:0] v_length;
  logic [11:0] segments;

  assign opcode        = instr_i[32*tf_isa_pkg::OpcodeWord + tf_isa_pkg::OpcodeLsb +: 8];
  assign predicate     = instr_i[32*tf_isa_pkg::PredicateWord + tf_isa_pkg::PredicateLsb +: 2];
  assign slot          = instr_i[32*tf_isa_pkg::SlotWord + tf_isa_pkg::SlotLsb +: 3];
  assign dynamic       = instr_i[32*tf_isa_pkg::DynamicLengthWord + tf_isa_pkg::DynamicLengthLsb];
  assign stream_index  = instr_i[32*tf_isa_pkg::StreamIndexWord + tf_isa_pkg::StreamIndexLsb +: 2];
  assign stream_base   = instr_i[32*tf_isa_pkg::StreamAddressWord +: 32];
  assign stream_beats  = instr_i[32*tf_isa_pkg::StreamBeatsWord +: 32];
  assign stream_stride = instr_i[32*tf_isa_pkg::StreamStrideWord +: 32];
  assign mv_beats      = instr_i[32*tf_isa_pkg::MvBeatsWord + tf_isa_pkg::MvBeatsLsb +: 16];
  assign mv_groups     = instr_i[32*tf_isa_pkg::MvGroupsWord +: 32];
  assign row_beats     = instr_i[32*tf_isa_pkg::I8RowBeatsWord + tf_isa_pkg::I8RowBeatsLsb +: 16];
  assign i8_rows       = instr_i[32*tf_isa_pkg::I8RowsWord +: 32];
  assign queries       = instr_i[32*tf_isa_pkg::I8QueriesWord + tf_isa_pkg::I8QueriesLsb +: 4];
  assign src_a         = instr_i[32*tf_isa_pkg::VAWord + tf_isa_pkg::VALsb +: 2];
  assign src_b         = instr_i[32*tf_isa_pkg::VBWord + tf_isa_pkg::VBLsb +: 3];
  assign norm          = instr_i[32*tf_isa_pkg::VNormWord + tf_isa_pkg::VNormLsb];
  assign dst           = instr_i[32*tf_isa_pkg::VDstWord + tf_isa_pkg::VDstLsb +: 3];
  assign v_length      = instr_i[32*tf_isa_pkg::VLengthWord + tf_isa_pkg::VLengthLsb +: 20];
  assign segments      = instr_i[32*tf_isa_pkg::VSegmentsWord + tf_isa_pkg::VSegmentsLsb +: 12];
  assign mem_base      = instr_i[32*tf_isa_pkg::VMemAddressWord +: 32];
  assign mem_stride    = instr_i[32*tf_isa_pkg::VMemStrideWord +: 32];
  assign unused        = ^instr_i;

  // Steps after start_i.
  logic [7:1] step_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) step_q <= '0;
    else if (start_i) step_q <= 7'b1;
    else step_q <= {step_q[7] | step_q[6], step_q[5:1], 1'b0};
  end
  assign done_o = step_q[7];

  // Class and static checks.
  logic is_dot, active, v_stream_i8, v_stream, has_stream, zero_length;

  assign end_o        = opcode == tf_isa_pkg::OpEnd;
  assign tern_o       = opcode == tf_isa_pkg::OpMatvec;
  assign is_dot       = opcode == tf_isa_pkg::OpDot;
  assign int8_o       = is_dot || opcode == tf_isa_pkg::OpAccumulate;
  assign vec_o        = opcode == tf_isa_pkg::OpVector;
  assign bad_opcode_o = !(end_o || tern_o || int8_o || vec_o);
  assign active       = predicate == tf_isa_pkg::PredSlotActive ? 32'(slot) < count_i :
                        predicate == tf_isa_pkg::PredSlotLast ? 32'(slot) + 32'd1 == count_i : 1'b1;
  assign v_stream_i8  = src_a == tf_isa_pkg::SrcAStreamI8;
  assign v_stream     = v_stream_i8 || src_a == tf_isa_pkg::SrcAStreamF32 ||
                        src_b == tf_isa_pkg::SrcBStreamF32 || norm;
  assign has_stream   = tern_o || int8_o || (vec_o && v_stream);
  assign zero_length  =
      (tern_o && (mv_beats == '0 || mv_groups == '0)) ||
      (int8_o && (row_beats == '0 || queries == '0 || (!dynamic && i8_rows == '0))) ||
      (vec_o && (segments == '0 || (!dynamic && v_length == '0)));

  // Data path; the comments give the step in whose cycle a register is written.
  logic [31:0] pos_slot_q, token_q;          // 1
  logic [31:0] length_q;                     // 2
  logic [31:0] segment_beats_q;              // 3
  logic [31:0] mul_a_q, mul_b_q;             // 2 stride, 3 destination, 4 beats
  logic [31:0] mul_p_q, mul_r_q;             // each a cycle later
  logic [31:0] addr_q;                       // 5
  logic [31:0] mem_q;                        // 6
  logic [31:0] index, static_length, elements;
  logic [31:0] stream_length;
  logic        skip_q, zero_q, stream_q;     // 6
  logic        mismatch;

  assign index         = stream_index == tf_isa_pkg::IndexPosition ? pos_slot_q :
                         stream_index == tf_isa_pkg::IndexToken ? token_q :
                         stream_index == tf_isa_pkg::IndexTag ? 32'(tag_i) : 32'd0;
  assign static_length = int8_o ? i8_rows : 32'(v_length);
  assign elements      = v_stream_i8 ? 32'(WideBytes) : 32'(WideBytes / 4);
  assign stream_length = length_q + elements - 32'd1;

  always_ff @(posedge clk_i) begin
    pos_slot_q      <= position_i + 32'(slot);
    token_q         <= token_i[slot*32 +: 32];
    length_q        <= dynamic ? pos_slot_q + 32'd1 : static_length;
    segment_beats_q <= v_stream_i8 ? stream_length >> $clog2(WideBytes)
                                   : stream_length >> ElemShift;
    if (step_q[2]) begin
      mul_a_q <= index;
      mul_b_q <= stream_stride;
    end else if (step_q[3]) begin
      mul_a_q <= pos_slot_q;
      mul_b_q <= mem_stride;
    end else begin
      mul_a_q <= tern_o ? mv_groups : int8_o ? length_q : 32'(segments);
      mul_b_q <= tern_o ? 32'(mv_beats) : int8_o ? 32'(row_beats) : segment_beats_q;
    end
    mul_p_q <= mul_a_q * mul_b_q;
    mul_r_q <= mul_p_q;
    if (step_q[5]) addr_q <= stream_base + mul_r_q;
    if (step_q[6]) begin
      mem_q    <= dst == tf_isa_pkg::DstMemElement ? mem_base + (pos_slot_q >> ElemShift)
                                                   : mem_base + mul_r_q;
      skip_q   <= !active;
      zero_q   <= zero_length;
      stream_q <= has_stream && active;
    end
  end

  // The product of step 4 stays in mul_r_q from step 7 on.
  assign mismatch       = has_stream && !(dynamic && !tern_o) && mul_r_q != stream_beats;
  assign bad_length_o   = zero_q || mismatch;
  assign skip_o         = skip_q;
  assign stream_o       = stream_q;
  assign stream_addr_o  = addr_q;
  assign stream_beats_o = mul_r_q;
  assign length_o       = length_q;
  assign mem_addr_o     = mem_q;
  assign mem_elem_o     = pos_slot_q & 32'(WideBytes / 4 - 1);
endmodule
