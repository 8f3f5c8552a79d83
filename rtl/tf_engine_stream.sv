// SPDX-License-Identifier: Apache-2.0
//
// A ternary engine between two streams: for devices that hold an engine but no accelerator.
//
//   s_* ─┬─► collects a word ─► activation memory ─┐
//        └─► weights, one cycle ───────────────────┴► engine (outside) ─► m_*
//
// A beat with s_act_i is part of an activation word: Lanes * 8 / WidthBits beats make one, the low
// bits first. Words go to addresses 0, 1, ...; the beat with s_last_i ends the vector, the next word
// goes to address 0 again. A beat without s_act_i is weights: beat k of a row meets word k; s_last_i
// ends the row. Rows leave in their order, the engine's latency + 1 after their last beat.
// Handshake: a beat is taken in every cycle with s_valid_i; who listens to m_* takes every row.
// Constraint: Lanes * 8 is a multiple of WidthBits.
module tf_engine_stream #(
  parameter int Lanes     = 40,
  parameter int WidthBits = 64,
  parameter int ActWords  = 128
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 s_valid_i,
  input  logic                 s_act_i,
  input  logic                 s_last_i,
  input  logic [WidthBits-1:0] s_data_i,
  // engine
  output logic                 beat_valid_o,
  output logic [WidthBits-1:0] beat_o,
  output logic [Lanes*8-1:0]   act_o,
  output logic                 first_o,
  output logic                 last_o,
  input  logic                 row_valid_i,
  input  logic [31:0]          row_i,
  // rows
  output logic                 m_valid_o,
  output logic [31:0]          m_data_o
);
  localparam int Parts = Lanes * 8 / WidthBits;
  localparam int PartW = (Parts > 1) ? $clog2(Parts) : 1;
  localparam int AddrW = (ActWords > 1) ? $clog2(ActWords) : 1;

  logic                     act_beat, word_end;
  logic [PartW-1:0]         part_q;
  logic [AddrW-1:0]         waddr_q, raddr_q;
  logic [Lanes*8-1:0]       word;
  assign act_beat = s_valid_i && s_act_i;
  assign word_end = (part_q == PartW'(Parts - 1));

  if (Parts > 1) begin : gen_collect
    logic [Lanes*8-WidthBits-1:0] low_q;  // the parts before this one
    assign word = {s_data_i, low_q};
    always_ff @(posedge clk_i) begin
      if (act_beat) low_q <= word[Lanes*8-1:WidthBits];
    end
  end else begin : gen_direct
    assign word = s_data_i;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      part_q  <= '0;
      waddr_q <= '0;
      raddr_q <= '0;
    end else begin
      if (act_beat) part_q <= word_end ? '0 : part_q + 1'b1;
      if (act_beat && word_end) waddr_q <= s_last_i ? '0 : waddr_q + 1'b1;
      if (s_valid_i && !s_act_i) raddr_q <= s_last_i ? '0 : raddr_q + 1'b1;
    end
  end

  tf_ram_sdp #(
    .Width  (Lanes * 8),
    .Depth  (ActWords),
    .Latency(1),
    .Style  (1)
  ) u_act (
    .clk_i,
    .we_i   (act_beat && word_end),
    .waddr_i(waddr_q),
    .wdata_i(word),
    .re_i   (s_valid_i && !s_act_i),
    .raddr_i(raddr_q),
    .rdata_o(act_o)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      beat_valid_o <= 1'b0;
      m_valid_o    <= 1'b0;
    end else begin
      beat_valid_o <= s_valid_i && !s_act_i;
      m_valid_o    <= row_valid_i;
    end
    beat_o   <= s_data_i;
    first_o  <= (raddr_q == '0);
    last_o   <= s_last_i;
    m_data_o <= row_i;
  end

`ifndef SYNTHESIS
  initial begin
    if (Lanes * 8 % WidthBits != 0) begin
      $fatal(1, "tf_engine_stream: Lanes * 8 = %0d: must be a multiple of WidthBits = %0d",
             Lanes * 8, WidthBits);
    end
  end
`endif
endmodule
