// SPDX-License-Identifier: Apache-2.0
// AXI4-Lite control registers, in the convention of Vitis kernels (offsets: tf_regs_pkg).
//
// A write is taken when address and data are both there; it is answered in the next cycle, as is
// a read. Addresses without a register read 0, writes to them are ignored, both with OKAY.
// ap_start becomes a one-cycle start_o; further starts are ignored until done_i. Arguments are
// outputs of registers and must not be written during a run. reset_o is held from the write to
// Control.SoftReset until reset_done_i.
module tf_axil_regs #(
  parameter int          Ports      = 1,
  parameter logic [63:0] DesignHash = 64'h0
) (
  input  logic                clk_i,
  input  logic                rst_ni,

  input  logic                axil_awvalid_i,
  output logic                axil_awready_o,
  input  logic [11:0]         axil_awaddr_i,
  input  logic                axil_wvalid_i,
  output logic                axil_wready_o,
  input  logic [31:0]         axil_wdata_i,
  input  logic [3:0]          axil_wstrb_i,
  output logic                axil_bvalid_o,
  input  logic                axil_bready_i,
  output logic [1:0]          axil_bresp_o,
  input  logic                axil_arvalid_i,
  output logic                axil_arready_o,
  input  logic [11:0]         axil_araddr_i,
  output logic                axil_rvalid_o,
  input  logic                axil_rready_i,
  output logic [31:0]         axil_rdata_o,
  output logic [1:0]          axil_rresp_o,
  output logic                interrupt_o,

  output logic                start_o,
  input  logic                done_i,
  input  logic                idle_i,
  output logic                reset_o,
  input  logic                reset_done_i,
  output logic [31:0]         program_o,
  output logic [31:0]         position_o,
  output logic [31:0]         count_o,
  output logic [8*32-1:0]     token_o,
  output logic [Ports*64-1:0] port_base_o,
  input  logic [7:0]          error_cause_i,
  input  logic [31:0]         error_index_i,
  input  logic [tf_regs_pkg::Counters*64-1:0] counters_i
);
  localparam int Words  = tf_regs_pkg::Counters * 2;
  localparam int CountW = $clog2(Words);
  localparam int BaseW  = $clog2(2 * Ports);

  // Writes.
  logic        write, bvalid_q;
  logic [9:0]  wr_word;
  logic        write_ctrl, write_control;

  assign write          = axil_awvalid_i && axil_wvalid_i && (!bvalid_q || axil_bready_i);
  assign axil_awready_o = write;
  assign axil_wready_o  = write;
  assign axil_bvalid_o  = bvalid_q;
  assign axil_bresp_o   = 2'b00;
  assign wr_word        = axil_awaddr_i[11:2];
  assign write_ctrl     = write && wr_word == tf_regs_pkg::ApCtrl[11:2];
  assign write_control  = write && wr_word == tf_regs_pkg::Control[11:2];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) bvalid_q <= 1'b0;
    else if (write) bvalid_q <= 1'b1;
    else if (axil_bready_i) bvalid_q <= 1'b0;
  end

  // Arguments: one register each.
  logic [31:0] program_q, position_q, count_q;

  assign program_o  = program_q;
  assign position_o = position_q;
  assign count_o    = count_q;

  always_ff @(posedge clk_i) begin
    for (int b = 0; b < 4; b++) begin
      if (!rst_ni) begin
        program_q[8*b +: 8]  <= '0;
        position_q[8*b +: 8] <= '0;
        count_q[8*b +: 8]    <= '0;
      end else if (write && axil_wstrb_i[b]) begin
        if (wr_word == tf_regs_pkg::Program[11:2]) program_q[8*b +: 8] <= axil_wdata_i[8*b +: 8];
        if (wr_word == tf_regs_pkg::Position[11:2]) position_q[8*b +: 8] <= axil_wdata_i[8*b +: 8];
        if (wr_word == tf_regs_pkg::Count[11:2]) count_q[8*b +: 8] <= axil_wdata_i[8*b +: 8];
      end
    end
  end

  for (genvar i = 0; i < 8; i++) begin : gen_token
    localparam bit [9:0] Word = tf_regs_pkg::Token[11:2] + 10'(i);
    logic [31:0] token_q;

    assign token_o[i*32 +: 32] = token_q;
    always_ff @(posedge clk_i) begin
      for (int b = 0; b < 4; b++) begin
        if (!rst_ni) token_q[8*b +: 8] <= '0;
        else if (write && wr_word == Word && axil_wstrb_i[b]) begin
          token_q[8*b +: 8] <= axil_wdata_i[8*b +: 8];
        end
      end
    end
  end

  for (genvar i = 0; i < 2 * Ports; i++) begin : gen_base
    localparam bit [9:0] Word = tf_regs_pkg::PortBaseLo[11:2] + 10'(i);
    logic [31:0] base_q;

    assign port_base_o[i*32 +: 32] = base_q;
    always_ff @(posedge clk_i) begin
      for (int b = 0; b < 4; b++) begin
        if (!rst_ni) base_q[8*b +: 8] <= '0;
        else if (write && wr_word == Word && axil_wstrb_i[b]) begin
          base_q[8*b +: 8] <= axil_wdata_i[8*b +: 8];
        end
      end
    end
  end

  // Reads.
  logic        read, rvalid_q;
  logic [9:0]  rd_word, token_word, base_word, counter_word;
  logic [2:0]  token_place;
  logic [BaseW-1:0]  base_place;
  logic [CountW-1:0] counter_place;
  logic [31:0] rd_data, rdata_q;
  logic [3:0]  unused_addr;

  assign read           = axil_arvalid_i && (!rvalid_q || axil_rready_i);
  assign axil_arready_o = !rvalid_q || axil_rready_i;
  assign axil_rvalid_o  = rvalid_q;
  assign axil_rdata_o   = rdata_q;
  assign axil_rresp_o   = 2'b00;
  assign rd_word        = axil_araddr_i[11:2];
  assign token_word     = rd_word - tf_regs_pkg::Token[11:2];
  assign base_word      = rd_word - tf_regs_pkg::PortBaseLo[11:2];
  assign counter_word   = rd_word - tf_regs_pkg::CyclesLo[11:2];
  assign token_place    = token_word[2:0];
  assign base_place     = base_word[BaseW-1:0];
  assign counter_place  = counter_word[CountW-1:0];
  assign unused_addr    = {axil_araddr_i[1:0], axil_awaddr_i[1:0]};

  // State of the run.
  logic       start_q, done_q, reset_q, gie_q;
  logic [1:0] ier_q, isr_q, isr_toggle, isr_set;
  logic       read_ctrl, start;

  always_comb begin
    case (rd_word)
      tf_regs_pkg::ApCtrl[11:2]:       rd_data = {28'h0, done_q, idle_i && !start_q, done_q, start_q};
      tf_regs_pkg::Gie[11:2]:          rd_data = {31'h0, gie_q};
      tf_regs_pkg::Ier[11:2]:          rd_data = {30'h0, ier_q};
      tf_regs_pkg::Isr[11:2]:          rd_data = {30'h0, isr_q};
      tf_regs_pkg::Program[11:2]:      rd_data = program_q;
      tf_regs_pkg::Position[11:2]:     rd_data = position_q;
      tf_regs_pkg::Count[11:2]:        rd_data = count_q;
      tf_regs_pkg::Control[11:2]:      rd_data = {31'h0, reset_q};
      tf_regs_pkg::IsaVersion[11:2]:   rd_data = tf_isa_pkg::Version;
      tf_regs_pkg::DesignHashLo[11:2]: rd_data = DesignHash[31:0];
      tf_regs_pkg::DesignHashHi[11:2]: rd_data = DesignHash[63:32];
      tf_regs_pkg::Error[11:2]:        rd_data = {24'h0, error_cause_i};
      tf_regs_pkg::ErrorIndex[11:2]:   rd_data = error_index_i;
      default: begin
        rd_data = 32'h0;
        if (token_word < 10'd8) rd_data = token_o[32'(token_place)*32 +: 32];
        if (base_word < 10'(2 * Ports)) rd_data = port_base_o[32'(base_place)*32 +: 32];
        if (counter_word < 10'(Words)) rd_data = counters_i[32'(counter_place)*32 +: 32];
      end
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) rvalid_q <= 1'b0;
    else if (read) rvalid_q <= 1'b1;
    else if (axil_rready_i) rvalid_q <= 1'b0;
  end
  always_ff @(posedge clk_i) begin
    if (read) rdata_q <= rd_data;
  end

  assign read_ctrl   = read && rd_word == tf_regs_pkg::ApCtrl[11:2];
  assign start       = write_ctrl && axil_wstrb_i[0] && axil_wdata_i[0] && !start_q && !reset_q;
  assign reset_o     = reset_q;
  assign isr_toggle  = {2{write && wr_word == tf_regs_pkg::Isr[11:2] && axil_wstrb_i[0]}} &
                       axil_wdata_i[1:0];
  assign isr_set     = {2{done_i}} & ier_q;
  assign interrupt_o = gie_q && isr_q != 2'b00;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      start_o <= 1'b0;
      start_q <= 1'b0;
      done_q  <= 1'b0;
      reset_q <= 1'b0;
      gie_q   <= 1'b0;
      ier_q   <= 2'b00;
      isr_q   <= 2'b00;
    end else begin
      start_o <= start;
      start_q <= (start || (start_q && !done_i)) && !reset_q;
      done_q  <= (done_i || (done_q && !read_ctrl)) && !reset_q;
      if (write_control && axil_wstrb_i[0] && axil_wdata_i[0]) reset_q <= 1'b1;
      else if (reset_done_i) reset_q <= 1'b0;
      if (write && axil_wstrb_i[0] && wr_word == tf_regs_pkg::Gie[11:2]) gie_q <= axil_wdata_i[0];
      if (write && axil_wstrb_i[0] && wr_word == tf_regs_pkg::Ier[11:2]) ier_q <= axil_wdata_i[1:0];
      isr_q <= (isr_q ^ isr_toggle) | isr_set;
    end
  end
endmodule
