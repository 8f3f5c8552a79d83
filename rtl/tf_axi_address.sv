// SPDX-License-Identifier: Apache-2.0
// Address stage of an AXI channel: byte address = base + beat * WidthBits/8, registered.
//
// Latency: one cycle, one address a cycle. Handshake: ready/valid; payload holds while stalled.
// Constraint: base_i is 4 KB aligned (its bits 11:0 are taken as 0), WidthBits <= 1024, and
// base_i is constant while an address is in flight.
module tf_axi_address #(
  parameter int WidthBits = 64,
  parameter int AddrBits  = 64
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic [AddrBits-1:0] base_i,

  input  logic                valid_i,
  output logic                ready_o,
  input  logic [31:0]         beat_i,
  input  logic [7:0]          len_i,

  output logic                valid_o,
  input  logic                ready_i,
  output logic [AddrBits-1:0] addr_o,
  output logic [7:0]          len_o
);
  localparam int ByteBits     = $clog2(WidthBits / 8);
  localparam int PageBits     = 12;
  localparam int OffsetBits   = 32 + ByteBits;
  localparam int PageAddrBits = AddrBits - PageBits;

  logic [OffsetBits-1:0] offset;
  logic                  valid_q;
  logic [AddrBits-1:0]   addr_q;
  logic [7:0]            len_q;
  logic                  unused_base;

  assign offset      = OffsetBits'(beat_i) << ByteBits;
  assign ready_o     = !valid_q || ready_i;
  assign valid_o     = valid_q;
  assign addr_o      = addr_q;
  assign len_o       = len_q;
  assign unused_base = |base_i[PageBits-1:0];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= 1'b0;
    else if (ready_o) valid_q <= valid_i;
  end

  always_ff @(posedge clk_i) begin
    if (ready_o) begin
      addr_q[PageBits-1:0]        <= offset[PageBits-1:0];
      addr_q[AddrBits-1:PageBits] <= base_i[AddrBits-1:PageBits] +
                                     PageAddrBits'(offset[OffsetBits-1:PageBits]);
      len_q                       <= len_i;
    end
  end
endmodule
