// SPDX-License-Identifier: Apache-2.0
//
// Vector unit: takes the results of an instruction to their destination.
//
// Words of results enter a FIFO of Depth; room for a word is reserved (room_take_i while room_o)
// when the word is issued, so push_i never waits. int8 results are in the low Lanes bytes of a
// word. From the FIFO one word a cycle goes to
//
//   VM            when the other writers leave the port (vm_ready_i)
//   S             lane 0, when no reduction writes S (scalar_ready_i)
//   AM, QM        packed to whole words, no back-pressure
//   main memory   packed to wide beats, wr_valid_o/wr_ready_i
//
// start_i loads the addresses; fields hold from then to the end of the instruction. done_o: the
// cycle in which the word marked final is written (main memory: accepted).
module tf_vector_result #(
  parameter int Lanes       = 16,
  parameter int WideBytes   = 64,
  parameter int EngineLanes = 80,
  parameter int Depth       = 32
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  // instruction
  input  logic                     start_i,
  input  logic [2:0]               dst_i,
  input  logic [19:0]              address_i,
  input  logic [11:0]              stride_i,
  input  logic [2:0]               bank_i,
  input  logic [31:0]              mem_addr_i,
  input  logic [31:0]              mem_elem_i,
  output logic                     done_o,
  // results
  output logic                     room_o,
  input  logic                     room_take_i,
  input  logic                     push_i,
  input  logic                     push_last_i,
  input  logic                     push_final_i,
  input  logic [Lanes*32-1:0]      push_data_i,
  // VM
  output logic                     vm_valid_o,
  input  logic                     vm_ready_i,
  output logic [19:0]              vm_addr_o,
  output logic [Lanes*32-1:0]      vm_data_o,
  // S
  output logic                     scalar_valid_o,
  input  logic                     scalar_ready_i,
  output logic [7:0]               scalar_addr_o,
  output logic [31:0]              scalar_data_o,
  // AM
  output logic                     am_we_o,
  output logic [15:0]              am_addr_o,
  output logic [EngineLanes*8-1:0] am_data_o,
  // QM
  output logic                     qm_we_o,
  output logic [2:0]               qm_bank_o,
  output logic [15:0]              qm_addr_o,
  output logic [WideBytes*8-1:0]   qm_data_o,
  // main memory
  output logic                     wr_valid_o,
  input  logic                     wr_ready_i,
  output logic [31:0]              wr_addr_o,
  output logic [WideBytes*8-1:0]   wr_data_o,
  output logic [WideBytes-1:0]     wr_strb_o
);
  localparam int PtrW   = $clog2(Depth);
  localparam int CountW = $clog2(Depth + 1);
  localparam int WordW  = Lanes * 32;

  logic to_vm, to_am, to_qm, to_f32, to_i8, to_scalar, to_element;
  assign to_vm      = dst_i == tf_isa_pkg::DstVm;
  assign to_am      = dst_i == tf_isa_pkg::DstAm;
  assign to_qm      = dst_i == tf_isa_pkg::DstQm;
  assign to_i8      = dst_i == tf_isa_pkg::DstMemI8;
  assign to_scalar  = dst_i == tf_isa_pkg::DstScalar;
  assign to_element = dst_i == tf_isa_pkg::DstMemElement;
  assign to_f32     = dst_i == tf_isa_pkg::DstMemF32 || to_element;

  // FIFO.
  (* ram_style = "distributed" *) logic [WordW+1:0] words_q [Depth];
  logic [PtrW-1:0]   wptr_q, rptr_q;
  logic [CountW-1:0] count_q;     // words held
  logic [CountW-1:0] reserved_q;  // words held or on their way
  logic              valid, ready, pop, last, is_final;
  logic [WordW-1:0]  data;

  assign room_o = reserved_q != CountW'(Depth);
  assign valid  = count_q != '0;
  assign pop    = valid && ready;
  assign {is_final, last, data} = words_q[rptr_q];

  always_ff @(posedge clk_i) begin
    if (push_i) words_q[wptr_q] <= {push_final_i, push_last_i, push_data_i};
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wptr_q     <= '0;
      rptr_q     <= '0;
      count_q    <= '0;
      reserved_q <= '0;
    end else begin
      if (push_i) wptr_q <= (wptr_q == PtrW'(Depth - 1)) ? '0 : wptr_q + PtrW'(1);
      if (pop) rptr_q <= (rptr_q == PtrW'(Depth - 1)) ? '0 : rptr_q + PtrW'(1);
      count_q    <= count_q + CountW'(push_i) - CountW'(pop);
      reserved_q <= reserved_q + CountW'(room_take_i) - CountW'(pop);
    end
  end

  // VM and S.
  logic [19:0] base_q, addr_q;

  assign vm_valid_o     = valid && to_vm;
  assign vm_addr_o      = addr_q;
  assign vm_data_o      = data;
  assign scalar_valid_o = valid && to_scalar;
  assign scalar_addr_o  = addr_q[7:0];
  assign scalar_data_o  = data[31:0];

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      base_q <= address_i;
      addr_q <= address_i;
    end else if (pop) begin
      base_q <= last ? base_q + 20'(stride_i) : base_q;
      addr_q <= last ? base_q + 20'(stride_i) : addr_q + 20'd1;
    end
  end

  // Packers: AM words; wide beats of int8; wide beats of fp32.
  logic am_ready, am_final, i8_ready, i8_valid, i8_last, i8_final, f32_ready, f32_valid, f32_final;
  logic unused_am_last, unused_f32_last;
  logic [WideBytes*8-1:0] i8_data, f32_data;

  tf_beat_packer #(.InBytes(Lanes), .OutBytes(EngineLanes)) u_am (
    .clk_i, .rst_ni,
    .valid_i(valid && to_am), .ready_o(am_ready), .data_i(data[Lanes*8-1:0]),
    .last_i(last), .final_i(is_final),
    .beat_valid_o(am_we_o), .beat_ready_i(1'b1), .beat_o(am_data_o),
    .beat_last_o(unused_am_last), .beat_final_o(am_final)
  );

  tf_beat_packer #(.InBytes(Lanes), .OutBytes(WideBytes)) u_i8 (
    .clk_i, .rst_ni,
    .valid_i(valid && (to_qm || to_i8)), .ready_o(i8_ready), .data_i(data[Lanes*8-1:0]),
    .last_i(last), .final_i(is_final),
    .beat_valid_o(i8_valid), .beat_ready_i(to_qm || wr_ready_i), .beat_o(i8_data),
    .beat_last_o(i8_last), .beat_final_o(i8_final)
  );

  tf_beat_packer #(.InBytes(4*Lanes), .OutBytes(WideBytes)) u_f32 (
    .clk_i, .rst_ni,
    .valid_i(valid && to_f32), .ready_o(f32_ready), .data_i(data),
    .last_i(last), .final_i(is_final),
    .beat_valid_o(f32_valid), .beat_ready_i(wr_ready_i), .beat_o(f32_data),
    .beat_last_o(unused_f32_last), .beat_final_o(f32_final)
  );

  /* verilator lint_off UNUSEDSIGNAL */  // AM has one segment, main memory's follow one another
  wire unused = unused_am_last | unused_f32_last;
  /* verilator lint_on UNUSEDSIGNAL */

  assign ready = to_vm ? vm_ready_i : to_scalar ? scalar_ready_i : to_am ? am_ready :
                 to_f32 ? f32_ready : i8_ready;

  // AM and QM.
  logic [15:0] word_q;
  logic [2:0]  bank_q;

  assign am_addr_o = word_q;
  assign qm_we_o   = i8_valid && to_qm;
  assign qm_bank_o = bank_q;
  assign qm_addr_o = word_q;
  assign qm_data_o = i8_data;

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      word_q <= address_i[15:0];
      bank_q <= bank_i;
    end else if (am_we_o || qm_we_o) begin
      word_q <= (qm_we_o && i8_last) ? address_i[15:0] : word_q + 16'd1;
      if (i8_last) bank_q <= bank_q + 3'd1;
    end
  end

  // Main memory. The element of DstMemElement is offered at every place; the strobes pick one.
  logic [31:0] mem_addr_q;

  assign wr_valid_o = f32_valid || (i8_valid && to_i8);
  assign wr_addr_o  = mem_addr_q;
  assign wr_data_o  = to_element ? {(WideBytes/4){f32_data[31:0]}} : to_f32 ? f32_data : i8_data;
  assign wr_strb_o  = to_element ? WideBytes'(4'hf) << (4 * mem_elem_i) : {WideBytes{1'b1}};

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      mem_addr_q <= mem_addr_i;
    end else if (wr_valid_o && wr_ready_i) begin
      mem_addr_q <= mem_addr_q + 32'd1;
    end
  end

  assign done_o = (pop && is_final && (to_vm || to_scalar)) ||
                  (am_we_o && am_final) || (qm_we_o && i8_final) ||
                  (wr_valid_o && wr_ready_i && (to_i8 ? i8_final : f32_final));

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && push_i && count_q == CountW'(Depth)) begin
      $error("tf_vector_result: push without room");
    end
  end
`endif
endmodule
