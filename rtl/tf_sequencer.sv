// SPDX-License-Identifier: Apache-2.0
// Sequencer: reads a program, resolves its instructions, asks for their streams and puts them
// into the queues of the units; ends, stops and resets runs (docs/isa.md, docs/microarchitecture.md).
//
//   client I -> tf_instr_gather -> tf_instr_resolve -> descriptors of V, K, W
//                                                   -> tf_unit_queue (ternary, int8, vector)
//
// Rate: one instruction in seven cycles; with a tag as index, twice that and the wait for VM. A run: start_i pulse (only while idle_o) ... done_o pulse.
// Arguments stay constant during a run. An error stops dispatching, flushes the DMAs, then ends
// the run; further starts end at once with the same error until a reset. reset_i (held until the
// reset_done_o pulse) ends whatever is going on: flushes the DMAs while unit_rst_no is low.
// Deadlock: for DeadlockCycles cycles no unit works, heads of queues wait, the DMAs are idle, and
// the sequencer cannot go on.
// Constraint: Ports*WidthBits is a power of two, at least 32; DeadlockCycles >= 1.
module tf_sequencer #(
  parameter int        Ports          = 1,
  parameter int        WidthBits      = 64,
  parameter int        Batch          = 1,
  parameter int        QueueDepth     = 16,
  parameter int        DeadlockCycles = 64,
  parameter bit [15:0] TernKeep       = 16'hffff,  // words of an instruction that a unit gets;
  parameter bit [15:0] Int8Keep       = 16'hffff,  // the others are 0
  parameter bit [15:0] VecKeep        = 16'hffff
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
`ifndef SYNTHESIS
  input  logic                       fault_token_i,  // drops the Signal mask of instructions
  input  logic                       fault_kv_i,     // adds 1 to the address of int8 destinations
`endif

  // control
  input  logic                       start_i,
  output logic                       done_o,
  output logic                       idle_o,
  input  logic                       reset_i,
  output logic                       reset_done_o,
  output logic                       unit_rst_no,
  output logic [7:0]                 error_cause_o,
  output logic [31:0]                error_index_o,
  output logic [tf_regs_pkg::Counters*64-1:0] counters_o,
  input  logic [31:0]                program_i,
  input  logic [31:0]                position_i,
  input  logic [31:0]                count_i,
  input  logic [255:0]               token_i,
  output logic [3:0]                 count_o,     // for the units
  output logic                       tok_clr_o,

  // DMAs
  output logic                       flush_o,
  input  logic                       rd_flushed_i,
  input  logic                       wr_flushed_i,
  input  logic                       rd_idle_i,
  input  logic                       wr_idle_i,
  input  logic                       rd_beat_i,
  input  logic                       wr_beat_i,
  input  logic                       rd_slverr_i,
  input  logic                       rd_decerr_i,
  input  logic                       rd_protocol_i,
  input  logic                       wr_slverr_i,
  input  logic                       wr_decerr_i,
  input  logic                       i_valid_i,
  output logic                       i_ready_o,
  input  logic [Ports*WidthBits-1:0] i_data_i,
  output logic                       i_desc_valid_o,
  input  logic                       i_desc_ready_i,
  output logic [31:0]                i_desc_addr_o,
  output logic [31:0]                i_desc_beats_o,
  output logic                       v_desc_valid_o,
  input  logic                       v_desc_ready_i,
  output logic [31:0]                v_desc_addr_o,
  output logic [31:0]                v_desc_beats_o,
  output logic                       v_desc_dep_o,
  output logic                       k_desc_valid_o,
  input  logic                       k_desc_ready_i,
  output logic [31:0]                k_desc_addr_o,
  output logic [31:0]                k_desc_beats_o,
  output logic                       k_desc_dep_o,
  output logic                       w_desc_valid_o,
  input  logic                       w_desc_ready_i,
  output logic [31:0]                w_desc_addr_o,
  output logic [31:0]                w_desc_beats_o,

  // ternary unit
  output logic                       tern_valid_o,
  input  logic                       tern_ready_i,
  output logic [511:0]               tern_instr_o,
  output logic [31:0]                tern_index_o,
  output logic                       tern_skip_o,
  input  logic                       tern_issue_i,
  input  logic                       tern_starved_i,   // works and has no weight beat
  input  logic                       tern_consumed_i,  // takes a weight beat
  input  logic                       tern_bad_code_i,  // saw an invalid weight code

  // int8 unit
  output logic                       int8_valid_o,
  input  logic                       int8_ready_i,
  output logic [511:0]               int8_instr_o,
  output logic [31:0]                int8_index_o,
  output logic                       int8_skip_o,
  output logic [31:0]                int8_length_o,
  input  logic                       int8_issue_i,

  // vector unit
  output logic                       vec_valid_o,
  input  logic                       vec_ready_i,
  output logic [511:0]               vec_instr_o,
  output logic [31:0]                vec_index_o,
  output logic                       vec_skip_o,
  output logic [31:0]                vec_length_o,
  output logic [31:0]                vec_mem_addr_o,
  output logic [31:0]                vec_mem_elem_o,
  input  logic                       vec_issue_i,
  output logic                       tag_read_o,
  input  logic                       tag_ready_i,
  output logic [23:0]                tag_element_o,
  input  logic                       tag_valid_i,
  input  logic [tf_isa_pkg::TagBits-1:0] tag_i
);
  localparam int WideBytes   = Ports * WidthBits / 8;
  localparam int InstrBeats  = WideBytes >= 64 ? 1 : 64 / WideBytes;
  localparam int InstrShift  = $clog2(InstrBeats);
  localparam int ResetCycles = 16;
  localparam int TimerBits   = $clog2(DeadlockCycles > ResetCycles ? DeadlockCycles : ResetCycles) + 1;

  typedef enum logic [3:0] {
    StIdle,       // waits for start_i
    StHeaderAsk,  // descriptor of the header
    StHeader,     // waits for the header
    StListAsk,    // descriptor of all instructions
    StFetch,      // waits for an instruction
    StResolve,    // and tries to dispatch it
    StEnd,        // END: waits for units and writes
    StError,      // drains the DMAs
    StHalt,       // an error is kept
    StReset       // drains the DMAs with the units in reset
  } state_e;

  state_e               state_q;
  logic [TimerBits-1:0] timer_q;
  logic [31:0]          index_q, left_q;  // of the instruction; how many are left with it
  logic                 last_q;           // none after it; late by a cycle, long before it resolves
  logic [511:0]         instr_q;
  logic                 running, clr, begin_run;

  assign running     = state_q != StIdle && state_q != StHalt && state_q != StReset;
  assign idle_o      = state_q == StIdle || state_q == StHalt;
  assign clr         = state_q == StReset;
  assign begin_run   = state_q == StIdle && start_i && !reset_i;
  assign tok_clr_o   = clr || begin_run;
  assign flush_o     = state_q == StError || state_q == StReset;
  assign unit_rst_no = rst_ni && !clr;
  assign count_o     = count_i[3:0];

  // Header and instructions.
  logic         unit_valid, unit_ready;
  logic [511:0] unit_data;
  logic [31:0]  header_total;
  logic         header_ok, load;

  tf_instr_gather #(
    .WideBits(Ports * WidthBits)
  ) u_gather (
    .clk_i,
    .rst_ni,
    .clr_i       (flush_o),
    .beat_valid_i(i_valid_i),
    .beat_ready_o(i_ready_o),
    .beat_i      (i_data_i),
    .valid_o     (unit_valid),
    .ready_i     (unit_ready),
    .data_o      (unit_data)
  );

  assign header_total   = unit_data[32*tf_isa_pkg::HeaderCount +: 32];
  assign header_ok      = unit_data[32*tf_isa_pkg::HeaderMagic +: 32] == tf_isa_pkg::Magic &&
                          unit_data[32*tf_isa_pkg::HeaderVersion +: 32] == tf_isa_pkg::Version &&
                          header_total != 32'd0;
  assign unit_ready     = state_q == StHeader || load;
  assign i_desc_valid_o = state_q == StHeaderAsk || state_q == StListAsk;
  assign i_desc_addr_o  = state_q == StHeaderAsk ? program_i : program_i + 32'(InstrBeats);
  assign i_desc_beats_o = state_q == StHeaderAsk ? 32'(InstrBeats) : left_q << InstrShift;

  // Resolved instruction.
  logic        resolve_done, resolved, tag_back, quiet;
  logic        is_end, is_tern, is_int8, is_vec, bad_opcode, bad_length, skip, stream;
  logic [31:0] stream_addr, stream_beats, length, mem_addr, mem_elem;
  logic        dependent;

  tf_instr_resolve #(
    .Ports    (Ports),
    .WidthBits(WidthBits)
  ) u_resolve (
    .clk_i,
    .rst_ni,
    .start_i       (load || tag_back),
    .done_o        (resolve_done),
    .instr_i       (instr_q),
    .position_i,
    .count_i,
    .token_i,
    .tag_i         (tag_q),
    .end_o         (is_end),
    .tern_o        (is_tern),
    .int8_o        (is_int8),
    .vec_o         (is_vec),
    .bad_opcode_o  (bad_opcode),
    .bad_length_o  (bad_length),
    .skip_o        (skip),
    .stream_o      (stream),
    .stream_addr_o (stream_addr),
    .stream_beats_o(stream_beats),
    .length_o      (length),
    .mem_addr_o    (mem_addr),
    .mem_elem_o    (mem_elem)
  );

  assign dependent = instr_q[32*tf_isa_pkg::DependentWord + tf_isa_pkg::DependentLsb];

  // Tag of a VM element, as the index of the stream. With Dependent it is read when all that came
  // before has ended, else as soon as the vector unit leaves the port free.
  localparam int IndexBit = 32 * tf_isa_pkg::StreamIndexWord + tf_isa_pkg::StreamIndexLsb;
  localparam int LimitBit = 32 * tf_isa_pkg::TagLimitWord + tf_isa_pkg::TagLimitLsb;

  logic                           tag_wait_q, tag_asked_q;  // waits; the read has been taken
  logic [tf_isa_pkg::TagBits-1:0] tag_q, tag_limit;

  assign tag_read_o    = tag_wait_q && !tag_asked_q && (!dependent || quiet);
  assign tag_element_o = instr_q[32*tf_isa_pkg::TagElementWord + tf_isa_pkg::TagElementLsb +: 24];
  assign tag_limit     = instr_q[LimitBit +: tf_isa_pkg::TagBits];
  assign tag_back      = tag_wait_q && tag_asked_q && tag_valid_i;
  assign resolved      = resolve_done && !tag_wait_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || !running) begin
      tag_wait_q  <= 1'b0;
      tag_asked_q <= 1'b0;
    end else if (load) begin
      tag_wait_q  <= unit_data[IndexBit +: 2] == tf_isa_pkg::IndexTag;
      tag_asked_q <= 1'b0;
    end else if (tag_back) begin
      tag_wait_q <= 1'b0;
    end else if (tag_read_o && tag_ready_i) begin
      tag_asked_q <= 1'b1;
    end
  end
  always_ff @(posedge clk_i) begin
    if (tag_back) tag_q <= ~tag_i < tag_limit ? ~tag_i : tag_limit;
  end

  // Dispatch: into the unit's queue and, with a stream, into its client's, in the same cycle.
  logic tern_room, int8_room, vec_room, tern_take, int8_take, vec_take, take;
  logic offer, accept, instr_error, tern_push, int8_push, vec_push;

  assign instr_error = bad_opcode || bad_length || is_end != last_q;
  assign offer       = state_q == StResolve && resolved && !instr_error && !reset_i;
  assign tern_take   = is_tern && tern_room && (!stream || w_desc_ready_i);
  assign int8_take   = is_int8 && int8_room && (!stream || k_desc_ready_i);
  assign vec_take    = is_vec && vec_room && (!stream || v_desc_ready_i);
  assign take        = tern_take || int8_take || vec_take || is_end;
  assign tern_push   = offer && tern_take;
  assign int8_push   = offer && int8_take;
  assign vec_push    = offer && vec_take;
  assign accept      = offer && take;
  assign load        = unit_valid && (state_q == StFetch || (accept && !is_end));

  assign w_desc_valid_o = offer && is_tern && tern_room && stream;
  assign k_desc_valid_o = offer && is_int8 && int8_room && stream;
  assign v_desc_valid_o = offer && is_vec && vec_room && stream;
  assign w_desc_addr_o  = stream_addr;
  assign w_desc_beats_o = stream_beats;
  assign k_desc_addr_o  = stream_addr;
  assign k_desc_beats_o = stream_beats;
  assign k_desc_dep_o   = dependent;
  assign v_desc_addr_o  = stream_addr;
  assign v_desc_beats_o = stream_beats;
  assign v_desc_dep_o   = dependent;

  always_ff @(posedge clk_i) begin
    if (load) instr_q <= unit_data;
  end

  // Queues of the units.
  logic [511:0] queue_instr;
  logic [31:0]  queue_mem;
  logic         tern_busy, int8_busy, vec_busy, unused_extra;

`ifndef SYNTHESIS
  localparam int SignalBit = 32 * tf_isa_pkg::SignalWord + tf_isa_pkg::SignalLsb;
  localparam int DstBit    = 32 * tf_isa_pkg::VDstWord + tf_isa_pkg::VDstLsb;
  assign queue_instr = fault_token_i ? instr_q & ~(512'hf << SignalBit) : instr_q;
  assign queue_mem   = mem_addr + 32'(fault_kv_i && instr_q[DstBit +: 3] == tf_isa_pkg::DstMemI8);
`else
  assign queue_instr = instr_q;
  assign queue_mem   = mem_addr;
`endif

  tf_unit_queue #(
    .ExtraBits(1),
    .Depth    (QueueDepth),
    .Keep     (TernKeep)
  ) u_tern (
    .clk_i,
    .rst_ni,
    .clr_i  (clr),
    .push_i (tern_push),
    .ready_o(tern_room),
    .instr_i(queue_instr),
    .index_i(index_q),
    .skip_i (skip),
    .extra_i(1'b0),
    .valid_o(tern_valid_o),
    .ready_i(tern_ready_i),
    .instr_o(tern_instr_o),
    .index_o(tern_index_o),
    .skip_o (tern_skip_o),
    .extra_o(unused_extra),
    .issue_i(tern_issue_i),
    .busy_o (tern_busy)
  );

  tf_unit_queue #(
    .ExtraBits(32),
    .Depth    (QueueDepth),
    .Keep     (Int8Keep)
  ) u_int8 (
    .clk_i,
    .rst_ni,
    .clr_i  (clr),
    .push_i (int8_push),
    .ready_o(int8_room),
    .instr_i(queue_instr),
    .index_i(index_q),
    .skip_i (skip),
    .extra_i(length),
    .valid_o(int8_valid_o),
    .ready_i(int8_ready_i),
    .instr_o(int8_instr_o),
    .index_o(int8_index_o),
    .skip_o (int8_skip_o),
    .extra_o(int8_length_o),
    .issue_i(int8_issue_i),
    .busy_o (int8_busy)
  );

  tf_unit_queue #(
    .ExtraBits(96),
    .Depth    (QueueDepth),
    .Keep     (VecKeep)
  ) u_vec (
    .clk_i,
    .rst_ni,
    .clr_i  (clr),
    .push_i (vec_push),
    .ready_o(vec_room),
    .instr_i(queue_instr),
    .index_i(index_q),
    .skip_i (skip),
    .extra_i({mem_elem, queue_mem, length}),
    .valid_o(vec_valid_o),
    .ready_i(vec_ready_i),
    .instr_o(vec_instr_o),
    .index_o(vec_index_o),
    .skip_o (vec_skip_o),
    .extra_o({vec_mem_elem_o, vec_mem_addr_o, vec_length_o}),
    .issue_i(vec_issue_i),
    .busy_o (vec_busy)
  );

  // What stops a run. A failure without another cause is a deadlock; what is known last in a cycle
  // is whether there is one, so only `fail` depends on it. The heads of the queues have been the
  // same for DeadlockCycles cycles then, so registers may tell the oldest.
  logic        any_busy, any_head, stuck, deadlock;
  logic        bus_fail, header_fail, instr_fail, fail;
  logic        tern_int8_q, vec_tern_q, vec_int8_q;  // the first's head is older than the second's
  logic        tern_oldest, vec_oldest;
  logic [7:0]  cause;
  logic [31:0] cause_index, oldest;

  assign any_busy = tern_busy || int8_busy || vec_busy;
  assign any_head = tern_valid_o || int8_valid_o || vec_valid_o;
  assign stuck    = any_head && !any_busy && rd_idle_i && wr_idle_i &&
                    (state_q == StEnd || tag_wait_q || (offer && !take));
  assign deadlock = stuck && timer_q == TimerBits'(DeadlockCycles);

  always_ff @(posedge clk_i) begin
    tern_int8_q <= tern_index_o < int8_index_o;
    vec_tern_q  <= vec_index_o < tern_index_o;
    vec_int8_q  <= vec_index_o < int8_index_o;
  end
  assign vec_oldest  = vec_valid_o && (!tern_valid_o || vec_tern_q) &&
                       (!int8_valid_o || vec_int8_q);
  assign tern_oldest = tern_valid_o && (!int8_valid_o || tern_int8_q);
  assign oldest      = vec_oldest ? vec_index_o : tern_oldest ? tern_index_o : int8_index_o;

  assign bus_fail    = rd_slverr_i || rd_decerr_i || rd_protocol_i || wr_slverr_i || wr_decerr_i;
  assign header_fail = state_q == StHeader && unit_valid && !header_ok;
  assign instr_fail  = state_q == StResolve && resolved && instr_error;
  assign fail        = bus_fail || tern_bad_code_i || header_fail || instr_fail || deadlock;

  always_comb begin
    cause_index = state_q == StHeaderAsk || state_q == StHeader || state_q == StListAsk
                  ? tf_regs_pkg::NoInstruction : index_q;
    if (rd_slverr_i) cause = tf_regs_pkg::ErrReadSlverr;
    else if (rd_decerr_i) cause = tf_regs_pkg::ErrReadDecerr;
    else if (rd_protocol_i) cause = tf_regs_pkg::ErrReadProtocol;
    else if (wr_slverr_i) cause = tf_regs_pkg::ErrWriteSlverr;
    else if (wr_decerr_i) cause = tf_regs_pkg::ErrWriteDecerr;
    else if (tern_bad_code_i) begin
      cause       = tf_regs_pkg::ErrWeightCode;
      cause_index = tern_index_o;
    end else if (header_fail) begin
      cause = tf_regs_pkg::ErrBadHeader;
    end else if (instr_fail) begin
      cause = bad_opcode ? tf_regs_pkg::ErrBadOpcode :
              bad_length ? tf_regs_pkg::ErrBadLength : tf_regs_pkg::ErrBadHeader;
    end else begin
      cause       = tf_regs_pkg::ErrDeadlock;
      cause_index = oldest;
    end
  end

  // States.
  logic flushed, count_bad;

  assign flushed   = rd_flushed_i && wr_flushed_i;
  assign count_bad = count_i == 32'd0 || count_i > 32'(Batch);
  assign quiet     = !any_head && !any_busy && wr_idle_i;

  always_ff @(posedge clk_i) begin
    done_o       <= 1'b0;
    reset_done_o <= 1'b0;
    if (!rst_ni) begin
      state_q       <= StIdle;
      error_cause_o <= tf_regs_pkg::ErrNone;
      error_index_o <= tf_regs_pkg::NoInstruction;
    end else if (state_q == StReset) begin
      if (flushed && timer_q == TimerBits'(ResetCycles)) begin
        state_q       <= StIdle;
        reset_done_o  <= 1'b1;
        error_cause_o <= tf_regs_pkg::ErrNone;
        error_index_o <= tf_regs_pkg::NoInstruction;
      end
    end else if (reset_i && !reset_done_o) begin
      state_q <= StReset;
    end else if (running && state_q != StError && fail) begin
      state_q       <= StError;
      error_cause_o <= cause;
      error_index_o <= cause_index;
    end else begin
      case (state_q)
        StIdle: begin
          if (start_i && count_bad) begin
            state_q       <= StError;
            error_cause_o <= tf_regs_pkg::ErrBadCount;
          end else if (start_i) begin
            state_q <= StHeaderAsk;
          end
        end
        StHeaderAsk: if (i_desc_ready_i) state_q <= StHeader;
        StHeader: if (unit_valid) state_q <= StListAsk;
        StListAsk: if (i_desc_ready_i) state_q <= StFetch;
        StFetch: if (unit_valid) state_q <= StResolve;
        StResolve: begin
          if (accept && is_end) state_q <= StEnd;
          else if (accept && !unit_valid) state_q <= StFetch;
        end
        StEnd: begin
          if (quiet) begin
            state_q <= StIdle;
            done_o  <= 1'b1;
          end
        end
        StError: begin
          if (flushed) begin
            state_q <= StHalt;
            done_o  <= 1'b1;
          end
        end
        StHalt: done_o <= start_i;
        default: state_q <= StIdle;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == StHeader) left_q <= header_total;
    else if (accept) left_q <= left_q - 32'd1;
    if (state_q == StListAsk) index_q <= 32'd0;
    else if (accept) index_q <= index_q + 32'd1;
    last_q <= left_q == 32'd1;
    if (state_q == StReset) begin
      if (timer_q != TimerBits'(ResetCycles)) timer_q <= timer_q + 1'b1;
    end else if (!stuck || reset_i) begin
      timer_q <= '0;
    end else if (timer_q != TimerBits'(DeadlockCycles)) begin
      timer_q <= timer_q + 1'b1;
    end
  end

  // Counters.
  logic [tf_regs_pkg::Counters-1:0] events;

  assign events[tf_regs_pkg::CntCycles]       = running;
  assign events[tf_regs_pkg::CntInstructions] = accept;
  assign events[tf_regs_pkg::CntWStarved]     = running && tern_starved_i;
  assign events[tf_regs_pkg::CntWBeats]       = running && tern_consumed_i;
  assign events[tf_regs_pkg::CntReadBeats]    = running && rd_beat_i;
  assign events[tf_regs_pkg::CntWriteBeats]   = running && wr_beat_i;
  assign events[tf_regs_pkg::CntTernaryBusy]  = running && tern_busy;
  assign events[tf_regs_pkg::CntInt8Busy]     = running && int8_busy;
  assign events[tf_regs_pkg::CntVectorBusy]   = running && vec_busy;

  tf_run_counters u_counters (
    .clk_i,
    .rst_ni,
    .clr_i     (begin_run),
    .event_i   (events),
    .counters_o
  );
endmodule
