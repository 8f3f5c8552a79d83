// SPDX-License-Identifier: Apache-2.0
//
// Simple dual-port RAM: one write port, one read port, one clock.
//
// Latency: rdata_o shows the word of raddr_i `Latency` cycles after a cycle with re_i (1, or 2 with
// an output register) and holds it until the next read arrives. A read in the cycle of a write to
// the same address gives the old word; a read in any later cycle gives the new one. Words that were
// never written are undefined.
//
// Style: 0 the tool decides, 1 block RAM, 2 ultra RAM, 3 distributed RAM.
module tf_ram_sdp #(
  parameter int Width   = 32,
  parameter int Depth   = 512,
  parameter int Latency = 1,
  parameter int Style   = 0,
  localparam int AddrW  = (Depth > 1) ? $clog2(Depth) : 1
) (
  input  logic             clk_i,
  input  logic             we_i,
  input  logic [AddrW-1:0] waddr_i,
  input  logic [Width-1:0] wdata_i,
  input  logic             re_i,
  input  logic [AddrW-1:0] raddr_i,
  output logic [Width-1:0] rdata_o
);
  logic [Width-1:0] read_q;

  if (Style == 1) begin : gen_block
    (* ram_style = "block" *) logic [Width-1:0] mem_q [Depth];
    always_ff @(posedge clk_i) begin
      if (we_i) mem_q[waddr_i] <= wdata_i;
      if (re_i) read_q <= mem_q[raddr_i];
    end
  end else if (Style == 2) begin : gen_ultra
    (* ram_style = "ultra" *) logic [Width-1:0] mem_q [Depth];
    always_ff @(posedge clk_i) begin
      if (we_i) mem_q[waddr_i] <= wdata_i;
      if (re_i) read_q <= mem_q[raddr_i];
    end
  end else if (Style == 3) begin : gen_distributed
    (* ram_style = "distributed" *) logic [Width-1:0] mem_q [Depth];
    always_ff @(posedge clk_i) begin
      if (we_i) mem_q[waddr_i] <= wdata_i;
      if (re_i) read_q <= mem_q[raddr_i];
    end
  end else begin : gen_auto
    logic [Width-1:0] mem_q [Depth];
    always_ff @(posedge clk_i) begin
      if (we_i) mem_q[waddr_i] <= wdata_i;
      if (re_i) read_q <= mem_q[raddr_i];
    end
  end

  if (Latency == 1) begin : gen_direct
    assign rdata_o = read_q;
  end else begin : gen_registered
    logic             read_valid_q;
    logic [Width-1:0] rdata_q;
    always_ff @(posedge clk_i) begin
      read_valid_q <= re_i;
      if (read_valid_q) rdata_q <= read_q;
    end
    assign rdata_o = rdata_q;
  end

`ifndef SYNTHESIS
  initial begin
    if (Latency != 1 && Latency != 2) begin
      $fatal(1, "tf_ram_sdp: Latency = %0d: must be 1 or 2", Latency);
    end
    if (Style < 0 || Style > 3) $fatal(1, "tf_ram_sdp: Style = %0d: must be 0 to 3", Style);
  end
  always_ff @(posedge clk_i) begin
    if (we_i && 32'(waddr_i) >= 32'(Depth)) begin
      $error("tf_ram_sdp: write to word %0d of %0d", waddr_i, Depth);
    end
    if (re_i && 32'(raddr_i) >= 32'(Depth)) begin
      $error("tf_ram_sdp: read of word %0d of %0d", raddr_i, Depth);
    end
  end
`endif
endmodule
