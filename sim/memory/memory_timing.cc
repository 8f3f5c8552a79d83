// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/memory_timing.h"

#include "common/check.h"

namespace ternfab {

MemoryTiming::MemoryTiming(const MemoryConfig& config)
    : config_(config), out_(size_t(config.ports)) {
  if (config.dram) {
    dram_.emplace(config);
  } else {
    fixed_.assign(size_t(config.ports), FixedPort(config));
  }
  for (PortOut& out : out_) out.arready = out.awready = out.wready = true;
}

void MemoryTiming::Tick(std::span<const PortIn> in) {
  TF_CHECK(in.size() == out_.size(), "{} ports of {}", in.size(), out_.size());
  if (dram_) dram_->Tick(in, cycle_, out_);
  for (size_t p = 0; p < fixed_.size(); ++p) fixed_[p].Tick(in[p], cycle_, out_[p]);
  ++cycle_;
}

uint64_t MemoryTiming::TickSteady(uint64_t cycles) {
  if (dram_) {
    const uint64_t done = dram_->TickSteady(cycles, cycle_, out_);
    cycle_ += done;
    return done;
  }
  PortIn take;
  take.rready = take.bready = true;
  bool steady = true;
  uint64_t done = 0;
  for (; steady && done < cycles; ++done, ++cycle_) {
    for (size_t p = 0; p < fixed_.size(); ++p) {
      const bool before = out_[p].rvalid;
      fixed_[p].Tick(take, cycle_, out_[p]);
      steady &= out_[p].rvalid == before;
    }
  }
  return done;
}

uint64_t MemoryTiming::Digest() const {
  Digester digest;
  for (const PortOut& out : out_) {
    digest.Add(uint64_t(out.arready) | uint64_t(out.rvalid) << 1 | uint64_t(out.rlast) << 2 |
               uint64_t(out.awready) << 3 | uint64_t(out.wready) << 4 | uint64_t(out.bvalid) << 5);
  }
  for (const FixedPort& port : fixed_) port.Digest(cycle_, digest);
  if (dram_) dram_->Digest(cycle_, digest);
  return digest.value();
}

}  // namespace ternfab
