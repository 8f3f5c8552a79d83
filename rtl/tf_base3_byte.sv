// SPDX-License-Identifier: Apache-2.0
//
// Decodes one base3 byte, sum over j = 0..4 of (trit_j + 1) * 3^j, to the byte masks of 5 lanes:
//
//   pass_o[8j +: 8]  ones unless trit j is 0
//   neg_o[8j +: 8]   ones if trit j is -1; never without pass_o
//
// Combinational. invalid_o: the byte is 243 or more; trits 0 to 3 are then 0 and trit 4 is 1.
//
// Trit 4 comes from two comparisons, the others from a table of the remainder: about 30 LUTs, where
// one table of the byte needs 56. The table holds masks, not bits, because Verilator makes one
// look-up of it, and every beat of weights passes here; the 8 copies of a bit cost no hardware.
module tf_base3_byte (
  input  logic [7:0]  byte_i,
  output logic [39:0] pass_o,
  output logic [39:0] neg_o,
  output logic        invalid_o
);
  logic below_81, from_162;
  assign below_81  = byte_i < 8'd81;
  assign from_162  = byte_i >= 8'd162;
  assign invalid_o = byte_i >= 8'd243;

  logic [63:0] low;  // neg of trits 3, 2, 1, 0; pass of trits 3, 2, 1, 0
  always_comb begin
    case (byte_i - (byte_i >= 8'd162 ? 8'd162 : byte_i >= 8'd81 ? 8'd81 : 8'd0))
      8'd0:    low = 64'hffffffff_ffffffff;
      8'd1:    low = 64'hffffff00_ffffff00;
      8'd2:    low = 64'hffffff00_ffffffff;
      8'd3:    low = 64'hffff00ff_ffff00ff;
      8'd4:    low = 64'hffff0000_ffff0000;
      8'd5:    low = 64'hffff0000_ffff00ff;
      8'd6:    low = 64'hffff00ff_ffffffff;
      8'd7:    low = 64'hffff0000_ffffff00;
      8'd8:    low = 64'hffff0000_ffffffff;
      8'd9:    low = 64'hff00ffff_ff00ffff;
      8'd10:   low = 64'hff00ff00_ff00ff00;
      8'd11:   low = 64'hff00ff00_ff00ffff;
      8'd12:   low = 64'hff0000ff_ff0000ff;
      8'd13:   low = 64'hff000000_ff000000;
      8'd14:   low = 64'hff000000_ff0000ff;
      8'd15:   low = 64'hff0000ff_ff00ffff;
      8'd16:   low = 64'hff000000_ff00ff00;
      8'd17:   low = 64'hff000000_ff00ffff;
      8'd18:   low = 64'hff00ffff_ffffffff;
      8'd19:   low = 64'hff00ff00_ffffff00;
      8'd20:   low = 64'hff00ff00_ffffffff;
      8'd21:   low = 64'hff0000ff_ffff00ff;
      8'd22:   low = 64'hff000000_ffff0000;
      8'd23:   low = 64'hff000000_ffff00ff;
      8'd24:   low = 64'hff0000ff_ffffffff;
      8'd25:   low = 64'hff000000_ffffff00;
      8'd26:   low = 64'hff000000_ffffffff;
      8'd27:   low = 64'h00ffffff_00ffffff;
      8'd28:   low = 64'h00ffff00_00ffff00;
      8'd29:   low = 64'h00ffff00_00ffffff;
      8'd30:   low = 64'h00ff00ff_00ff00ff;
      8'd31:   low = 64'h00ff0000_00ff0000;
      8'd32:   low = 64'h00ff0000_00ff00ff;
      8'd33:   low = 64'h00ff00ff_00ffffff;
      8'd34:   low = 64'h00ff0000_00ffff00;
      8'd35:   low = 64'h00ff0000_00ffffff;
      8'd36:   low = 64'h0000ffff_0000ffff;
      8'd37:   low = 64'h0000ff00_0000ff00;
      8'd38:   low = 64'h0000ff00_0000ffff;
      8'd39:   low = 64'h000000ff_000000ff;
      8'd40:   low = 64'h00000000_00000000;
      8'd41:   low = 64'h00000000_000000ff;
      8'd42:   low = 64'h000000ff_0000ffff;
      8'd43:   low = 64'h00000000_0000ff00;
      8'd44:   low = 64'h00000000_0000ffff;
      8'd45:   low = 64'h0000ffff_00ffffff;
      8'd46:   low = 64'h0000ff00_00ffff00;
      8'd47:   low = 64'h0000ff00_00ffffff;
      8'd48:   low = 64'h000000ff_00ff00ff;
      8'd49:   low = 64'h00000000_00ff0000;
      8'd50:   low = 64'h00000000_00ff00ff;
      8'd51:   low = 64'h000000ff_00ffffff;
      8'd52:   low = 64'h00000000_00ffff00;
      8'd53:   low = 64'h00000000_00ffffff;
      8'd54:   low = 64'h00ffffff_ffffffff;
      8'd55:   low = 64'h00ffff00_ffffff00;
      8'd56:   low = 64'h00ffff00_ffffffff;
      8'd57:   low = 64'h00ff00ff_ffff00ff;
      8'd58:   low = 64'h00ff0000_ffff0000;
      8'd59:   low = 64'h00ff0000_ffff00ff;
      8'd60:   low = 64'h00ff00ff_ffffffff;
      8'd61:   low = 64'h00ff0000_ffffff00;
      8'd62:   low = 64'h00ff0000_ffffffff;
      8'd63:   low = 64'h0000ffff_ff00ffff;
      8'd64:   low = 64'h0000ff00_ff00ff00;
      8'd65:   low = 64'h0000ff00_ff00ffff;
      8'd66:   low = 64'h000000ff_ff0000ff;
      8'd67:   low = 64'h00000000_ff000000;
      8'd68:   low = 64'h00000000_ff0000ff;
      8'd69:   low = 64'h000000ff_ff00ffff;
      8'd70:   low = 64'h00000000_ff00ff00;
      8'd71:   low = 64'h00000000_ff00ffff;
      8'd72:   low = 64'h0000ffff_ffffffff;
      8'd73:   low = 64'h0000ff00_ffffff00;
      8'd74:   low = 64'h0000ff00_ffffffff;
      8'd75:   low = 64'h000000ff_ffff00ff;
      8'd76:   low = 64'h00000000_ffff0000;
      8'd77:   low = 64'h00000000_ffff00ff;
      8'd78:   low = 64'h000000ff_ffffffff;
      8'd79:   low = 64'h00000000_ffffff00;
      8'd80:   low = 64'h00000000_ffffffff;
      default: low = 64'h00000000_00000000;
    endcase
  end

  assign pass_o = {{8{below_81 | from_162}}, low[31:0]};
  assign neg_o  = {{8{below_81}}, low[63:32]};
endmodule
