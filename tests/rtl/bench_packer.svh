// SPDX-License-Identifier: Apache-2.0
// Result packers of several shapes (VectorLanes, Group, Slots); packer_select_i chooses the one that
// takes part, the others stay in reset.
`ifdef BENCH_PORTS
  , input  logic [2:0]    packer_select_i
  , input  logic          packer_clear_i
  , input  logic [19:0]   packer_base_i
  , input  logic [19:0]   packer_pitch_i
  , input  logic [3:0]    packer_slots_i
  , input  logic          packer_valid_i
  , output logic          packer_ready_o
  , input  logic          packer_last_i
  , input  logic [511:0]  packer_values_i
  , output logic          packer_done_o
  , output logic          packer_vm_valid_o
  , input  logic          packer_vm_ready_i
  , output logic [19:0]   packer_vm_addr_o
  , output logic [511:0]  packer_vm_data_o
`endif
`ifdef BENCH_BODY
  localparam int PackerShapes = 6;
  logic [PackerShapes-1:0]     packer_ready, packer_done, packer_vm_valid;
  logic [PackerShapes*20-1:0]  packer_vm_addr;
  logic [PackerShapes*512-1:0] packer_vm_data;

  for (genvar i = 0; i < PackerShapes; i++) begin : gen_packer
    localparam int Lanes = (i == 0) ? 16 : (i == 1) ? 16 : (i == 2) ? 4 : (i == 3) ? 2 :
                           (i == 4) ? 1 : 8;
    localparam int Group = (i == 0) ? 4 : (i == 1) ? 1 : (i == 2) ? 2 : (i == 3) ? 1 :
                           (i == 4) ? 1 : 8;
    localparam int Slots = (i == 0) ? 4 : (i == 1) ? 4 : (i == 2) ? 2 : (i == 3) ? 2 :
                           (i == 4) ? 1 : 2;
    logic [Lanes*32-1:0] data;
    tf_result_packer #(
      .VectorLanes(Lanes),
      .Group      (Group),
      .Slots      (Slots)
    ) u_packer (
      .clk_i,
      .rst_ni    (rst_ni && packer_select_i == 3'(i)),
      .clear_i   (packer_clear_i),
      .base_i    (packer_base_i),
      .pitch_i   (packer_pitch_i),
      .slots_i   (packer_slots_i),
      .valid_i   (packer_valid_i && packer_select_i == 3'(i)),
      .ready_o   (packer_ready[i]),
      .last_i    (packer_last_i),
      .values_i  (packer_values_i[Slots*Group*32-1:0]),
      .done_o    (packer_done[i]),
      .vm_valid_o(packer_vm_valid[i]),
      .vm_ready_i(packer_vm_ready_i),
      .vm_addr_o (packer_vm_addr[i*20 +: 20]),
      .vm_data_o (data)
    );
    assign packer_vm_data[i*512 +: 512] = 512'(data);
  end
  assign packer_ready_o    = packer_ready[packer_select_i];
  assign packer_done_o     = packer_done[packer_select_i];
  assign packer_vm_valid_o = packer_vm_valid[packer_select_i];
  assign packer_vm_addr_o  = packer_vm_addr[packer_select_i*20 +: 20];
  assign packer_vm_data_o  = packer_vm_data[packer_select_i*512 +: 512];
`endif
