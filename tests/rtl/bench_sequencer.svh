// SPDX-License-Identifier: Apache-2.0
// Bench of the control path: tf_axil_regs, tf_sequencer, tf_tokens and both DMAs, with the units
// played by the test. 4 ports of SEQ_WIDTH bits, batch 4.
`ifndef SEQ_WIDTH
`define SEQ_WIDTH 64
`endif
`ifdef BENCH_PORTS
  , input  logic                    seq_axil_awvalid
  , input  logic [11:0]             seq_axil_awaddr
  , input  logic                    seq_axil_wvalid
  , input  logic [31:0]             seq_axil_wdata
  , input  logic [3:0]              seq_axil_wstrb
  , input  logic                    seq_axil_bready
  , input  logic                    seq_axil_arvalid
  , input  logic [11:0]             seq_axil_araddr
  , input  logic                    seq_axil_rready
  , output logic                    seq_axil_awready
  , output logic                    seq_axil_wready
  , output logic                    seq_axil_bvalid
  , output logic [1:0]              seq_axil_bresp
  , output logic                    seq_axil_arready
  , output logic                    seq_axil_rvalid
  , output logic [31:0]             seq_axil_rdata
  , output logic [1:0]              seq_axil_rresp
  , output logic                    seq_interrupt
  , output logic                    seq_unit_rst_n
  , output logic [3:0]              seq_count
  , input  logic                    seq_fault_dma
  , input  logic                    seq_fault_token
  , input  logic                    seq_fault_kv
  , output logic                    seq_tern_valid
  , input  logic                    seq_tern_ready
  , output logic [511:0]            seq_tern_instr
  , output logic [31:0]             seq_tern_index
  , output logic                    seq_tern_skip
  , input  logic                    seq_tern_issue
  , input  logic [3:0]              seq_tern_take
  , input  logic [3:0]              seq_tern_put
  , output logic                    seq_int8_valid
  , input  logic                    seq_int8_ready
  , output logic [511:0]            seq_int8_instr
  , output logic [31:0]             seq_int8_index
  , output logic                    seq_int8_skip
  , output logic [31:0]             seq_int8_length
  , input  logic                    seq_int8_issue
  , input  logic [3:0]              seq_int8_take
  , input  logic [3:0]              seq_int8_put
  , output logic                    seq_vec_valid
  , input  logic                    seq_vec_ready
  , output logic [511:0]            seq_vec_instr
  , output logic [31:0]             seq_vec_index
  , output logic                    seq_vec_skip
  , output logic [31:0]             seq_vec_length
  , input  logic                    seq_vec_issue
  , input  logic [3:0]              seq_vec_take
  , input  logic [3:0]              seq_vec_put
  , output logic [31:0]             seq_vec_mem_addr
  , output logic [31:0]             seq_vec_mem_elem
  , output logic                    seq_tag_read
  , input  logic                    seq_tag_ready
  , output logic [23:0]             seq_tag_element
  , input  logic                    seq_tag_valid
  , input  logic [11:0]             seq_tag
  , input  logic                    seq_tern_starved
  , input  logic                    seq_tern_consumed
  , input  logic                    seq_tern_bad_code
  , output logic [3:0]              seq_tok_avail
  , output logic                    seq_v_valid
  , input  logic                    seq_v_ready
  , output logic [4*`SEQ_WIDTH-1:0] seq_v_data
  , output logic                    seq_k_valid
  , input  logic                    seq_k_ready
  , output logic [4*`SEQ_WIDTH-1:0] seq_k_data
  , output logic                    seq_w_valid
  , input  logic                    seq_w_ready
  , output logic [4*`SEQ_WIDTH-1:0] seq_w_data
  , input  logic                    seq_v_go
  , input  logic                    seq_k_go
  , input  logic                    seq_wr_valid
  , output logic                    seq_wr_ready
  , input  logic [31:0]             seq_wr_addr
  , input  logic [4*`SEQ_WIDTH-1:0] seq_wr_data
  , input  logic [`SEQ_WIDTH/2-1:0] seq_wr_strb
  , output logic [3:0]              seq_arvalid
  , input  logic [3:0]              seq_arready
  , output logic [255:0]            seq_araddr
  , output logic [31:0]             seq_arlen
  , output logic [11:0]             seq_arsize
  , output logic [7:0]              seq_arburst
  , input  logic [3:0]              seq_rvalid
  , output logic [3:0]              seq_rready
  , input  logic [4*`SEQ_WIDTH-1:0] seq_rdata
  , input  logic [7:0]              seq_rresp
  , input  logic [3:0]              seq_rlast
  , output logic [3:0]              seq_awvalid
  , input  logic [3:0]              seq_awready
  , output logic [255:0]            seq_awaddr
  , output logic [31:0]             seq_awlen
  , output logic [11:0]             seq_awsize
  , output logic [7:0]              seq_awburst
  , output logic [3:0]              seq_wvalid
  , input  logic [3:0]              seq_wready
  , output logic [4*`SEQ_WIDTH-1:0] seq_wdata
  , output logic [`SEQ_WIDTH/2-1:0] seq_wstrb
  , output logic [3:0]              seq_wlast
  , input  logic [3:0]              seq_bvalid
  , output logic [3:0]              seq_bready
  , input  logic [7:0]              seq_bresp
`endif
`ifdef BENCH_BODY
  logic         seq_start, seq_done, seq_idle, seq_reset, seq_reset_done, seq_tok_clr;
  logic [31:0]  seq_program, seq_position, seq_count_arg, seq_error_index;
  logic [255:0] seq_token, seq_port_base;
  logic [7:0]   seq_error_cause;
  logic [tf_regs_pkg::Counters*64-1:0] seq_counters;
  logic         seq_flush, seq_rd_flushed, seq_wr_flushed, seq_rd_idle, seq_wr_idle;
  logic         seq_rd_beat, seq_wr_beat, seq_i_valid, seq_i_ready;
  logic [4:0]   seq_err;
  logic [3:0]   seq_desc_valid, seq_desc_ready;
  logic [127:0] seq_desc_addr, seq_desc_beats;
  logic         seq_v_dep, seq_k_dep;
  logic [4*`SEQ_WIDTH-1:0] seq_i_data;

  tf_axil_regs #(
    .Ports     (4),
    .DesignHash(64'h0123_4567_89ab_cdef)
  ) u_seq_regs (
    .clk_i,
    .rst_ni,
    .axil_awvalid_i(seq_axil_awvalid),
    .axil_awready_o(seq_axil_awready),
    .axil_awaddr_i (seq_axil_awaddr),
    .axil_wvalid_i (seq_axil_wvalid),
    .axil_wready_o (seq_axil_wready),
    .axil_wdata_i  (seq_axil_wdata),
    .axil_wstrb_i  (seq_axil_wstrb),
    .axil_bvalid_o (seq_axil_bvalid),
    .axil_bready_i (seq_axil_bready),
    .axil_bresp_o  (seq_axil_bresp),
    .axil_arvalid_i(seq_axil_arvalid),
    .axil_arready_o(seq_axil_arready),
    .axil_araddr_i (seq_axil_araddr),
    .axil_rvalid_o (seq_axil_rvalid),
    .axil_rready_i (seq_axil_rready),
    .axil_rdata_o  (seq_axil_rdata),
    .axil_rresp_o  (seq_axil_rresp),
    .interrupt_o   (seq_interrupt),
    .start_o       (seq_start),
    .done_i        (seq_done),
    .idle_i        (seq_idle),
    .reset_o       (seq_reset),
    .reset_done_i  (seq_reset_done),
    .program_o     (seq_program),
    .position_o    (seq_position),
    .count_o       (seq_count_arg),
    .token_o       (seq_token),
    .port_base_o   (seq_port_base),
    .error_cause_i (seq_error_cause),
    .error_index_i (seq_error_index),
    .counters_i    (seq_counters)
  );

  tf_sequencer #(
    .Ports    (4),
    .WidthBits(`SEQ_WIDTH),
    .Batch    (4)
  ) u_seq_sequencer (
    .clk_i,
    .rst_ni,
    .fault_token_i  (seq_fault_token),
    .fault_kv_i     (seq_fault_kv),
    .start_i        (seq_start),
    .done_o         (seq_done),
    .idle_o         (seq_idle),
    .reset_i        (seq_reset),
    .reset_done_o   (seq_reset_done),
    .unit_rst_no    (seq_unit_rst_n),
    .error_cause_o  (seq_error_cause),
    .error_index_o  (seq_error_index),
    .counters_o     (seq_counters),
    .program_i      (seq_program),
    .position_i     (seq_position),
    .count_i        (seq_count_arg),
    .token_i        (seq_token),
    .count_o        (seq_count),
    .tok_clr_o      (seq_tok_clr),
    .flush_o        (seq_flush),
    .rd_flushed_i   (seq_rd_flushed),
    .wr_flushed_i   (seq_wr_flushed),
    .rd_idle_i      (seq_rd_idle),
    .wr_idle_i      (seq_wr_idle),
    .rd_beat_i      (seq_rd_beat),
    .wr_beat_i      (seq_wr_beat),
    .rd_slverr_i    (seq_err[0]),
    .rd_decerr_i    (seq_err[1]),
    .rd_protocol_i  (seq_err[2]),
    .wr_slverr_i    (seq_err[3]),
    .wr_decerr_i    (seq_err[4]),
    .i_valid_i      (seq_i_valid),
    .i_ready_o      (seq_i_ready),
    .i_data_i       (seq_i_data),
    .i_desc_valid_o (seq_desc_valid[0]),
    .i_desc_ready_i (seq_desc_ready[0]),
    .i_desc_addr_o  (seq_desc_addr[0*32 +: 32]),
    .i_desc_beats_o (seq_desc_beats[0*32 +: 32]),
    .v_desc_valid_o (seq_desc_valid[1]),
    .v_desc_ready_i (seq_desc_ready[1]),
    .v_desc_addr_o  (seq_desc_addr[1*32 +: 32]),
    .v_desc_beats_o (seq_desc_beats[1*32 +: 32]),
    .v_desc_dep_o   (seq_v_dep),
    .k_desc_valid_o (seq_desc_valid[2]),
    .k_desc_ready_i (seq_desc_ready[2]),
    .k_desc_addr_o  (seq_desc_addr[2*32 +: 32]),
    .k_desc_beats_o (seq_desc_beats[2*32 +: 32]),
    .k_desc_dep_o   (seq_k_dep),
    .w_desc_valid_o (seq_desc_valid[3]),
    .w_desc_ready_i (seq_desc_ready[3]),
    .w_desc_addr_o  (seq_desc_addr[3*32 +: 32]),
    .w_desc_beats_o (seq_desc_beats[3*32 +: 32]),
    .tern_valid_o   (seq_tern_valid),
    .tern_ready_i   (seq_tern_ready),
    .tern_instr_o   (seq_tern_instr),
    .tern_index_o   (seq_tern_index),
    .tern_skip_o    (seq_tern_skip),
    .tern_issue_i   (seq_tern_issue),
    .tern_starved_i (seq_tern_starved),
    .tern_consumed_i(seq_tern_consumed),
    .tern_bad_code_i(seq_tern_bad_code),
    .int8_valid_o   (seq_int8_valid),
    .int8_ready_i   (seq_int8_ready),
    .int8_instr_o   (seq_int8_instr),
    .int8_index_o   (seq_int8_index),
    .int8_skip_o    (seq_int8_skip),
    .int8_length_o  (seq_int8_length),
    .int8_issue_i   (seq_int8_issue),
    .vec_valid_o    (seq_vec_valid),
    .vec_ready_i    (seq_vec_ready),
    .vec_instr_o    (seq_vec_instr),
    .vec_index_o    (seq_vec_index),
    .vec_skip_o     (seq_vec_skip),
    .vec_length_o   (seq_vec_length),
    .vec_mem_addr_o (seq_vec_mem_addr),
    .vec_mem_elem_o (seq_vec_mem_elem),
    .vec_issue_i    (seq_vec_issue),
    .tag_read_o     (seq_tag_read),
    .tag_ready_i    (seq_tag_ready),
    .tag_element_o  (seq_tag_element),
    .tag_valid_i    (seq_tag_valid),
    .tag_i          (seq_tag)
  );

  tf_tokens u_seq_tokens (
    .clk_i,
    .rst_ni,
    .clr_i      (seq_tok_clr),
    .avail_o    (seq_tok_avail),
    .tern_take_i(seq_tern_take),
    .tern_put_i (seq_tern_put),
    .int8_take_i(seq_int8_take),
    .int8_put_i (seq_int8_put),
    .vec_take_i (seq_vec_take),
    .vec_put_i  (seq_vec_put)
  );

  tf_read_dma #(
    .Ports    (4),
    .WidthBits(`SEQ_WIDTH),
    .MaxBurst (16),
    .WDepth   (128)
  ) u_seq_read (
    .clk_i,
    .rst_ni,
    .fault_dma_i   (seq_fault_dma),
    .port_base_i   (seq_port_base),
    .i_desc_valid_i(seq_desc_valid[0]),
    .i_desc_ready_o(seq_desc_ready[0]),
    .i_desc_addr_i (seq_desc_addr[0*32 +: 32]),
    .i_desc_beats_i(seq_desc_beats[0*32 +: 32]),
    .v_desc_valid_i(seq_desc_valid[1]),
    .v_desc_ready_o(seq_desc_ready[1]),
    .v_desc_addr_i (seq_desc_addr[1*32 +: 32]),
    .v_desc_beats_i(seq_desc_beats[1*32 +: 32]),
    .v_desc_dep_i  (seq_v_dep),
    .k_desc_valid_i(seq_desc_valid[2]),
    .k_desc_ready_o(seq_desc_ready[2]),
    .k_desc_addr_i (seq_desc_addr[2*32 +: 32]),
    .k_desc_beats_i(seq_desc_beats[2*32 +: 32]),
    .k_desc_dep_i  (seq_k_dep),
    .w_desc_valid_i(seq_desc_valid[3]),
    .w_desc_ready_o(seq_desc_ready[3]),
    .w_desc_addr_i (seq_desc_addr[3*32 +: 32]),
    .w_desc_beats_i(seq_desc_beats[3*32 +: 32]),
    .v_go_i        (seq_v_go),
    .k_go_i        (seq_k_go),
    .wr_idle_i     (seq_wr_idle),
    .i_valid_o     (seq_i_valid),
    .i_ready_i     (seq_i_ready),
    .i_data_o      (seq_i_data),
    .v_valid_o     (seq_v_valid),
    .v_ready_i     (seq_v_ready),
    .v_data_o      (seq_v_data),
    .k_valid_o     (seq_k_valid),
    .k_ready_i     (seq_k_ready),
    .k_data_o      (seq_k_data),
    .w_valid_o     (seq_w_valid),
    .w_ready_i     (seq_w_ready),
    .w_data_o      (seq_w_data),
    .flush_i       (seq_flush),
    .flushed_o     (seq_rd_flushed),
    .idle_o        (seq_rd_idle),
    .beat_o        (seq_rd_beat),
    .slverr_o      (seq_err[0]),
    .decerr_o      (seq_err[1]),
    .protocol_o    (seq_err[2]),
    .axi_arvalid_o (seq_arvalid),
    .axi_arready_i (seq_arready),
    .axi_araddr_o  (seq_araddr),
    .axi_arlen_o   (seq_arlen),
    .axi_arsize_o  (seq_arsize),
    .axi_arburst_o (seq_arburst),
    .axi_rvalid_i  (seq_rvalid),
    .axi_rready_o  (seq_rready),
    .axi_rdata_i   (seq_rdata),
    .axi_rresp_i   (seq_rresp),
    .axi_rlast_i   (seq_rlast),
    .axi_arcache_o (),
    .axi_arprot_o  (),
    .axi_arid_o    ()
  );

  tf_write_dma #(
    .Ports    (4),
    .WidthBits(`SEQ_WIDTH)
  ) u_seq_write (
    .clk_i,
    .rst_ni,
    .port_base_i  (seq_port_base),
    .wr_valid_i   (seq_wr_valid),
    .wr_ready_o   (seq_wr_ready),
    .wr_addr_i    (seq_wr_addr),
    .wr_data_i    (seq_wr_data),
    .wr_strb_i    (seq_wr_strb),
    .flush_i      (seq_flush),
    .flushed_o    (seq_wr_flushed),
    .idle_o       (seq_wr_idle),
    .beat_o       (seq_wr_beat),
    .slverr_o     (seq_err[3]),
    .decerr_o     (seq_err[4]),
    .axi_awvalid_o(seq_awvalid),
    .axi_awready_i(seq_awready),
    .axi_awaddr_o (seq_awaddr),
    .axi_awlen_o  (seq_awlen),
    .axi_awsize_o (seq_awsize),
    .axi_awburst_o(seq_awburst),
    .axi_wvalid_o (seq_wvalid),
    .axi_wready_i (seq_wready),
    .axi_wdata_o  (seq_wdata),
    .axi_wstrb_o  (seq_wstrb),
    .axi_wlast_o  (seq_wlast),
    .axi_bvalid_i (seq_bvalid),
    .axi_bready_o (seq_bready),
    .axi_bresp_i  (seq_bresp),
    .axi_awcache_o(),
    .axi_awprot_o (),
    .axi_awid_o   ()
  );
`endif
