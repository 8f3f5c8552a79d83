// SPDX-License-Identifier: Apache-2.0
//
// Buffers wide beats of a stream and hands out vector words: Lanes fp32 (32-bit words) or Lanes
// int8.
//
//   wide beat, fp32:  | word WideBytes/(4*Lanes)-1 | ... | word 0 |     4*Lanes bytes each
//   wide beat, int8:  | word WideBytes/Lanes-1     | ... | word 0 |       Lanes bytes each
//
// A segment begins with a new beat; pop_last_i marks its last word and drops the rest of its beat.
//
// Claims and pops: the reader's user claims a beat (claim_i while available_o is high) not later
// than it pops the first word of it. The words of claimed beats are at f32_o and i8_o without
// latency: the front word, until pop_i. So a pop may follow its claim by any number of cycles, and
// never waits.
//
// Handshake: beats arrive by beat_valid_i/beat_ready_o, Depth of them are held. int8_i selects the
// size of a word and changes only when no claimed beat is left.
module tf_stream_reader #(
  parameter int Lanes     = 16,
  parameter int WideBytes = 64,
  parameter int Depth     = 16
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic                   int8_i,
  // beats
  input  logic                   beat_valid_i,
  output logic                   beat_ready_o,
  input  logic [WideBytes*8-1:0] beat_data_i,
  // claims
  output logic                   available_o,
  input  logic                   claim_i,
  // words
  input  logic                   pop_i,
  input  logic                   pop_last_i,
  output logic [Lanes*32-1:0]    f32_o,
  output logic [Lanes*8-1:0]     i8_o
);
  localparam int F32Words = WideBytes / (4 * Lanes);  // of a beat
  localparam int I8Words  = WideBytes / Lanes;
  localparam int PlaceW   = $clog2(I8Words);          // at least 2
  localparam int PtrW     = $clog2(Depth);
  localparam int CountW   = $clog2(Depth + 1);

  (* ram_style = "distributed" *) logic [WideBytes*8-1:0] beats_q [Depth];

  logic [PtrW-1:0]        wptr_q, rptr_q;
  logic [CountW-1:0]      held_q;       // beats in beats_q
  logic [CountW-1:0]      unclaimed_q;  // of these, not claimed
  logic [PlaceW-1:0]      place_q;      // front word within the front beat
  logic [WideBytes*8-1:0] beat;
  logic                   push, drop;

  assign beat_ready_o = held_q != CountW'(Depth);
  assign available_o  = unclaimed_q != '0;
  assign push         = beat_valid_i && beat_ready_o;
  assign drop         = pop_i && (pop_last_i || place_q == (int8_i ? PlaceW'(I8Words - 1)
                                                                   : PlaceW'(F32Words - 1)));
  assign beat         = beats_q[rptr_q];
  assign i8_o         = beat[32'(place_q)*Lanes*8 +: Lanes*8];

  if (F32Words == 1) begin : gen_whole
    assign f32_o = beat;
  end else begin : gen_part
    localparam int F32W = $clog2(F32Words);
    assign f32_o = beat[32'(place_q[F32W-1:0])*Lanes*32 +: Lanes*32];
  end

  always_ff @(posedge clk_i) begin
    if (push) beats_q[wptr_q] <= beat_data_i;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wptr_q      <= '0;
      rptr_q      <= '0;
      held_q      <= '0;
      unclaimed_q <= '0;
      place_q     <= '0;
    end else begin
      if (push) wptr_q <= (wptr_q == PtrW'(Depth - 1)) ? '0 : wptr_q + PtrW'(1);
      if (drop) rptr_q <= (rptr_q == PtrW'(Depth - 1)) ? '0 : rptr_q + PtrW'(1);
      if (pop_i) place_q <= drop ? '0 : place_q + PlaceW'(1);
      held_q      <= held_q + CountW'(push) - CountW'(drop);
      unclaimed_q <= unclaimed_q + CountW'(push) - CountW'(claim_i);
    end
  end

`ifndef SYNTHESIS
  initial begin
    if (WideBytes % (4 * Lanes) != 0) begin
      $fatal(1, "tf_stream_reader: WideBytes = %0d: must be a multiple of 4 * Lanes = %0d",
             WideBytes, 4 * Lanes);
    end
  end
  always_ff @(posedge clk_i) begin
    if (rst_ni && claim_i && !available_o) $error("tf_stream_reader: nothing to claim");
    if (rst_ni && pop_i && !claim_i && held_q == unclaimed_q) $error("tf_stream_reader: unclaimed");
  end
`endif
endmodule
