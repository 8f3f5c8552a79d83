// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/fixed_port.h"

#include "common/check.h"

namespace ternfab {

FixedPort::FixedPort(const MemoryConfig& config)
    : latency_(uint64_t(config.latency_cycles)),
      write_latency_(uint64_t(config.write_latency_cycles > 0 ? config.write_latency_cycles
                                                              : config.latency_cycles)),
      limit_(config.max_outstanding),
      reads_(size_t(config.max_outstanding)),
      write_bursts_(size_t(config.max_outstanding)),
      acks_(2 * size_t(config.max_outstanding)) {
  TF_CHECK(config.latency_cycles >= 1, "latency {}", config.latency_cycles);
  TF_CHECK(config.max_outstanding >= 1, "outstanding {}", config.max_outstanding);
}

void FixedPort::TakeWrite(const MemoryPortIn& in, uint64_t cycle, const MemoryPortOut& out) {
  if (in.awvalid && out.awready) write_bursts_.push(in.awbeats);
  if (in.wvalid && out.wready) ++write_beats_;
  while (!write_bursts_.empty() && write_beats_ >= write_bursts_.front()) {
    write_beats_ -= write_bursts_.front();
    write_bursts_.pop();
    acks_.push(cycle + write_latency_);
  }
}

void FixedPort::Tick(const MemoryPortIn& in, uint64_t cycle, MemoryPortOut& out) {
  if (in.arvalid && out.arready) reads_.push({cycle + latency_, in.arbeats});
  if (in.awvalid || in.wvalid) TakeWrite(in, cycle, out);
  const uint64_t now = cycle + 1;
  if (out.rvalid && in.rready && --reads_.front().left == 0) reads_.pop();
  if (!out.rvalid || in.rready) {
    out.rvalid = !reads_.empty() && reads_.front().ready_cycle <= now;
    out.rlast = out.rvalid && reads_.front().left == 1;
  }
  out.arready = int(reads_.size()) < limit_;
  if (out.bvalid && in.bready) acks_.pop();
  if (!out.bvalid || in.bready) out.bvalid = !acks_.empty() && acks_.front() <= now;
  out.awready = int(write_bursts_.size() + acks_.size()) < limit_;
  out.wready = write_beats_ + int(acks_.size()) < limit_;
}

void FixedPort::Digest(uint64_t cycle, Digester& digest) const {
  digest.Add(reads_.size());
  for (size_t i = 0; i < reads_.size(); ++i) {
    digest.AddTime(reads_[i].ready_cycle, cycle);
    digest.Add(uint64_t(reads_[i].left));
  }
  digest.Add(write_bursts_.size());
  for (size_t i = 0; i < write_bursts_.size(); ++i) digest.Add(uint64_t(write_bursts_[i]));
  digest.Add(uint64_t(write_beats_));
  digest.Add(acks_.size());
  for (size_t i = 0; i < acks_.size(); ++i) digest.AddTime(acks_[i], cycle);
}

}  // namespace ternfab
