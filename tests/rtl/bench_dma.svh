// SPDX-License-Identifier: Apache-2.0
// Bench of tf_read_dma with tf_write_dma (4 ports of 64 bits, bursts of up to 64 beats), and of the
// queues: 0 tf_fifo, 1 tf_fifo with RegOut, 2 tf_fifo_ram, 3 tf_fifo_ram with RegOut.
`ifdef BENCH_PORTS
  , input  logic [4*64-1:0]  dma_port_base
  , input  logic [3:0]       dma_desc_valid   // clients I, V, K, W from bit 0
  , output logic [3:0]       dma_desc_ready
  , input  logic [31:0]      dma_desc_addr
  , input  logic [31:0]      dma_desc_beats
  , input  logic             dma_desc_dep
  , input  logic             dma_v_go
  , input  logic             dma_k_go
  , output logic [3:0]       dma_valid
  , input  logic [3:0]       dma_ready
  , output logic [4*256-1:0] dma_data
  , input  logic             dma_flush
  , output logic             dma_rd_flushed
  , output logic             dma_wr_flushed
  , output logic             dma_rd_idle
  , output logic             dma_wr_idle
  , output logic [4:0]       dma_errors       // read slverr, decerr, protocol; write slverr, decerr
  , input  logic             dma_fault
  , input  logic             dma_wr_valid
  , output logic             dma_wr_ready
  , input  logic [31:0]      dma_wr_addr
  , input  logic [255:0]     dma_wr_data
  , input  logic [31:0]      dma_wr_strb
  , output logic [3:0]       dma_arvalid
  , input  logic [3:0]       dma_arready
  , output logic [255:0]     dma_araddr
  , output logic [31:0]      dma_arlen
  , output logic [11:0]      dma_arsize
  , output logic [7:0]       dma_arburst
  , input  logic [3:0]       dma_rvalid
  , output logic [3:0]       dma_rready
  , input  logic [255:0]     dma_rdata
  , input  logic [7:0]       dma_rresp
  , input  logic [3:0]       dma_rlast
  , output logic [3:0]       dma_awvalid
  , input  logic [3:0]       dma_awready
  , output logic [255:0]     dma_awaddr
  , output logic [31:0]      dma_awlen
  , output logic [11:0]      dma_awsize
  , output logic [7:0]       dma_awburst
  , output logic [3:0]       dma_wvalid
  , input  logic [3:0]       dma_wready
  , output logic [255:0]     dma_wdata
  , output logic [31:0]      dma_wstrb
  , output logic [3:0]       dma_wlast
  , input  logic [3:0]       dma_bvalid
  , output logic [3:0]       dma_bready
  , input  logic [7:0]       dma_bresp
  , input  logic             dma_fifo_clr
  , input  logic [3:0]       dma_fifo_wr_valid
  , output logic [3:0]       dma_fifo_wr_ready
  , input  logic [15:0]      dma_fifo_wr_data
  , output logic [3:0]       dma_fifo_rd_valid
  , input  logic [3:0]       dma_fifo_rd_ready
  , output logic [63:0]      dma_fifo_rd_data
`endif
`ifdef BENCH_BODY
  tf_read_dma #(
    .Ports    (4),
    .WidthBits(64),
    .MaxBurst (64),
    .IDepth   (16),
    .VDepth   (32),
    .KDepth   (64),
    .WDepth   (512)
  ) u_dma_read (
    .clk_i,
    .rst_ni,
    .fault_dma_i   (dma_fault),
    .port_base_i   (dma_port_base),
    .i_desc_valid_i(dma_desc_valid[0]),
    .i_desc_ready_o(dma_desc_ready[0]),
    .i_desc_addr_i (dma_desc_addr),
    .i_desc_beats_i(dma_desc_beats),
    .v_desc_valid_i(dma_desc_valid[1]),
    .v_desc_ready_o(dma_desc_ready[1]),
    .v_desc_addr_i (dma_desc_addr),
    .v_desc_beats_i(dma_desc_beats),
    .v_desc_dep_i  (dma_desc_dep),
    .k_desc_valid_i(dma_desc_valid[2]),
    .k_desc_ready_o(dma_desc_ready[2]),
    .k_desc_addr_i (dma_desc_addr),
    .k_desc_beats_i(dma_desc_beats),
    .k_desc_dep_i  (dma_desc_dep),
    .w_desc_valid_i(dma_desc_valid[3]),
    .w_desc_ready_o(dma_desc_ready[3]),
    .w_desc_addr_i (dma_desc_addr),
    .w_desc_beats_i(dma_desc_beats),
    .v_go_i        (dma_v_go),
    .k_go_i        (dma_k_go),
    .wr_idle_i     (dma_wr_idle),
    .i_valid_o     (dma_valid[0]),
    .i_ready_i     (dma_ready[0]),
    .i_data_o      (dma_data[0*256 +: 256]),
    .v_valid_o     (dma_valid[1]),
    .v_ready_i     (dma_ready[1]),
    .v_data_o      (dma_data[1*256 +: 256]),
    .k_valid_o     (dma_valid[2]),
    .k_ready_i     (dma_ready[2]),
    .k_data_o      (dma_data[2*256 +: 256]),
    .w_valid_o     (dma_valid[3]),
    .w_ready_i     (dma_ready[3]),
    .w_data_o      (dma_data[3*256 +: 256]),
    .flush_i       (dma_flush),
    .flushed_o     (dma_rd_flushed),
    .idle_o        (dma_rd_idle),
    .beat_o        (),
    .slverr_o      (dma_errors[0]),
    .decerr_o      (dma_errors[1]),
    .protocol_o    (dma_errors[2]),
    .axi_arvalid_o (dma_arvalid),
    .axi_arready_i (dma_arready),
    .axi_araddr_o  (dma_araddr),
    .axi_arlen_o   (dma_arlen),
    .axi_arsize_o  (dma_arsize),
    .axi_arburst_o (dma_arburst),
    .axi_arcache_o (),
    .axi_arprot_o  (),
    .axi_arid_o    (),
    .axi_rvalid_i  (dma_rvalid),
    .axi_rready_o  (dma_rready),
    .axi_rdata_i   (dma_rdata),
    .axi_rresp_i   (dma_rresp),
    .axi_rlast_i   (dma_rlast)
  );

  tf_write_dma #(
    .Ports    (4),
    .WidthBits(64)
  ) u_dma_write (
    .clk_i,
    .rst_ni,
    .port_base_i  (dma_port_base),
    .wr_valid_i   (dma_wr_valid),
    .wr_ready_o   (dma_wr_ready),
    .wr_addr_i    (dma_wr_addr),
    .wr_data_i    (dma_wr_data),
    .wr_strb_i    (dma_wr_strb),
    .flush_i      (dma_flush),
    .flushed_o    (dma_wr_flushed),
    .idle_o       (dma_wr_idle),
    .beat_o       (),
    .slverr_o     (dma_errors[3]),
    .decerr_o     (dma_errors[4]),
    .axi_awvalid_o(dma_awvalid),
    .axi_awready_i(dma_awready),
    .axi_awaddr_o (dma_awaddr),
    .axi_awlen_o  (dma_awlen),
    .axi_awsize_o (dma_awsize),
    .axi_awburst_o(dma_awburst),
    .axi_awcache_o(),
    .axi_awprot_o (),
    .axi_awid_o   (),
    .axi_wvalid_o (dma_wvalid),
    .axi_wready_i (dma_wready),
    .axi_wdata_o  (dma_wdata),
    .axi_wstrb_o  (dma_wstrb),
    .axi_wlast_o  (dma_wlast),
    .axi_bvalid_i (dma_bvalid),
    .axi_bready_o (dma_bready),
    .axi_bresp_i  (dma_bresp)
  );

  for (genvar f = 0; f < 2; f++) begin : gen_dma_fifo
    tf_fifo #(
      .Width (16),
      .Depth (5),
      .RegOut(f)
    ) u_lut (
      .clk_i,
      .rst_ni,
      .clr_i     (dma_fifo_clr),
      .wr_valid_i(dma_fifo_wr_valid[f]),
      .wr_ready_o(dma_fifo_wr_ready[f]),
      .wr_data_i (dma_fifo_wr_data),
      .rd_valid_o(dma_fifo_rd_valid[f]),
      .rd_ready_i(dma_fifo_rd_ready[f]),
      .rd_data_o (dma_fifo_rd_data[f*16 +: 16])
    );
    tf_fifo_ram #(
      .Width (16),
      .Depth (8),
      .RegOut(f)
    ) u_ram (
      .clk_i,
      .rst_ni,
      .clr_i     (dma_fifo_clr),
      .wr_valid_i(dma_fifo_wr_valid[f+2]),
      .wr_ready_o(dma_fifo_wr_ready[f+2]),
      .wr_data_i (dma_fifo_wr_data),
      .rd_valid_o(dma_fifo_rd_valid[f+2]),
      .rd_ready_i(dma_fifo_rd_ready[f+2]),
      .rd_data_o (dma_fifo_rd_data[(f+2)*16 +: 16])
    );
  end
`endif
