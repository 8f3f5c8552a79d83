// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/engine_driver.h"

#include <fmt/format.h>

#include <cstring>

#include "Vunit_bench.h"

namespace ternfab {
namespace {

/// The definition of the codes, apart from common/trit.h. `valid` becomes false at a bad code.
int TritOf(const std::vector<uint8_t>& bytes, WeightCode code, int lane, bool& valid) {
  if (code == WeightCode::kTwoBit) {
    const int pair = bytes[size_t(lane / 4)] >> (2 * (lane % 4)) & 3;
    valid = valid && pair != 2;
    return pair == 1 ? 1 : pair == 3 ? -1 : 0;
  }
  if (code == WeightCode::kInt8) return int8_t(bytes[size_t(lane)]);
  int value = bytes[size_t(lane / 5)];
  valid = valid && value < 243;
  for (int j = 0; j < lane % 5; ++j) value /= 3;
  return value % 3 - 1;
}

}  // namespace

EngineDriver::EngineDriver(size_t engine)
    : engine_(engine),
      bench_(std::make_unique<Vunit_bench>()),
      sums_(size_t(kTestEngines[engine].batch)),
      held_(size_t(kTestEngines[engine].batch)) {
  Reset();
}

EngineDriver::~EngineDriver() = default;

void EngineDriver::Reset() {
  bench_->rst_ni = 0;
  Step(nullptr);
  expected_.clear();
  invalid_ = false;
  bench_->rst_ni = 1;
}

EngineBeat EngineDriver::Beat(const std::vector<int8_t>& trits,
                              const std::vector<int8_t>& activations) const {
  EngineBeat beat;
  beat.bytes.resize(size_t(shape().beat_bits() / 8));
  PackBeat(trits, shape().code, beat.bytes);
  beat.activations.assign(size_t(shape().batch), activations);
  beat.first = beat.last = true;
  beat.slices = (1u << shape().batch) - 1;
  return beat;
}

void EngineDriver::Drive(const EngineBeat* beat) {
  const auto noise = [this] { return noise_ = noise_ * 1664525 + 1013904223; };
  for (int i = 0; i < 4; ++i) bench_->tree_eng_beat_i[i] = noise();
  for (int i = 0; i < 40; ++i) bench_->tree_eng_act_i[i] = noise();
  bench_->tree_eng_first_i = noise() >> 31;
  bench_->tree_eng_last_i = noise() >> 31;
  bench_->tree_eng_slice_en_i = noise() >> 29;
  bench_->tree_eng_valid_i = 0;
  bench_->tree_eng_fault_i = uint8_t(fault_);
  if (beat == nullptr) return;
  std::memcpy(bench_->tree_eng_beat_i.data(), beat->bytes.data(), beat->bytes.size());
  auto* act = reinterpret_cast<uint8_t*>(bench_->tree_eng_act_i.data());
  for (int b = 0; b < shape().batch; ++b) {
    std::memcpy(act + b * shape().lanes, beat->activations[size_t(b)].data(),
                size_t(shape().lanes));
  }
  bench_->tree_eng_first_i = beat->first;
  bench_->tree_eng_last_i = beat->last;
  bench_->tree_eng_slice_en_i = uint8_t(beat->slices);
  bench_->tree_eng_valid_i = uint8_t(1u << engine_);
}

void EngineDriver::Model(const EngineBeat& beat) {
  bool valid = true;
  std::vector<int> trits;
  for (int j = 0; j < shape().lanes; ++j) {
    trits.push_back(TritOf(beat.bytes, shape().code, j, valid));
  }
  invalid_ = !valid;
  for (size_t b = 0; b < sums_.size(); ++b) {
    if (beat.first) sums_[b] = 0;
    for (size_t j = 0; j < trits.size(); ++j) sums_[b] += trits[j] * beat.activations[b][j];
  }
  if (beat.last) {
    expected_.push_back({cycle_ + EngineLatency(shape()), beat.slices, sums_});
  }
}

int32_t EngineDriver::RowOf(int slice) const {
  switch (engine_) {
    case 0:
      return int32_t(uint32_t(bench_->tree_eng_row0_o >> (32 * slice)));
    case 1:
      return int32_t(bench_->tree_eng_row1_o[slice]);
    case 2:
      return int32_t(bench_->tree_eng_row2_o);
    case 3:
      return int32_t(bench_->tree_eng_row3_o);
    case 4:
      return int32_t(uint32_t(bench_->tree_eng_row4_o >> (32 * slice)));
    case 5:
      return int32_t(bench_->tree_eng_row5_o);
    case 6:
      return int32_t(bench_->tree_eng_row6_o);
    default:
      return int32_t(uint32_t(bench_->tree_eng_row7_o >> (32 * slice)));
  }
}

void EngineDriver::Fail(const std::string& what) {
  if (error_.empty()) error_ = fmt::format("engine {} cycle {}: {}", engine_, cycle_, what);
}

void EngineDriver::Step(const EngineBeat* beat) {
  Drive(beat);
  invalid_ = false;
  if (beat != nullptr) Model(*beat);
  bench_->clk_i = 0;
  bench_->eval();
  bench_->clk_i = 1;
  bench_->eval();
  ++cycle_;
  if (bench_->rst_ni != 0) Check(invalid_);
}

void EngineDriver::Check(bool invalid) {
  if (((bench_->tree_eng_invalid_o >> engine_ & 1) != 0) != invalid) {
    Fail(fmt::format("invalid_o, must be {}", invalid));
  }
  const bool row_valid = (bench_->tree_eng_row_valid_o >> engine_ & 1) != 0;
  const bool due = !expected_.empty() && expected_.front().cycle == cycle_;
  if (row_valid != due) Fail(fmt::format("row_valid_o = {}", row_valid));
  if (!due) return;
  const Row row = expected_.front();
  expected_.pop_front();
  ++rows_;
  for (int b = 0; b < shape().batch; ++b) {
    const int32_t must = (row.slices >> b & 1) != 0 ? row.sums[size_t(b)] : held_[size_t(b)];
    if (RowOf(b) != must) {
      Fail(fmt::format("slice {}{}: {}, must be {}", b,
                       (row.slices >> b & 1) != 0 ? "" : ", disabled", RowOf(b), must));
    }
    held_[size_t(b)] = RowOf(b);
  }
}

void EngineDriver::Drain() {
  for (int i = 0; i < EngineLatency(shape()) + 2; ++i) Step(nullptr);
}

}  // namespace ternfab
