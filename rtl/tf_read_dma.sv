// SPDX-License-Identifier: Apache-2.0
// Read DMA: fetches the streams of four clients through all memory ports at once.
//
//   descriptors -> tf_read_client (one a client) -> priority I > V > K > W -> burst register
//               -> tf_read_port (one a port) -> stream buffers -> wide beats
//
// Every burst goes to all ports; a wide beat of a client is valid when all ports have theirs.
// Bursts are requested as soon as their client has room, whether or not the instruction that
// will use them has begun. One wide beat a cycle where latency <= 3/4 of the client's depth.
// Handshake: x_desc_* and x_* ready/valid; x_ready_i may depend on x_valid_o.
// flush_i (held): no new bursts; when all beats have come back, descriptors, buffers, go pulses
// and errors are cleared and flushed_o rises; it falls with flush_i. Errors are sticky until then.
// Constraints: port bases 4 KB aligned; Ports*WidthBits/8 >= 4; depths above 64 powers of two.
module tf_read_dma #(
  parameter int Ports     = 1,
  parameter int WidthBits = 64,
  parameter int MaxBurst  = 16,
  parameter int AddrBits  = 64,
  parameter int IDepth    = 32,
  parameter int VDepth    = 32,
  parameter int KDepth    = 64,
  parameter int WDepth    = 512
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
`ifndef SYNTHESIS
  input  logic                       fault_dma_i,  // flips bit 0 of W beats of port 0
`endif
  input  logic [Ports*AddrBits-1:0]  port_base_i,

  input  logic                       i_desc_valid_i,
  output logic                       i_desc_ready_o,
  input  logic [31:0]                i_desc_addr_i,
  input  logic [31:0]                i_desc_beats_i,
  input  logic                       v_desc_valid_i,
  output logic                       v_desc_ready_o,
  input  logic [31:0]                v_desc_addr_i,
  input  logic [31:0]                v_desc_beats_i,
  input  logic                       v_desc_dep_i,
  input  logic                       k_desc_valid_i,
  output logic                       k_desc_ready_o,
  input  logic [31:0]                k_desc_addr_i,
  input  logic [31:0]                k_desc_beats_i,
  input  logic                       k_desc_dep_i,
  input  logic                       w_desc_valid_i,
  output logic                       w_desc_ready_o,
  input  logic [31:0]                w_desc_addr_i,
  input  logic [31:0]                w_desc_beats_i,

  input  logic                       v_go_i,
  input  logic                       k_go_i,
  input  logic                       wr_idle_i,

  output logic                       i_valid_o,
  input  logic                       i_ready_i,
  output logic [Ports*WidthBits-1:0] i_data_o,
  output logic                       v_valid_o,
  input  logic                       v_ready_i,
  output logic [Ports*WidthBits-1:0] v_data_o,
  output logic                       k_valid_o,
  input  logic                       k_ready_i,
  output logic [Ports*WidthBits-1:0] k_data_o,
  output logic                       w_valid_o,
  input  logic                       w_ready_i,
  output logic [Ports*WidthBits-1:0] w_data_o,

  input  logic                       flush_i,
  output logic                       flushed_o,
  output logic                       idle_o,      // no burst queued or unanswered
  output logic                       beat_o,      // a wide beat arrives (counted on port 0)
  output logic                       slverr_o,
  output logic                       decerr_o,
  output logic                       protocol_o,  // RLAST misplaced or an unasked beat

  output logic [Ports-1:0]           axi_arvalid_o,
  input  logic [Ports-1:0]           axi_arready_i,
  output logic [Ports*AddrBits-1:0]  axi_araddr_o,
  output logic [Ports*8-1:0]         axi_arlen_o,
  output logic [Ports*3-1:0]         axi_arsize_o,
  output logic [Ports*2-1:0]         axi_arburst_o,
  output logic [Ports*4-1:0]         axi_arcache_o,
  output logic [Ports*3-1:0]         axi_arprot_o,
  output logic [Ports-1:0]           axi_arid_o,
  input  logic [Ports-1:0]           axi_rvalid_i,
  output logic [Ports-1:0]           axi_rready_o,
  input  logic [Ports*WidthBits-1:0] axi_rdata_i,
  input  logic [Ports*2-1:0]         axi_rresp_i,
  input  logic [Ports-1:0]           axi_rlast_i
);
  localparam int ByteBits  = $clog2(WidthBits / 8);
  localparam int PageBeats = 4096 >> ByteBits;

  logic        clr;
  logic [3:0]  burst_valid, burst_ready, pop, valid;
  logic [31:0] i_addr, v_addr, k_addr, w_addr;
  logic [8:0]  i_beats, v_beats, k_beats, w_beats;

  // Clients.
  tf_read_client #(
    .MaxBurst (MaxBurst),
    .PageBeats(PageBeats),
    .Depth    (IDepth)
  ) u_client_i (
    .clk_i,
    .rst_ni,
    .clr_i        (clr),
    .hold_i       (flush_i),
    .desc_valid_i (i_desc_valid_i),
    .desc_ready_o (i_desc_ready_o),
    .desc_addr_i  (i_desc_addr_i),
    .desc_beats_i (i_desc_beats_i),
    .desc_dep_i   (1'b0),
    .go_i         (1'b0),
    .wr_idle_i,
    .burst_valid_o(burst_valid[0]),
    .burst_ready_i(burst_ready[0]),
    .burst_addr_o (i_addr),
    .burst_beats_o(i_beats),
    .pop_i        (pop[0])
  );

  tf_read_client #(
    .MaxBurst (MaxBurst),
    .PageBeats(PageBeats),
    .Depth    (VDepth),
    .Queue    (16)
  ) u_client_v (
    .clk_i,
    .rst_ni,
    .clr_i        (clr),
    .hold_i       (flush_i),
    .desc_valid_i (v_desc_valid_i),
    .desc_ready_o (v_desc_ready_o),
    .desc_addr_i  (v_desc_addr_i),
    .desc_beats_i (v_desc_beats_i),
    .desc_dep_i   (v_desc_dep_i),
    .go_i         (v_go_i),
    .wr_idle_i,
    .burst_valid_o(burst_valid[1]),
    .burst_ready_i(burst_ready[1]),
    .burst_addr_o (v_addr),
    .burst_beats_o(v_beats),
    .pop_i        (pop[1])
  );

  tf_read_client #(
    .MaxBurst (MaxBurst),
    .PageBeats(PageBeats),
    .Depth    (KDepth),
    .Queue    (16)
  ) u_client_k (
    .clk_i,
    .rst_ni,
    .clr_i        (clr),
    .hold_i       (flush_i),
    .desc_valid_i (k_desc_valid_i),
    .desc_ready_o (k_desc_ready_o),
    .desc_addr_i  (k_desc_addr_i),
    .desc_beats_i (k_desc_beats_i),
    .desc_dep_i   (k_desc_dep_i),
    .go_i         (k_go_i),
    .wr_idle_i,
    .burst_valid_o(burst_valid[2]),
    .burst_ready_i(burst_ready[2]),
    .burst_addr_o (k_addr),
    .burst_beats_o(k_beats),
    .pop_i        (pop[2])
  );

  tf_read_client #(
    .MaxBurst (MaxBurst),
    .PageBeats(PageBeats),
    .Depth    (WDepth),
    .Queue    (16)
  ) u_client_w (
    .clk_i,
    .rst_ni,
    .clr_i        (clr),
    .hold_i       (flush_i),
    .desc_valid_i (w_desc_valid_i),
    .desc_ready_o (w_desc_ready_o),
    .desc_addr_i  (w_desc_addr_i),
    .desc_beats_i (w_desc_beats_i),
    .desc_dep_i   (1'b0),
    .go_i         (1'b0),
    .wr_idle_i,
    .burst_valid_o(burst_valid[3]),
    .burst_ready_i(burst_ready[3]),
    .burst_addr_o (w_addr),
    .burst_beats_o(w_beats),
    .pop_i        (pop[3])
  );

  // Priority, and the register of the burst that goes to all ports.
  logic             stage_valid_q, stage_free, port_push;
  logic [1:0]       stage_client_q, client;
  logic [31:0]      stage_addr_q, burst_addr;
  logic [7:0]       stage_len_q;
  logic [8:0]       burst_beats;
  logic [Ports-1:0] port_ready, port_idle;

  assign port_push      = stage_valid_q && (&port_ready);
  assign stage_free     = !stage_valid_q || port_push;
  assign burst_ready[0] = stage_free;
  assign burst_ready[1] = stage_free && !burst_valid[0];
  assign burst_ready[2] = stage_free && burst_valid[1:0] == '0;
  assign burst_ready[3] = stage_free && burst_valid[2:0] == '0;

  assign client      = burst_valid[0] ? 2'd0 : burst_valid[1] ? 2'd1 : burst_valid[2] ? 2'd2 : 2'd3;
  assign burst_addr  = burst_valid[0] ? i_addr : burst_valid[1] ? v_addr :
                       burst_valid[2] ? k_addr : w_addr;
  assign burst_beats = burst_valid[0] ? i_beats : burst_valid[1] ? v_beats :
                       burst_valid[2] ? k_beats : w_beats;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) stage_valid_q <= 1'b0;
    else if (stage_free) stage_valid_q <= |burst_valid;
  end
  always_ff @(posedge clk_i) begin
    if (stage_free) begin
      stage_client_q <= client;
      stage_addr_q   <= burst_addr;
      stage_len_q    <= 8'(burst_beats - 9'd1);
    end
  end

  // Ports.
  logic [Ports-1:0]   beat, slverr, decerr, protocol;
  logic [Ports*4-1:0] port_valid;
  logic               unused_beat;

  for (genvar c = 0; c < 4; c++) begin : gen_valid
    logic [Ports-1:0] all;
    for (genvar b = 0; b < Ports; b++) begin : gen_bit
      assign all[b] = port_valid[b*4 + c];
    end
    assign valid[c] = &all;
  end

  for (genvar p = 0; p < Ports; p++) begin : gen_port
    localparam int PortIndex = p;
    tf_read_port #(
      .WidthBits(WidthBits),
      .AddrBits (AddrBits),
      .IDepth   (IDepth),
      .VDepth   (VDepth),
      .KDepth   (KDepth),
      .WDepth   (WDepth)
    ) u_port (
      .clk_i,
      .rst_ni,
      .clr_i         (clr),
`ifndef SYNTHESIS
      .fault_i       (fault_dma_i && PortIndex == 0),
`endif
      .base_i        (port_base_i[p*AddrBits +: AddrBits]),
      .idle_o        (port_idle[p]),
      .burst_valid_i (port_push),
      .burst_ready_o (port_ready[p]),
      .burst_addr_i  (stage_addr_q),
      .burst_len_i   (stage_len_q),
      .burst_client_i(stage_client_q),
      .valid_o       (port_valid[p*4 +: 4]),
      .pop_i         (pop),
      .i_data_o      (i_data_o[p*WidthBits +: WidthBits]),
      .v_data_o      (v_data_o[p*WidthBits +: WidthBits]),
      .k_data_o      (k_data_o[p*WidthBits +: WidthBits]),
      .w_data_o      (w_data_o[p*WidthBits +: WidthBits]),
      .beat_o        (beat[p]),
      .slverr_o      (slverr[p]),
      .decerr_o      (decerr[p]),
      .protocol_o    (protocol[p]),
      .axi_arvalid_o (axi_arvalid_o[p]),
      .axi_arready_i (axi_arready_i[p]),
      .axi_araddr_o  (axi_araddr_o[p*AddrBits +: AddrBits]),
      .axi_arlen_o   (axi_arlen_o[p*8 +: 8]),
      .axi_rvalid_i  (axi_rvalid_i[p]),
      .axi_rready_o  (axi_rready_o[p]),
      .axi_rdata_i   (axi_rdata_i[p*WidthBits +: WidthBits]),
      .axi_rresp_i   (axi_rresp_i[p*2 +: 2]),
      .axi_rlast_i   (axi_rlast_i[p])
    );
    assign axi_arsize_o[p*3 +: 3]  = 3'(ByteBits);
    assign axi_arburst_o[p*2 +: 2] = 2'b01;    // INCR
    assign axi_arcache_o[p*4 +: 4] = 4'b0011;  // normal, non-cacheable, bufferable
    assign axi_arprot_o[p*3 +: 3]  = 3'b000;
    assign axi_arid_o[p]           = 1'b0;
  end

  assign i_valid_o   = valid[0];
  assign v_valid_o   = valid[1];
  assign k_valid_o   = valid[2];
  assign w_valid_o   = valid[3];
  assign pop         = valid & {w_ready_i, k_ready_i, v_ready_i, i_ready_i};
  assign beat_o      = beat[0];
  assign unused_beat = ^beat;
  assign idle_o      = !stage_valid_q && (&port_idle);

  // Flush and errors.
  assign clr = flush_i && idle_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      flushed_o  <= 1'b0;
      slverr_o   <= 1'b0;
      decerr_o   <= 1'b0;
      protocol_o <= 1'b0;
    end else begin
      flushed_o  <= clr;
      slverr_o   <= !clr && (slverr_o || (|slverr));
      decerr_o   <= !clr && (decerr_o || (|decerr));
      protocol_o <= !clr && (protocol_o || (|protocol));
    end
  end
endmodule
