// SPDX-License-Identifier: Apache-2.0
// One AXI4 read port of tf_read_dma: sends bursts, sorts the beats that come back into the
// stream buffers of the clients.
//
// burst_* are logical bursts in wide beats (all ports get the same). Beats return in the order of
// the bursts (one ID), so the head of the order queue names the client of every beat. The
// splitter has reserved room in the buffers: axi_rready_o is constant 1.
// idle_o: no burst queued or unanswered. clr_i empties the buffers; only when idle.
// Latency: burst to ARVALID two cycles; R beat to the client's valid: that of its buffer.
module tf_read_port #(
  parameter int WidthBits = 64,
  parameter int AddrBits  = 64,
  parameter int IDepth    = 32,
  parameter int VDepth    = 32,
  parameter int KDepth    = 64,
  parameter int WDepth    = 512,
  parameter int Bursts    = 32  // queued and unanswered
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 clr_i,
`ifndef SYNTHESIS
  input  logic                 fault_i,  // flips bit 0 of beats for client W
`endif
  input  logic [AddrBits-1:0]  base_i,
  output logic                 idle_o,

  input  logic                 burst_valid_i,
  output logic                 burst_ready_o,
  input  logic [31:0]          burst_addr_i,
  input  logic [7:0]           burst_len_i,    // beats - 1
  input  logic [1:0]           burst_client_i, // 0 I, 1 V, 2 K, 3 W

  output logic [3:0]           valid_o,
  input  logic [3:0]           pop_i,
  output logic [WidthBits-1:0] i_data_o,
  output logic [WidthBits-1:0] v_data_o,
  output logic [WidthBits-1:0] k_data_o,
  output logic [WidthBits-1:0] w_data_o,

  output logic                 beat_o,
  output logic                 slverr_o,
  output logic                 decerr_o,
  output logic                 protocol_o,  // RLAST misplaced, or a beat that nobody asked for

  output logic                 axi_arvalid_o,
  input  logic                 axi_arready_i,
  output logic [AddrBits-1:0]  axi_araddr_o,
  output logic [7:0]           axi_arlen_o,
  input  logic                 axi_rvalid_i,
  output logic                 axi_rready_o,
  input  logic [WidthBits-1:0] axi_rdata_i,
  input  logic [1:0]           axi_rresp_i,
  input  logic                 axi_rlast_i
);
  logic        send_ready, order_ready, push;
  logic        send_valid, send_taken;
  logic [31:0] send_addr;
  logic [7:0]  send_len;
  logic        order_valid, order_pop;
  logic [7:0]  order_len, beat_q;
  logic [1:0]  order_client;
  logic        last;
  logic [3:0]  we;

  assign burst_ready_o = send_ready && order_ready;
  assign push          = burst_valid_i && burst_ready_o;

  // Address path.
  tf_fifo #(
    .Width(40),
    .Depth(Bursts)
  ) u_send (
    .clk_i,
    .rst_ni,
    .clr_i     (1'b0),
    .wr_valid_i(push),
    .wr_ready_o(send_ready),
    .wr_data_i ({burst_len_i, burst_addr_i}),
    .rd_valid_o(send_valid),
    .rd_ready_i(send_taken),
    .rd_data_o ({send_len, send_addr})
  );

  tf_axi_address #(
    .WidthBits(WidthBits),
    .AddrBits (AddrBits)
  ) u_address (
    .clk_i,
    .rst_ni,
    .base_i,
    .valid_i(send_valid),
    .ready_o(send_taken),
    .beat_i (send_addr),
    .len_i  (send_len),
    .valid_o(axi_arvalid_o),
    .ready_i(axi_arready_i),
    .addr_o (axi_araddr_o),
    .len_o  (axi_arlen_o)
  );

  // Order of the answers.
  tf_fifo #(
    .Width(10),
    .Depth(Bursts)
  ) u_order (
    .clk_i,
    .rst_ni,
    .clr_i     (1'b0),
    .wr_valid_i(push),
    .wr_ready_o(order_ready),
    .wr_data_i ({burst_client_i, burst_len_i}),
    .rd_valid_o(order_valid),
    .rd_ready_i(order_pop),
    .rd_data_o ({order_client, order_len})
  );

  assign axi_rready_o = 1'b1;
  assign last         = beat_q == order_len;
  assign order_pop    = axi_rvalid_i && last;
  assign beat_o       = axi_rvalid_i && order_valid;
  assign slverr_o     = axi_rvalid_i && axi_rresp_i == 2'b10;
  assign decerr_o     = axi_rvalid_i && axi_rresp_i == 2'b11;
  assign protocol_o   = axi_rvalid_i && (!order_valid || axi_rlast_i != last);
  assign idle_o       = !order_valid;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) beat_q <= '0;
    else if (beat_o) beat_q <= last ? '0 : beat_q + 1'b1;
  end

  for (genvar c = 0; c < 4; c++) begin : gen_we
    assign we[c] = beat_o && order_client == 2'(c);
  end

  // Stream buffers.
  logic [3:0]           ready;
  logic [WidthBits-1:0] w_beat;

`ifndef SYNTHESIS
  assign w_beat = axi_rdata_i ^ WidthBits'(fault_i);
`else
  assign w_beat = axi_rdata_i;
`endif

  tf_stream_fifo #(
    .Width(WidthBits),
    .Depth(IDepth)
  ) u_i (
    .clk_i,
    .rst_ni,
    .clr_i,
    .wr_valid_i(we[0]),
    .wr_ready_o(ready[0]),
    .wr_data_i (axi_rdata_i),
    .rd_valid_o(valid_o[0]),
    .rd_ready_i(pop_i[0]),
    .rd_data_o (i_data_o)
  );

  tf_stream_fifo #(
    .Width(WidthBits),
    .Depth(VDepth)
  ) u_v (
    .clk_i,
    .rst_ni,
    .clr_i,
    .wr_valid_i(we[1]),
    .wr_ready_o(ready[1]),
    .wr_data_i (axi_rdata_i),
    .rd_valid_o(valid_o[1]),
    .rd_ready_i(pop_i[1]),
    .rd_data_o (v_data_o)
  );

  tf_stream_fifo #(
    .Width(WidthBits),
    .Depth(KDepth)
  ) u_k (
    .clk_i,
    .rst_ni,
    .clr_i,
    .wr_valid_i(we[2]),
    .wr_ready_o(ready[2]),
    .wr_data_i (axi_rdata_i),
    .rd_valid_o(valid_o[2]),
    .rd_ready_i(pop_i[2]),
    .rd_data_o (k_data_o)
  );

  tf_stream_fifo #(
    .Width(WidthBits),
    .Depth(WDepth)
  ) u_w (
    .clk_i,
    .rst_ni,
    .clr_i,
    .wr_valid_i(we[3]),
    .wr_ready_o(ready[3]),
    .wr_data_i (w_beat),
    .rd_valid_o(valid_o[3]),
    .rd_ready_i(pop_i[3]),
    .rd_data_o (w_data_o)
  );

`ifndef SYNTHESIS
  always @(posedge clk_i) begin
    if (rst_ni) begin
      assert ((we & ~ready) == '0)
      else $error("tf_read_port: a beat without room in its buffer");
    end
  end
`else
  logic unused_ready;
  assign unused_ready = ^ready;
`endif
endmodule
