// SPDX-License-Identifier: Apache-2.0
// Small first-word-fall-through queue in LUT RAM.
//
// Latency: a word is readable one cycle after it was written (two with RegOut).
// Handshake: ready/valid on both sides; wr_ready_o and rd_valid_o come from registers.
// Capacity: Depth words, one more with RegOut. RegOut puts a register after the memory.
// clr_i empties the queue; a write in the same cycle is lost.
module tf_fifo #(
  parameter int Width  = 8,
  parameter int Depth  = 16,  // >= 1
  parameter int RegOut = 0
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
  localparam int PtrBits   = Depth > 1 ? $clog2(Depth) : 1;
  localparam int CountBits = $clog2(Depth + 1);

  logic [Width-1:0]     mem_q [Depth];
  logic [PtrBits-1:0]   wr_ptr_q, rd_ptr_q;
  logic [CountBits-1:0] count_q;
  logic                 push, pop, head_valid;

  assign wr_ready_o = count_q != CountBits'(Depth);
  assign head_valid = count_q != '0;
  assign push       = wr_valid_i && wr_ready_o;

  always_ff @(posedge clk_i) begin
    if (push) mem_q[wr_ptr_q] <= wr_data_i;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clr_i) begin
      wr_ptr_q <= '0;
      rd_ptr_q <= '0;
      count_q  <= '0;
    end else begin
      if (push) wr_ptr_q <= wr_ptr_q == PtrBits'(Depth - 1) ? '0 : wr_ptr_q + 1'b1;
      if (pop) rd_ptr_q <= rd_ptr_q == PtrBits'(Depth - 1) ? '0 : rd_ptr_q + 1'b1;
      if (push && !pop) count_q <= count_q + 1'b1;
      if (pop && !push) count_q <= count_q - 1'b1;
    end
  end

  if (RegOut != 0) begin : gen_reg_out
    logic             out_valid_q;
    logic [Width-1:0] out_q;

    assign pop        = head_valid && (!out_valid_q || rd_ready_i);
    assign rd_valid_o = out_valid_q;
    assign rd_data_o  = out_q;

    always_ff @(posedge clk_i) begin
      if (!rst_ni || clr_i) out_valid_q <= 1'b0;
      else if (!out_valid_q || rd_ready_i) out_valid_q <= head_valid;
    end
    always_ff @(posedge clk_i) begin
      if (pop) out_q <= mem_q[rd_ptr_q];
    end
  end else begin : gen_direct
    assign pop        = head_valid && rd_ready_i;
    assign rd_valid_o = head_valid;
    assign rd_data_o  = mem_q[rd_ptr_q];
  end
endmodule
