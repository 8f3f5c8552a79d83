// SPDX-License-Identifier: Apache-2.0
//
// The vector unit: executes VECTOR instructions (docs/isa.md) one at a time, and owns the vector
// memory VM and the scalar registers S.
//
//   tf_vector_issue -> VM, tf_stream_reader, tf_vector_scalars -> tf_vector_fetch -> operands
//     -> tf_vector_datapath (tf_vector_lane x Lanes, tf_vector_sum, tf_vector_max)
//     -> tf_vector_result (FIFO, packers) -> VM, S, AM, QM, main memory;  reductions -> S
//
// Instructions: instr_valid_i with all fields stable until instr_ready_o, which is high for the one
// cycle in which the instruction retires. It starts (issue_o, tok_take_o, go_o) in the first cycle
// in which the unit is idle and its wait tokens are available; tok_put_o is in the retire cycle.
// With instr_skip_i an instruction retires in the cycle after its start.
//
// Cycles from start to retire, both included, when nothing holds the unit up:
//
//   words * reads + 6 + (4 with B) + (3 with combine add) + (3 - reads with an int32 A of VM) + end
//
// words = segments * ceil(length / Lanes); reads = max(1, operands in VM); end = 1 for VM and S, 2
// for fp32 in main memory, 4 for int8 (AM, QM, main memory), log2(Lanes) + 2 for MAX and ABSMAX
// (the greater if there are two; a maximum and a destination S take turns). With a stream, words do
// not come faster than its beats. SUM:
//
//   segments * (words of a segment * reads + 7 + (4 with B) + (3 - reads with int32) + tree) + 2
//
// tree: 4 for each level with 2**level < length, and 2**level / Lanes more where that is at least
// 1. The words of a norm begin in every third cycle and take 4 cycles more to their results, 5 to
// the sum, whose tree, where it ends, is that of 64 elements.
//
// The sequencer reads the low bits of single elements of VM by tag_*: the read is taken in the cycle
// of tag_read_i and tag_ready_o, in which the instruction reads nothing.
//
// Streams: wide beats by stream_valid_i/stream_ready_o, read ahead into 16 beats. VM writers in
// order of priority: tern_vm_*, int8_vm_*, the unit itself; the write is in the cycle of valid and
// ready. AM and QM writes have no back-pressure. Main memory: wr_valid_o/wr_ready_i.
//
// Constraints: Lanes 1, 2, 4, 8 or 16; 4*Lanes divides WideBytes; Lanes divides EngineLanes;
// WideBytes >= 4. An instruction's source and destination overlap only where they are the same
// addresses.
module tf_vector_unit #(
  parameter int Lanes       = 16,
  parameter int WideBytes   = 64,
  parameter int EngineLanes = 80,
  parameter int Slots       = 4,
  parameter int Queries     = 4,
  parameter int VmWords     = 1024,
  parameter int AmWords     = 256,
  parameter int QmWords     = 64,
  parameter int VmStyle     = 0     // as tf_ram_sdp
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  // instructions
  input  logic                     instr_valid_i,
  output logic                     instr_ready_o,
  input  logic [511:0]             instr_i,
  input  logic                     instr_skip_i,
  input  logic [31:0]              instr_length_i,
  input  logic [31:0]              instr_mem_addr_i,
  input  logic [31:0]              instr_mem_elem_i,
  output logic                     issue_o,
  // tokens
  input  logic [3:0]               tok_avail_i,
  output logic [3:0]               tok_take_o,
  output logic [3:0]               tok_put_o,
  // stream
  output logic                     go_o,
  input  logic                     stream_valid_i,
  output logic                     stream_ready_o,
  input  logic [WideBytes*8-1:0]   stream_data_i,
  // VM writes of the other units
  input  logic                     tern_vm_valid_i,
  output logic                     tern_vm_ready_o,
  input  logic [19:0]              tern_vm_addr_i,
  input  logic [Lanes*32-1:0]      tern_vm_data_i,
  input  logic                     int8_vm_valid_i,
  output logic                     int8_vm_ready_o,
  input  logic [19:0]              int8_vm_addr_i,
  input  logic [Lanes*32-1:0]      int8_vm_data_i,
  // AM writes
  output logic                     am_we_o,
  output logic [2:0]               am_slot_o,
  output logic [15:0]              am_addr_o,
  output logic [EngineLanes*8-1:0] am_data_o,
  // QM writes
  output logic                     qm_we_o,
  output logic [2:0]               qm_bank_o,
  output logic [15:0]              qm_addr_o,
  output logic [WideBytes*8-1:0]   qm_data_o,
  // one element of VM for the sequencer
  input  logic                     tag_read_i,
  output logic                     tag_ready_o,
  input  logic [23:0]              tag_element_i,
  output logic                     tag_valid_o,  // two cycles after the read
  output logic [tf_isa_pkg::TagBits-1:0] tag_o,
  // main-memory writes
  output logic                     wr_valid_o,
  input  logic                     wr_ready_i,
  output logic [31:0]              wr_addr_o,
  output logic [WideBytes*8-1:0]   wr_data_o,
  output logic [WideBytes-1:0]     wr_strb_o
`ifndef SYNTHESIS
  ,
  // trace: writes of S and the unit's own writes of VM
  output logic                     trace_s_we_o,
  output logic [7:0]               trace_s_addr_o,
  output logic [31:0]              trace_s_data_o,
  output logic                     trace_vm_we_o,
  output logic [19:0]              trace_vm_addr_o,
  output logic [Lanes*32-1:0]      trace_vm_data_o,
  // fault injection: flip bit 0 of lane 0's adder or multiplier result
  input  logic                     fault_add_i,
  input  logic                     fault_mul_i
`endif
);
  localparam int LaneW   = $clog2(Lanes);
  localparam int BankW   = $clog2(Slots + 1);  // of partial sums
  localparam int VmAddrW = (VmWords > 1) ? $clog2(VmWords) : 1;

  // Fields that are used here.
  logic [3:0]  f_wait, f_signal;
  logic        f_dependent, f_a_int, f_neg_a, f_neg_c, f_join, f_norm, f_sum_last;
  logic [1:0]  f_a, f_c, f_reduce;
  logic [2:0]  f_b, f_combine, f_dst, f_bank, f_slot;
  logic [6:0]  f_sum_from;
  logic [7:0]  f_reduce_dst, f_sum_dst;
  logic [11:0] f_segments, f_a_stride, f_b_stride, f_c_stride, f_d_stride;
  logic [19:0] f_a_addr, f_b_addr, f_c_addr, f_d_addr;
  logic [31:0] f_b_imm, f_c_imm;

  assign f_wait       = instr_i[32*tf_isa_pkg::WaitWord + tf_isa_pkg::WaitLsb +: 4];
  assign f_signal     = instr_i[32*tf_isa_pkg::SignalWord + tf_isa_pkg::SignalLsb +: 4];
  assign f_slot       = instr_i[32*tf_isa_pkg::SlotWord + tf_isa_pkg::SlotLsb +: 3];
  assign f_dependent  = instr_i[32*tf_isa_pkg::DependentWord + tf_isa_pkg::DependentLsb];
  assign f_a          = instr_i[32*tf_isa_pkg::VAWord + tf_isa_pkg::VALsb +: 2];
  assign f_a_int      = instr_i[32*tf_isa_pkg::VAIntWord + tf_isa_pkg::VAIntLsb];
  assign f_b          = instr_i[32*tf_isa_pkg::VBWord + tf_isa_pkg::VBLsb +: 3];
  assign f_c          = instr_i[32*tf_isa_pkg::VCWord + tf_isa_pkg::VCLsb +: 2];
  assign f_combine    = instr_i[32*tf_isa_pkg::VCombineWord + tf_isa_pkg::VCombineLsb +: 3];
  assign f_neg_a      = instr_i[32*tf_isa_pkg::VNegAWord + tf_isa_pkg::VNegALsb];
  assign f_neg_c      = instr_i[32*tf_isa_pkg::VNegCWord + tf_isa_pkg::VNegCLsb];
  assign f_reduce     = instr_i[32*tf_isa_pkg::VReduceWord + tf_isa_pkg::VReduceLsb +: 2];
  assign f_dst        = instr_i[32*tf_isa_pkg::VDstWord + tf_isa_pkg::VDstLsb +: 3];
  assign f_bank       = instr_i[32*tf_isa_pkg::VBankWord + tf_isa_pkg::VBankLsb +: 3];
  assign f_join       = instr_i[32*tf_isa_pkg::VJoinWord + tf_isa_pkg::VJoinLsb];
  assign f_norm       = instr_i[32*tf_isa_pkg::VNormWord + tf_isa_pkg::VNormLsb];
  assign f_sum_last   = instr_i[32*tf_isa_pkg::VSumLastWord + tf_isa_pkg::VSumLastLsb];
  assign f_sum_dst    = instr_i[32*tf_isa_pkg::VSumDstWord + tf_isa_pkg::VSumDstLsb +: 8];
  assign f_sum_from   = instr_i[32*tf_isa_pkg::VSumFromWord + tf_isa_pkg::VSumFromLsb +: 7];
  assign f_reduce_dst = instr_i[32*tf_isa_pkg::VReduceDstWord + tf_isa_pkg::VReduceDstLsb +: 8];
  assign f_segments   = instr_i[32*tf_isa_pkg::VSegmentsWord + tf_isa_pkg::VSegmentsLsb +: 12];
  assign f_a_addr     = instr_i[32*tf_isa_pkg::VAAddressWord + tf_isa_pkg::VAAddressLsb +: 20];
  assign f_a_stride   = instr_i[32*tf_isa_pkg::VAStrideWord + tf_isa_pkg::VAStrideLsb +: 12];
  assign f_b_addr     = instr_i[32*tf_isa_pkg::VBAddressWord + tf_isa_pkg::VBAddressLsb +: 20];
  assign f_b_stride   = instr_i[32*tf_isa_pkg::VBStrideWord + tf_isa_pkg::VBStrideLsb +: 12];
  assign f_c_addr     = instr_i[32*tf_isa_pkg::VCAddressWord + tf_isa_pkg::VCAddressLsb +: 20];
  assign f_c_stride   = instr_i[32*tf_isa_pkg::VCStrideWord + tf_isa_pkg::VCStrideLsb +: 12];
  assign f_d_addr     = instr_i[32*tf_isa_pkg::VDAddressWord + tf_isa_pkg::VDAddressLsb +: 20];
  assign f_d_stride   = instr_i[32*tf_isa_pkg::VDStrideWord + tf_isa_pkg::VDStrideLsb +: 12];
  assign f_b_imm      = instr_i[32*tf_isa_pkg::VBImmediateWord +: 32];
  assign f_c_imm      = instr_i[32*tf_isa_pkg::VCImmediateWord +: 32];

  /* verilator lint_off UNUSEDSIGNAL */  // the rest is the sequencer's
  wire unused_instr = ^instr_i;
  /* verilator lint_on UNUSEDSIGNAL */

  logic has_stream, has_results, has_reduce, is_sum;
  assign has_stream  = f_a == tf_isa_pkg::SrcAStreamF32 || f_a == tf_isa_pkg::SrcAStreamI8 ||
                       f_b == tf_isa_pkg::SrcBStreamF32 || f_norm;
  assign is_sum      = f_reduce == tf_isa_pkg::RedSum;
  assign has_reduce  = f_reduce != tf_isa_pkg::RedNone;
  assign has_results = f_dst != tf_isa_pkg::DstNone && !is_sum;

  // Start and retire.
  typedef enum logic [1:0] {Idle, Run, Skip} state_e;
  state_e state_q;
  logic   start, retire, result_done, reduce_done, result_done_q, reduce_done_q, finished;

  assign issue_o       = state_q == Idle && instr_valid_i && (f_wait & ~tok_avail_i) == '0;
  assign start         = issue_o && !instr_skip_i;
  assign tok_take_o    = issue_o ? f_wait : '0;
  assign go_o          = start && f_dependent && has_stream;
  assign retire        = state_q == Skip || (state_q == Run && result_done_q && reduce_done_q);
  assign instr_ready_o = retire;
  assign tok_put_o     = retire ? f_signal : '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q       <= Idle;
      result_done_q <= 1'b0;
      reduce_done_q <= 1'b0;
    end else begin
      if (issue_o) begin
        state_q <= instr_skip_i ? Skip : Run;
      end else if (retire) begin
        state_q <= Idle;
      end
      // Without a reduction the word marked final leaves by the destination, and vice versa;
      // without both it ends at the lanes' results.
      if (start) begin
        result_done_q <= !has_results && has_reduce;
        reduce_done_q <= !has_reduce;
      end else begin
        if (result_done || finished) result_done_q <= 1'b1;
        if (reduce_done) reduce_done_q <= 1'b1;
      end
    end
  end

  // Static per instruction, decoded at the start.
  logic             a_int_q, a_int8_q, stream_q, results_q, sum_q, mul_q, int8_q;
  logic             neg_a_q, neg_c_q, initial_q, join_q, norm_q, sum_last_q;
  logic [BankW-1:0] sum_bank_q;
  logic [1:0]       a_q, c_q, reduce_q;
  logic [2:0]       b_q, combine_q, dst_q, need_q;
  logic [Lanes-1:0] tail_mask_q;

  if (LaneW == 0) begin : gen_one_lane
    always_ff @(posedge clk_i) begin
      if (start) tail_mask_q <= 1'b1;
    end
  end else begin : gen_tail_mask
    logic [LaneW-1:0] last_lane;
    assign last_lane = instr_length_i[LaneW-1:0] - LaneW'(1);
    always_ff @(posedge clk_i) begin
      if (start) begin
        for (int i = 0; i < Lanes; i++) tail_mask_q[i] <= LaneW'(i) <= last_lane;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (start) begin
      a_q       <= f_a;
      b_q       <= f_b;
      c_q       <= f_c;
      need_q    <= {f_c == tf_isa_pkg::SrcCVm, f_b == tf_isa_pkg::SrcBVm,
                    f_a == tf_isa_pkg::SrcAVm};
      a_int_q   <= f_a == tf_isa_pkg::SrcAVm && f_a_int;
      a_int8_q  <= f_a == tf_isa_pkg::SrcAStreamI8;
      neg_a_q   <= f_neg_a;
      neg_c_q   <= f_neg_c;
      stream_q  <= has_stream;
      results_q <= has_results;
      sum_q     <= is_sum;
      mul_q     <= f_b != tf_isa_pkg::SrcBNone;
      combine_q <= f_combine;
      reduce_q  <= f_reduce;
      dst_q     <= f_dst;
      int8_q    <= f_dst == tf_isa_pkg::DstAm || f_dst == tf_isa_pkg::DstQm ||
                   f_dst == tf_isa_pkg::DstMemI8;
      initial_q  <= f_c != tf_isa_pkg::SrcCNone && f_combine == tf_isa_pkg::CombNone;
      join_q     <= f_join;
      norm_q     <= f_norm;
      sum_last_q <= f_sum_last;
      sum_bank_q <= f_norm ? BankW'(f_slot) : BankW'(Slots);
    end
  end

  // Issue.
  logic        room, room_take, beat, beat_take, sum_done, read, word, last, is_final;
  logic [1:0]  operand;
  logic [19:0] vm_raddr;

  tf_vector_issue #(.Lanes(Lanes), .WideBytes(WideBytes)) u_issue (
    .clk_i, .rst_ni, .start_i(start),
    .length_i(instr_length_i), .segments_i(f_segments),
    .a_addr_i(f_a_addr), .a_stride_i(f_a_stride),
    .b_addr_i(f_b_addr), .b_stride_i(f_b_stride),
    .c_addr_i(f_c_addr), .c_stride_i(f_c_stride),
    .need_i(need_q), .results_i(results_q), .stream_i(stream_q), .stream_int8_i(a_int8_q),
    .hold_segment_i(sum_q), .norm_i(norm_q),
    .room_i(room), .room_take_o(room_take), .beat_i(beat), .beat_take_o(beat_take),
    .segment_done_i(sum_done),
    .read_o(read), .operand_o(operand), .addr_o(vm_raddr),
    .word_o(word), .last_o(last), .final_o(is_final)
  );

  // VM.
  logic                vm_we, own_valid, own_ready;
  logic [19:0]         own_addr, vm_waddr, vm_read_addr;
  logic [Lanes*32-1:0] own_data, vm_wdata, vm_rdata;

  assign tern_vm_ready_o = 1'b1;
  assign int8_vm_ready_o = !tern_vm_valid_i;
  assign own_ready       = !tern_vm_valid_i && !int8_vm_valid_i;
  assign vm_we           = tern_vm_valid_i || int8_vm_valid_i || own_valid;
  assign vm_waddr        = tern_vm_valid_i ? tern_vm_addr_i :
                           int8_vm_valid_i ? int8_vm_addr_i : own_addr;
  assign vm_wdata        = tern_vm_valid_i ? tern_vm_data_i :
                           int8_vm_valid_i ? int8_vm_data_i : own_data;

  tf_ram_sdp #(.Width(Lanes*32), .Depth(VmWords), .Latency(2), .Style(VmStyle)) u_vm (
    .clk_i,
    .we_i(vm_we), .waddr_i(vm_waddr[VmAddrW-1:0]), .wdata_i(vm_wdata),
    .re_i(read || tag_read_i), .raddr_i(vm_read_addr[VmAddrW-1:0]), .rdata_o(vm_rdata)
  );

  // The sequencer's read takes the port where the instruction does not.
  logic [2:1] tag_valid_q;
  logic [3:0] tag_lane_q1, tag_lane_q2;

  assign tag_ready_o  = !read;
  assign vm_read_addr = read ? vm_raddr : 20'(tag_element_i >> LaneW);
  assign tag_valid_o  = tag_valid_q[2];
  assign tag_o        = vm_rdata[32*32'(tag_lane_q2) +: tf_isa_pkg::TagBits];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) tag_valid_q <= '0;
    else tag_valid_q <= {tag_valid_q[1], tag_read_i && !read};
    tag_lane_q1 <= 4'(tag_element_i & 24'(Lanes - 1));
    tag_lane_q2 <= tag_lane_q1;
  end

  // Stream.
  logic                pop, pop_last;
  logic [Lanes*32-1:0] stream_f32;
  logic [Lanes*8-1:0]  stream_i8;

  tf_stream_reader #(.Lanes(Lanes), .WideBytes(WideBytes), .Depth(16)) u_stream (
    .clk_i, .rst_ni, .int8_i(a_int8_q),
    .beat_valid_i(stream_valid_i), .beat_ready_o(stream_ready_o), .beat_data_i(stream_data_i),
    .available_o(beat), .claim_i(beat_take),
    .pop_i(pop), .pop_last_i(pop_last), .f32_o(stream_f32), .i8_o(stream_i8)
  );

  // S. Reductions before results, which can wait.
  logic        scalar_we, reduced_valid, reduced_final, scalar_valid;
  logic [7:0]  scalar_waddr, scalar_addr, reduce_addr_q, a_scalar, b_scalar, c_scalar;
  logic [31:0] scalar_wdata, scalar_data, reduced, a_scalar_data, b_scalar_data, c_scalar_data;

  assign scalar_we    = reduced_valid || scalar_valid;
  assign scalar_waddr = reduced_valid ? reduce_addr_q : scalar_addr;
  assign scalar_wdata = reduced_valid ? reduced : scalar_data;
  assign reduce_done  = reduced_valid && reduced_final;

  always_ff @(posedge clk_i) begin
    if (start) begin
      reduce_addr_q <= f_reduce_dst;
    end else if (reduced_valid) begin
      reduce_addr_q <= norm_q ? f_sum_dst : reduce_addr_q + 8'd1;
    end
  end

  tf_vector_scalars u_scalars (
    .clk_i, .we_i(scalar_we), .waddr_i(scalar_waddr), .wdata_i(scalar_wdata),
    .a_addr_i(a_scalar), .a_o(a_scalar_data), .b_addr_i(b_scalar), .b_o(b_scalar_data),
    .c_addr_i(c_scalar), .c_o(c_scalar_data)
  );

  // Operands.
  logic                op_valid, op_last, op_final;
  logic [Lanes-1:0]    op_mask, op_a_nan, op_a_zero, op_c_nan, op_c_zero;
  logic [Lanes*32-1:0] op_a, op_b, op_c;

  tf_vector_fetch #(.Lanes(Lanes)) u_fetch (
    .clk_i, .rst_ni, .start_i(start),
    .src_a_i(a_q), .src_b_i(b_q), .src_c_i(c_q), .a_int_i(a_int_q),
    .c_stream_i(norm_q), .neg_a_i(neg_a_q), .neg_c_i(neg_c_q),
    .a_scalar_i(f_a_addr[7:0]), .a_stride_i(f_a_stride[7:0]),
    .b_scalar_i(f_b_addr[7:0]), .b_stride_i(f_b_stride[7:0]),
    .c_scalar_i(f_c_addr[7:0]), .c_stride_i(f_c_stride[7:0]),
    .b_immediate_i(f_b_imm), .c_immediate_i(f_c_imm), .tail_mask_i(tail_mask_q),
    .read_i(read), .operand_i(operand), .word_i(word), .last_i(last), .final_i(is_final),
    .vm_data_i(vm_rdata),
    .a_scalar_o(a_scalar), .a_scalar_data_i(a_scalar_data),
    .b_scalar_o(b_scalar), .b_scalar_data_i(b_scalar_data),
    .c_scalar_o(c_scalar), .c_scalar_data_i(c_scalar_data),
    .pop_o(pop), .pop_last_o(pop_last), .stream_f32_i(stream_f32), .stream_i8_i(stream_i8),
    .op_valid_o(op_valid), .op_last_o(op_last), .op_final_o(op_final), .op_mask_o(op_mask),
    .a_o(op_a), .b_o(op_b), .c_o(op_c),
    .a_nan_o(op_a_nan), .a_zero_o(op_a_zero), .c_nan_o(op_c_nan), .c_zero_o(op_c_zero)
  );

  // Arithmetic.
  logic                r_valid, r_last, r_final;
  logic [Lanes*32-1:0] r_data;

  logic [31:0] c_constant;
  assign c_constant = c_q == tf_isa_pkg::SrcCScalar ? c_scalar_data : f_c_imm;

  tf_vector_datapath #(.Lanes(Lanes), .Slots(Slots)) u_datapath (
    .clk_i, .rst_ni,
    .use_mul_i(mul_q), .combine_i(combine_q),
    .reduce_i(reduce_q), .results_i(results_q), .int8_i(int8_q), .length_i(instr_length_i),
    .start_i(start), .join_i(join_q),
    .use_initial_i(initial_q), .initial_i(c_constant),
    .norm_i(norm_q), .sum_last_i(sum_last_q),
    .sum_from_i(f_norm ? f_sum_from : 7'd0), .sum_bank_i(sum_bank_q),
    .op_valid_i(op_valid), .op_last_i(op_last), .op_final_i(op_final), .op_mask_i(op_mask),
    .a_i(op_a), .b_i(op_b), .c_i(op_c),
    .a_nan_i(op_a_nan), .a_zero_i(op_a_zero), .c_nan_i(op_c_nan), .c_zero_i(op_c_zero),
    .valid_o(r_valid), .last_o(r_last), .final_o(r_final), .data_o(r_data),
    .reduced_valid_o(reduced_valid), .reduced_final_o(reduced_final), .reduced_o(reduced),
    .sum_done_o(sum_done), .finished_o(finished)
`ifndef SYNTHESIS
    , .fault_add_i, .fault_mul_i
`endif
  );

  // Results.
  assign am_slot_o = f_slot;

  tf_vector_result #(.Lanes(Lanes), .WideBytes(WideBytes), .EngineLanes(EngineLanes)) u_result (
    .clk_i, .rst_ni, .start_i(start),
    .dst_i(dst_q), .address_i(f_d_addr), .stride_i(f_d_stride), .bank_i(f_bank),
    .mem_addr_i(instr_mem_addr_i), .mem_elem_i(instr_mem_elem_i), .done_o(result_done),
    .room_o(room), .room_take_i(room_take),
    .push_i(r_valid), .push_last_i(r_last), .push_final_i(r_final), .push_data_i(r_data),
    .vm_valid_o(own_valid), .vm_ready_i(own_ready), .vm_addr_o(own_addr), .vm_data_o(own_data),
    .scalar_valid_o(scalar_valid), .scalar_ready_i(!reduced_valid),
    .scalar_addr_o(scalar_addr), .scalar_data_o(scalar_data),
    .am_we_o, .am_addr_o, .am_data_o,
    .qm_we_o, .qm_bank_o, .qm_addr_o, .qm_data_o,
    .wr_valid_o, .wr_ready_i, .wr_addr_o, .wr_data_o, .wr_strb_o
  );

`ifndef SYNTHESIS
  assign trace_s_we_o    = scalar_we;
  assign trace_s_addr_o  = scalar_waddr;
  assign trace_s_data_o  = scalar_wdata;
  assign trace_vm_we_o   = own_valid && own_ready;
  assign trace_vm_addr_o = own_addr;
  assign trace_vm_data_o = own_data;

  initial begin
    if (EngineLanes % Lanes != 0 || WideBytes % (4 * Lanes) != 0) begin
      $fatal(1, "tf_vector_unit: EngineLanes = %0d: must be a multiple of Lanes = %0d; %s %0d: %s",
             EngineLanes, Lanes, "WideBytes =", WideBytes, "must be one of 4 * Lanes");
    end
    if (VmWords > 2 ** 20) begin
      $fatal(1, "tf_vector_unit: VmWords = %0d: must be at most 2**20", VmWords);
    end
  end
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      if (vm_we && 32'(vm_waddr) >= VmWords) begin
        $error("VM write to word %0d of %0d", vm_waddr, VmWords);
      end
      if ((read || tag_read_i) && 32'(vm_read_addr) >= VmWords) begin
        $error("VM read of word %0d of %0d", vm_read_addr, VmWords);
      end
      if (am_we_o && 32'(am_addr_o) >= AmWords) begin
        $error("AM write to word %0d of %0d", am_addr_o, AmWords);
      end
      if (qm_we_o && (32'(qm_addr_o) >= QmWords || 32'(qm_bank_o) >= Queries)) begin
        $error("QM write to bank %0d of %0d, word %0d of %0d", qm_bank_o, Queries, qm_addr_o,
               QmWords);
      end
    end
  end
`endif
endmodule
