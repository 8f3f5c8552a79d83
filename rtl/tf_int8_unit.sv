// SPDX-License-Identifier: Apache-2.0
//
// int8 engine: executes DOT and ACCUMULATE (docs/isa.md) on a stream of int8 rows.
//
// Each wide beat of the stream is multiplied with one operand for each query (tf_int8_slice, which
// holds that query's bank of QM): in DOT with the QM word of the same place in the row, in
// ACCUMULATE with one byte of QM (that row's weight), broadcast.
//
//   cycle 0     beat popped, QM read issued
//   cycle 2     beat and QM words meet
//   cycle 3     Queries x Lanes products
//   DOT         tree of (clog2(Lanes)+1)/2 cycles, sum over the row's beats, FIFO, packer, VM
//   ACCUMULATE  accumulators in the slices; after the last row written to VM, query after query
//
// One beat a cycle. From issue to retire, with a stream that is always valid and VM ready: in DOT
// rows * row beats + (clog2(Lanes)+1)/2 + 7 + queries cycles, and at most queries - 1 more if the
// last rows follow a whole word closely; in ACCUMULATE rows * row beats + 4 cycles and one for each
// VM word of the result.
// DOT rows enter only while the result FIFO has room, so VM back-pressure (the ternary unit has
// priority) never loses a result. Slices of queries that are not in use do not toggle.
// Constraints: Queries <= VectorLanes <= Lanes, VectorLanes divides Lanes, Lanes a power of two;
// row beats of ACCUMULATE at most max(256, Lanes) / Lanes; out words at least 1.
module tf_int8_unit #(
  parameter int Lanes       = 64,
  parameter int Queries     = 4,
  parameter int VectorLanes = 16,
  parameter int QmWords     = 256
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  // instruction
  input  logic                       instr_valid_i,
  output logic                       instr_ready_o,
  input  logic [511:0]               instr_i,
  input  logic                       skip_i,
  input  logic [31:0]                length_i,
  output logic                       issue_o,
  // tokens
  input  logic [3:0]                 tok_avail_i,
  output logic [3:0]                 tok_take_o,
  output logic [3:0]                 tok_put_o,
  // row stream; go: a dependent stream may be fetched
  output logic                       go_o,
  input  logic                       stream_valid_i,
  output logic                       stream_ready_o,
  input  logic [Lanes*8-1:0]         stream_data_i,
  // QM writes of the vector unit
  input  logic                       qm_we_i,
  input  logic [2:0]                 qm_bank_i,
  input  logic [15:0]                qm_addr_i,
  input  logic [Lanes*8-1:0]         qm_data_i,
  // VM writes
  output logic                       vm_valid_o,
  input  logic                       vm_ready_i,
  output logic [19:0]                vm_addr_o,
  output logic [VectorLanes*32-1:0]  vm_data_o
`ifndef SYNTHESIS
  ,
  input  logic                       fault_i  // flips bit 0 of the product of lane 0, query 0
`endif
);
  localparam int QmAddrW     = (QmWords > 1) ? $clog2(QmWords) : 1;
  localparam int LaneW       = $clog2(Lanes);
  localparam int MaxRowBeats = (256 > Lanes) ? 256 / Lanes : 1;
  localparam int RowBeatW    = (MaxRowBeats > 1) ? $clog2(MaxRowBeats) : 1;
  localparam int WordsPerRow = Lanes / VectorLanes;  // VM words of one accumulator row
  localparam int QueryW      = (Queries > 1) ? $clog2(Queries) : 1;
  localparam int WordInRowW  = (WordsPerRow > 1) ? $clog2(WordsPerRow) : 1;

  typedef enum logic [2:0] {StIdle, StRun, StFlush, StDot, StOut} state_e;
  state_e state_q;

  // ---- fields ----
  logic [7:0]  opcode;
  logic [3:0]  wait_mask, signal_mask, queries;
  logic [15:0] row_beats, qm_base, out_words;
  logic [19:0] dst, pitch;
  logic        dependent, dot;
  assign opcode      = instr_i[32*tf_isa_pkg::OpcodeWord + tf_isa_pkg::OpcodeLsb +: 8];
  assign wait_mask   = instr_i[32*tf_isa_pkg::WaitWord + tf_isa_pkg::WaitLsb +: 4];
  assign signal_mask = instr_i[32*tf_isa_pkg::SignalWord + tf_isa_pkg::SignalLsb +: 4];
  assign dependent   = instr_i[32*tf_isa_pkg::DependentWord + tf_isa_pkg::DependentLsb];
  assign row_beats   = instr_i[32*tf_isa_pkg::I8RowBeatsWord + tf_isa_pkg::I8RowBeatsLsb +: 16];
  assign qm_base     = instr_i[32*tf_isa_pkg::I8QmWord + tf_isa_pkg::I8QmLsb +: 16];
  assign queries     = instr_i[32*tf_isa_pkg::I8QueriesWord + tf_isa_pkg::I8QueriesLsb +: 4];
  assign out_words   = instr_i[32*tf_isa_pkg::I8OutWordsWord + tf_isa_pkg::I8OutWordsLsb +: 16];
  assign dst         = instr_i[32*tf_isa_pkg::I8DstWord + tf_isa_pkg::I8DstLsb +: 20];
  assign pitch       = instr_i[32*tf_isa_pkg::I8PitchWord + tf_isa_pkg::I8PitchLsb +: 20];
  assign dot         = (opcode == tf_isa_pkg::OpDot);

  // ---- control ----
  logic        start, retire, pop, last_beat, last_row, credit_ok, dot_done, out_done;
  logic [15:0] beat_q;
  logic [31:0] row_q;
  logic [1:0]  drain_q;

  assign start          = (state_q == StIdle) && instr_valid_i && (wait_mask & ~tok_avail_i) == '0;
  assign stream_ready_o = (state_q == StRun) && credit_ok;
  assign pop            = stream_ready_o && stream_valid_i;
  assign last_beat      = (beat_q + 16'd1 == row_beats);
  assign last_row       = (row_q + 32'd1 == length_i);
  assign retire         = (start && skip_i) || dot_done || out_done;
  assign issue_o        = start;
  assign go_o           = start && !skip_i && dependent;
  assign instr_ready_o  = retire;
  assign tok_take_o     = start ? wait_mask : 4'b0;
  assign tok_put_o      = retire ? signal_mask : 4'b0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      beat_q  <= '0;
      row_q   <= '0;
      drain_q <= '0;
    end else begin
      case (state_q)
        StIdle: begin
          beat_q  <= '0;
          row_q   <= '0;
          drain_q <= '0;
          if (start && !skip_i) state_q <= StRun;
        end
        StRun: if (pop) begin
          beat_q <= last_beat ? '0 : beat_q + 16'd1;
          if (last_beat) row_q <= row_q + 32'd1;
          if (last_beat && last_row) state_q <= dot ? StDot : StFlush;
        end
        // The last product reaches the accumulators.
        StFlush: begin
          drain_q <= drain_q + 2'd1;
          if (drain_q == 2'd2) state_q <= StOut;
        end
        StDot:   if (dot_done) state_q <= StIdle;
        default: if (out_done) state_q <= StIdle;
      endcase
    end
  end

  // ---- operands: the beat waits two cycles for QM ----
  logic [1:0]              valid_q, first_row_q, last_beat_q, first_beat_q;
  logic [LaneW-1:0]        lane0_q, lane1_q;
  logic [RowBeatW-1:0]     place0_q, place1_q;
  logic [Lanes*8-1:0]      beat0_q, beat1_q;
  logic [15:0]             qm_raddr;

  assign qm_raddr = qm_base + (dot ? beat_q : 16'(row_q >> LaneW));
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
    end else begin
      valid_q <= {valid_q[0], pop};
    end
    if (pop) begin
      beat0_q         <= stream_data_i;
      first_row_q[0]  <= (row_q == '0);
      first_beat_q[0] <= (beat_q == '0);
      last_beat_q[0]  <= last_beat;
      lane0_q         <= row_q[LaneW-1:0];
      place0_q        <= beat_q[RowBeatW-1:0];
    end
    if (valid_q[0]) begin
      beat1_q         <= beat0_q;
      first_row_q[1]  <= first_row_q[0];
      first_beat_q[1] <= first_beat_q[0];
      last_beat_q[1]  <= last_beat_q[0];
      lane1_q         <= lane0_q;
      place1_q        <= place0_q;
    end
  end

  // ---- products ----
  logic                product_valid_q, product_first_row_q, product_first_q, product_last_q;
  logic [RowBeatW-1:0] product_place_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      product_valid_q <= 1'b0;
    end else begin
      product_valid_q <= valid_q[1];
    end
    if (valid_q[1]) begin
      product_first_row_q <= first_row_q[1];
      product_first_q     <= first_beat_q[1];
      product_last_q      <= last_beat_q[1];
      product_place_q     <= place1_q;
    end
  end

  // ---- DOT: tree, sum over the beats of a row, FIFO, packer ----
  localparam int TreeLatency = (LaneW + 1) / 2;
  localparam int FifoDepth   = 16;  // above the rows that can be under way

  logic [Queries-1:0]     tree_valid;
  logic [Queries*32-1:0]  sum;
  logic [TreeLatency-1:0] first_pipe_q, last_pipe_q;
  logic                   sum_valid_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      first_pipe_q <= '0;
      last_pipe_q  <= '0;
      sum_valid_q  <= 1'b0;
    end else begin
      first_pipe_q <= TreeLatency'({first_pipe_q, product_first_q});
      last_pipe_q  <= TreeLatency'({last_pipe_q, product_last_q});
      sum_valid_q  <= tree_valid[0] && last_pipe_q[TreeLatency-1];
    end
  end

  // ---- one slice for each query ----
  logic [Queries*VectorLanes*32-1:0] out_words_of;
  logic [RowBeatW-1:0]               out_place_q;
  logic [WordInRowW-1:0]             out_in_row_q;  // VM word of the accumulator row
  logic [3:0]                        out_query_q;
  logic                              out_read;

  for (genvar q = 0; q < Queries; q++) begin : gen_query
    localparam int Query = q;  // Icarus takes a genvar in such expressions for a variable
    logic used;
    assign used = (32'(queries) > Query);
    tf_int8_slice #(
      .Lanes      (Lanes),
      .VectorLanes(VectorLanes),
      .QmWords    (QmWords),
      .RowBeats   (MaxRowBeats)
    ) u_slice (
      .clk_i,
      .rst_ni,
      .qm_we_i     (qm_we_i && (32'(qm_bank_i) == Query)),
      .qm_waddr_i  (qm_addr_i[QmAddrW-1:0]),
      .qm_wdata_i  (qm_data_i),
      .qm_re_i     (pop && used),
      .qm_raddr_i  (qm_raddr[QmAddrW-1:0]),
      .dot_i       (dot),
      .multiply_i  (valid_q[1] && used),
      .beat_i      (beat1_q),
      .lane_i      (lane1_q),
      .tree_i      (product_valid_q && dot && used),
      .tree_valid_o(tree_valid[q]),
      .sum_first_i (first_pipe_q[TreeLatency-1]),
      .sum_o       (sum[q*32 +: 32]),
      .acc_i       (product_valid_q && !dot && used),
      .acc_first_i (product_first_row_q),
      .acc_place_i (product_place_q),
      .read_i      (out_read && (32'(out_query_q) == Query)),
      .read_place_i(out_place_q),
      .read_word_i (out_in_row_q),
      .word_o      (out_words_of[q*VectorLanes*32 +: VectorLanes*32])
`ifndef SYNTHESIS
      ,
      .fault_i     (fault_i && (Query == 0))
`endif
    );
  end

  logic                  fifo_valid, fifo_ready, packer_done, packer_valid_last;
  logic [Queries*32-1:0] fifo_data;
  logic [31:0]           packed_q;
  logic [4:0]            credit_q;
  logic                  fifo_in_ready;

  tf_fifo #(
    .Width(Queries * 32),
    .Depth(FifoDepth)
  ) u_fifo (
    .clk_i,
    .rst_ni,
    .clr_i     (1'b0),
    .wr_valid_i(sum_valid_q),
    .wr_ready_o(fifo_in_ready),
    .wr_data_i (sum),
    .rd_valid_o(fifo_valid),
    .rd_ready_i(fifo_ready),
    .rd_data_o (fifo_data)
  );

  // A credit is a place in the FIFO; a row takes one with its last beat.
  assign credit_ok = !dot || (credit_q != '0);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      credit_q <= 5'(FifoDepth);
    end else begin
      credit_q <= credit_q - 5'(dot && pop && last_beat) + 5'(fifo_valid && fifo_ready);
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || start) begin
      packed_q <= '0;
    end else if (fifo_valid && fifo_ready) begin
      packed_q <= packed_q + 32'd1;
    end
  end
  assign packer_valid_last = (packed_q + 32'd1 == length_i);

  logic                      packer_vm_valid;
  logic [19:0]               packer_vm_addr;
  logic [VectorLanes*32-1:0] packer_vm_data;
  tf_result_packer #(
    .VectorLanes(VectorLanes),
    .Group      (1),
    .Slots      (Queries)
  ) u_packer (
    .clk_i,
    .rst_ni,
    .clear_i   (start),
    .base_i    (dst),
    .pitch_i   (pitch),
    .slots_i   (queries),
    .valid_i   (fifo_valid),
    .ready_o   (fifo_ready),
    .last_i    (packer_valid_last),
    .values_i  (fifo_data),
    .done_o    (packer_done),
    .vm_valid_o(packer_vm_valid),
    .vm_ready_i(vm_ready_i),
    .vm_addr_o (packer_vm_addr),
    .vm_data_o (packer_vm_data)
  );
  assign dot_done = (state_q == StDot) && packer_done;

  // ---- ACCUMULATE: the way out ----
  // Words leave query after query; within a query row beat after row beat. A word is read while the
  // one before it is written; the query that it came from follows it.
  logic [15:0]               out_word_q;    // word of the query
  logic [15:0]               out_left_q;    // of the query after it
  logic [19:0]               out_base_q, out_addr_q;
  logic [QueryW-1:0]         out_from_q;    // query of the word that is being written
  logic                      out_valid_q, out_last_q, last_word, last_query;
  logic [VectorLanes*32-1:0] out_data;

  assign last_word  = out_left_q == '0;
  assign last_query = (out_query_q + 4'd1 == queries);
  assign out_read   = (state_q == StOut) && !out_last_q && (!out_valid_q || vm_ready_i);
  assign out_done   = out_valid_q && vm_ready_i && out_last_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || start) begin
      out_valid_q  <= 1'b0;
      out_last_q   <= 1'b0;
      out_query_q  <= '0;
      out_word_q   <= '0;
      out_left_q   <= out_words - 16'd1;
      out_in_row_q <= '0;
      out_place_q  <= '0;
      out_base_q   <= dst;
    end else if (out_read) begin
      out_valid_q <= 1'b1;
      out_last_q  <= last_word && last_query;
      if (last_word) begin
        out_query_q  <= out_query_q + 4'd1;
        out_word_q   <= '0;
        out_left_q   <= out_words - 16'd1;
        out_in_row_q <= '0;
        out_place_q  <= '0;
        out_base_q   <= out_base_q + pitch;
      end else begin
        out_word_q <= out_word_q + 16'd1;
        out_left_q <= out_left_q - 16'd1;
        if (32'(out_in_row_q) == WordsPerRow - 1) begin
          out_in_row_q <= '0;
          out_place_q  <= out_place_q + 1'b1;
        end else begin
          out_in_row_q <= out_in_row_q + 1'b1;
        end
      end
    end else if (vm_ready_i) begin
      out_valid_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (out_read) begin
      out_from_q <= out_query_q[QueryW-1:0];
      out_addr_q <= out_base_q + 20'(out_word_q);
    end
  end

  assign out_data   = out_words_of[32'(out_from_q)*VectorLanes*32 +: VectorLanes*32];
  assign vm_valid_o = out_valid_q || packer_vm_valid;
  assign vm_addr_o  = out_valid_q ? out_addr_q : packer_vm_addr;
  assign vm_data_o  = out_valid_q ? out_data : packer_vm_data;

  logic unused;
  assign unused = ^{instr_i, qm_addr_i, qm_raddr, tree_valid};

`ifndef SYNTHESIS
  initial begin
    if (Queries > VectorLanes || VectorLanes > Lanes || Lanes % VectorLanes != 0) begin
      $fatal(1, "tf_int8_unit: Queries = %0d, VectorLanes = %0d, Lanes = %0d: must not decrease",
             Queries, VectorLanes, Lanes);
    end
  end
  always_ff @(posedge clk_i) begin
    if (rst_ni && sum_valid_q) begin
      assert (fifo_in_ready) else $error("tf_int8_unit: a row's sum finds the FIFO full");
    end
  end
`endif
endmodule
