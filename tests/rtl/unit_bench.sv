// SPDX-License-Identifier: Apache-2.0
//
// Test bench top: the benches of all units in one model, so that one Verilator build serves every
// test. Each unit has bench_<unit>.svh, included twice: with BENCH_PORTS defined it is the unit's
// ports, each line beginning with a comma; with BENCH_BODY defined its instances.
// -DBENCH_HAS_<UNIT> adds a unit.
module unit_bench (
  input logic clk_i,
  input logic rst_ni
`define BENCH_PORTS
`ifdef BENCH_HAS_FP32
`include "bench_fp32.svh"
`endif
`ifdef BENCH_HAS_VECTOR
`include "bench_vector.svh"
`endif
`ifdef BENCH_HAS_DMA
`include "bench_dma.svh"
`endif
`ifdef BENCH_HAS_SEQ
`include "bench_sequencer.svh"
`endif
`ifdef BENCH_HAS_TREE
`include "bench_tree.svh"
`endif
`ifdef BENCH_HAS_INT8
`include "bench_int8.svh"
`endif
`ifdef BENCH_HAS_TERNARY
`include "bench_ternary.svh"
`endif
`ifdef BENCH_HAS_PACKER
`include "bench_packer.svh"
`endif
`ifdef BENCH_HAS_LUT6
`include "bench_lut6.svh"
`endif
`undef BENCH_PORTS
);
`define BENCH_BODY
`ifdef BENCH_HAS_FP32
`include "bench_fp32.svh"
`endif
`ifdef BENCH_HAS_VECTOR
`include "bench_vector.svh"
`endif
`ifdef BENCH_HAS_DMA
`include "bench_dma.svh"
`endif
`ifdef BENCH_HAS_SEQ
`include "bench_sequencer.svh"
`endif
`ifdef BENCH_HAS_TREE
`include "bench_tree.svh"
`endif
`ifdef BENCH_HAS_INT8
`include "bench_int8.svh"
`endif
`ifdef BENCH_HAS_TERNARY
`include "bench_ternary.svh"
`endif
`ifdef BENCH_HAS_PACKER
`include "bench_packer.svh"
`endif
`ifdef BENCH_HAS_LUT6
`include "bench_lut6.svh"
`endif
`undef BENCH_BODY
endmodule
