// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/dram_memory.h"

#include <algorithm>
#include <bit>

#include "common/check.h"

namespace ternfab {

DramMemory::DramMemory(const MemoryConfig& config)
    : map_(*config.dram),
      channels_(size_t(config.dram->channels), ChannelScheduler(*config.dram)),
      ports_(size_t(config.ports), DramPort(config)),
      last_reads_(size_t(config.ports)),
      paces_(size_t(config.ports)),
      clocks_(config.dram->clocks),
      accesses_per_cycle_(config.dram->accesses_per_cycle) {
  TF_CHECK(clocks_.memory > 0 && clocks_.fabric > 0, "{} / {}", clocks_.memory, clocks_.fabric);
  TF_CHECK(config.ports <= 32, "{} ports", config.ports);
}

bool DramMemory::HandOutRead(size_t p, uint64_t cycle) {
  DramPort& port = ports_[p];
  if (!port.PrepareRead(cycle)) return false;
  const DramAddress at = map_.At(port.read_address(), last_reads_[p]);
  ChannelScheduler& channel = channels_[size_t(at.channel)];
  if (channel.read_full()) return false;
  channel.PushRead({at.row, int16_t(at.bank), int16_t(p), port.HandOutRead(), now_, 0});
  return true;
}

bool DramMemory::HandOutWrite(size_t p, uint64_t cycle) {
  DramPort& port = ports_[p];
  if (!port.PrepareWrite(cycle)) return false;
  const DramAddress at = map_.At(port.write_address());
  ChannelScheduler& channel = channels_[size_t(at.channel)];
  if (channel.write_full()) return false;
  port.HandOutWrite(cycle);
  channel.PushWrite({at.row, int16_t(at.bank), int16_t(p), 0, now_, 0});
  return true;
}

void DramMemory::HandOut(uint64_t cycle) {
  const size_t n = ports_.size();
  size_t port = first_port_;
  for (size_t i = 0; i < n; ++i) {
    if (ports_[port].PrepareRead(cycle)) {
      for (int k = 0; k < accesses_per_cycle_ && HandOutRead(port, cycle); ++k) {
      }
    }
    if (ports_[port].PrepareWrite(cycle)) {
      for (int k = 0; k < accesses_per_cycle_ && HandOutWrite(port, cycle); ++k) {
      }
    }
    if (++port == n) port = 0;
  }
  if (++first_port_ == n) first_port_ = 0;
}

uint64_t DramMemory::FabricCycle(uint64_t memory_cycle, uint64_t cycle) const {
  const int64_t after = int64_t(memory_cycle - now_) * clocks_.fabric + ahead_;
  if (after <= 0) return cycle;
  const uint64_t rounded = uint64_t(after + clocks_.memory - 1);
  if (rounded >> 32 == 0) return cycle + uint32_t(rounded) / uint32_t(clocks_.memory);  // faster
  return cycle + rounded / uint64_t(clocks_.memory);
}

void DramMemory::AdvanceClock() {
  const int64_t whole = clocks_.memory / clocks_.fabric;
  now_ += uint64_t(whole);
  ahead_ -= clocks_.memory - whole * clocks_.fabric;
  if (ahead_ < 0) {
    ahead_ += clocks_.fabric;
    ++now_;
  }
}

void DramMemory::StepChannels(uint64_t cycle) {
  AdvanceClock();
  for (ChannelScheduler& channel : channels_) {
    while (channel.wake() < now_) {
      const ChannelScheduler::Done done = channel.Step(channel.wake());
      if (done.port < 0) continue;
      ports_[size_t(done.port)].Arrive(done.slot, FabricCycle(done.end, cycle + 1));
    }
  }
}

void DramMemory::Tick(std::span<const MemoryPortIn> in, uint64_t cycle,
                      std::span<MemoryPortOut> out) {
  for (size_t p = 0; p < ports_.size(); ++p) ports_[p].Take(in[p], cycle, out[p]);
  HandOut(cycle);
  StepChannels(cycle);
  for (size_t p = 0; p < ports_.size(); ++p) ports_[p].Drive(cycle + 1, out[p]);
}

bool DramMemory::idle() const {
  return std::ranges::all_of(ports_, &DramPort::idle) &&
         std::ranges::all_of(channels_, &ChannelScheduler::idle);
}

uint64_t DramMemory::SkipIdle(uint64_t most) {
  uint64_t wake = ~uint64_t{0};
  for (const ChannelScheduler& channel : channels_) wake = std::min(wake, channel.wake());
  if (wake <= now_) return 0;
  // now_ may become the wake-up, but not pass it.
  const uint64_t fabric = uint64_t(clocks_.fabric), memory = uint64_t(clocks_.memory);
  const uint64_t room = wake - now_ > most * memory / fabric
                            ? most
                            : ((wake - now_) * fabric + uint64_t(ahead_)) / memory;
  const uint64_t cycles = std::min(most, room);
  const uint64_t passed = cycles * memory;
  if (passed > uint64_t(ahead_)) {
    const uint64_t begun = (passed - uint64_t(ahead_) + fabric - 1) / fabric;
    now_ += begun;
    ahead_ += int64_t(begun * fabric);
  }
  ahead_ -= int64_t(passed);
  first_port_ = (first_port_ + cycles) % ports_.size();
  return cycles;
}

uint32_t DramMemory::TakeSteady() {
  uint32_t moved = 0;
  for (size_t p = 0; p < ports_.size(); ++p) {
    Pace& pace = paces_[p];
    if (pace.valid && pace.taken != pace.calm) {
      ++pace.taken;
      continue;
    }
    moved |= uint32_t{1} << p;
    if (!pace.valid) continue;
    ports_[p].TakeCalmBeats(pace.taken);
    ports_[p].TakeBeat();
    pace = {true, ports_[p].calm_beats(), 0};
  }
  return moved;
}

uint32_t DramMemory::HandOutSteady(uint32_t ports, uint64_t cycle) {
  uint32_t again = 0;
  size_t port = first_port_;
  for (size_t i = ports == 0 ? ports_.size() : 0; i < ports_.size(); ++i) {
    if ((ports >> port & 1) != 0) {
      for (int k = 0; k < accesses_per_cycle_ && HandOutRead(port, cycle); ++k) {
      }
      again |= uint32_t{ports_[port].may_read()} << port;
    }
    if (++port == ports_.size()) port = 0;
  }
  if (++first_port_ == ports_.size()) first_port_ = 0;
  return again;
}

uint64_t DramMemory::TickSteady(uint64_t cycles, uint64_t cycle, std::span<MemoryPortOut> out) {
  uint64_t done = idle() ? SkipIdle(cycles - 1) : 0;
  for (size_t p = 0; p < ports_.size(); ++p) {
    TF_CHECK(!ports_[p].writing(), "port {} waits for a write", p);
    paces_[p] = {out[p].rvalid, ports_[p].calm_beats(), 0};
  }
  uint32_t handing = uint32_t((uint64_t{1} << ports_.size()) - 1);
  for (bool steady = true; steady && done < cycles;) {
    const uint32_t moved = TakeSteady();
    handing = HandOutSteady(handing | moved, cycle + done);
    StepChannels(cycle + done);
    ++done;
    for (uint32_t left = moved; left != 0; left &= left - 1) {
      const size_t p = size_t(std::countr_zero(left));
      steady &= ports_[p].HasBeat(cycle + done) == paces_[p].valid;
    }
  }
  for (size_t p = 0; p < ports_.size(); ++p) {
    ports_[p].TakeCalmBeats(paces_[p].taken);
    ports_[p].Drive(cycle + done, out[p]);
  }
  return done;
}

void DramMemory::Digest(uint64_t cycle, Digester& digest) const {
  digest.Add(first_port_);
  digest.Add(uint64_t(ahead_));
  for (const ChannelScheduler& channel : channels_) channel.Digest(now_, digest);
  for (const DramPort& port : ports_) port.Digest(cycle, digest);
}

}  // namespace ternfab
