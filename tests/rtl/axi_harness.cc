// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/axi_harness.h"

#include <cstring>
#include <random>

#include "common/check.h"

namespace ternfab {
namespace {

void SetBit(uint8_t* byte, int bit, bool value) {
  *byte = uint8_t((*byte & ~(1 << bit)) | (int(value) << bit));
}

bool Bit(const uint8_t* byte, int bit) { return ((*byte >> bit) & 1) != 0; }

uint64_t Load(const uint8_t* bytes, int count) {
  uint64_t value = 0;
  std::memcpy(&value, bytes, count);
  return value;
}

}  // namespace

AxiHarness::AxiHarness(int ports, int width_bits, int max_burst, uint64_t beats)
    : width_bits_(width_bits), max_burst_(max_burst), images_(ports), memories_(ports) {
  TF_CHECK(width_bits % 64 == 0 && ports <= 4, "{} ports of {} bits", ports, width_bits);
  std::mt19937_64 random(7);
  for (int p = 0; p < ports; ++p) {
    images_[p].resize(beats * port_bytes());
    for (uint8_t& byte : images_[p]) byte = uint8_t(random());
    SetTiming(p, {});
  }
}

void AxiHarness::SetTiming(int p, const AxiTiming& timing) {
  if (memories_[p] != nullptr) old_violations_ += Violations();
  const AxiStorage storage{images_[p].data(), images_[p].size(), base(p)};
  memories_[p] = std::make_unique<AxiMemoryPort>(width_bits_, max_burst_, storage, timing);
}

void AxiHarness::RandomTiming(uint64_t seed, int max_latency, int max_stall) {
  std::mt19937_64 random(seed);
  for (int p = 0; p < ports(); ++p) {
    AxiTiming timing;
    timing.latency_cycles = 1 + int(random() % max_latency);
    timing.stall_percent = int(random() % (max_stall + 1));
    timing.rate_cycles = 4;
    timing.rate_beats = 2 + int(random() % 3);
    timing.max_outstanding = 1 + int(random() % 40);
    timing.seed = random();
    SetTiming(p, timing);
  }
}

std::vector<uint8_t> AxiHarness::Beat(uint64_t beat) const {
  std::vector<uint8_t> bytes;
  for (const std::vector<uint8_t>& image : images_) {
    const uint8_t* from = image.data() + beat * port_bytes();
    bytes.insert(bytes.end(), from, from + port_bytes());
  }
  return bytes;
}

void AxiHarness::SetBeat(uint64_t beat, const std::vector<uint8_t>& bytes) {
  for (int p = 0; p < ports(); ++p) {
    std::memcpy(images_[p].data() + beat * port_bytes(), bytes.data() + p * port_bytes(),
                port_bytes());
  }
}

void AxiHarness::Drive() {
  const int bytes = port_bytes();
  for (int p = 0; p < ports(); ++p) {
    const AxiResponse& r = memories_[p]->response();
    SetBit(pins_.arready, p, r.arready);
    SetBit(pins_.rvalid, p, r.rvalid);
    SetBit(pins_.rlast, p, r.rlast != (break_rlast_ && p == 0));
    SetBit(pins_.awready, p, r.awready);
    SetBit(pins_.wready, p, r.wready);
    SetBit(pins_.bvalid, p, r.bvalid);
    *pins_.rresp = uint8_t((*pins_.rresp & ~(3 << 2 * p)) | r.rresp << 2 * p);
    *pins_.bresp = uint8_t((*pins_.bresp & ~(3 << 2 * p)) | r.bresp << 2 * p);
    if (r.rvalid) {
      std::memcpy(pins_.rdata + p * bytes, r.rdata, bytes);
    } else {
      std::memset(pins_.rdata + p * bytes, 0xa5, bytes);
    }
  }
}

AxiRequest AxiHarness::RequestOf(int p) const {
  const int bytes = port_bytes();
  AxiRequest q;
  q.arvalid = Bit(pins_.arvalid, p);
  q.araddr = Load(pins_.araddr + 8 * p, 8);
  q.arlen = pins_.arlen[p];
  q.arsize = (*pins_.arsize >> 3 * p) & 7;
  q.arburst = (*pins_.arburst >> 2 * p) & 3;
  q.rready = Bit(pins_.rready, p);
  q.awvalid = Bit(pins_.awvalid, p);
  q.awaddr = Load(pins_.awaddr + 8 * p, 8);
  q.awlen = pins_.awlen[p];
  q.awsize = (*pins_.awsize >> 3 * p) & 7;
  q.awburst = (*pins_.awburst >> 2 * p) & 3;
  q.wvalid = Bit(pins_.wvalid, p);
  q.wdata = pins_.wdata + p * bytes;
  q.wstrb = Load(pins_.wstrb + p * bytes / 8, bytes / 8);
  q.wlast = Bit(pins_.wlast, p);
  q.bready = Bit(pins_.bready, p);
  return q;
}

void AxiHarness::Sample() {
  for (int p = 0; p < ports(); ++p) memories_[p]->Tick(RequestOf(p));
}

bool AxiHarness::idle() const {
  for (const auto& memory : memories_) {
    if (!memory->idle()) return false;
  }
  return true;
}

std::string AxiHarness::Violations() const {
  std::string text = old_violations_;
  for (const auto& memory : memories_) {
    if (memory == nullptr) continue;
    for (const std::string& line : memory->violations()) text += line + "\n";
  }
  return text;
}

}  // namespace ternfab
