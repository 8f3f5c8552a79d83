// SPDX-License-Identifier: Apache-2.0
// One AXI4 write port of tf_write_dma: single-beat full-width writes.
//
// A beat is taken with valid_i while ready_o; address and data go out independently, up to
// Writes beats are queued or unacknowledged. Latency: to AWVALID two cycles, to WVALID one.
// idle_o: every beat taken has its response.
module tf_write_port #(
  parameter int WidthBits = 64,
  parameter int AddrBits  = 64,
  parameter int Writes    = 16
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic [AddrBits-1:0]    base_i,
  output logic                   idle_o,

  input  logic                   valid_i,
  output logic                   ready_o,
  input  logic [31:0]            addr_i,
  input  logic [WidthBits-1:0]   data_i,
  input  logic [WidthBits/8-1:0] strb_i,

  output logic                   slverr_o,
  output logic                   decerr_o,

  output logic                   axi_awvalid_o,
  input  logic                   axi_awready_i,
  output logic [AddrBits-1:0]    axi_awaddr_o,
  output logic                   axi_wvalid_o,
  input  logic                   axi_wready_i,
  output logic [WidthBits-1:0]   axi_wdata_o,
  output logic [WidthBits/8-1:0] axi_wstrb_o,
  input  logic                   axi_bvalid_i,
  output logic                   axi_bready_o,
  input  logic [1:0]             axi_bresp_i
);
  localparam int StrbBits  = WidthBits / 8;
  localparam int CountBits = $clog2(Writes + 1);

  logic [CountBits-1:0] count_q;
  logic                 push, addr_valid, addr_taken, addr_ready, data_ready;
  logic [31:0]          addr;
  logic [7:0]           unused_len;

  assign ready_o      = count_q != CountBits'(Writes);
  assign push         = valid_i && ready_o;
  assign idle_o       = count_q == '0;
  assign axi_bready_o = 1'b1;
  assign slverr_o     = axi_bvalid_i && axi_bresp_i == 2'b10;
  assign decerr_o     = axi_bvalid_i && axi_bresp_i == 2'b11;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) count_q <= '0;
    else if (push && !axi_bvalid_i) count_q <= count_q + 1'b1;
    else if (axi_bvalid_i && !push && !idle_o) count_q <= count_q - 1'b1;
  end

  tf_fifo #(
    .Width(32),
    .Depth(Writes)
  ) u_addr (
    .clk_i,
    .rst_ni,
    .clr_i     (1'b0),
    .wr_valid_i(push),
    .wr_ready_o(addr_ready),
    .wr_data_i (addr_i),
    .rd_valid_o(addr_valid),
    .rd_ready_i(addr_taken),
    .rd_data_o (addr)
  );

  tf_axi_address #(
    .WidthBits(WidthBits),
    .AddrBits (AddrBits)
  ) u_address (
    .clk_i,
    .rst_ni,
    .base_i,
    .valid_i(addr_valid),
    .ready_o(addr_taken),
    .beat_i (addr),
    .len_i  (8'd0),
    .valid_o(axi_awvalid_o),
    .ready_i(axi_awready_i),
    .addr_o (axi_awaddr_o),
    .len_o  (unused_len)
  );

  tf_fifo #(
    .Width(WidthBits + StrbBits),
    .Depth(Writes)
  ) u_data (
    .clk_i,
    .rst_ni,
    .clr_i     (1'b0),
    .wr_valid_i(push),
    .wr_ready_o(data_ready),
    .wr_data_i ({strb_i, data_i}),
    .rd_valid_o(axi_wvalid_o),
    .rd_ready_i(axi_wready_i),
    .rd_data_o ({axi_wstrb_o, axi_wdata_o})
  );

`ifndef SYNTHESIS
  always @(posedge clk_i) begin
    if (rst_ni && push) begin
      assert (addr_ready && data_ready)
      else $error("tf_write_port: a beat without room in its queue");
    end
  end
`else
  logic unused_ready;
  assign unused_ready = addr_ready ^ data_ready;
`endif
endmodule
