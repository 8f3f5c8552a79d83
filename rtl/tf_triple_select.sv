// SPDX-License-Identifier: Apache-2.0
//
// Takes a group's entry out of its table (tf_triple_tables): value_o = 512 + entry, or 511 - entry
// if minus_i, which is the negative without its +1. Combinational. Index 15 is a sum of 0 and comes
// without minus_i; 13 and 14 do not come.
//
// Written as the multiplexers that 6-input LUTs make: 5 a bit, and one for the sign.
module tf_triple_select (
  input  logic [129:0] table_i,
  input  logic [3:0]   index_i,
  input  logic         minus_i,
  output logic [9:0]   value_o
);
  logic [9:0] first, second, third, last, entry;
  assign first   = index_i[1] ? (index_i[0] ? table_i[39:30] : table_i[29:20])
                              : (index_i[0] ? table_i[19:10] : table_i[9:0]);
  assign second  = index_i[1] ? (index_i[0] ? table_i[79:70] : table_i[69:60])
                              : (index_i[0] ? table_i[59:50] : table_i[49:40]);
  assign third   = index_i[1] ? (index_i[0] ? table_i[119:110] : table_i[109:100])
                              : (index_i[0] ? table_i[99:90] : table_i[89:80]);
  assign last    = index_i[0] ? 10'd0 : table_i[129:120];
  assign entry   = index_i[3] ? (index_i[2] ? last : third) : (index_i[2] ? second : first);
  assign value_o = entry ^ {10{minus_i}} ^ 10'h200;
endmodule
