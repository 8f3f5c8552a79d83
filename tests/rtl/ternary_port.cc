// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/ternary_port.h"

#include <fmt/format.h>

#include "Vunit_bench.h"

namespace ternfab {
namespace {

constexpr int kWideWords = 16;

template <class Wide>
int ByteOf(const Wide& words, int i) {
  return int(words[i / 4] >> (i % 4 * 8) & 0xff);
}

}  // namespace

TernaryPort::TernaryPort(const TernaryShape& shape, int count, int latency)
    : shape_(shape),
      count_(count),
      latency_(latency),
      bench_(std::make_unique<Vunit_bench>()),
      sums_(size_t(shape.batch * shape.engines)),
      rows_(size_t(latency)) {
  bench_->rst_ni = 0;
  bench_->tern_select_i = uint8_t(shape.index);
  bench_->tern_count_i = uint8_t(count);
  bench_->tern_instr_valid_i = 0;
  bench_->tern_stream_valid_i = 0;
  bench_->tern_am_we_i = 0;
  bench_->tern_row_valid_i = 0;
  for (int i = 0; i < 2; ++i) Clock();
  bench_->rst_ni = 1;
}

TernaryPort::~TernaryPort() { bench_->final(); }

void TernaryPort::Clock() {
  bench_->clk_i = 1;
  bench_->eval();
  bench_->clk_i = 0;
  bench_->eval();
}

UnitOutputs TernaryPort::Settle(const UnitInputs& inputs) {
  noise_ = noise_ * 1664525 + 1013904223;
  bench_->tern_instr_valid_i = inputs.valid;
  for (int w = 0; w < isa::kInstructionWords; ++w) {
    bench_->tern_instr_i[w] =
        inputs.instruction ? inputs.instruction->instruction.words[size_t(w)] : noise_;
  }
  bench_->tern_skip_i = inputs.instruction ? inputs.instruction->skip : noise_ & 1;
  bench_->tern_tok_avail_i = uint8_t(inputs.tokens_available);
  bench_->tern_stream_valid_i = inputs.stream_valid;
  for (size_t w = 0; w < kWideWords; ++w) {
    bench_->tern_stream_data_i[w] =
        inputs.beat && w < inputs.beat->size() ? (*inputs.beat)[w] : noise_;
  }
  bench_->tern_vm_ready_i = inputs.vm_ready;
  DriveRows();
  bench_->eval();
  TakeBeat();

  UnitOutputs outputs;
  outputs.ready = bench_->tern_instr_ready_o;
  outputs.issue = bench_->tern_issue_o;
  outputs.stream_ready = bench_->tern_stream_ready_o;
  outputs.take = bench_->tern_tok_take_o;
  outputs.put = bench_->tern_tok_put_o;
  outputs.vm_valid = bench_->tern_vm_valid_o;
  outputs.vm_address = bench_->tern_vm_addr_o;
  for (int i = 0; i < shape_.vector_lanes; ++i) {
    outputs.vm_data.push_back(bench_->tern_vm_data_o[i]);
  }
  consumed_ += bench_->tern_consumed_o;
  starved_ += bench_->tern_starved_o;
  const bool taken = inputs.stream_valid && outputs.stream_ready;
  if (bench_->tern_consumed_o != taken) error_ = "consumed differs from a beat taken";
  if (bench_->tern_starved_o != (outputs.stream_ready && !inputs.stream_valid)) {
    error_ = "starved differs from a beat missed";
  }
  return outputs;
}

void TernaryPort::DriveRows() {
  const std::vector<int32_t>& row = rows_.front();
  bench_->tern_row_valid_i = !row.empty();
  for (size_t i = 0; i < kWideWords; ++i) {
    bench_->tern_row_i[i] = i < row.size() ? uint32_t(row[i]) : noise_ + uint32_t(i);
  }
  rows_.pop_front();
  rows_.emplace_back();
}

void TernaryPort::TakeBeat() {
  if (bench_->tern_slice_en_o != (1 << count_) - 1) {
    error_ = fmt::format("slice_en is {:b} for {} slots", bench_->tern_slice_en_o, count_);
  }
  if (!bench_->tern_beat_valid_o) return;
  for (int b = 0; b < shape_.batch; ++b) {
    for (int e = 0; e < shape_.engines; ++e) {
      int32_t& sum = sums_[size_t(b * shape_.engines + e)];
      if (bench_->tern_first_o) sum = 0;
      for (int k = 0; k < shape_.lanes; ++k) {
        int code = ByteOf(bench_->tern_beat_o, e * shape_.beat_bytes() + k / 5);
        for (int j = 0; j < k % 5; ++j) code /= 3;
        sum += (code % 3 - 1) * int8_t(ByteOf(bench_->tern_act_o, b * shape_.lanes + k));
      }
      // A slice that is not enabled keeps its registers; what it shows means nothing.
      if (b >= count_) sum = int32_t(noise_);
    }
  }
  if (bench_->tern_last_o) rows_[size_t(latency_ - 1)] = sums_;
}

void TernaryPort::WriteAm(int slot, int address, const std::vector<int8_t>& word) {
  bench_->tern_am_we_i = 1;
  bench_->tern_am_slot_i = uint8_t(slot);
  bench_->tern_am_addr_i = uint16_t(address);
  for (int w = 0; w < 640 / 32; ++w) bench_->tern_am_data_i[w] = 0;
  for (size_t i = 0; i < word.size(); ++i) {
    bench_->tern_am_data_i[i / 4] |= uint32_t(uint8_t(word[i])) << (i % 4 * 8);
  }
  Clock();
  bench_->tern_am_we_i = 0;
}

}  // namespace ternfab
