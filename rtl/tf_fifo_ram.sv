// SPDX-License-Identifier: Apache-2.0
// Deep first-word-fall-through queue in block RAM (synchronous read).
//
// Latency: a word is readable two cycles after it was written (three with RegOut); one word a cycle.
// Handshake: ready/valid on both sides; wr_ready_o and rd_valid_o come from registers.
// Capacity: at least Depth words (the output registers hold one or two more). The memory is read
// only where a word was written in an earlier cycle, so read-during-write behaviour is irrelevant.
// clr_i empties the queue; a write in the same cycle is lost.
module tf_fifo_ram #(
  parameter int Width  = 64,
  parameter int Depth  = 512,  // power of two, >= 2
  parameter int RegOut = 1
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
  localparam int PtrBits = $clog2(Depth);

  (* ram_style = "block", no_rw_check *) logic [Width-1:0] mem_q [Depth];
  logic [Width-1:0]   ram_q;
  logic [PtrBits-1:0] wr_ptr_q, rd_ptr_q;
  logic [PtrBits:0]   count_q;
  logic               push, fetch, ram_valid_q, ram_ready;

  assign wr_ready_o = !count_q[PtrBits];
  assign push       = wr_valid_i && wr_ready_o;
  assign fetch      = count_q != '0 && (!ram_valid_q || ram_ready);

  always_ff @(posedge clk_i) begin
    if (push) mem_q[wr_ptr_q] <= wr_data_i;
    if (fetch) ram_q <= mem_q[rd_ptr_q];
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clr_i) begin
      wr_ptr_q    <= '0;
      rd_ptr_q    <= '0;
      count_q     <= '0;
      ram_valid_q <= 1'b0;
    end else begin
      if (push) wr_ptr_q <= wr_ptr_q + 1'b1;
      if (fetch) rd_ptr_q <= rd_ptr_q + 1'b1;
      if (push && !fetch) count_q <= count_q + 1'b1;
      if (fetch && !push) count_q <= count_q - 1'b1;
      if (!ram_valid_q || ram_ready) ram_valid_q <= fetch;
    end
  end

  if (RegOut != 0) begin : gen_reg_out
    logic             out_valid_q;
    logic [Width-1:0] out_q;

    assign ram_ready  = !out_valid_q || rd_ready_i;
    assign rd_valid_o = out_valid_q;
    assign rd_data_o  = out_q;

    always_ff @(posedge clk_i) begin
      if (!rst_ni || clr_i) out_valid_q <= 1'b0;
      else if (ram_ready) out_valid_q <= ram_valid_q;
    end
    always_ff @(posedge clk_i) begin
      if (ram_ready) out_q <= ram_q;
    end
  end else begin : gen_direct
    assign ram_ready  = rd_ready_i;
    assign rd_valid_o = ram_valid_q;
    assign rd_data_o  = ram_q;
  end

`ifndef SYNTHESIS
  initial begin
    if (Depth < 2 || (1 << PtrBits) != Depth) begin
      $display("tf_fifo_ram: Depth = %0d: must be a power of two >= 2", Depth);
      $finish;
    end
  end
`endif
endmodule
