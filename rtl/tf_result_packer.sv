// SPDX-License-Identifier: Apache-2.0
//
// Collects int32 results into VM words and writes them.
//
// A group brings Group consecutive elements for each of Slots result vectors:
//
//   values_i   | slot Slots-1: e Group-1 .. e 0 | ... | slot 0: e Group-1 .. e 0 |   32 bits each
//
// When VectorLanes elements have been collected, or with the last group (the rest of the word is
// zero), the words of slots 0 .. slots_i-1 are written to base_i + slot * pitch_i + word, one a
// cycle. clear_i starts a new instruction at word 0; base_i, pitch_i and slots_i hold until done_o.
//
// Handshake: a group is taken when valid_i && ready_o. With vm_ready_i always 1 and groups at
// most one a cycle, ready_o stays 1 if Group * Slots <= VectorLanes. done_o: everything that was
// taken, last group included, has been written.
module tf_result_packer #(
  parameter int VectorLanes = 16,
  parameter int Group       = 4,
  parameter int Slots       = 4
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  input  logic                        clear_i,
  input  logic [19:0]                 base_i,
  input  logic [19:0]                 pitch_i,
  input  logic [3:0]                  slots_i,
  // results
  input  logic                        valid_i,
  output logic                        ready_o,
  input  logic                        last_i,
  input  logic [Slots*Group*32-1:0]   values_i,
  output logic                        done_o,
  // VM write port
  output logic                        vm_valid_o,
  input  logic                        vm_ready_i,
  output logic [19:0]                 vm_addr_o,
  output logic [VectorLanes*32-1:0]   vm_data_o
);
  localparam int Places = VectorLanes / Group;
  localparam int PlaceW = (Places > 1) ? $clog2(Places) : 1;
  localparam int SlotW  = (Slots > 1) ? $clog2(Slots) : 1;
  localparam int WordW  = VectorLanes * 32;

  logic [Slots*WordW-1:0] fill_q, out_q;
  logic [Places-1:0]      used_q;      // places of fill_q that hold results; the others are zero
  logic [Places-1:0]      out_used_q;
  logic [WordW-1:0]       out_word;
  logic [PlaceW-1:0]      place_q;
  logic                   full_q;      // fill_q holds whole words that wait for out_q
  logic                   last_q;      // the last group has been taken
  logic                   out_valid_q;
  logic [SlotW-1:0]       slot_q;
  logic [19:0]            word_q;      // word of fill_q
  logic [19:0]            addr_q;

  logic move, out_free, take;

  assign out_free   = !out_valid_q || (vm_ready_i && (32'(slot_q) + 1 == 32'(slots_i)));
  assign move       = full_q && out_free;
  assign ready_o    = !full_q || move;
  assign take       = valid_i && ready_o;
  assign vm_valid_o = out_valid_q;
  assign vm_addr_o  = addr_q;
  assign done_o     = last_q && !full_q && !out_valid_q;

  // Collect. The places of a word that no group filled are masked on the way out: fill_q itself needs
  // no logic in front of its registers.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      place_q <= '0;
      full_q  <= 1'b0;
      last_q  <= 1'b0;
      word_q  <= '0;
    end else begin
      if (move) begin
        full_q <= 1'b0;
        word_q <= word_q + 20'd1;
      end
      if (take) begin
        place_q <= (last_i || 32'(place_q) == Places - 1) ? '0 : place_q + 1'b1;
        full_q  <= last_i || (32'(place_q) == Places - 1);
        last_q  <= last_i;
      end
    end
  end

  function automatic logic [Slots*WordW-1:0] filled(input logic [Slots*WordW-1:0]    old,
                                                    input logic [Slots*Group*32-1:0] values,
                                                    input logic [PlaceW-1:0]         place);
    filled = old;
    for (int s = 0; s < Slots; s++) begin
      for (int p = 0; p < Places; p++) begin
        if (32'(place) == p) begin
          filled[s*WordW + p*Group*32 +: Group*32] = values[s*Group*32 +: Group*32];
        end
      end
    end
  endfunction

  always_ff @(posedge clk_i) begin
    if (take) begin
      fill_q <= filled(fill_q, values_i, place_q);
      used_q <= (place_q == '0) ? Places'(1) : used_q | (Places'(1) << place_q);
    end
  end

  // Write one slot after the other.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      out_valid_q <= 1'b0;
      slot_q      <= '0;
    end else if (move) begin
      out_valid_q <= 1'b1;
      slot_q      <= '0;
    end else if (out_valid_q && vm_ready_i) begin
      out_valid_q <= (32'(slot_q) + 1 != 32'(slots_i));
      slot_q      <= slot_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (move) begin
      out_q      <= fill_q;
      out_used_q <= used_q;
      addr_q     <= base_i + word_q;
    end else if (out_valid_q && vm_ready_i) begin
      addr_q <= addr_q + pitch_i;
    end
  end

  assign out_word = out_q[32'(slot_q)*WordW +: WordW];
  for (genvar p = 0; p < Places; p++) begin : gen_place
    assign vm_data_o[p*Group*32 +: Group*32] =
        out_word[p*Group*32 +: Group*32] & {(Group*32){out_used_q[p]}};
  end

`ifndef SYNTHESIS
  initial begin
    if (VectorLanes % Group != 0) begin
      $fatal(1, "tf_result_packer: Group = %0d: must divide VectorLanes = %0d", Group, VectorLanes);
    end
  end
`endif
endmodule
