// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/int8_port.h"

#include "Vunit_bench.h"

namespace ternfab {
namespace {
constexpr int kWideWords = 16;
}

Int8Port::Int8Port(const Int8Shape& shape, bool fault)
    : shape_(shape), bench_(std::make_unique<Vunit_bench>()) {
  bench_->rst_ni = 0;
  bench_->int8_select_i = uint8_t(shape.index);
  bench_->int8_fault_i = fault;
  bench_->int8_instr_valid_i = 0;
  bench_->int8_stream_valid_i = 0;
  bench_->int8_qm_we_i = 0;
  for (int i = 0; i < 2; ++i) Clock();
  bench_->rst_ni = 1;
}

Int8Port::~Int8Port() { bench_->final(); }

void Int8Port::Clock() {
  bench_->clk_i = 1;
  bench_->eval();
  bench_->clk_i = 0;
  bench_->eval();
}

UnitOutputs Int8Port::Settle(const UnitInputs& inputs) {
  noise_ = noise_ * 1664525 + 1013904223;
  bench_->int8_instr_valid_i = inputs.valid;
  for (int w = 0; w < isa::kInstructionWords; ++w) {
    bench_->int8_instr_i[w] =
        inputs.instruction ? inputs.instruction->instruction.words[size_t(w)] : noise_;
  }
  bench_->int8_skip_i = inputs.instruction ? inputs.instruction->skip : noise_ & 1;
  bench_->int8_length_i = inputs.instruction ? inputs.instruction->length : noise_;
  bench_->int8_tok_avail_i = uint8_t(inputs.tokens_available);
  bench_->int8_stream_valid_i = inputs.stream_valid;
  for (int w = 0; w < kWideWords; ++w) {
    bench_->int8_stream_data_i[w] =
        inputs.beat && w < shape_.lanes / 4 ? (*inputs.beat)[size_t(w)] : noise_;
  }
  bench_->int8_vm_ready_i = inputs.vm_ready;
  bench_->eval();

  UnitOutputs outputs;
  outputs.ready = bench_->int8_instr_ready_o;
  outputs.issue = bench_->int8_issue_o;
  outputs.go = bench_->int8_go_o;
  outputs.stream_ready = bench_->int8_stream_ready_o;
  outputs.take = bench_->int8_tok_take_o;
  outputs.put = bench_->int8_tok_put_o;
  outputs.vm_valid = bench_->int8_vm_valid_o;
  outputs.vm_address = bench_->int8_vm_addr_o;
  for (int i = 0; i < shape_.vector_lanes; ++i) {
    outputs.vm_data.push_back(bench_->int8_vm_data_o[i]);
  }
  return outputs;
}

void Int8Port::WriteQm(int bank, int address, const std::vector<int8_t>& word) {
  bench_->int8_qm_we_i = 1;
  bench_->int8_qm_bank_i = uint8_t(bank);
  bench_->int8_qm_addr_i = uint16_t(address);
  for (int w = 0; w < kWideWords; ++w) bench_->int8_qm_data_i[w] = 0;
  for (size_t i = 0; i < word.size(); ++i) {
    bench_->int8_qm_data_i[i / 4] |= uint32_t(uint8_t(word[i])) << (i % 4 * 8);
  }
  Clock();
  bench_->int8_qm_we_i = 0;
}

}  // namespace ternfab
