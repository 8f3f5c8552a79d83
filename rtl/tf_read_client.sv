// SPDX-License-Identifier: Apache-2.0
// Splitter of one read client: its descriptors become bursts for which it has buffer space.
//
// A descriptor asks for desc_beats_i wide beats from wide beat desc_addr_i (0 beats: ignored). A
// burst has at most min(MaxBurst, Depth/4) beats and never crosses a multiple of PageBeats. A
// burst is offered when the stream buffer of Depth beats has room for all of it (credits); credits
// return with pop_i. A dependent descriptor waits for a go_i pulse of its own and for wr_idle_i.
// hold_i stops new bursts; clr_i forgets all descriptors, credits and pulses.
// Rate: one burst in two cycles, three where a descriptor begins.
module tf_read_client #(
  parameter int MaxBurst  = 16,   // <= 256
  parameter int PageBeats = 512,  // power of two, beats of a port in 4 KB
  parameter int Depth     = 32,
  parameter int Queue     = 8
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        clr_i,
  input  logic        hold_i,

  input  logic        desc_valid_i,
  output logic        desc_ready_o,
  input  logic [31:0] desc_addr_i,
  input  logic [31:0] desc_beats_i,
  input  logic        desc_dep_i,
  input  logic        go_i,
  input  logic        wr_idle_i,

  output logic        burst_valid_o,
  input  logic        burst_ready_i,
  output logic [31:0] burst_addr_o,
  output logic [8:0]  burst_beats_o,

  input  logic        pop_i
);
  localparam int Quarter    = Depth >= 4 ? Depth / 4 : 1;
  localparam int Cap        = MaxBurst < Quarter ? MaxBurst : Quarter;
  localparam int PageBits   = $clog2(PageBeats);
  localparam int CreditBits = $clog2(Depth + 1) > 9 ? $clog2(Depth + 1) : 9;

  logic                  queue_valid, queue_ready, queue_dep;
  logic [31:0]           queue_addr, queue_beats;
  logic [7:0]            go_q;
  logic                  load, take_go, grant;
  logic                  active_q, sized_q;
  logic [31:0]           addr_q, left_q, beats;
  logic [8:0]            beats_q;
  logic [PageBits:0]     to_page;
  logic [CreditBits-1:0] free_q;

  tf_fifo #(
    .Width(65),
    .Depth(Queue)
  ) u_queue (
    .clk_i,
    .rst_ni,
    .clr_i,
    .wr_valid_i(desc_valid_i),
    .wr_ready_o(desc_ready_o),
    .wr_data_i ({desc_dep_i, desc_beats_i, desc_addr_i}),
    .rd_valid_o(queue_valid),
    .rd_ready_i(queue_ready),
    .rd_data_o ({queue_dep, queue_beats, queue_addr})
  );

  // Next descriptor.
  assign queue_ready = !active_q && !hold_i && (!queue_dep || (go_q != '0 && wr_idle_i));
  assign load        = queue_valid && queue_ready;
  assign take_go     = load && queue_dep;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clr_i) go_q <= '0;
    else if (go_i && !take_go) go_q <= go_q + 1'b1;
    else if (take_go && !go_i) go_q <= go_q - 1'b1;
  end

  // Size of the next burst: the least of what is left, the cap and the way to the page's end.
  assign to_page = {1'b1, {PageBits{1'b0}}} - {1'b0, addr_q[PageBits-1:0]};
  always_comb begin
    beats = left_q < 32'(Cap) ? left_q : 32'(Cap);
    if (32'(to_page) < beats) beats = 32'(to_page);
  end

  assign grant         = burst_valid_o && burst_ready_i;
  assign burst_valid_o = sized_q && !hold_i && free_q >= CreditBits'(beats_q);
  assign burst_addr_o  = addr_q;
  assign burst_beats_o = beats_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clr_i) begin
      active_q <= 1'b0;
      sized_q  <= 1'b0;
    end else if (load) begin
      active_q <= queue_beats != '0;
    end else if (grant) begin
      active_q <= left_q != 32'(beats_q);
      sized_q  <= 1'b0;
    end else begin
      sized_q <= active_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (load) begin
      addr_q <= queue_addr;
      left_q <= queue_beats;
    end else if (grant) begin
      addr_q <= addr_q + 32'(beats_q);
      left_q <= left_q - 32'(beats_q);
    end
    if (!sized_q) beats_q <= beats[8:0];
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clr_i) free_q <= CreditBits'(Depth);
    else free_q <= free_q + CreditBits'(pop_i) - (grant ? CreditBits'(beats_q) : '0);
  end

`ifndef SYNTHESIS
  always @(posedge clk_i) begin
    if (rst_ni && !clr_i) begin
      assert (free_q <= CreditBits'(Depth))
      else $error("tf_read_client: credits %0d of %0d", free_q, Depth);
    end
  end
`endif
endmodule
