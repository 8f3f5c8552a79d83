// SPDX-License-Identifier: Apache-2.0
//
// Packs words of InBytes into beats of OutBytes, first word in the lowest bytes. last_i ends a
// beat early: the rest of it is zero. Its user's flag final_i comes out with the beat of that word.
//
// Latency: a beat is at beat_o one cycle after its last word. Handshake: ready/valid on both
// sides; with beat_ready_i always 1 a word a cycle is taken. OutBytes is a multiple of InBytes.
module tf_beat_packer #(
  parameter int InBytes  = 16,
  parameter int OutBytes = 64
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic                  valid_i,
  output logic                  ready_o,
  input  logic [InBytes*8-1:0]  data_i,
  input  logic                  last_i,
  input  logic                  final_i,
  output logic                  beat_valid_o,
  input  logic                  beat_ready_i,
  output logic [OutBytes*8-1:0] beat_o,
  output logic                  beat_last_o,
  output logic                  beat_final_o
);
  localparam int Places = OutBytes / InBytes;

  logic take, full;

  assign ready_o = !beat_valid_o || beat_ready_i;
  assign take    = valid_i && ready_o;

  if (Places == 1) begin : gen_pass
    assign full = 1'b1;
    always_ff @(posedge clk_i) begin
      if (take) beat_o <= data_i;
    end
  end else begin : gen_collect
    localparam int PlaceW = $clog2(Places);
    logic [PlaceW-1:0] place_q;
    assign full = last_i || place_q == PlaceW'(Places - 1);
    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        place_q <= '0;
      end else if (take) begin
        place_q <= full ? '0 : place_q + PlaceW'(1);
      end
    end
    for (genvar i = 0; i < Places; i++) begin : gen_place
      always_ff @(posedge clk_i) begin
        if (take && place_q == '0 && i != 0) begin
          beat_o[i*InBytes*8 +: InBytes*8] <= '0;
        end else if (take && place_q == PlaceW'(i)) begin
          beat_o[i*InBytes*8 +: InBytes*8] <= data_i;
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (take) begin
      beat_last_o  <= last_i;
      beat_final_o <= final_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      beat_valid_o <= 1'b0;
    end else if (take) begin
      beat_valid_o <= full;
    end else if (beat_ready_i) begin
      beat_valid_o <= 1'b0;
    end
  end

`ifndef SYNTHESIS
  initial begin
    if (OutBytes % InBytes != 0) begin
      $fatal(1, "tf_beat_packer: OutBytes = %0d: must be a multiple of InBytes = %0d", OutBytes,
             InBytes);
    end
  end
`endif
endmodule
