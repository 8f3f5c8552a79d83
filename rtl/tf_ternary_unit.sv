// SPDX-License-Identifier: Apache-2.0
//
// Control of the ternary engines: executes MATVEC (docs/isa.md).
//
// Holds the activation memory (AM) of each batch slice, reads it in step with the weight stream,
// feeds the engines, which stand outside because they are generated, and packs their results into
// VM. One wide beat of weights a cycle; all engines advance together.
//
//   stream ──► delay 2 ──► beat_o ─┐
//   AM (read latency 2) ─► act_o ──┴► engines (outside) ──► row_*_i ──► packer ──► VM
//
// From issue to retire, with a stream that is always valid, a MATVEC takes MvGroups * MvBeats
// cycles plus a constant: the engines' latency (beat_valid_o to row_valid_i) + 2 * count + 3. Of
// that, count - 1 cycles are waited for the sake of the constant: they are needed only where the
// last rows follow the word before them closely.
// Constraint: Engines * Batch <= VectorLanes, so that the packer never has to wait (VM writes of
// this unit have the highest priority).
module tf_ternary_unit #(
  parameter int Engines     = 4,
  parameter int Batch       = 4,
  parameter int Lanes       = 80,
  parameter int WidthBits   = 128,
  parameter int VectorLanes = 16,
  parameter int AmWords     = 512
) (
  input  logic                             clk_i,
  input  logic                             rst_ni,
  input  logic [3:0]                       count_i,
  // instruction
  input  logic                             instr_valid_i,
  output logic                             instr_ready_o,
  input  logic [511:0]                     instr_i,
  input  logic                             skip_i,
  output logic                             issue_o,
  output logic                             starved_o,
  output logic                             consumed_o,
  // tokens
  input  logic [3:0]                       tok_avail_i,
  output logic [3:0]                       tok_take_o,
  output logic [3:0]                       tok_put_o,
  // weight stream
  input  logic                             stream_valid_i,
  output logic                             stream_ready_o,
  input  logic [Engines*WidthBits-1:0]     stream_data_i,
  // AM writes of the vector unit
  input  logic                             am_we_i,
  input  logic [2:0]                       am_slot_i,
  input  logic [15:0]                      am_addr_i,
  input  logic [Lanes*8-1:0]               am_data_i,
  // engines
  output logic                             beat_valid_o,
  output logic [Engines*WidthBits-1:0]     beat_o,
  output logic [Batch*Lanes*8-1:0]         act_o,
  output logic                             first_o,
  output logic                             last_o,
  output logic [Batch-1:0]                 slice_en_o,
  input  logic                             row_valid_i,
  input  logic [Batch*Engines*32-1:0]      row_i,       // slice-major: slice b, engine e
  // VM writes
  output logic                             vm_valid_o,
  input  logic                             vm_ready_i,
  output logic [19:0]                      vm_addr_o,
  output logic [VectorLanes*32-1:0]        vm_data_o
);
  localparam int AmAddrW = (AmWords > 1) ? $clog2(AmWords) : 1;

  typedef enum logic [1:0] {StIdle, StRun, StDrain} state_e;
  state_e state_q;

  logic [3:0]  wait_mask, signal_mask;
  logic [15:0] row_beats, am_base;
  logic [31:0] groups;
  assign wait_mask   = instr_i[32*tf_isa_pkg::WaitWord + tf_isa_pkg::WaitLsb +: 4];
  assign signal_mask = instr_i[32*tf_isa_pkg::SignalWord + tf_isa_pkg::SignalLsb +: 4];
  assign row_beats   = instr_i[32*tf_isa_pkg::MvBeatsWord + tf_isa_pkg::MvBeatsLsb +: 16];
  assign am_base     = instr_i[32*tf_isa_pkg::MvAmWord + tf_isa_pkg::MvAmLsb +: 16];
  assign groups      = instr_i[32*tf_isa_pkg::MvGroupsWord + tf_isa_pkg::MvGroupsLsb +: 32];

  logic        start, retire, pop, last_beat, last_group, last_rows, packer_done, done;
  logic [15:0] beat_q;
  logic [31:0] groups_q, rows_q;  // groups of rows still to be streamed, to be received
  logic [4:0]  settle_q;  // cycles before which the instruction does not retire

  assign start          = (state_q == StIdle) && instr_valid_i && (wait_mask & ~tok_avail_i) == '0;
  assign done           = (state_q == StDrain) && packer_done && (settle_q == '0);
  assign pop            = (state_q == StRun) && stream_valid_i;
  assign last_beat      = (beat_q + 16'd1 == row_beats);
  assign last_group     = (groups_q == 32'd1);
  assign retire         = (start && skip_i) || done;
  assign stream_ready_o = (state_q == StRun);
  assign starved_o      = (state_q == StRun) && !stream_valid_i;
  assign consumed_o     = pop;
  assign issue_o        = start;
  assign instr_ready_o  = retire;
  assign tok_take_o     = start ? wait_mask : 4'b0;
  assign tok_put_o      = retire ? signal_mask : 4'b0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q  <= StIdle;
      beat_q   <= '0;
      groups_q <= '0;
    end else begin
      case (state_q)
        StIdle: begin
          beat_q <= '0;
          if (start && !skip_i) begin
            state_q  <= StRun;
            groups_q <= groups;
          end
        end
        StRun: begin
          if (pop) begin
            beat_q <= last_beat ? '0 : beat_q + 16'd1;
            if (last_beat) groups_q <= groups_q - 32'd1;
            if (last_beat && last_group) state_q <= StDrain;
          end
        end
        default: if (done) state_q <= StIdle;
      endcase
    end
  end

  // Beats wait two cycles for their activations.
  logic [1:0]                   valid_q, first_q, last_q;
  logic [Engines*WidthBits-1:0] beat0_q, beat1_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
    end else begin
      valid_q <= {valid_q[0], pop};
    end
    if (pop) begin
      beat0_q    <= stream_data_i;
      first_q[0] <= (beat_q == '0);
      last_q[0]  <= last_beat;
    end
    if (valid_q[0]) begin
      beat1_q    <= beat0_q;
      first_q[1] <= first_q[0];
      last_q[1]  <= last_q[0];
    end
  end
  assign beat_valid_o = valid_q[1];
  assign beat_o       = beat1_q;
  assign first_o      = first_q[1];
  assign last_o       = last_q[1];

  logic [15:0] am_raddr;
  assign am_raddr = am_base + beat_q;
  for (genvar b = 0; b < Batch; b++) begin : gen_am
    localparam int Slice = b;  // Icarus takes a genvar in such expressions for a variable
    assign slice_en_o[b] = (32'(count_i) > Slice);
    tf_ram_sdp #(
      .Width  (Lanes * 8),
      .Depth  (AmWords),
      .Latency(2)
    ) u_am (
      .clk_i,
      .we_i   (am_we_i && (32'(am_slot_i) == Slice)),
      .waddr_i(am_addr_i[AmAddrW-1:0]),
      .wdata_i(am_data_i),
      .re_i   (pop && slice_en_o[b]),
      .raddr_i(am_raddr[AmAddrW-1:0]),
      .rdata_o(act_o[b*Lanes*8 +: Lanes*8])
    );
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      rows_q <= '0;
    end else if (start && !skip_i) begin
      rows_q <= groups;
    end else if (row_valid_i) begin
      rows_q <= rows_q - 32'd1;
    end
  end
  assign last_rows = (rows_q == 32'd1);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      settle_q <= '0;
    end else if (row_valid_i && last_rows) begin
      settle_q <= {count_i, 1'b0};
    end else if (settle_q != '0) begin
      settle_q <= settle_q - 5'd1;
    end
  end

  logic packer_ready;
  tf_result_packer #(
    .VectorLanes(VectorLanes),
    .Group      (Engines),
    .Slots      (Batch)
  ) u_packer (
    .clk_i,
    .rst_ni,
    .clear_i   (start),
    .base_i    (instr_i[32*tf_isa_pkg::MvDstWord + tf_isa_pkg::MvDstLsb +: 20]),
    .pitch_i   (instr_i[32*tf_isa_pkg::MvPitchWord + tf_isa_pkg::MvPitchLsb +: 20]),
    .slots_i   (count_i),
    .valid_i   (row_valid_i),
    .ready_o   (packer_ready),
    .last_i    (last_rows),
    .values_i  (row_i),
    .done_o    (packer_done),
    .vm_valid_o,
    .vm_ready_i,
    .vm_addr_o,
    .vm_data_o
  );

  logic unused;
  assign unused = ^{instr_i, am_addr_i, am_raddr, packer_ready};

`ifndef SYNTHESIS
  initial begin
    if (Engines * Batch > VectorLanes) begin
      $fatal(1, "tf_ternary_unit: Engines * Batch = %0d: must be at most VectorLanes = %0d",
             Engines * Batch, VectorLanes);
    end
  end
  always_ff @(posedge clk_i) begin
    if (rst_ni && row_valid_i) begin
      assert (packer_ready) else $error("tf_ternary_unit: a row finds the packer busy");
    end
  end
`endif
endmodule
