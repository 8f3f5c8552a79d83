// SPDX-License-Identifier: Apache-2.0
//
// Latencies, in clock cycles from valid_i to valid_o, and constants of the fp32 units.
package tf_fp32_pkg;
  // verilator lint_off UNUSEDPARAM
  // No module uses all of them.
  localparam int AddLatency  = 4;
  localparam int MulLatency  = 4;
  localparam int I2fLatency  = 2;
  localparam int F2i8Latency = 2;

  localparam logic [31:0] CanonicalNan = 32'h7fc0_0000;
  // verilator lint_on UNUSEDPARAM
endpackage
