// SPDX-License-Identifier: Apache-2.0
//
// One query of the int8 engine: its bank of QM, a multiplier for each lane, the adder tree and the
// row sum of DOT, the accumulators of ACCUMULATE. tf_int8_unit holds the control of all queries.
//
//   cycle 0  qm_re_i, qm_raddr_i
//   cycle 2  multiply_i with beat_i (and lane_i: the byte of QM that ACCUMULATE broadcasts)
//   cycle 3  tree_i (DOT) or acc_i with acc_place_i (ACCUMULATE) for the products
//   cycle 3 + (clog2(Lanes)+1)/2    tree_valid_o with sum_first_i; sum_o in the next cycle
//
// Accumulators: [row beat][lane] int32 in LUTRAM, added to in place. read_i (not together with
// acc_i) takes VM word read_word_i of row beat read_place_i into word_o, one cycle later.
//
// Arithmetic stands inside the clocked blocks, under its enable, so that a query that is not in use
// neither toggles nor costs a simulator time.
module tf_int8_slice #(
  parameter int Lanes       = 64,
  parameter int VectorLanes = 16,
  parameter int QmWords     = 256,
  parameter int RowBeats    = 4,    // most row beats of an ACCUMULATE
  localparam int QmAddrW    = (QmWords > 1) ? $clog2(QmWords) : 1,
  localparam int LaneW      = $clog2(Lanes),
  localparam int PlaceW     = (RowBeats > 1) ? $clog2(RowBeats) : 1,
  localparam int RowWords   = Lanes / VectorLanes,
  localparam int WordW      = (RowWords > 1) ? $clog2(RowWords) : 1
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  // QM
  input  logic                      qm_we_i,
  input  logic [QmAddrW-1:0]        qm_waddr_i,
  input  logic [Lanes*8-1:0]        qm_wdata_i,
  input  logic                      qm_re_i,
  input  logic [QmAddrW-1:0]        qm_raddr_i,
  // products
  input  logic                      dot_i,
  input  logic                      multiply_i,
  input  logic [Lanes*8-1:0]        beat_i,
  input  logic [LaneW-1:0]          lane_i,
  // DOT
  input  logic                      tree_i,
  output logic                      tree_valid_o,
  input  logic                      sum_first_i,   // first beat of a row: the sum begins at 0
  output logic [31:0]               sum_o,
  // ACCUMULATE
  input  logic                      acc_i,
  input  logic                      acc_first_i,   // first row: the accumulators begin at 0
  input  logic [PlaceW-1:0]         acc_place_i,
  input  logic                      read_i,
  input  logic [PlaceW-1:0]         read_place_i,
  input  logic [WordW-1:0]          read_word_i,
  output logic [VectorLanes*32-1:0] word_o
`ifndef SYNTHESIS
  ,
  input  logic                      fault_i        // flips bit 0 of the product of lane 0
`endif
);
  logic [Lanes*8-1:0] qm_word;
  tf_ram_sdp #(
    .Width  (Lanes * 8),
    .Depth  (QmWords),
    .Latency(2)
  ) u_qm (
    .clk_i,
    .we_i   (qm_we_i),
    .waddr_i(qm_waddr_i),
    .wdata_i(qm_wdata_i),
    .re_i   (qm_re_i),
    .raddr_i(qm_raddr_i),
    .rdata_o(qm_word)
  );

  // ---- products ----
  function automatic logic [Lanes*16-1:0] products(input logic [Lanes*8-1:0] a,
                                                   input logic [Lanes*8-1:0] b,
                                                   input logic               fault);
    for (int i = 0; i < Lanes; i++) begin
      products[i*16 +: 16] = 16'($signed(a[i*8 +: 8])) * 16'($signed(b[i*8 +: 8]));
    end
    products[0] = products[0] ^ fault;
  endfunction

  logic fault;
`ifndef SYNTHESIS
  assign fault = fault_i;
`else
  assign fault = 1'b0;
`endif

  logic [Lanes*16-1:0] product_q;
  logic [7:0]          weight;
  assign weight = qm_word[{lane_i, 3'b0} +: 8];
  always_ff @(posedge clk_i) begin
    if (multiply_i) product_q <= products(beat_i, dot_i ? qm_word : {Lanes{weight}}, fault);
  end

  // ---- DOT ----
  logic signed [16+LaneW-1:0] tree_sum;
  tf_int_tree #(
    .N(Lanes),
    .W(16)
  ) u_tree (
    .clk_i,
    .rst_ni,
    .valid_i(tree_i),
    .data_i (product_q),
    .valid_o(tree_valid_o),
    .sum_o  (tree_sum)
  );

  logic [31:0] sum_q;
  always_ff @(posedge clk_i) begin
    if (tree_valid_o) sum_q <= (sum_first_i ? 32'd0 : sum_q) + 32'(tree_sum);
  end
  assign sum_o = sum_q;

  // ---- ACCUMULATE ----
  // product + kept, as product - ~kept - 1: Yosys would feed the masked operand of a sum to the carry
  // chain as well, at 32 more LUTs a lane; the operand of a difference goes to the LUTs alone.
  function automatic logic [Lanes*32-1:0] accumulated(input logic [Lanes*32-1:0] old,
                                                      input logic [Lanes*16-1:0] product,
                                                      input logic                first);
    for (int i = 0; i < Lanes; i++) begin
      accumulated[i*32 +: 32] = 32'($signed(product[i*16 +: 16])) -
                                (first ? 32'hffffffff : ~old[i*32 +: 32]) - 32'd1;
    end
  endfunction

  (* ram_style = "distributed" *) logic [Lanes*32-1:0] acc_mem_q [RowBeats];
  logic [Lanes*32-1:0]       row;
  logic [PlaceW-1:0]         place;
  logic [VectorLanes*32-1:0] word_q;
  assign place = read_i ? read_place_i : acc_place_i;
  assign row   = acc_mem_q[place];
  always_ff @(posedge clk_i) begin
    if (acc_i) acc_mem_q[place] <= accumulated(row, product_q, acc_first_i);
  end
  always_ff @(posedge clk_i) begin
    if (read_i) begin
      for (int w = 0; w < RowWords; w++) begin
        if (32'(read_word_i) == w) word_q <= row[w*VectorLanes*32 +: VectorLanes*32];
      end
    end
  end
  assign word_o = word_q;
endmodule
