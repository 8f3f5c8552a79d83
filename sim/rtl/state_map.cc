// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/state_map.h"

#include <fmt/format.h>

#include <sstream>

// A test compares this list with the registers in the sources.

namespace ternfab::rtl {
namespace {

constexpr StateRegisters kMap[] = {
    {"tf_axi_address", "valid_q", StateKind::kTiming},
    {"tf_axi_address", "addr_q len_q", StateKind::kTiming, "valid_q"},
    {"tf_axil_regs",
     "base_q bvalid_q count_q done_q gie_q ier_q isr_q position_q program_q rdata_q "
     "reset_q rvalid_q start_o start_q token_q",
     StateKind::kData},
    {"tf_beat_packer", "place_q beat_valid_o", StateKind::kTiming},
    {"tf_beat_packer", "beat_last_o beat_final_o", StateKind::kTiming, "beat_valid_o"},
    {"tf_beat_packer", "beat_o", StateKind::kData},
    {"tf_engine_*", "valid_q row_valid_o", StateKind::kTiming},
    {"tf_engine_*", "last_q", StateKind::kTiming, "valid_q"},
    {"tf_fifo", "count_q out_valid_q", StateKind::kTiming},
    {"tf_fifo", "rd_ptr_q wr_ptr_q", StateKind::kPointer},
    {"tf_fifo", "mem_q", StateKind::kQueue, "rd_ptr_q"},
    {"tf_fifo", "out_q", StateKind::kData},
    {"tf_fifo_ram", "count_q ram_valid_q out_valid_q", StateKind::kTiming},
    {"tf_fifo_ram", "rd_ptr_q wr_ptr_q mem_q ram_q out_q", StateKind::kData},
    {"tf_instr_gather", "count_q", StateKind::kTiming},
    {"tf_instr_gather", "data_q", StateKind::kData},
    {"tf_instr_resolve", "step_q", StateKind::kTiming},
    {"tf_instr_resolve",
     "addr_q length_q mem_q mul_a_q mul_b_q mul_p_q mul_r_q pos_slot_q segment_beats_q "
     "skip_q stream_q token_q zero_q",
     StateKind::kData},
    {"tf_int8_slice", "acc_mem_q product_q sum_q word_q", StateKind::kData},
    {"tf_int8_unit", "state_q beat_q row_q drain_q valid_q", StateKind::kTiming},
    {"tf_int8_unit", "last_beat_q", StateKind::kTiming, "valid_q"},
    {"tf_int8_unit", "product_valid_q", StateKind::kTiming},
    {"tf_int8_unit", "product_last_q", StateKind::kTiming, "product_valid_q"},
    {"tf_int8_unit",
     "last_pipe_q sum_valid_q credit_q packed_q out_valid_q out_last_q out_query_q "
     "out_word_q out_left_q",
     StateKind::kTiming},
    {"tf_int8_unit",
     "beat0_q beat1_q first_beat_q first_pipe_q first_row_q lane0_q lane1_q out_addr_q "
     "out_base_q out_from_q out_in_row_q out_place_q place0_q place1_q product_first_q "
     "product_first_row_q product_place_q",
     StateKind::kData},
    {"tf_int8_mac", "valid_q", StateKind::kTiming},
    {"tf_int8_mac", "product_q", StateKind::kData},
    {"tf_int_tree", "valid_q", StateKind::kTiming},
    {"tf_int_tree", "sums_q", StateKind::kData},
    {"tf_ram_sdp", "mem_q", StateKind::kArchitecture},
    {"tf_ram_sdp", "rdata_q read_q read_valid_q", StateKind::kData},
    {"tf_read_client", "go_q active_q sized_q free_q", StateKind::kTiming},
    {"tf_read_client", "addr_q left_q", StateKind::kTiming, "active_q"},
    {"tf_read_client", "beats_q", StateKind::kTiming, "sized_q"},
    {"tf_read_dma", "flushed_o slverr_o decerr_o protocol_o stage_valid_q", StateKind::kTiming},
    {"tf_read_dma", "stage_addr_q stage_client_q stage_len_q", StateKind::kTiming, "stage_valid_q"},
    {"tf_read_port", "beat_q", StateKind::kTiming},
    {"tf_result_packer", "full_q last_q out_valid_q place_q", StateKind::kTiming},
    {"tf_result_packer", "slot_q", StateKind::kTiming, "out_valid_q"},
    {"tf_result_packer", "addr_q fill_q out_q out_used_q used_q word_q", StateKind::kData},
    {"tf_run_counters", "count_q", StateKind::kCounter},
    {"tf_sequencer",
     "state_q timer_q left_q last_q tag_wait_q tag_asked_q done_o reset_done_o error_cause_o",
     StateKind::kTiming},
    {"tf_sequencer", "index_q", StateKind::kPosition, "state_q"},
    {"tf_sequencer", "instr_q tag_q error_index_o tern_int8_q vec_tern_q vec_int8_q",
     StateKind::kData},
    {"tf_stream_reader", "held_q unclaimed_q place_q", StateKind::kTiming},
    {"tf_stream_reader", "beats_q rptr_q wptr_q", StateKind::kData},
    {"tf_ternary_unit", "state_q beat_q groups_q rows_q settle_q valid_q", StateKind::kTiming},
    {"tf_ternary_unit", "last_q", StateKind::kTiming, "valid_q"},
    {"tf_ternary_unit", "beat0_q beat1_q first_q", StateKind::kData},
    {"tf_tokens", "count_q", StateKind::kTiming},
    {"tf_unit_queue", "working_q", StateKind::kTiming},
    {"tf_vector_datapath",
     "mul_valid_q back_valid_q r_valid_q int8_valid_q mul_tag_q back_tag_q r_tag_q int8_tag_q",
     StateKind::kTiming},
    {"tf_vector_datapath", "mul_c_q", StateKind::kData},
    {"tf_vector_fetch", "a_read_q b_read_q c_read_q word_q last_q final_q op_valid_o",
     StateKind::kTiming},
    {"tf_vector_fetch", "op_final_o op_last_o", StateKind::kTiming, "op_valid_o"},
    {"tf_vector_fetch",
     "a_o b_o c_o a_nan_o a_zero_o c_nan_o c_zero_o a_scalar_o b_scalar_o c_scalar_o op_mask_o",
     StateKind::kData},
    {"tf_vector_issue", "active_q held_q begun_q done_q turn_q place_q", StateKind::kTiming},
    {"tf_vector_issue", "segments_q words_q", StateKind::kTiming, "active_q"},
    {"tf_vector_issue", "a_base_q b_base_q c_base_q a_q b_q c_q", StateKind::kData},
    {"tf_vector_lane", "p_rows_q x_rows_q", StateKind::kScratch},
    {"tf_vector_lane", "alu_q back_q", StateKind::kData},
    {"tf_vector_max", "key_valid_q key_first_q tree_valid_q", StateKind::kTiming},
    {"tf_vector_max", "key_last_q key_final_q", StateKind::kTiming, "key_valid_q"},
    {"tf_vector_max", "tree_final_q", StateKind::kTiming, "tree_valid_q"},
    {"tf_vector_max", "initial_q key_q tree_q", StateKind::kData},
    {"tf_vector_result", "count_q reserved_q", StateKind::kTiming},
    {"tf_vector_result", "mem_addr_q", StateKind::kTiming},
    {"tf_vector_result", "rptr_q wptr_q", StateKind::kPointer},
    {"tf_vector_result", "words_q", StateKind::kQueue, "rptr_q"},
    {"tf_vector_result", "addr_q bank_q base_q word_q", StateKind::kData},
    {"tf_vector_scalars", "a_q b_q c_q", StateKind::kArchitecture},
    {"tf_vector_sum", "valid_q tree_q word_row_q wrapped_q", StateKind::kTiming},
    {"tf_vector_sum", "end_q", StateKind::kTiming, "valid_q"},
    {"tf_vector_sum", "final_q level_q more_q index_q", StateKind::kTiming},
    {"tf_vector_sum", "rows_q", StateKind::kData},
    {"tf_vector_unit", "state_q result_done_q reduce_done_q tag_valid_q", StateKind::kTiming},
    {"tf_vector_unit",
     "a_int8_q a_int_q a_q b_q c_q combine_q dst_q initial_q int8_q join_q mul_q need_q neg_a_q "
     "neg_c_q "
     "norm_q reduce_addr_q reduce_q results_q stream_q sum_bank_q sum_last_q sum_q tag_lane_q1 "
     "tag_lane_q2 tail_mask_q",
     StateKind::kData},
    {"tf_write_dma", "flushed_o slverr_o decerr_o", StateKind::kTiming},
    {"tf_write_port", "count_q", StateKind::kTiming},
};

constexpr const char* kDataModules[] = {
    "tf_base3_byte",    "tf_decode_base3", "tf_decode_two_bit", "tf_fp32_add",
    "tf_fp32_minmax",   "tf_fp32_mul",     "tf_fp32_to_i8",     "tf_i32_to_fp32",
    "tf_lane_masks",    "tf_tree_*",       "tf_lut6_tree_*",    "tf_lut6_pair",
    "tf_lut6_exact",    "tf_decode_int8",  "tf_triple_tables",  "tf_triple_index",
    "tf_triple_select", "tf_table_tree_*", "tf_lut6_last",      "tf_lut6_2",
    "tf_carry4",
};

}  // namespace

std::span<const StateRegisters> StateMap() { return kMap; }

std::span<const char* const> DataModules() { return kDataModules; }

std::string EmitStateConfig() {
  std::string text = "`verilator_config\n";
  for (const StateRegisters& registers : kMap) {
    if (registers.kind == StateKind::kData) continue;
    const std::string_view module = registers.module;
    const bool written = registers.kind == StateKind::kArchitecture ||
                         registers.kind == StateKind::kScratch || module == "tf_tokens";
    std::istringstream names(registers.names);
    for (std::string name; names >> name;) {
      text += fmt::format("public_flat_{} -module \"{}\" -var \"{}\"\n", written ? "rw" : "rd",
                          module, name);
    }
  }
  return text;
}

}  // namespace ternfab::rtl
