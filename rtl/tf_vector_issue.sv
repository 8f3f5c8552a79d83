// SPDX-License-Identifier: Apache-2.0
//
// Vector unit: issues the reads of one instruction, word by word.
//
// A word of Lanes elements takes as many cycles as it has operands in VM (need_i: bit 0 A, 1 B,
// 2 C, read in this order), at least one. In its first cycle a word takes what it needs later, so
// that nothing behind ever waits: room for its result (room_i, only with results_i) and, where it
// is the first word of a beat, a beat of the stream (beat_i, only with stream_i).
//
// start_i loads the instruction; the first word may be issued in the next cycle. The fields hold
// from start_i to the end of the instruction. With hold_segment_i (SUM) a segment is followed by
// the next only after segment_done_i. With norm_i words begin in every third cycle only, counted
// from the first that may: a word takes the multiplier three times (tf_vector_datapath).
//
// Outputs are of the issue cycle: read_o with addr_o and operand_o (0 A, 1 B, 2 C); word_o marks
// the last cycle of a word, last_o the last word of a segment, final_o that of the last segment.
module tf_vector_issue #(
  parameter int Lanes     = 16,
  parameter int WideBytes = 64
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        start_i,
  input  logic [31:0] length_i,
  input  logic [11:0] segments_i,
  input  logic [19:0] a_addr_i,
  input  logic [11:0] a_stride_i,
  input  logic [19:0] b_addr_i,
  input  logic [11:0] b_stride_i,
  input  logic [19:0] c_addr_i,
  input  logic [11:0] c_stride_i,
  input  logic [2:0]  need_i,
  input  logic        results_i,
  input  logic        stream_i,
  input  logic        stream_int8_i,
  input  logic        hold_segment_i,
  input  logic        norm_i,
  // resources
  input  logic        room_i,
  output logic        room_take_o,
  input  logic        beat_i,
  output logic        beat_take_o,
  input  logic        segment_done_i,
  // reads and words
  output logic        read_o,
  output logic [1:0]  operand_o,
  output logic [19:0] addr_o,
  output logic        word_o,
  output logic        last_o,
  output logic        final_o
);
  localparam int LaneW   = $clog2(Lanes);
  localparam int I8Words = WideBytes / Lanes;
  localparam int PlaceW  = $clog2(I8Words);

  logic              active_q;        // words are left
  logic              held_q;          // between two segments
  logic [19:0]       words_q;         // of this segment after the present one
  logic [11:0]       segments_q;      // after the present one
  logic [2:0]        done_q;          // operands of the present word that have been read
  logic              begun_q;         // the present word's resources have been taken
  logic [1:0]        turn_q;          // with norm_i: 0 where a word may begin
  logic [PlaceW-1:0] place_q;         // of the present word in its beat of the stream
  logic [19:0]       a_base_q, b_base_q, c_base_q, a_q, b_q, c_q;

  logic [19:0] words_less_one;
  logic [2:0]  todo, after;
  logic        first_of_beat, ready, go, beat_end;

  // Length is at least 1 and has at most 20 + 1 bits.
  assign words_less_one = 20'((length_i - 32'd1) >> LaneW);

  assign todo          = need_i & ~done_q;
  assign after         = todo & (todo - 3'd1);
  assign first_of_beat = stream_i && place_q == '0;
  assign ready         = begun_q ||
                         ((room_i || !results_i) && (beat_i || !first_of_beat) && !held_q &&
                          turn_q == 2'd0);
  assign go            = active_q && ready;
  assign room_take_o   = go && !begun_q && results_i;
  assign beat_take_o   = go && !begun_q && first_of_beat;

  assign read_o    = go && todo != 3'd0;
  assign operand_o = todo[0] ? 2'd0 : todo[1] ? 2'd1 : 2'd2;
  assign addr_o    = todo[0] ? a_q : todo[1] ? b_q : c_q;
  assign word_o    = go && after == 3'd0;
  assign last_o    = words_q == '0;
  assign final_o   = last_o && segments_q == '0;

  assign beat_end = last_o || place_q == (stream_int8_i ? PlaceW'(I8Words - 1)
                                                        : PlaceW'(I8Words / 4 - 1));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      active_q <= 1'b0;
      held_q   <= 1'b0;
      begun_q  <= 1'b0;
      done_q   <= '0;
      place_q  <= '0;
      turn_q   <= '0;
    end else begin
      if (start_i) active_q <= 1'b1;
      turn_q <= (active_q && norm_i && turn_q != 2'd2) ? turn_q + 2'd1 : 2'd0;
      if (segment_done_i) held_q <= 1'b0;
      if (go) begin
        begun_q <= !word_o;
        done_q  <= word_o ? '0 : need_i & ~after;
      end
      if (word_o) begin
        place_q <= beat_end ? '0 : place_q + PlaceW'(1);
        if (final_o) active_q <= 1'b0;
        if (last_o && !final_o && hold_segment_i) held_q <= 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      words_q    <= words_less_one;
      segments_q <= segments_i - 12'd1;
    end else if (word_o) begin
      words_q    <= last_o ? words_less_one : words_q - 20'd1;
      segments_q <= last_o ? segments_q - 12'd1 : segments_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      {a_base_q, b_base_q, c_base_q} <= {a_addr_i, b_addr_i, c_addr_i};
      {a_q, b_q, c_q}                <= {a_addr_i, b_addr_i, c_addr_i};
    end else if (word_o && last_o) begin
      a_base_q <= a_base_q + 20'(a_stride_i);
      b_base_q <= b_base_q + 20'(b_stride_i);
      c_base_q <= c_base_q + 20'(c_stride_i);
      a_q      <= a_base_q + 20'(a_stride_i);
      b_q      <= b_base_q + 20'(b_stride_i);
      c_q      <= c_base_q + 20'(c_stride_i);
    end else if (word_o) begin
      a_q <= a_q + 20'd1;
      b_q <= b_q + 20'd1;
      c_q <= c_q + 20'd1;
    end
  end
endmodule
