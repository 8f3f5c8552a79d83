// SPDX-License-Identifier: Apache-2.0
// Write DMA: wide beats with byte strobes become single-beat AXI4 writes of the ports.
//
// A port whose strobes are all 0 is left alone. One wide beat a cycle until a port has Writes
// beats queued or unacknowledged. Handshake: ready/valid. idle_o is low from the cycle after a
// beat was taken until all its responses have come.
// flush_i (held): takes nothing; flushed_o rises when all responses have come and errors are
// cleared, and falls with flush_i. Errors are sticky until then.
// Constraint: port bases are 4 KB aligned.
module tf_write_dma #(
  parameter int Ports     = 1,
  parameter int WidthBits = 64,
  parameter int AddrBits  = 64,
  parameter int Writes    = 16
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,
  input  logic [Ports*AddrBits-1:0]    port_base_i,

  input  logic                         wr_valid_i,
  output logic                         wr_ready_o,
  input  logic [31:0]                  wr_addr_i,   // wide beat
  input  logic [Ports*WidthBits-1:0]   wr_data_i,
  input  logic [Ports*WidthBits/8-1:0] wr_strb_i,

  input  logic                         flush_i,
  output logic                         flushed_o,
  output logic                         idle_o,
  output logic                         beat_o,      // a wide beat is taken
  output logic                         slverr_o,
  output logic                         decerr_o,

  output logic [Ports-1:0]             axi_awvalid_o,
  input  logic [Ports-1:0]             axi_awready_i,
  output logic [Ports*AddrBits-1:0]    axi_awaddr_o,
  output logic [Ports*8-1:0]           axi_awlen_o,
  output logic [Ports*3-1:0]           axi_awsize_o,
  output logic [Ports*2-1:0]           axi_awburst_o,
  output logic [Ports*4-1:0]           axi_awcache_o,
  output logic [Ports*3-1:0]           axi_awprot_o,
  output logic [Ports-1:0]             axi_awid_o,
  output logic [Ports-1:0]             axi_wvalid_o,
  input  logic [Ports-1:0]             axi_wready_i,
  output logic [Ports*WidthBits-1:0]   axi_wdata_o,
  output logic [Ports*WidthBits/8-1:0] axi_wstrb_o,
  output logic [Ports-1:0]             axi_wlast_o,
  input  logic [Ports-1:0]             axi_bvalid_i,
  output logic [Ports-1:0]             axi_bready_o,
  input  logic [Ports*2-1:0]           axi_bresp_i
);
  localparam int StrbBits = WidthBits / 8;
  localparam int ByteBits = $clog2(StrbBits);

  logic             clr;
  logic [Ports-1:0] ready, idle, slverr, decerr;

  assign wr_ready_o = (&ready) && !flush_i;
  assign beat_o     = wr_valid_i && wr_ready_o;
  assign idle_o     = &idle;

  for (genvar p = 0; p < Ports; p++) begin : gen_port
    logic any;
    assign any = |wr_strb_i[p*StrbBits +: StrbBits];

    tf_write_port #(
      .WidthBits(WidthBits),
      .AddrBits (AddrBits),
      .Writes   (Writes)
    ) u_port (
      .clk_i,
      .rst_ni,
      .base_i       (port_base_i[p*AddrBits +: AddrBits]),
      .idle_o       (idle[p]),
      .valid_i      (beat_o && any),
      .ready_o      (ready[p]),
      .addr_i       (wr_addr_i),
      .data_i       (wr_data_i[p*WidthBits +: WidthBits]),
      .strb_i       (wr_strb_i[p*StrbBits +: StrbBits]),
      .slverr_o     (slverr[p]),
      .decerr_o     (decerr[p]),
      .axi_awvalid_o(axi_awvalid_o[p]),
      .axi_awready_i(axi_awready_i[p]),
      .axi_awaddr_o (axi_awaddr_o[p*AddrBits +: AddrBits]),
      .axi_wvalid_o (axi_wvalid_o[p]),
      .axi_wready_i (axi_wready_i[p]),
      .axi_wdata_o  (axi_wdata_o[p*WidthBits +: WidthBits]),
      .axi_wstrb_o  (axi_wstrb_o[p*StrbBits +: StrbBits]),
      .axi_bvalid_i (axi_bvalid_i[p]),
      .axi_bready_o (axi_bready_o[p]),
      .axi_bresp_i  (axi_bresp_i[p*2 +: 2])
    );
    assign axi_awlen_o[p*8 +: 8]   = 8'd0;
    assign axi_awsize_o[p*3 +: 3]  = 3'(ByteBits);
    assign axi_awburst_o[p*2 +: 2] = 2'b01;    // INCR
    assign axi_awcache_o[p*4 +: 4] = 4'b0011;  // normal, non-cacheable, bufferable
    assign axi_awprot_o[p*3 +: 3]  = 3'b000;
    assign axi_awid_o[p]           = 1'b0;
    assign axi_wlast_o[p]          = 1'b1;
  end

  assign clr = flush_i && idle_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      flushed_o <= 1'b0;
      slverr_o  <= 1'b0;
      decerr_o  <= 1'b0;
    end else begin
      flushed_o <= clr;
      slverr_o  <= !clr && (slverr_o || (|slverr));
      decerr_o  <= !clr && (decerr_o || (|decerr));
    end
  end
endmodule
