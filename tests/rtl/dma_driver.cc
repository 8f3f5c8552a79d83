// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/dma_driver.h"

#include <fmt/format.h>

#include <cstring>

#include "Vunit_bench.h"

namespace ternfab {
namespace {

template <class T>
uint8_t* Bytes(T& signal) {
  return reinterpret_cast<uint8_t*>(&signal);
}

AxiBusPins PinsOf(Vunit_bench& b) {
  return {&b.dma_arvalid,      Bytes(b.dma_araddr), Bytes(b.dma_arlen), &b.dma_arsize,
          &b.dma_arburst,      &b.dma_arready,      &b.dma_rvalid,      Bytes(b.dma_rdata),
          &b.dma_rresp,        &b.dma_rlast,        &b.dma_rready,      &b.dma_awvalid,
          Bytes(b.dma_awaddr), Bytes(b.dma_awlen),  &b.dma_awsize,      &b.dma_awburst,
          &b.dma_awready,      &b.dma_wvalid,       Bytes(b.dma_wdata), Bytes(b.dma_wstrb),
          &b.dma_wlast,        &b.dma_wready,       &b.dma_bvalid,      &b.dma_bresp,
          &b.dma_bready};
}

}  // namespace

DmaDriver::DmaDriver(uint64_t seed)
    : bench_(std::make_unique<Vunit_bench>()), memory_(kPorts, 64, 64, kBeats), random_(seed) {
  memory_.Connect(PinsOf(*bench_));
  for (int p = 0; p < kPorts; ++p) {
    const uint64_t base = memory_.base(p);
    std::memcpy(Bytes(bench_->dma_port_base) + 8 * p, &base, 8);
  }
  bench_->rst_ni = 0;
  for (int i = 0; i < 4; ++i) {
    bench_->clk_i = 0;
    bench_->eval();
    bench_->clk_i = 1;
    bench_->eval();
  }
  bench_->rst_ni = 1;
}

DmaDriver::~DmaDriver() = default;

void DmaDriver::Ask(Client client, uint32_t addr, uint32_t beats, bool dependent) {
  descriptors_[client].push_back({client, addr, beats, dependent});
  for (uint32_t i = 0; i < beats; ++i) expected_[client].push_back(addr + i);
}

void DmaDriver::Write(uint32_t addr, const std::vector<uint8_t>& data, uint32_t strobe) {
  writes_.push_back({addr, data, strobe});
}

void DmaDriver::set_go(bool v, bool k) {
  bench_->dma_v_go = v;
  bench_->dma_k_go = k;
}

void DmaDriver::set_flush(bool on) { bench_->dma_flush = on; }
void DmaDriver::set_fault(bool on) { bench_->dma_fault = on; }

void DmaDriver::Forget() {
  for (int c = 0; c < 4; ++c) {
    descriptors_[c].clear();
    expected_[c].clear();
  }
  writes_.clear();
}

void DmaDriver::DriveInputs() {
  offered_ = -1;
  const int first = int(random_() % 4);
  for (int i = 0; i < 4 && offered_ < 0; ++i) {
    const int c = (first + i) % 4;
    if (!descriptors_[c].empty()) offered_ = c;
  }
  bench_->dma_desc_valid = offered_ < 0 ? 0 : uint8_t(1 << offered_);
  if (offered_ >= 0) {
    const Descriptor& d = descriptors_[offered_].front();
    bench_->dma_desc_addr = d.addr;
    bench_->dma_desc_beats = d.beats;
    bench_->dma_desc_dep = d.dependent;
  }
  uint8_t ready = 0;
  for (int c = 0; c < 4; ++c) ready |= uint8_t((int(random_() % 100) < ready_percent_[c]) << c);
  bench_->dma_ready = ready;
  bench_->dma_wr_valid = !writes_.empty();
  if (!writes_.empty()) {
    bench_->dma_wr_addr = writes_.front().addr;
    bench_->dma_wr_strb = writes_.front().strobe;
    std::memcpy(Bytes(bench_->dma_wr_data), writes_.front().data.data(), kWideBytes);
  }
}

void DmaDriver::CheckStreams() {
  for (int c = 0; c < 4; ++c) {
    if (((bench_->dma_valid & bench_->dma_ready) >> c & 1) == 0) continue;
    if (popped_[c] == 0) first_pop_[c] = cycle_;
    last_pop_[c] = cycle_;
    ++popped_[c];
    if (expected_[c].empty()) {
      problems_ += fmt::format("cycle {}: client {}: a beat that was not asked for\n", cycle_, c);
      continue;
    }
    const uint32_t beat = expected_[c].front();
    expected_[c].pop_front();
    const std::vector<uint8_t> want = memory_.Beat(beat);
    if (std::memcmp(Bytes(bench_->dma_data) + c * kWideBytes, want.data(), kWideBytes) != 0 &&
        problems_.size() < 1000) {
      problems_ += fmt::format("cycle {}: client {}: wrong data for beat {}\n", cycle_, c, beat);
    }
  }
}

void DmaDriver::Step() {
  DriveInputs();
  memory_.Drive();
  bench_->clk_i = 0;
  bench_->eval();
  CheckStreams();
  if (offered_ >= 0 && (bench_->dma_desc_ready >> offered_ & 1) != 0) {
    descriptors_[offered_].pop_front();
  }
  if (bench_->dma_wr_valid && bench_->dma_wr_ready) writes_.pop_front();
  memory_.Sample();
  bench_->clk_i = 1;
  bench_->eval();
  ++cycle_;
}

bool DmaDriver::Finish(int limit) {
  for (int i = 0; i < limit; ++i) {
    bool done = writes_.empty() && bench_->dma_wr_idle && bench_->dma_rd_idle;
    for (int c = 0; c < 4; ++c) done = done && expected_[c].empty() && descriptors_[c].empty();
    if (done) return true;
    Step();
  }
  return false;
}

std::string DmaDriver::Problems() const { return problems_ + memory_.Violations(); }

}  // namespace ternfab
