// SPDX-License-Identifier: Apache-2.0
// Queue of stream beats: LUT RAM up to 64 words, block RAM with a registered output beyond.
//
// Latency and handshake: those of tf_fifo and tf_fifo_ram. Holds at least Depth words.
// Constraint: Depth is a power of two above 64.
module tf_stream_fifo #(
  parameter int Width = 64,
  parameter int Depth = 32
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             clr_i,

  input  logic             wr_valid_i,
  output logic             wr_ready_o,
  input  logic [Width-1:0] wr_data_i,

  output logic             rd_valid_o,
  input  logic             rd_ready_i,
  output logic [Width-1:0] rd_data_o
);
  if (Depth > 64) begin : gen_ram
    tf_fifo_ram #(
      .Width (Width),
      .Depth (Depth),
      .RegOut(1)
    ) u_fifo (
      .clk_i,
      .rst_ni,
      .clr_i,
      .wr_valid_i,
      .wr_ready_o,
      .wr_data_i,
      .rd_valid_o,
      .rd_ready_i,
      .rd_data_o
    );
  end else begin : gen_lut
    tf_fifo #(
      .Width (Width),
      .Depth (Depth),
      .RegOut(0)
    ) u_fifo (
      .clk_i,
      .rst_ni,
      .clr_i,
      .wr_valid_i,
      .wr_ready_o,
      .wr_data_i,
      .rd_valid_o,
      .rd_ready_i,
      .rd_data_o
    );
  end
endmodule
