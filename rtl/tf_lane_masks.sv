// SPDX-License-Identifier: Apache-2.0
//
// Repeats each of 5 bits 8 times: masks_o[8j +: 8] = {8{bits_i[j]}}. Combinational, wires only.
//
// Written as a table because Verilator makes one look-up of it (a replication costs it about 25
// instructions, and every beat of weights passes here).
module tf_lane_masks (
  input  logic [4:0]  bits_i,
  output logic [39:0] masks_o
);
  always_comb begin
    case (bits_i)
      5'b00000: masks_o = 40'h00_00_00_00_00;
      5'b00001: masks_o = 40'h00_00_00_00_ff;
      5'b00010: masks_o = 40'h00_00_00_ff_00;
      5'b00011: masks_o = 40'h00_00_00_ff_ff;
      5'b00100: masks_o = 40'h00_00_ff_00_00;
      5'b00101: masks_o = 40'h00_00_ff_00_ff;
      5'b00110: masks_o = 40'h00_00_ff_ff_00;
      5'b00111: masks_o = 40'h00_00_ff_ff_ff;
      5'b01000: masks_o = 40'h00_ff_00_00_00;
      5'b01001: masks_o = 40'h00_ff_00_00_ff;
      5'b01010: masks_o = 40'h00_ff_00_ff_00;
      5'b01011: masks_o = 40'h00_ff_00_ff_ff;
      5'b01100: masks_o = 40'h00_ff_ff_00_00;
      5'b01101: masks_o = 40'h00_ff_ff_00_ff;
      5'b01110: masks_o = 40'h00_ff_ff_ff_00;
      5'b01111: masks_o = 40'h00_ff_ff_ff_ff;
      5'b10000: masks_o = 40'hff_00_00_00_00;
      5'b10001: masks_o = 40'hff_00_00_00_ff;
      5'b10010: masks_o = 40'hff_00_00_ff_00;
      5'b10011: masks_o = 40'hff_00_00_ff_ff;
      5'b10100: masks_o = 40'hff_00_ff_00_00;
      5'b10101: masks_o = 40'hff_00_ff_00_ff;
      5'b10110: masks_o = 40'hff_00_ff_ff_00;
      5'b10111: masks_o = 40'hff_00_ff_ff_ff;
      5'b11000: masks_o = 40'hff_ff_00_00_00;
      5'b11001: masks_o = 40'hff_ff_00_00_ff;
      5'b11010: masks_o = 40'hff_ff_00_ff_00;
      5'b11011: masks_o = 40'hff_ff_00_ff_ff;
      5'b11100: masks_o = 40'hff_ff_ff_00_00;
      5'b11101: masks_o = 40'hff_ff_ff_00_ff;
      5'b11110: masks_o = 40'hff_ff_ff_ff_00;
      default:  masks_o = 40'hff_ff_ff_ff_ff;
    endcase
  end
endmodule
